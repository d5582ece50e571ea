"""Punch-ins that hide jump cuts in a talking head, and moves on the beat of music."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.plan import EditingDecision, Kept
from ai_video_editor.context.video import Face
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.timebase import SourceTime, TimeRange, exact

PUNCH_IN = 1.12
"""Enough to read as another framing, little enough to stay sharp."""

_SHORTEST = Fraction(3, 2)
"""A piece shorter than this keeps the framing before it: faster changes look nervous, seconds."""

_BEATS = 4


def jump_cut_zooms(material: Material, kept: Sequence[Kept]) -> list[EditingDecision]:
    """Zooms on every other piece between jump cuts inside one talking-head shot."""
    decisions = []
    zoomed = False
    previous: Kept | None = None
    for piece in kept:
        shot = talking_head(material, piece)
        jump = (
            previous is not None
            and shot is not None
            and previous.input == piece.input
            and shot.start <= previous.start
            and previous.end < piece.start
        )
        if not jump:
            zoomed = False
        elif piece.end - piece.start >= _SHORTEST or zoomed:
            zoomed = not zoomed
        if zoomed and shot is not None:
            decisions.append(_zoom(material, piece))
        previous = piece
    return decisions


def talking_head(material: Material, piece: Kept) -> TimeRange[SourceTime] | None:
    """The talking-head shot that holds the whole piece."""
    frame = material.rate.frame_duration
    for shot in material.shots(piece.input):
        if (
            shot.kind == "talking_head"
            and shot.start <= piece.start
            and piece.end <= shot.end + frame
        ):
            return shot.range
    return None


def _zoom(material: Material, piece: Kept) -> EditingDecision:
    x, y = framing(material, piece, PUNCH_IN)
    return EditingDecision(
        decision_id="zoom",
        decision_type="zoom",
        input=piece.input,
        start=piece.start,
        end=piece.end,
        parameters={"scale": PUNCH_IN, "center_x": x, "center_y": y},
        rationale="A closer framing makes the jump cut before it look like a second camera.",
        confidence=0.7,
        decided_by="rules",
    )


def framing(material: Material, piece: Kept, scale: float) -> tuple[float, float]:
    """Centre of a closer framing as shares of the picture, so that the face stays whole."""
    faces: list[Face] = []
    if material.video is not None:
        faces = [
            sample.faces[0]
            for sample in material.video.faces
            if sample.faces
            and sample.input == piece.input
            and piece.start <= sample.time < piece.end
        ]
    if not faces:
        return 0.5, 0.5
    half = 0.5 / scale
    x = sum(f.box.x + f.box.width / 2 for f in faces) / len(faces)
    y = sum(f.box.y + f.box.height / 2 for f in faces) / len(faces)
    # A move of the centre by more than the zoom frees would show the picture's edge.
    return _within(x, half), _within(y, half)


def _within(centre: float, half: float) -> float:
    return round(min(max(centre, half), 1 - half), 4)


def beat_zooms(material: Material) -> list[EditingDecision]:
    """For music: a push on the first beats of every section."""
    if material.audio is None:
        return []
    decisions = []
    rate = material.rate
    for music in material.audio.music:
        for section in music.sections:
            beats = [b for b in music.beats if b >= section - Fraction(1, 20)][: _BEATS + 1]
            if len(beats) <= _BEATS:
                continue
            first, last = rate.nearest_frame(beats[0]), rate.nearest_frame(beats[-1])
            if last <= first or first == 0:
                continue
            decisions.append(
                EditingDecision(
                    decision_id="zoom",
                    decision_type="zoom",
                    input=music.input,
                    start=SourceTime(exact(rate.time_of(first))),
                    end=SourceTime(exact(rate.time_of(last))),
                    parameters={"scale": 1.08, "center_x": 0.5, "center_y": 0.5},
                    rationale="A new section of the music begins here; the picture follows.",
                    confidence=round(0.6 * music.confidence, 3),
                    decided_by="rules",
                )
            )
    return decisions
