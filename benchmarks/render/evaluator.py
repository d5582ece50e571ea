"""Figures of a render: ratios, shares that must be encoded, offsets of flashes and beeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cost:
    """What a run took.

    Attributes:
        wall: seconds on the clock.
        processor: seconds of all cores, children included.
    """

    wall: float
    processor: float


def best(runs: Sequence[Cost]) -> Cost:
    """The least on each clock: everything above it is somebody else's doing."""
    return Cost(min(run.wall for run in runs), min(run.processor for run in runs))


def share_to_encode(kept: Sequence[tuple[int, int]], gop: int, frames: int) -> float:
    """Share of the film's frames whose GOPs are not kept whole.

    Args:
        kept: kept frames of the recording, half-open, in order.
        gop: frames of a GOP.
        frames: of the recording.
    """
    total = sum(end - start for start, end in kept)
    whole = 0
    for start, end in kept:
        first = -(-start // gop) * gop
        while first < end:
            last = min(first + gop, frames)
            whole += last - first if last <= end else 0
            first += gop
    return (total - whole) / total


def rising(loud: NDArray[np.bool_], rest: int) -> list[int]:
    """Where something begins after at least `rest` samples without it."""
    found: list[int] = []
    last = -rest - 1
    for place in np.flatnonzero(loud):
        if place - last > rest:
            found.append(int(place))
        last = int(place)
    return found


def offsets(flashes: Sequence[float], beeps: Sequence[float], near: float) -> list[float]:
    """How much later than its flash each beep is, milliseconds; both in ascending seconds.

    A flash without a beep within `near` seconds was cut apart from it and does not count.
    """
    found = []
    for flash in flashes:
        nearest = min(beeps, key=lambda beep: abs(beep - flash), default=None)
        if nearest is not None and abs(nearest - flash) <= near:
            found.append((nearest - flash) * 1000)
    return found


def spread(values: Sequence[float]) -> list[float]:
    """The value of largest size in the first, middle and last third."""
    third = max(1, len(values) // 3)
    parts = (values[:third], values[third:-third] or values[:third], values[-third:])
    return [max(part, key=abs) for part in parts if part]


def reached(measured: float, limit: float | None) -> bool | None:
    """Whether a figure is within its limit, at the precision at which it is printed."""
    return None if limit is None else round(measured, 2) <= round(limit, 2)
