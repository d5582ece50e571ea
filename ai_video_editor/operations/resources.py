"""The budget of a run: who may start now, and what is done less of where memory is short."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.context.record import ResourceEstimate
from ai_video_editor.operations.meters import GB, MachineMeter, Meter
from ai_video_editor.progress import Report, check_running, silent

_HEAVY_GB = 0.1
"""Work that takes less never waits."""

_PAUSE = 0.5
"""Seconds between two looks whether there is room now."""


@dataclass
class Allocation:
    """Leave to work.

    Attributes:
        operation: whose.
        memory_gb: how much more it will take.
        waited: seconds until there was room.
    """

    operation: str
    memory_gb: float
    waited: float = 0.0
    _lent: int = field(default=0, repr=False)


class ResourceManager:
    """Keeps the work of one run, in this process, within its memory.

    Nothing that runs is stopped: what would pass the limit waits until others are done, and when
    nothing else works it is let in, so that a run always gets to its end.

    Args:
        max_memory_gb: limit of this program and all its children, GB of 10^9 bytes.
        meter: reads the machine; this machine where None.
        pause: waits a moment between two looks, seconds in.
    """

    def __init__(
        self,
        max_memory_gb: float,
        meter: Meter | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin with nobody at work."""
        self.max_memory_gb = max_memory_gb
        self._meter = meter or MachineMeter()
        self._pause = pause
        self._lock = threading.Lock()
        self._working: list[Allocation] = []
        self._base = self._meter.usage().process_memory / GB

    @contextmanager
    def allocate_resources(
        self, operation: str, memory_gb: float = 0.0, report: Report = silent
    ) -> Iterator[Allocation]:
        """Leave to do one thing, for the block; waits while there is no room for it.

        Args:
            operation: what is to be done.
            memory_gb: how much more memory it will take.
            report: told while it waits.

        Raises:
            RunInterruptedError: the run was stopped while it waited.
        """
        allocation = Allocation(operation, memory_gb)
        began = time.monotonic()
        while not self._admitted(allocation):
            check_running()
            report(None, f"waiting for memory ({self.max_memory_gb:g} GB may be used)")
            self._pause(_PAUSE)
        allocation.waited = time.monotonic() - began
        try:
            yield allocation
        finally:
            with self._lock:
                self._working.remove(allocation)

    @contextmanager
    def lent(self, operation: str) -> Iterator[None]:
        """While the block lasts an operation does nothing itself: its pieces ask for leave."""
        with self._lock:
            mine = [one for one in self._working if one.operation == operation]
            for one in mine:
                one._lent += 1
        try:
            yield
        finally:
            with self._lock:
                for one in mine:
                    one._lent -= 1

    def _admitted(self, new: Allocation) -> bool:
        with self._lock:
            working = [one for one in self._working if not one._lent]
            heavy = [one for one in working if one.memory_gb >= _HEAVY_GB]
            if new.memory_gb >= _HEAVY_GB and heavy and not self._fits(new, working):
                return False
            self._working.append(new)
            return True

    def _fits(self, new: Allocation, working: list[Allocation]) -> bool:
        usage = self._meter.usage()
        # what has just begun has not yet taken all that it will
        promised = self._base + sum(one.memory_gb for one in working)
        held = max(promised, usage.process_memory / GB)
        within_limit = held + new.memory_gb <= self.max_memory_gb
        return within_limit and new.memory_gb <= usage.available_memory / GB


@dataclass(frozen=True)
class Adaptation:
    """Preferences that fit a machine, and why they differ from what was asked.

    Attributes:
        preferences: what the run works with.
        reasons: one sentence for each change; empty where there is none.
    """

    preferences: ProcessingPreferences
    reasons: tuple[str, ...] = ()


def within_limit(
    preferences: ProcessingPreferences,
    estimate_with: Callable[[ProcessingPreferences], ResourceEstimate],
    limit_gb: float,
) -> Adaptation:
    """Less at once where a run would take more memory than it may.

    Steps are taken one by one until it fits: nothing side by side, smaller batches, thumbnails of
    1280x720. The film itself stays the same.

    Args:
        preferences: what was asked for.
        estimate_with: what a run would take with other preferences.
        limit_gb: what it may take.
    """
    reasons: list[str] = []
    for change, what in _STEPS:
        needed = estimate_with(preferences).memory_gb
        if needed <= limit_gb:
            break
        update = {
            name: value for name, value in change.items() if getattr(preferences, name) != value
        }
        if not update or update.get("batch_size", 0) > preferences.batch_size:
            continue
        preferences = preferences.model_copy(update=update)
        reasons.append(
            f"{what}: about {needed:.1f} GB of memory would be needed and {limit_gb:g} GB may be "
            "used (--max-memory)."
        )
    return Adaptation(preferences, tuple(reasons))


_STEPS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"parallel_processing": False}, "Stages run one after the other"),
    ({"batch_size": 2}, "Two stretches of speech are recognised at once"),
    ({"batch_size": 1}, "Speech is recognised one stretch at a time"),
    ({"thumbnail_resolution": "1280x720"}, "Thumbnails are 1280x720"),
)
