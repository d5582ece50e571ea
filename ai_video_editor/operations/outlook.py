"""What lies ahead of a run: its needs, whether they can be met, and what is done less of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ai_video_editor.context.inputs import ProcessingPreferences, VideoFile
from ai_video_editor.context.record import ResourceEstimate
from ai_video_editor.media.probe import probe
from ai_video_editor.operations.disk_needs import DiskNeed, require_room
from ai_video_editor.operations.estimates import estimate, least_disk, likely_disk
from ai_video_editor.operations.meters import GB, MachineMeter, Meter
from ai_video_editor.operations.quality import QualityManager
from ai_video_editor.operations.resources import within_limit
from ai_video_editor.operations.speeds import Speeds, read_speeds
from ai_video_editor.operations.workload import Recogniser, Workload, workload_of
from ai_video_editor.settings import Settings

_NOT_HASHED = "0" * 64
"""Stands for the digest where a file is looked at but not taken into a project."""


_BUSY = 1.5
"""Programs that want each core, from which it is worth a word."""


@dataclass(frozen=True)
class Outlook:
    """What a run will take on this machine.

    Attributes:
        settings: of the run, with preferences that fit the machine.
        changes: why they differ from what was asked; a sentence each.
        degradations: those of the changes that a viewer could notice.
        estimate: memory, disk, minutes.
        likely: bytes that it will probably write.
        least: bytes without which it cannot end.
        speeds: what is known of this machine.
        cores: that it may use.
        work: what is to be done.
        limit_gb: memory that it may take.
        load: what other programs want of each core now.
    """

    settings: Settings
    changes: tuple[str, ...]
    degradations: tuple[str, ...]
    estimate: ResourceEstimate
    likely: DiskNeed
    least: DiskNeed
    speeds: Speeds
    cores: int
    work: Workload
    limit_gb: float
    load: float | None = None

    @property
    def busy(self) -> bool:
        """Whether other programs want the processor."""
        return self.load is not None and self.load >= _BUSY

    def require_disk(self, meter: Meter) -> None:
        """Do nothing where the run can end.

        Raises:
            DiskSpaceError: the disk of the work folder or of the output folder is too small.
        """
        paths = self.settings.paths
        require_room(self.least, paths.home.absolute(), paths.output.absolute(), meter)

    def in_words(self, meter: Meter) -> str:
        """The estimate in one line, beside what there is."""
        paths = self.settings.paths
        needs = []
        for folder, needed in self.likely.by_disk(
            paths.home.absolute(), paths.output.absolute()
        ).items():
            free = meter.free_disk(folder)
            few = "" if free >= needed else ", which may not do"
            needs.append(
                f"{_gigabytes(needed)} on the disk of {folder} ({_gigabytes(free)} free{few})"
            )
        known = self.estimate.measured_runs
        basis = (
            f"by {known} earlier run{'s' if known > 1 else ''} here"
            if known
            else "a first guess: nothing was measured on this machine yet"
        )
        if self.busy and self.load is not None:
            basis += f"; the processor is busy with other programs ({self.load:.1f} a core)"
        return (
            f"Expected without anything reused: {in_minutes(self.estimate.minutes)}, "
            f"{self.estimate.memory_gb:.1f} GB of memory, {', '.join(needs)}; {basis}."
        )


def outlook(
    files: Sequence[VideoFile],
    settings: Settings,
    meter: Meter | None = None,
    recogniser: Recogniser | None = None,
) -> Outlook:
    """What a run over these inputs will take, after its preferences were made to fit.

    Memory that is free decides only with `auto_adjust_quality`; `max_memory_gb` always.

    Args:
        files: what was probed.
        settings: of the run.
        meter: reads the machine; this machine where None.
        recogniser: who writes the words; None takes the one that the settings ask for.
    """
    meter = meter or MachineMeter()
    cores, speeds = meter.cores(), read_speeds(settings.paths.home)
    load = meter.usage().load_per_core
    changes: tuple[str, ...] = ()
    if settings.monitoring.auto_adjust_quality:
        adjusted = QualityManager(meter).adapt(settings.processing_preferences)
        settings, changes = _with(settings, adjusted.preferences), adjusted.reasons

    def work_with(preferences: ProcessingPreferences) -> Workload:
        return workload_of(files, _with(settings, preferences), recogniser)

    limit = memory_limit(settings, meter)
    fitted = within_limit(
        settings.processing_preferences,
        lambda preferences: estimate(work_with(preferences), speeds, cores),
        limit,
    )
    asked = settings.processing_preferences
    settings = _with(settings, fitted.preferences)
    work = work_with(fitted.preferences)
    small = fitted.preferences.thumbnail_resolution != asked.thumbnail_resolution
    seen = fitted.reasons[-1:] if small else ()
    return Outlook(
        settings=settings,
        changes=(*changes, *fitted.reasons),
        degradations=(*changes, *seen),
        estimate=estimate(work, speeds, cores, load),
        load=load,
        likely=likely_disk(work),
        least=least_disk(files, settings),
        speeds=speeds,
        cores=cores,
        work=work,
        limit_gb=limit,
    )


def memory_limit(settings: Settings, meter: Meter) -> float:
    """Memory that a run may take: what was allowed, and no more than there is, GB."""
    return min(settings.processing_preferences.max_memory_gb, meter.usage().total_memory / GB)


def probed(path: Path) -> VideoFile:
    """What a file holds; looked up once as long as it stays the same.

    Raises:
        InputError: it cannot be used.
    """
    absolute = path.absolute()
    try:
        status = absolute.stat()
    except OSError:
        return probe(path, _NOT_HASHED)  # says what is wrong
    return _probed(absolute, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _probed(path: Path, _size: int, _modified: int) -> VideoFile:
    return probe(path, _NOT_HASHED)


def _with(settings: Settings, preferences: ProcessingPreferences) -> Settings:
    return settings.model_copy(update={"processing_preferences": preferences})


def in_minutes(minutes: float) -> str:
    """A time as it is guessed: seconds in fives, minutes, from an hour and a half on hours."""
    if minutes < 1:
        return f"{max(5, round(minutes * 12) * 5)} s"
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h"


def _gigabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size < GB else f"{size / GB:.1f} GB"
