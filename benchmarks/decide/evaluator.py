"""What a plan did to what was planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.speech.evaluator import Span, kept_share, kept_whole

LONGEST = 0.8
"""Seconds: a longer pause is dead air."""

STAYS = 0.5
"""Most of a shortened pause that may stay, seconds."""

DELIBERATE = 0.8
"""Most of a deliberate pause that may stay, seconds."""

_GRID = 0.04
"""Seconds: cuts lie between frames of 25 a second."""

_TRACE = 0.12
"""Seconds of a removed sound's edges that nobody takes for a word."""


@dataclass(frozen=True)
class Tally:
    """How many of something were planted, and how many came out as they should."""

    right: int = 0
    planted: int = 0

    @property
    def share(self) -> float:
        """Of those planted, 1 where there were none."""
        return self.right / self.planted if self.planted else 1.0

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.right + other.right, self.planted + other.planted)


def counted(results: Sequence[bool]) -> Tally:
    """How many are true."""
    return Tally(sum(results), len(results))


def dead_air(pauses: Sequence[Span], deliberate: Sequence[Span], kept: Sequence[Span]) -> Tally:
    """Pauses over 0.8 s of which at most 0.5 s stays, or 0.8 s of one that was meant."""
    meant = set(deliberate)
    return counted(
        [
            kept_share(pause, kept) <= (DELIBERATE if pause in meant else STAYS) + _GRID
            for pause in pauses
            if pause[1] - pause[0] > LONGEST + _GRID
        ]
    )


def removed(spans: Sequence[Span], kept: Sequence[Span]) -> Tally:
    """Sounds that are out of the film, but for their edges."""
    return counted(
        [kept_share(span, kept) <= min(_TRACE, (span[1] - span[0]) / 2) for span in spans]
    )


def untouched(items: Sequence[Span], abandoned: Sequence[Span], kept: Sequence[Span]) -> Tally:
    """Protected items that are whole, outside takes that were abandoned."""
    outside = [
        item
        for item in items
        if not any(start <= item[0] and item[1] <= end for start, end in abandoned)
    ]
    return counted([kept_whole(item, kept) for item in outside])


def beats(pauses: Sequence[Span], kept: Sequence[Span]) -> Tally:
    """Pauses that were meant and are still felt: half a second or all of a shorter one stays."""
    return counted(
        [kept_share(pause, kept) >= min(STAYS, pause[1] - pause[0]) - _GRID / 2 for pause in pauses]
    )
