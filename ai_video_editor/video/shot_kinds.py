"""What each shot shows: a talking head, a slide, a title card, B-roll, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_video_editor.context.base import Box
from ai_video_editor.context.video import FaceSample, Shot
from ai_video_editor.timebase import SourceTime, TimeRange
from ai_video_editor.video.motion import STILL
from ai_video_editor.video.quality import Measured
from ai_video_editor.video.shots import Boundary
from ai_video_editor.video.texture import Texture

HEAD = 0.11
"""Height of a face, as a share of the picture, from which somebody speaks to us (a medium shot)."""
TRUSTED = 0.7
"""Mean confidence of the faces of a shot from which somebody is there for certain: a patch of a
dim room was taken for a face for five seconds with 0.65."""
CLOSE = 0.3
"""Height from which less will do: nothing in a room looks like a face of that size for long."""
PRESENT = 0.4
"""Share of samples with a face from which a shot is somebody's; cascades lose turned heads."""
GROUND = 0.42
"""Share of empty ground from which a still picture is drawn and not filmed."""
DRAWN_SECONDS = 1.2
"""Seconds a drawn picture stands at least; a photograph in a quick show stands still as well."""
FEW_LINES = 3
"""Lines of text up to which a drawn picture is a title and not a slide."""


@dataclass(frozen=True)
class Evidence:
    """What was measured of one input, sample by sample, all at the same times.

    Attributes:
        faces: who is seen.
        measured: quality.
        textures: what the pictures are made of.
        movement: change towards each sample, grey levels.
    """

    faces: tuple[FaceSample, ...]
    measured: tuple[Measured, ...]
    textures: tuple[Texture, ...]
    movement: dict[SourceTime, float]


def shots_of(
    boundaries: Sequence[Boundary], span: TimeRange[SourceTime], evidence: Evidence, input: int
) -> tuple[Shot, ...]:
    """The shots of one input with their kinds; they touch and fill `span`."""
    starts = [span.start, *(b.time for b in boundaries if span.start < b.time < span.end)]
    how = ["start", *(b.transition for b in boundaries if span.start < b.time < span.end)]
    ends = [*starts[1:], span.end]
    shots = []
    for start, end, transition in zip(starts, ends, how, strict=True):
        if end <= start:
            continue
        kind, confidence = _kind(TimeRange(start, end), evidence)
        speaker = _speaker(TimeRange(start, end), evidence) if kind == "talking_head" else None
        shots.append(
            Shot(
                input=input,
                start=start,
                end=end,
                kind=kind,
                confidence=round(confidence, 3),
                transition=transition,
                speaker=speaker,
            )
        )
    return tuple(shots)


def _speaker(span: TimeRange[SourceTime], evidence: Evidence) -> Box | None:
    """The middle of the places where the largest face is."""
    boxes = [s.faces[0].box for s in evidence.faces if s.time in span and s.faces]
    if not boxes:
        return None
    x, y, width, height = np.median([(b.x, b.y, b.width, b.height) for b in boxes], axis=0)
    return Box(
        x=round(float(x), 4),
        y=round(float(y), 4),
        width=round(float(min(width, 1 - x)), 4),
        height=round(float(min(height, 1 - y)), 4),
    )


def _kind(span: TimeRange[SourceTime], evidence: Evidence) -> tuple[str, float]:
    measured = [m for m in evidence.measured if m.time in span]
    if not measured:
        return "broll", 0.2
    if sum(m.black for m in measured) >= 0.8 * len(measured):
        return "black", 0.95
    heads = [s.faces[0] for s in evidence.faces if s.time in span and s.faces]
    large = [face for face in heads if face.box.height >= HEAD]
    presence = len(large) / len(measured)
    textures = [t for t in evidence.textures if t.time in span]
    empty = float(np.median([t.empty for t in textures]))
    lines = float(np.median([t.text_lines for t in textures]))
    # The first step of a shot is the cut itself.
    moves = [evidence.movement.get(m.time, 0.0) for m in measured[1:]]
    still = float(np.median(moves)) < STILL / 4 if moves else True
    trust = float(np.mean([face.confidence for face in large])) if large else 0.0
    near = float(np.median([face.box.height for face in large])) if large else 0.0
    there = trust >= TRUSTED or near >= CLOSE
    if presence >= PRESENT and there and not (still and empty > GROUND):
        return "talking_head", min(0.98, 0.4 * min(1.0, presence + 0.3) + 0.58 * trust)
    lasting = float(span.duration) >= DRAWN_SECONDS
    if still and lasting and empty >= GROUND and (lines > 0 or empty > 0.9):
        sure = 0.5 + 0.45 * min(1.0, (empty - GROUND) / 0.3)
        return ("title_card" if lines <= FEW_LINES else "slide"), sure
    return "broll", 0.85 - 0.5 * presence
