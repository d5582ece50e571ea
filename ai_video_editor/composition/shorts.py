"""Clips beside the film: each composed like the film, upright and with its words in the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ai_video_editor.composition.composer import Method
from ai_video_editor.composition.steps import part_of
from ai_video_editor.context.outputs import (
    BRollPackage,
    ComposedShort,
    ComposedVideo,
    ShortsPackage,
)
from ai_video_editor.context.plan import AIDirectorPlan, PlannedShort
from ai_video_editor.errors import RunInterruptedError
from ai_video_editor.progress import Report
from ai_video_editor.settings import CompositionSettings

ASPECT = "9:16"
"""Shape of a short when nobody asks for another: what the platforms' players show whole."""

CAPTIONS = "bold"
"""Style of its captions when nobody asks for another: shorts are watched without sound."""

Compose = Callable[[AIDirectorPlan, BRollPackage, Method, Report], ComposedVideo]


@dataclass(frozen=True)
class Clip:
    """What a short is made of: as planned, its own edit, its graphics."""

    planned: PlannedShort
    plan: AIDirectorPlan
    broll: BRollPackage


def short_settings(settings: CompositionSettings) -> CompositionSettings:
    """How shorts are rendered, as far as the film's settings leave it open."""
    return settings.model_copy(
        update={
            "aspect": settings.aspect or ASPECT,
            "burn_captions": settings.burn_captions or CAPTIONS,
        }
    )


def compose_shorts(clips: Sequence[Clip], compose: Compose, report: Report) -> ShortsPackage:
    """All clips as they are planned.

    Args:
        clips: best first.
        compose: renders one.
        report: told the share done.

    Raises:
        EditorError: one of them could not be rendered.
    """
    return ShortsPackage(
        shorts=tuple(_composed(clip, compose, "film", part) for clip, part in _parts(clips, report))
    )


def salvaged_shorts(clips: Sequence[Clip], compose: Compose, report: Report) -> ShortsPackage:
    """As many clips as can be made: as planned, else as plain cuts; the others are named."""
    made: list[ComposedShort] = []
    left_out: list[str] = []
    for clip, part in _parts(clips, report):
        reasons: list[str] = []
        for method in _LADDER:
            try:
                made.append(_composed(clip, compose, method, part))
                break
            except (RunInterruptedError, MemoryError):
                raise
            except Exception as error:
                reasons.append(f"{method}: {type(error).__name__}: {error}")
        else:
            left_out.append(f"{clip.planned.short_id}: {'; '.join(reasons)}")
    return ShortsPackage(shorts=tuple(made), left_out=tuple(left_out))


_LADDER: tuple[Method, ...] = ("film", "plain_cuts")


def _composed(clip: Clip, compose: Compose, method: Method, report: Report) -> ComposedShort:
    video = compose(clip.plan, clip.broll, method, report)
    return ComposedShort(planned=clip.planned, video=video, broll=clip.broll)


def _parts(clips: Sequence[Clip], report: Report) -> Iterator[tuple[Clip, Report]]:
    for index, clip in enumerate(clips):
        part = part_of(report, index / len(clips), (index + 1) / len(clips))
        part(0.0, f"short {index + 1} of {len(clips)}")
        yield clip, part
