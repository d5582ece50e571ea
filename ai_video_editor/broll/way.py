"""The way of a piece that does more than come in: places, sizes and turns, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from ai_video_editor.look.motion import ease_in_out


@dataclass(frozen=True)
class Step:
    """Where a piece is at some moment, against its place at rest.

    Attributes:
        at: share of the piece's own time, 0 to 1.
        dx: pixels to the right.
        dy: pixels down.
        scale: times its size, above 0.
        turn: degrees clockwise.
        opacity: 0 to 1.
    """

    at: float
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    turn: float = 0.0
    opacity: float = 1.0


Way = tuple[Step, ...]
"""Steps in order of time; the last one is rest: `Step(1)`."""


def along(way: Sequence[Step], share: float) -> Step:
    """The step at a share of the piece's time, eased from rest to rest between its neighbours."""
    if share <= way[0].at:
        return way[0]
    for one, other in pairwise(way):
        if share < other.at:
            t = ease_in_out((share - one.at) / (other.at - one.at))
            return Step(
                share,
                one.dx + (other.dx - one.dx) * t,
                one.dy + (other.dy - one.dy) * t,
                one.scale + (other.scale - one.scale) * t,
                one.turn + (other.turn - one.turn) * t,
                one.opacity + (other.opacity - one.opacity) * t,
            )
    return way[-1]


def half_side(way: Sequence[Step], wide: int, high: int) -> int:
    """Half of the square about its middle that a piece never leaves on its way, pixels."""
    largest = max(step.scale for step in way)
    turns = any(step.turn for step in way)
    across = (wide**2 + high**2) ** 0.5 if turns else max(wide, high)
    return ceil(across * largest / 2) + 2
