"""What a plan may never do: remove too much, flicker, or clip a kept word."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept
from ai_video_editor.intelligence.director.islands import removable
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.plan_operations import REMOVING, kept_ranges
from ai_video_editor.timebase import FrameRate, SourceTime, TimeRange, exact

SHORTEST_PIECE = Fraction(2, 5)
"""A piece shorter than this between two cuts flickers, seconds."""

_ROUNDING = Fraction(3, 1_000_000)


def within_share(
    decisions: Sequence[EditingDecision], duration: Fraction, max_removed_share: float
) -> tuple[list[EditingDecision], list[str]]:
    """Decisions that together remove at most a share of the recording, and a warning if some went.

    The least certain removals are given up first, among equals the longest.
    """
    allowed = duration * Fraction(max_removed_share).limit_denominator(10_000)
    removals = [d for d in decisions if d.decision_type in REMOVING and not d.reverted]
    total = sum((d.end - d.start for d in removals), Fraction(0))
    dropped: set[int] = set()
    for decision in sorted(removals, key=lambda d: (d.locked, d.confidence, d.start - d.end)):
        if total <= allowed:
            break
        dropped.add(id(decision))
        total -= decision.end - decision.start
    if not dropped:
        return list(decisions), []
    warning = (
        f"{len(dropped)} cuts were left out, because together the cuts would have removed more "
        f"than "
        f"{max_removed_share:.0%} of the recording; raise max_removed_share to allow them."
    )
    return [d for d in decisions if id(d) not in dropped], [warning]


def without_flicker(
    decisions: Sequence[EditingDecision], material: Material
) -> list[EditingDecision]:
    """Decisions whose cuts leave no piece shorter than `SHORTEST_PIECE` between two of them.

    A pause next to such a piece gives it of its silence; where that is not enough, the less certain
    of the two cuts around it is given up; abandoned takes go last.
    """
    current = list(decisions)
    durations = [file.duration for file in material.files]
    while True:
        short, around = _flicker(current, durations, material.rate)
        if short is None:
            return current
        lent = next((both for d in around if (both := _lend(d, short, material.rate))), None)
        if lent is not None:
            current[current.index(lent[0])] = lent[1]
            continue
        fillers = [d for d in around if d.parameters.get("kind") in {"filler", "pause"}]
        current.remove(min(fillers or around, key=lambda d: (d.confidence, d.end - d.start)))


def _flicker(
    decisions: Sequence[EditingDecision], durations: Sequence[Fraction], rate: FrameRate
) -> tuple[Kept | None, list[EditingDecision]]:
    """The first piece that is too short, with the cuts that touch it."""
    for piece in kept_ranges(durations, decisions, rate):
        if piece.end - piece.start >= SHORTEST_PIECE:
            continue
        around = [
            d
            for d in decisions
            if d.decision_type == "cut"
            and d.input == piece.input
            and (abs(d.end - piece.start) <= _ROUNDING or abs(d.start - piece.end) <= _ROUNDING)
        ]
        if len(around) > 1:  # at an end of the recording there is one cut and no flicker
            return piece, around
    return None, []


def _lend(
    cut: EditingDecision, piece: Kept, rate: FrameRate
) -> tuple[EditingDecision, EditingDecision] | None:
    """A pause's cut and the same one made smaller, so that the piece is long enough; or None."""
    if cut.parameters.get("kind") != "pause":
        return None
    need = ceil((SHORTEST_PIECE - (piece.end - piece.start)) * rate.fraction) * rate.frame_duration
    if cut.end - cut.start <= need + rate.frame_duration:
        return None
    if abs(cut.start - piece.end) <= _ROUNDING:
        moved = {"start": SourceTime(exact(cut.start + need))}
    else:
        moved = {"end": SourceTime(exact(cut.end - need))}
    return cut, cut.model_copy(update=moved)


def clipped_words(plan: AIDirectorPlan, material: Material, confidence: float = 0.0) -> list[str]:
    """Kept words that a cut edge enters, for checks; empty for a sound plan.

    A word counts as removed only where all of it is outside the film.
    """
    if material.audio is None:
        return []
    found = []
    for source, _ in enumerate(material.files):
        gone = removable(material.audio, source, confidence)
        pieces = [TimeRange(k.start, k.end) for k in plan.kept if k.input == source]
        end_of_input = max((p.end for p in pieces), default=Fraction(0))
        for at, word in enumerate(material.audio.words):
            if word.input != source or at in gone or word.end <= word.start:
                continue
            whole = any(
                p.start - _ROUNDING <= word.start
                and (word.end <= p.end + _ROUNDING or p.end == end_of_input)
                for p in pieces
            )
            if not whole:
                found.append(f"{word.text} at {float(word.start):.2f}")
    return found
