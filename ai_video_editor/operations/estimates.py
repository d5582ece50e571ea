"""What a run will take, said before it begins: memory, disk, minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.record import ProcessingMetrics, ResourceEstimate, StageRecord
from ai_video_editor.operations.disk_needs import (
    FILM_COPIES,
    HEARD_BYTES,
    SOUND_BYTES,
    SOUND_COPIES,
    DiskNeed,
    least_for_film,
)
from ai_video_editor.operations.meters import GB
from ai_video_editor.operations.speeds import Observation, Speeds
from ai_video_editor.operations.workload import (
    BASE_GB,
    REFERENCE_CORES,
    Workload,
    calm_seconds,
    stages_of,
    usual_growth,
    usual_seconds,
    variant_of,
)
from ai_video_editor.settings import Settings
from ai_video_editor.stages import WorkflowStage

_S = WorkflowStage

OVERHEAD = "start"
"""What a run takes beside its stages, kept like a stage."""

WHOLE = "run"
"""The whole run, kept like a stage."""

_USUAL_OVERHEAD = 12.0
"""Seconds for the server to come up, libraries to load and files to be put in place."""

_SIDE_BY_SIDE: tuple[tuple[WorkflowStage, ...], ...] = (
    (_S.INITIALIZATION,),
    (_S.AUDIO_PROCESSING, _S.VIDEO_PROCESSING),
    (_S.CONTENT_ANALYSIS,),
    (_S.RESEARCH,),
    (_S.INTELLIGENCE_LAYER,),
    (_S.BROLL_GENERATION,),
    (_S.VIDEO_COMPOSITION, _S.THUMBNAIL_GENERATION, _S.METADATA_GENERATION),
    (_S.FINALIZATION,),
)
"""The run in steps; the stages of one run side by side where they may."""

_PIXEL_BYTES = {"low": 0.004, "medium": 0.008, "high": 0.014, "ultra": 0.025}
"""Bytes of the film for a pixel of every frame, as x264 gives talks at each quality (measured)."""

_EXTRAS = 12_000_000
"""Bytes of thumbnails, their cut-outs, B-roll, report and edit lists of a short film."""

_EXTRAS_A_SECOND = 60_000
"""Bytes of sections, waveforms and graphics for a second of the recording."""


def estimate(
    work: Workload, speeds: Speeds, cores: int, load: float | None = None
) -> ResourceEstimate:
    """Memory, disk and time of a run of which nothing can be reused.

    Args:
        work: what is to be done.
        speeds: what is known of this machine.
        cores: that the run may use.
        load: what other programs want of each core now.
    """
    slower = _slowdown(load)
    wanted = stages_of(work.settings)
    seconds = {stage: _stage_seconds(stage, work, speeds, cores) for stage in wanted}
    disk = likely_disk(work)
    total = _wall(seconds, work.settings) + _overhead(speeds, cores)
    return ResourceEstimate(
        memory_gb=round(_peak(work, wanted) * speeds.factor("memory", WHOLE, _kind(work)), 2),
        disk_gb=round((disk.work + disk.output) / GB, 3),
        minutes=round(slower * total / 60, 2),
        measured_runs=speeds.runs,
        stage_seconds={
            str(s): round(slower * seconds[s], 2) for s in WorkflowStage if s in seconds
        },
    )


def stage_memory(stage: WorkflowStage, work: Workload, speeds: Speeds) -> float:
    """How much more memory a stage will take while it runs, GB."""
    return usual_growth(stage, work) * speeds.factor("memory", stage, variant_of(stage, work))


def least_disk(files: Sequence[VideoFile], settings: Settings) -> DiskNeed:
    """Bytes without which a run cannot end, however much is cut out of its film."""
    kept = 1.0 - settings.director.max_removed_share
    if settings.director.plan is not None:
        kept = 0.0  # the plan says what is kept; it is asked before rendering
    seconds = float(sum(file.duration for file in files))
    heard = float(sum(file.duration for file in files if file.audio))
    wanted = stages_of(settings)
    work = int(heard * HEARD_BYTES) if _S.AUDIO_PROCESSING in wanted else 0
    if _S.VIDEO_COMPOSITION not in wanted:
        return DiskNeed(work, 0)
    size = sum(file.size for file in files)
    on_the_way, film = least_for_film(seconds * kept, _pixels(files) * kept, size * kept)
    return DiskNeed(work + on_the_way, film)


def likely_disk(work: Workload) -> DiskNeed:
    """Bytes that a run will probably take."""
    wanted = stages_of(work.settings)
    heard = int(work.heard * HEARD_BYTES)
    if _S.VIDEO_COMPOSITION not in wanted:
        return DiskNeed(heard + int(work.seconds * _EXTRAS_A_SECOND), 1_000_000)
    quality = work.settings.processing_preferences.quality_level
    pixels = work.load * 1920 * 1080 * 25 * work.seconds
    film = min(pixels * _PIXEL_BYTES[quality], max(work.size, 1) * 1.5) * 0.75
    sound = work.seconds * SOUND_BYTES * SOUND_COPIES
    extras = _EXTRAS + work.seconds * _EXTRAS_A_SECOND
    return DiskNeed(
        work=int(heard + film * (FILM_COPIES + 1) + sound + extras),
        output=int(film + extras / 2),
    )


def observations_of(
    metrics: ProcessingMetrics, work: Workload, cores: int
) -> tuple[Observation, ...]:
    """What a finished run teaches; stages that were reused, even in part, teach nothing."""
    return tuple(_observed(metrics, work, cores))


def _observed(metrics: ProcessingMetrics, work: Workload, cores: int) -> Iterator[Observation]:
    ran: dict[WorkflowStage, StageRecord] = {}
    for record in metrics.stages:
        stage = WorkflowStage(record.stage)
        if record.reused or record.partly_reused or record.state not in ("done", "degraded"):
            continue
        ran[stage] = record
        variant = variant_of(stage, work)
        measured = calm_seconds(stage, record, work, cores)
        if measured > 0:  # the processor's clock reads 0 for a stage that had nothing to do
            yield Observation(
                quantity="seconds", stage=stage, variant=variant, measured=measured,
                usual=usual_seconds(stage, work, cores),
            )  # fmt: skip
        if record.memory_growth_mb is not None and record.memory_growth_mb > 1:
            yield Observation(
                quantity="memory", stage=stage, variant=variant,
                measured=record.memory_growth_mb / 1000, usual=usual_growth(stage, work),
            )  # fmt: skip
    wanted = stages_of(work.settings)
    if not wanted <= ran.keys():
        return  # less than a whole run tells nothing of one
    rest = metrics.seconds - _wall({s: r.seconds for s, r in ran.items()}, work.settings)
    loads = [r.load_per_core for r in ran.values() if r.load_per_core is not None]
    if rest > 0:
        yield Observation(
            quantity="seconds", stage=OVERHEAD,
            measured=rest / _slowdown(min(loads, default=None)), usual=_usual_overhead(cores),
        )  # fmt: skip
    if metrics.peak_memory_mb:
        yield Observation(
            quantity="memory", stage=WHOLE, variant=_kind(work),
            measured=metrics.peak_memory_mb / 1000, usual=_peak(work, wanted),
        )  # fmt: skip


def _slowdown(load: float | None) -> float:
    """By how much longer work takes on cores that others want as well."""
    return max(1.0, load or 0.0)


def _stage_seconds(stage: WorkflowStage, work: Workload, speeds: Speeds, cores: int) -> float:
    usual = usual_seconds(stage, work, cores)
    return usual * speeds.factor("seconds", stage, variant_of(stage, work))


def _wall(seconds: Mapping[WorkflowStage, float], settings: Settings) -> float:
    parallel = settings.processing_preferences.parallel_processing
    if not parallel:
        return sum(seconds.values())
    return sum(max((seconds.get(s, 0.0) for s in step), default=0.0) for step in _SIDE_BY_SIDE)


def _usual_overhead(cores: int) -> float:
    return _USUAL_OVERHEAD * sqrt(REFERENCE_CORES / cores)


def _overhead(speeds: Speeds, cores: int) -> float:
    return _usual_overhead(cores) * speeds.factor("seconds", OVERHEAD)


def _kind(work: Workload) -> str:
    """What a run's peak depends on beside the picture."""
    return variant_of(_S.AUDIO_PROCESSING, work)


def _peak(work: Workload, wanted: Iterable[WorkflowStage]) -> float:
    """Most memory that a run usually takes, GB."""
    chosen = set(wanted)
    parallel = work.settings.processing_preferences.parallel_processing
    together = sum if parallel else max
    steps = [
        together([usual_growth(s, work) for s in step if s in chosen] or [0.0])
        for step in _SIDE_BY_SIDE
    ]
    return BASE_GB + max(steps)


def _pixels(files: Sequence[VideoFile]) -> float:
    return sum(
        float(f.duration) * float(f.video.rate.fraction) * f.video.width * f.video.height
        for f in files
        if f.video is not None
    )
