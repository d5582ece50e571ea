"""How much there is to do: what the inputs and the settings ask of each stage.

The figures are what each stage usually takes on the machine below; what this machine really takes
is learnt run by run (`speeds`), as a factor on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Literal

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.record import StageRecord
from ai_video_editor.settings import Settings
from ai_video_editor.stages import WorkflowStage, ancestors, parse_stage

REFERENCE_CORES = 2
"""Cores of the machine on which the figures were taken: 2.5 GHz, while it did little else."""

Recogniser = Literal["imported", "whisper", "sphinx", "speech_only"]

_S = WorkflowStage

_FULL_HD = 1920 * 1080 * 25
"""Pixels a second of a full-HD recording: what a picture's load is counted in."""

_KEPT = 0.75
"""Share of a talk that is left in the film (measured on the planted talks)."""

_PARAMETERS = {"tiny": 39, "base": 74, "small": 244, "medium": 769, "large": 1550, "turbo": 809}
"""Millions of parameters of Whisper's sizes (Radford et al. 2022, table 1; turbo: its card)."""

_QUALITY_COST = {"low": 0.5, "medium": 0.7, "high": 1.0, "ultra": 1.8}
"""Time of rendering at each quality over that at high."""

_CODEC_COST = {"h264": 1.0, "hevc": 4.0, "av1": 3.0}


@dataclass(frozen=True)
class Workload:
    """What is to be done.

    Attributes:
        seconds: length of all inputs.
        heard: seconds of them that have sound.
        load: pixels a second of their picture over those of full HD at 25 frames a second.
        megapixels: of a frame of the largest of them.
        size: bytes of all inputs.
        model: millions of parameters of the recogniser's model.
        recogniser: who writes the words.
        settings: of the run.
    """

    seconds: float
    heard: float
    load: float
    megapixels: float
    size: int
    model: float
    recogniser: Recogniser
    settings: Settings


def workload_of(
    files: Sequence[VideoFile], settings: Settings, recogniser: Recogniser | None = None
) -> Workload:
    """What a run over these inputs has to do.

    Args:
        files: what was probed.
        settings: of the run.
        recogniser: who writes the words; None takes the one that the settings ask for.
    """
    seconds = float(sum(file.duration for file in files))
    pixels = sum(
        float(f.duration) * f.video.width * f.video.height * float(f.video.rate.fraction)
        for f in files
        if f.video is not None
    )
    sizes = [f.video.width * f.video.height / 1e6 for f in files if f.video is not None]
    return Workload(
        seconds=seconds,
        heard=float(sum(file.duration for file in files if file.audio)),
        load=pixels / seconds / _FULL_HD if seconds else 0.0,
        megapixels=max(sizes, default=0.0),
        size=sum(file.size for file in files),
        model=model_parameters(settings.audio.whisper_model),
        recogniser=recogniser or _asked_for(settings),
        settings=settings,
    )


def model_parameters(name: str) -> float:
    """Millions of parameters of a Whisper model, by name or by the size of its file."""
    weights = Path(name) / "model.bin"
    if weights.is_file():
        return weights.stat().st_size / 2e6  # two bytes each, as most are kept
    for size, count in _PARAMETERS.items():
        if size in Path(name).name.lower():
            return float(count)
    return float(_PARAMETERS["small"])


def _asked_for(settings: Settings) -> Recogniser:
    if settings.audio.transcript is not None:
        return "imported"
    return "sphinx" if settings.audio.transcriber == "sphinx" else "whisper"


def stages_of(settings: Settings) -> frozenset[WorkflowStage]:
    """The stages that the settings ask for."""
    stop = settings.run.stop_after
    if settings.run.review:
        stop = str(_S.INTELLIGENCE_LAYER)
    wanted = set(ancestors(parse_stage(stop)) if stop else WorkflowStage)
    without = settings.processing_preferences.skip_optional_stages
    if settings.run.skip_broll or without:
        wanted.discard(_S.BROLL_GENERATION)
    if settings.run.skip_thumbnails or without:
        wanted.discard(_S.THUMBNAIL_GENERATION)
    return frozenset(wanted)


def variant_of(stage: WorkflowStage, work: Workload) -> str:
    """What else a stage's speed depends on: figures of one variant say little of another."""
    settings = work.settings
    words = [] if settings.processing_preferences.parallel_processing else ["serial"]
    if stage is _S.AUDIO_PROCESSING:
        words += [
            work.recogniser,
            *([f"{work.model:.0f}M"] if work.recogniser == "whisper" else []),
        ]
    elif stage is _S.INTELLIGENCE_LAYER:
        words += ["gemini" if _asks_gemini(settings) else "rules"]
    elif stage is _S.RESEARCH:
        words += ["offline" if settings.api.offline else "online"]
    elif stage is _S.VIDEO_COMPOSITION:
        look = settings.composition
        words += [look.render, settings.processing_preferences.quality_level, look.codec]
        words += ["captions"] if look.burn_captions else []
        words += [look.aspect] if look.aspect else []
    return " ".join(words)


def usual_seconds(stage: WorkflowStage, work: Workload, cores: int) -> float:
    """What a stage usually takes on a machine of so many cores, seconds."""
    return _seconds(stage, work) * float((REFERENCE_CORES / cores) ** _SCALING)


