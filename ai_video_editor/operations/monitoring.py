"""Measuring a run while it goes: seconds, processor time and memory of every stage."""

from __future__ import annotations

import functools
import inspect
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar, cast

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import ModuleMetrics
from ai_video_editor.operations.meters import GB, MachineMeter, Meter
from ai_video_editor.operations.thresholds import Alert, Thresholds, of_calls, of_stage, of_usage

P = ParamSpec("P")
R = TypeVar("R")

WHOLE_RUN = "run"
"""The name under which a run as a whole is watched; it is no stage and shares no time."""


@dataclass
class PerformanceMetric:
    """What one stage took.

    Attributes:
        stage: its name.
        seconds: wall time.
        cpu_seconds: processor time of the program and its children while it ran, shared evenly
            among stages that ran at the same time.
        peak_memory: most memory of all of them while it ran, bytes.
        memory_before: memory of all of them when it began, bytes.
        load_per_core: mean of what all programs wanted of each core while it ran; None where the
            system does not say.
        partly_reused: whether pieces of it were made earlier.
    """

    stage: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    memory_before: int = 0
    partly_reused: bool = False
    _began: float = field(default=0.0, repr=False)
    _loads: list[float] = field(default_factory=list, repr=False)

    @property
    def growth(self) -> int:
        """How much more memory there was than when it began, bytes."""
        return max(0, self.peak_memory - self.memory_before)

    @property
    def load_per_core(self) -> float | None:
        """See the class."""
        return sum(self._loads) / len(self._loads) if self._loads else None

    @property
    def cpu_percent(self) -> float:
        """Processor time over wall time: 200 is two cores at work."""
        return 100 * self.cpu_seconds / self.seconds if self.seconds > 0 else 0.0

    def as_module(self) -> ModuleMetrics:
        """For the context's metrics."""
        return ModuleMetrics(
            module=self.stage,
            seconds=round(self.seconds, 3),
            memory_mb=round(self.peak_memory / 1e6, 1),
        )


class PerformanceMonitor:
    """Watches the stages of one run; one thread looks while any of them works.

    Args:
        meter: reads the machine; this machine where None.
        interval: seconds between two looks.
        limit_gb: memory that the run may use.
        thresholds: above which something is told.
        tell: given each alert once, at once, from the thread that looks.
        clock: seconds, for tests.
    """

    def __init__(
        self,
        meter: Meter | None = None,
        *,
        interval: float = 1.0,
        limit_gb: float | None = None,
        thresholds: Thresholds | None = None,
        tell: Callable[[Alert], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nothing to watch."""
        self._meter = meter or MachineMeter()
        self._interval = interval
        self._limit = limit_gb
        self._thresholds = thresholds or Thresholds()
        self._tell = tell
        self._clock = clock
        self._lock = threading.RLock()
        self._watched: list[PerformanceMetric] = []
        self._alerts: dict[str, Alert] = {}
        self._cpu: float | None = None
        self._idle = threading.Event()
        self.finished: list[PerformanceMetric] = []
        self.peak_memory = 0

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What was above a threshold, each kind once, in the order in which it was seen."""
        with self._lock:
            return tuple(self._alerts.values())

    @contextmanager
    def monitor_stage(
        self, stage: str, context: ContentContext | None = None
    ) -> Iterator[PerformanceMetric]:
        """Measure the block; the metric is complete when it ends.

        Args:
            stage: name of the stage.
            context: of the run; not looked at, the stage's name says all.
        """
        metric = PerformanceMetric(stage)
        with self._lock:
            first = not self._watched
            usage = self._look()
            metric.memory_before = metric.peak_memory = usage
            metric._began = self._clock()
            self._watched.append(metric)
            if first:
                self._idle = threading.Event()
                threading.Thread(
                    target=self._keep_looking, args=(self._idle,), name="monitor", daemon=True
                ).start()
        try:
            yield metric
        finally:
            with self._lock:
                self._look()
                self._watched.remove(metric)
                self.finished.append(metric)
                if not self._watched:
                    self._idle.set()
                    self._cpu = None

    def look(self) -> None:
        """Read the machine once, now."""
        with self._lock:
            self._look()

    def mark_partly_reused(self, stage: str) -> None:
        """Note that pieces of a stage that runs now were made earlier."""
        with self._lock:
            for metric in self._watched:
                if metric.stage == stage:
                    metric.partly_reused = True

    def check_calls(self, calls: int, failed: int) -> None:
        """Compare the failed calls to services with their threshold."""
        with self._lock:
            self._raise(of_calls(calls, failed, self._thresholds))

    def metric_of(self, stage: str) -> PerformanceMetric | None:
        """The last finished measurement of a stage."""
        with self._lock:
            return next((m for m in reversed(self.finished) if m.stage == stage), None)

    def _look(self) -> int:
        usage = self._meter.usage()
        now = self._clock()
        spent = 0.0 if self._cpu is None else max(0.0, usage.cpu_seconds - self._cpu)
        self._cpu = usage.cpu_seconds
        stages = [metric for metric in self._watched if metric.stage != WHOLE_RUN]
        for metric in self._watched:
            metric.seconds = now - metric._began
            metric.peak_memory = max(metric.peak_memory, usage.process_memory)
            shared = 1 if metric.stage == WHOLE_RUN else len(stages)
            metric.cpu_seconds += spent / shared
            if usage.load_per_core is not None:
                metric._loads.append(usage.load_per_core)
        self.peak_memory = max(self.peak_memory, usage.process_memory)
        self._raise(of_usage(usage, self._limit, self._thresholds))
        for metric in stages:
            self._raise(
                of_stage(metric.stage, metric.seconds, metric.growth / GB, self._thresholds)
            )
        return usage.process_memory

    def _raise(self, alerts: Iterator[Alert]) -> None:
        for alert in alerts:
            known = self._alerts.get(alert.kind)
            if known is not None and (known.level == "alert" or alert.level == "warning"):
                continue
            self._alerts[alert.kind] = alert
            if self._tell is not None:
                self._tell(alert)

    def _keep_looking(self, idle: threading.Event) -> None:
        while not idle.wait(self._interval):
            self.look()


def monitor_resources(
    warn: Callable[[Alert], None],
    *,
    monitor: PerformanceMonitor | None = None,
    thresholds: Thresholds | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, plain or async, to warn where a call takes too much.

    Args:
        warn: given what was above a threshold: over 8 GB more memory, over 300 s.
        monitor: who measures; one of its own for each call where None.
        thresholds: other figures.
    """

    def measured(name: str) -> PerformanceMonitor:
        return monitor or PerformanceMonitor(thresholds=thresholds)

    def told(metric: PerformanceMetric) -> None:
        limits = thresholds or Thresholds()
        for alert in of_stage(metric.stage, metric.seconds, metric.growth / GB, limits):
            warn(alert)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__name__
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                with measured(name).monitor_stage(name) as metric:
                    result = await function(*args, **kwargs)
                told(metric)
                return result

            return cast(Callable[P, R], awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with measured(name).monitor_stage(name) as metric:
                result = function(*args, **kwargs)
            told(metric)
            return result

        return called

    return decorate
