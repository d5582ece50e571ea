"""Finding what lies at a time among thousands of spans, without looking at each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from fractions import Fraction
from typing import Generic, TypeVar

T = TypeVar("T")

_SLACK = 1e-3
"""Seconds by which the coarse search looks further; the comparison after it is exact."""


class SpanIndex(Generic[T]):
    """Things by where they begin and end.

    Args:
        items: (start, end, thing) in any order; spans may overlap.
    """

    def __init__(self, items: Iterable[tuple[Fraction, Fraction, T]]) -> None:
        """Sort once."""
        self._items = sorted(items, key=lambda item: item[0])
        self._starts = [float(start) for start, _, _ in self._items]
        self._longest = max((float(end - start) for start, end, _ in self._items), default=0.0)

    def touching(self, start: Fraction, end: Fraction) -> list[T]:
        """Things whose span shares a moment or a border with `start` to `end`, by their start."""
        first = bisect_left(self._starts, float(start) - self._longest - _SLACK)
        last = bisect_right(self._starts, float(end) + _SLACK)
        return [
            thing
            for item_start, item_end, thing in self._items[first:last]
            if item_start <= end and item_end >= start
        ]
