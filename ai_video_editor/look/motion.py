"""Motion curves: progress 0 to 1 in, progress out. All begin at 0, end at 1 and rest there."""

from __future__ import annotations

from collections.abc import Callable

Curve = Callable[[float], float]
"""Maps time as a share (0 to 1) to progress; may pass 1 on the way (`overshoot`)."""


def _held(time: float) -> float:
    return min(max(time, 0.0), 1.0)


def linear(time: float) -> float:
    """Even speed; for counting, never for things that move."""
    return _held(time)


def ease_out(time: float) -> float:
    """Fast, then coming to rest: for what enters."""
    return 1.0 - (1.0 - _held(time)) ** 3


def ease_in(time: float) -> float:
    """From rest, then fast: for what leaves."""
    return _held(time) ** 3


def ease_in_out(time: float) -> float:
    """From rest to rest: for what moves while it is looked at."""
    held = _held(time)
    return 4 * held**3 if held < 0.5 else 1.0 - (2 - 2 * held) ** 3 / 2


def overshoot(time: float) -> float:
    """Comes to rest from slightly beyond (by 4 %): for the one thing to look at."""
    back = 1.0
    held = _held(time) - 1.0
    return 1.0 + (back + 1) * held**3 + back * held**2


def stagger(time: float, index: int, count: int, *, overlap: float = 0.6) -> float:
    """Time of one of several things that enter one after the other, each 0 to 1.

    Args:
        time: time of the whole, 0 to 1.
        index: which of them, from 0.
        count: how many there are.
        overlap: share of a thing's own time during which its neighbour moves as well, 0 to 1.
    """
    if count <= 1:
        return _held(time)
    step = 1.0 - min(max(overlap, 0.0), 1.0)
    own = 1.0 / (1.0 + step * (count - 1))
    return _held((time - index * step * own) / own)
