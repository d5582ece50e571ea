"""Weight: slow moves towards a speaker who stresses a sentence, and words that captions stress."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from ai_video_editor.context.audio import Sentence
from ai_video_editor.context.plan import EditingDecision, Kept
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.styles import STYLES
from ai_video_editor.intelligence.director.zooms import framing, talking_head
from ai_video_editor.timebase import SourceTime, TimeMap, TimeRange, exact

MOVE = 1.08
"""A move that is felt and hardly seen."""

_STRESSED = 0.6
"""Least emphasis of a sentence, relative to this speaker."""

_SHORTEST = Fraction(3, 2)
_LONGEST_EASE = 3.0
_BACK = Fraction(4, 5)
"""Seconds in which the framing goes back where no cut hides it."""

_APART = 10
"""Least seconds of film between two moves: more looks restless."""


def emphasis_moves(
    material: Material, kept: Sequence[Kept], zooms: Sequence[EditingDecision], time_map: TimeMap
) -> list[EditingDecision]:
    """Slow moves on the most stressed sentences of a talking head, none over another framing."""
    audio = material.audio
    if audio is None:
        return []
    most = ceil(time_map.duration / 60) * STYLES[material.content_type].moves_a_minute
    chosen: list[tuple[Fraction, EditingDecision]] = []
    for sentence in sorted(audio.sentences, key=lambda s: -s.emphasis):
        if sentence.emphasis < _STRESSED or len(chosen) >= most:
            break
        at = time_map.to_film(sentence.input, sentence.start)
        move = _move(material, sentence, kept)
        if at is None or move is None:
            continue
        free = all(z.input != move.input or not z.range.overlaps(move.range) for z in zooms)
        if free and all(abs(at - other) >= _APART for other, _ in chosen):
            chosen.append((at, move))
    return sorted((move for _, move in chosen), key=lambda d: (d.input, d.start))


def _move(material: Material, sentence: Sentence, kept: Sequence[Kept]) -> EditingDecision | None:
    """The move on one sentence: up to the cut behind it, or back again where there is none."""
    piece = next(
        (
            k
            for k in kept
            if k.input == sentence.input and k.start <= sentence.start and sentence.end <= k.end
        ),
        None,
    )
    shot = talking_head(material, piece) if piece is not None else None
    if piece is None or shot is None or sentence.end - sentence.start < _SHORTEST:
        return None
    cut_behind = piece.end - sentence.end <= _BACK
    end = piece.end if cut_behind else SourceTime(exact(sentence.end + _BACK))
    if end > piece.end:
        return None
    rate = material.rate
    span = TimeRange(
        SourceTime(exact(rate.time_of(rate.nearest_frame(sentence.start)))),
        SourceTime(exact(rate.time_of(rate.nearest_frame(end)))),
    )
    x, y = framing(material, piece, MOVE)
    return EditingDecision(
        decision_id="zoom",
        decision_type="zoom",
        input=piece.input,
        start=span.start,
        end=span.end,
        parameters={
            "scale": MOVE,
            "center_x": x,
            "center_y": y,
            "ease_in": round(min(_LONGEST_EASE, float(sentence.end - sentence.start)), 3),
            "ease_out": 0.0 if cut_behind else float(_BACK),
        },
        rationale="This sentence is said with weight; the framing moves in slowly.",
        confidence=round(0.5 + 0.4 * sentence.emphasis, 3),
        decided_by="rules",
    )


def caption_stress(material: Material, time_map: TimeMap) -> list[EditingDecision]:
    """Numbers that captions print larger: those surely understood and still in the film."""
    audio = material.audio
    if audio is None or not audio.printable or not STYLES[material.content_type].stress_numbers:
        return []
    return [
        EditingDecision(
            decision_id="caption-emphasis",
            decision_type="caption_emphasis",
            input=number.input,
            start=number.start,
            end=number.end,
            parameters={"text": number.text},
            rationale=f'"{number.text}" is what the viewer should take away.',
            confidence=number.confidence,
            decided_by="rules",
        )
        for number in material.summary.numbers
        if number.unit != "count"
        and number.confidence >= audio.print_threshold
        and time_map.to_film(number.input, number.start) is not None
    ]
