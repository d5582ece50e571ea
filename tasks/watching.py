"""The run's own watch: its stages measured, and let in one by one where memory is short."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from prefect.runtime import flow_run

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.operations.estimates import stage_memory
from ai_video_editor.operations.meters import MachineMeter
from ai_video_editor.operations.monitoring import WHOLE_RUN, PerformanceMetric, PerformanceMonitor
from ai_video_editor.operations.outlook import memory_limit
from ai_video_editor.operations.resources import Allocation, ResourceManager
from ai_video_editor.operations.speeds import Speeds, read_speeds
from ai_video_editor.operations.thresholds import Alert
from ai_video_editor.operations.workload import workload_of
from ai_video_editor.progress import ProgressEvent, Report, publish
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage, WorkflowStage
from ai_video_editor.store import ContextRef, Store

_REMEMBERED = 16
"""Runs of this process whose watches are kept."""


@dataclass
class RunWatch:
    """What watches one run in this process.

    Attributes:
        settings: of the run.
        monitor: measures its stages.
        resources: lets them in.
        speeds: what was known of this machine when the run began.
        whole: the measurement of the whole run, where it is measured.
    """

    settings: Settings
    monitor: PerformanceMonitor
    resources: ResourceManager
    speeds: Speeds
    whole: PerformanceMetric | None = None
    _needs: dict[str, float] = field(default_factory=dict)

    def need_of(self, stage: Stage, ref: ContextRef) -> float:
        """Memory that a stage will add, GB; 0 where the inputs are not known yet."""
        if stage.key not in self._needs:
            section = ref.sections.get("video_files")
            if section is None:
                return 0.0
            store = Store.of(self.settings)
            files: tuple[VideoFile, ...] = store.get_section("video_files", section)
            work = workload_of(files, self.settings)
            self._needs[stage.key] = (
                stage_memory(WorkflowStage(stage.name), work, self.speeds)
                if not stage.part or stage.name is WorkflowStage.VIDEO_COMPOSITION
                else 0.0  # preparing tasks are light
            )
        return self._needs[stage.key]

    @contextmanager
    def stage(self, stage: Stage, ref: ContextRef, report: Report) -> Iterator[StageWatch]:
        """Let a stage in when there is room for it, and measure it."""
        need = self.need_of(stage, ref)
        with self.resources.allocate_resources(stage.key, need, report) as allocation:
            if not self.settings.monitoring.enable_monitoring:
                yield StageWatch(allocation, None)
                return
            with self.monitor.monitor_stage(stage.key) as metric:
                yield StageWatch(allocation, metric)

    @contextmanager
    def piece(self, stage: Stage, at_once: int, report: Report) -> Iterator[None]:
        """Let a piece of a stage in when there is room for it."""
        need = self._needs.get(stage.key, 0.0) / at_once
        with self.resources.allocate_resources(f"{stage.key} piece", need, report):
            yield


@dataclass(frozen=True)
class StageWatch:
    """A stage while it works.

    Attributes:
        allocation: its leave.
        metric: its measurement, complete when it has ended; None where nothing is measured.
    """

    allocation: Allocation
    metric: PerformanceMetric | None

    def record(self) -> dict[str, float | bool]:
        """What is kept of it beside its result."""
        waited = round(self.allocation.waited, 3)
        if self.metric is None:
            return {"waited_seconds": waited}
        return {
            "waited_seconds": waited,
            "cpu_seconds": round(self.metric.cpu_seconds, 3),
            "peak_memory_mb": round(self.metric.peak_memory / 1e6, 1),
            "memory_growth_mb": round(self.metric.growth / 1e6, 1),
            "load_per_core": round(self.metric.load_per_core or 0.0, 2),
            "partly_reused": self.metric.partly_reused,
        }


_watches: OrderedDict[str, RunWatch] = OrderedDict()
_lock = threading.Lock()


def run_watch(settings: Settings) -> RunWatch:
    """The watch of the present flow run in this process, begun where there is none."""
    run = str(flow_run.id or "")
    with _lock:
        if run not in _watches:
            _watches[run] = _begun(settings)
            while len(_watches) > _REMEMBERED:
                _watches.popitem(last=False)
        return _watches[run]


def _begun(settings: Settings) -> RunWatch:
    meter = MachineMeter()
    limit = memory_limit(settings, meter)
    return RunWatch(
        settings,
        PerformanceMonitor(
            meter,
            interval=settings.monitoring.monitor_interval,
            limit_gb=limit,
            tell=_tell if settings.monitoring.alert_on_high_usage else None,
        ),
        ResourceManager(limit, meter),
        read_speeds(settings.paths.home),
    )


def _tell(alert: Alert) -> None:
    publish(ProgressEvent("monitor", "notice", doing=alert.message))


@contextmanager
def watched(settings: Settings) -> Iterator[RunWatch]:
    """Measure the whole of a run, which is the block."""
    watch = run_watch(settings)
    if not settings.monitoring.enable_monitoring:
        yield watch
        return
    with watch.monitor.monitor_stage(WHOLE_RUN) as watch.whole:
        yield watch
