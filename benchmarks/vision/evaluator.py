"""Found against true: shot boundaries as an F1 score, face counts as a share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CLOSE = 0.05
"""Seconds by which a boundary may miss a true cut: one frame, and the rounding of the truth."""
AROUND = 0.4
"""Seconds before and after a gradual change in which a boundary still means it."""
EDGE = 0.1
"""Seconds at the ends of a span in which faces are not counted: it was marked by eye."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Score:
    """Boundaries of one film or of several.

    Attributes:
        hits: true cuts that were found.
        missed: true cuts that were not.
        false: boundaries where nothing changes.
        gradual: gradual changes that were found; wanted, but no part of F1.
    """

    hits: int = 0
    missed: int = 0
    false: int = 0
    gradual: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing and nothing found."""
        wrong = self.missed + self.false
        return 1.0 if not wrong else 2 * self.hits / (2 * self.hits + wrong)

    def __add__(self, other: Score) -> Score:
        """Both films together."""
        return Score(
            self.hits + other.hits,
            self.missed + other.missed,
            self.false + other.false,
            self.gradual + other.gradual,
        )


def boundaries(found: Sequence[float], cuts: Sequence[float], gradual: Sequence[Span]) -> Score:
    """Score of found boundaries, each of which explains one true cut at most.

    Args:
        found: where shots were found to begin, seconds, without the film's start.
        cuts: true hard cuts, seconds.
        gradual: from and to of fades, dissolves and slides; a boundary there is not false.
    """
    left = sorted(found)
    hits = 0
    for cut in sorted(cuts):
        nearest = min(left, key=lambda time: abs(time - cut), default=None)
        if nearest is not None and abs(nearest - cut) <= CLOSE:
            left.remove(nearest)
            hits += 1

    def within(time: float, span: Span) -> bool:
        return span[0] - AROUND <= time <= span[1] + AROUND

    changes = sum(any(within(time, span) for time in left) for span in gradual)
    false = sum(not any(within(time, span) for span in gradual) for time in left)
    return Score(hits, len(cuts) - hits, false, changes)


@dataclass(frozen=True)
class Counted:
    """Faces of sampled frames.

    Attributes:
        samples: frames that are judged.
        exact: frames with the right number of faces.
        presence: frames in which it was right whether anybody is there.
    """

    samples: int = 0
    exact: int = 0
    presence: int = 0

    def __add__(self, other: Counted) -> Counted:
        """Both films together."""
        return Counted(
            self.samples + other.samples, self.exact + other.exact, self.presence + other.presence
        )


def faces(seen: Sequence[tuple[float, int]], spans: Sequence[tuple[float, float, int]]) -> Counted:
    """Counts of faces against the truth.

    Args:
        seen: time and number of faces of each sampled frame.
        spans: from, to and true number of clearly visible faces.
    """
    counted = Counted()
    for start, end, true in spans:
        inside = [number for time, number in seen if start + EDGE <= time < end - EDGE]
        exact = sum(number == true for number in inside)
        presence = sum((number > 0) == (true > 0) for number in inside)
        counted += Counted(len(inside), exact, presence)
    return counted
