"""How a camera follows somebody: still as long as it can, then an eased move of limited speed.

One axis at a time, in shares of the picture. What is followed is a corridor: at each moment the
aim, and how far from it the camera may stand. The longest stills that stay in the corridor are
joined by smooth steps; a longer step is slower, never faster. A sum of such steps between stills
that follow one another never passes the outermost of them, so nothing overshoots.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_QUICKEST = 0.7
"""Seconds of the shortest move."""

_SLOWER = 1.1
"""By how much a move is lengthened until it keeps the limits."""

_CLOSER = (1.0, 0.6, 0.3)
"""Shares of the dead zone that are tried until nothing that is followed is lost."""


@dataclass(frozen=True)
class Sight:
    """Where something to follow was at a moment.

    Attributes:
        time: seconds.
        aim: where the camera's middle is best.
        reach: how far from there it may stand without losing sight of it.
    """

    time: float
    aim: float
    reach: float


@dataclass(frozen=True)
class Limits:
    """What a camera may do.

    Attributes:
        low: least position.
        high: greatest position.
        dead: how far the aim may be off while the camera stays still.
        speed: most of it, shares a second.
        acceleration: most of it, shares a second, a second.
    """

    low: float
    high: float
    dead: float
    speed: float
    acceleration: float

    def held(self, position: float) -> float:
        """A position inside the picture."""
        return min(max(position, self.low), self.high)


@dataclass(frozen=True)
class CameraPath:
    """A position at every time: smooth steps from `start` on.

    Attributes:
        start: position before the first step.
        steps: (middle of the step in seconds, how far), in order.
        length: seconds each step takes.
    """

    start: float
    steps: tuple[tuple[float, float], ...] = ()
    length: float = _QUICKEST

    def at(self, time: float) -> float:
        """Where it stands."""
        first = bisect_left(self.steps, (time - self.length / 2, float("-inf")))
        return self._before(first) + sum(
            far * _smooth((time - middle) / self.length + 0.5)
            for middle, far in self._near(first, time)
        )

    def _near(self, first: int, time: float) -> Iterable[tuple[float, float]]:
        for middle, far in self.steps[first:]:
            if middle - self.length / 2 > time:
                return
            yield middle, far

    def _before(self, count: int) -> float:
        return self.start + sum(far for _, far in self.steps[:count])

    @property
    def moving(self) -> list[tuple[float, float]]:
        """Spans in which it moves, in order, joined where they meet."""
        spans: list[tuple[float, float]] = []
        for middle, _ in self.steps:
            start, end = middle - self.length / 2, middle + self.length / 2
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans


def _smooth(share: float) -> float:
    held = min(max(share, 0.0), 1.0)
    return held * held * (3 - 2 * held)


def follow(sights: Sequence[Sight], limits: Limits, before: float | None = None) -> CameraPath:
    """The calmest path that keeps what is followed in sight, as far as the limits allow.

    Args:
        sights: in order of time; without any the camera stands where it stood, or in the middle.
        limits: of the camera.
        before: where it stood when the same thing was last seen; kept where it still does.
    """
    if not sights:
        middle = (limits.low + limits.high) / 2
        return CameraPath(limits.held(middle if before is None else before))
    best: tuple[float, CameraPath] | None = None
    for share in _CLOSER:
        path = _limited(_stills(sights, limits, limits.dead * share, before), limits)
        lost = _lost(path, sights)
        if best is None or lost < best[0]:
            best = lost, path
        if lost <= 0:
            break
    assert best is not None
    return best[1]


def _stills(
    sights: Sequence[Sight], limits: Limits, dead: float, before: float | None
) -> list[tuple[float, float]]:
    """(from when, position) of the fewest stills in which every aim is near enough."""
    stills: list[tuple[float, float]] = []
    group: list[Sight] = []
    low, high = limits.low, limits.high
    begins = sights[0].time
    for sight in sights:
        near = min(dead, max(sight.reach, 0.0))
        here = limits.held(sight.aim - near), limits.held(sight.aim + near)
        if group and (here[0] > high or here[1] < low):
            stills.append((begins, _chosen(group, low, high, _last(stills, before))))
            begins = (group[-1].time + sight.time) / 2
            group, low, high = [], limits.low, limits.high
        group.append(sight)
        low, high = max(low, here[0]), min(high, here[1])
    stills.append((begins, _chosen(group, low, high, _last(stills, before))))
    return stills


def _last(stills: Sequence[tuple[float, float]], before: float | None) -> float | None:
    return None if stills else before


def _chosen(group: Sequence[Sight], low: float, high: float, before: float | None) -> float:
    wanted = median(sight.aim for sight in group) if before is None else before
    return min(max(wanted, low), high)


def _limited(stills: Sequence[tuple[float, float]], limits: Limits) -> CameraPath:
    """The stills joined by the quickest moves that keep the limits of speed and acceleration."""
    steps = tuple(
        (time, position - previous)
        for (_, previous), (time, position) in pairwise(stills)
        if position != previous
    )
    path = CameraPath(stills[0][1], steps)
    while steps and not _keeps(path, limits):
        path = CameraPath(path.start, steps, path.length * _SLOWER)
    return path


def _keeps(path: CameraPath, limits: Limits) -> bool:
    """Whether speed and acceleration stay within the limits, from sums over neighbouring steps."""
    half = path.length / 2
    first = 0
    for index, (middle, _) in enumerate(path.steps):
        while path.steps[first][0] < middle - 2 * half:
            first += 1
        # Steps that overlap this one add up at worst to their sum in one direction.
        near = [far for _, far in path.steps[first : index + 1]]
        far = max(sum(f for f in near if f > 0), -sum(f for f in near if f < 0))
        if 1.5 * far / path.length > limits.speed:
            return False
        # Speeding up and slowing down: both directions may add up.
        if 6 * sum(map(abs, near)) / path.length**2 > limits.acceleration:
            return False
    return True


def _lost(path: CameraPath, sights: Sequence[Sight]) -> float:
    """How far beyond its reach the aim is, summed over all sights that could be in sight."""
    return sum(
        max(0.0, abs(path.at(s.time) - s.aim) - s.reach - 1e-9) for s in sights if s.reach >= 0
    )