def calm_seconds(stage: WorkflowStage, record: StageRecord, work: Workload, cores: int) -> float:
    """What a stage that ran would have taken on a machine that does little else, seconds.

    Its processor time tells that best: it hardly changes where other programs want the cores too.
    Stages that wait for a service are taken by the clock.
    """
    used = _CORES_USED.get(stage)
    if used is None or record.cpu_seconds is None:
        return record.seconds / max(1.0, record.load_per_core or 0.0)
    if not work.settings.processing_preferences.parallel_processing:
        used *= _ALONE.get(stage, 1.0)
    scaled = used * float((cores / REFERENCE_CORES) ** _SCALING)
    return min(record.seconds, record.cpu_seconds / scaled)


_CORES_USED = {
    _S.AUDIO_PROCESSING: 0.72,
    _S.VIDEO_PROCESSING: 0.75,
    _S.BROLL_GENERATION: 0.55,
    _S.THUMBNAIL_GENERATION: 0.77,
    _S.VIDEO_COMPOSITION: 0.82,
    _S.FINALIZATION: 1.53,
}
"""Cores that a stage keeps busy on the reference machine, beside the stages that run then."""

_ALONE = {
    _S.AUDIO_PROCESSING: 1.4,
    _S.VIDEO_PROCESSING: 1.4,
    _S.THUMBNAIL_GENERATION: 1.3,
    _S.VIDEO_COMPOSITION: 2.0,
}
"""How many times as many it keeps busy when nothing runs beside it."""

_SCALING = 0.7
"""Power of the cores by which the work gets faster: libraries and encoders lose some of each."""


def _seconds(stage: WorkflowStage, work: Workload) -> float:
    seconds, load, settings = work.seconds, work.load, work.settings
    if stage is _S.INITIALIZATION:
        return 0.3 + work.size / 700e6
    if stage is _S.AUDIO_PROCESSING:
        return 4.0 + work.heard * (0.08 + _recognition(work))
    if stage is _S.VIDEO_PROCESSING:
        return 1.5 + seconds * (0.006 * settings.video.analysis_rate + 0.1 * load)
    if stage is _S.INTELLIGENCE_LAYER:
        return (60.0 if _asks_gemini(settings) else 0.5) + 0.004 * seconds
    if stage is _S.RESEARCH:
        return 0.1 if settings.api.offline else 8.0
    if stage is _S.BROLL_GENERATION:
        return 1.0 + seconds * (0.02 + 0.04 * load)
    if stage is _S.THUMBNAIL_GENERATION:
        small = settings.processing_preferences.thumbnail_resolution == "1280x720"
        return 25.0 if small else 35.0
    if stage is _S.VIDEO_COMPOSITION:
        clips = 20.0 * settings.composition.shorts
        film = seconds * _KEPT * (0.1 + 0.6 * load * _rendering(settings))
        return 2.0 + film + clips
    if stage is _S.FINALIZATION:
        return 2.0 + seconds * _KEPT * (0.6 + 0.25 * load)
    return 0.1 + 0.001 * seconds


def _recognition(work: Workload) -> float:
    """Seconds for a second of speech; faster-whisper's own table, small, int8, taken to 2 cores."""
    if work.recogniser == "whisper":
        return float(0.45 * (work.model / _PARAMETERS["small"]) ** 0.8)
    return {"sphinx": 0.5, "imported": 0.0, "speech_only": 0.0}[work.recogniser]


def _rendering(settings: Settings) -> float:
    cost = _QUALITY_COST[settings.processing_preferences.quality_level]
    cost *= _CODEC_COST[settings.composition.codec]
    return cost * (1.6 if settings.composition.render == "full" else 1.0)


def _asks_gemini(settings: Settings) -> bool:
    return settings.api.gemini_api_key is not None and not settings.api.offline


BASE_GB = 0.65
"""Memory of the program with the libraries and the server that every run has, GB (measured)."""


def usual_growth(stage: WorkflowStage, work: Workload) -> float:
    """How much more memory than before a stage usually takes while it runs, GB."""
    picture = work.megapixels
    batch = work.settings.processing_preferences.batch_size
    if stage is _S.AUDIO_PROCESSING:
        return 0.15 + (_model_memory(work.model, batch) if work.recogniser == "whisper" else 0.2)
    if stage is _S.VIDEO_PROCESSING:
        return 0.2 + 0.06 * picture
    if stage is _S.BROLL_GENERATION:
        return 0.15 + 0.05 * picture
    if stage is _S.THUMBNAIL_GENERATION:
        return 0.25
    if stage is _S.VIDEO_COMPOSITION:
        at_once = 2 if work.settings.processing_preferences.parallel_processing else 1
        return 0.1 + 0.18 * picture * at_once
    if stage is _S.FINALIZATION:
        return 0.15 + 0.06 * picture
    return 0.03


def _model_memory(millions: float, batch: int) -> float:
    """GB of a Whisper model at work in int8.

    Fitted to faster-whisper's published table for the CPU: small takes 1.5 GB by itself and 3.6 GB
    with eight stretches at once.
    """
    size = millions / 1000
    return 0.1 + 2.2 * size + 0.3 * batch * sqrt(millions / _PARAMETERS["small"])
