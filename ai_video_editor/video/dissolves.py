"""Dissolves: one picture turning into another as a linear mix of both."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.timebase import SourceTime, source_time
from ai_video_editor.video.picture import Picture, Plane, correlation

STEP = 0.1
"""Seconds between the pictures that are compared."""
LENGTHS = (5, 8, 12)
"""Lengths tried, in steps: half a second to 1.2 s, what editing programs offer."""
DIFFERENCE = 14.0
"""Mean grey levels between both ends; less is no other picture."""
UNLIKE = 0.5
"""Correlation of both ends above which only the light changed."""
RESIDUAL = 0.22
"""Share of the difference by which a true mix may miss the straight line between the ends."""
APART = Fraction(1)
"""Seconds between two dissolves."""


class DissolveFinder:
    """Finds dissolves from tiny pictures; camera moves fail the test of the linear mix."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._recent: deque[tuple[SourceTime, Plane]] = deque(maxlen=LENGTHS[-1] + 3)
        self._found: list[SourceTime] = []

    def see(self, picture: Picture) -> None:
        """Keep a picture each tenth of a second and test the windows that end with it."""
        if self._recent and float(picture.time - self._recent[-1][0]) < STEP - 0.02:
            return
        self._recent.append((picture.time, picture.tiny))
        if self._found and picture.time - self._found[-1] < 2 * APART:
            return
        for length in LENGTHS:
            if len(self._recent) >= length + 3 and self._mixes(length):
                start, end = self._recent[-length - 2][0], self._recent[-2][0]
                if float(end - start) < 2.5 * length * STEP:  # the rate is high enough to judge
                    self._found.append(source_time((start + end) / 2))
                return

    def result(self) -> tuple[SourceTime, ...]:
        """Middle of every dissolve, in order."""
        return tuple(self._found)

    def _mixes(self, length: int) -> bool:
        import numpy as np

        before, first = self._recent[-length - 3][1], self._recent[-length - 2][1]
        last, after = self._recent[-2][1], self._recent[-1][1]
        difference = float(np.abs(first - last).mean())
        if difference < DIFFERENCE or min(first.std(), last.std()) < 8:
            return False
        if correlation(first, last) > UNLIKE:
            return False
        calm = 0.2 * difference
        if max(np.abs(before - first).mean(), np.abs(after - last).mean()) > calm:
            return False
        way = last - first
        power = float((way * way).sum())
        shares = []
        for step in range(1, length):
            middle = self._recent[-length - 2 + step][1]
            share = float(((middle - first) * way).sum()) / power
            missed = float(np.abs(middle - first - share * way).mean())
            if missed > RESIDUAL * difference:
                return False
            shares.append(share)
        rising = all(b >= a - 0.03 for a, b in pairwise(shares))
        # A cut jumps; a dissolve has steps between.
        largest = max(b - a for a, b in zip([0.0, *shares], [*shares, 1.0], strict=True))
        return rising and largest < 0.5
