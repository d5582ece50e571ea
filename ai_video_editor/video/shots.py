"""Shot boundaries: hard cuts by PySceneDetect, fades through black, and dissolves.

PySceneDetect's adaptive detector proposes hard cuts frame by frame; a proposal stands only if
most of the picture really changed and does not change back at once (a flash, a hand before the
lens). A false cut becomes a wrong edit, so precision is worth more here than recall.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from ai_video_editor.timebase import SourceTime, source_time
from ai_video_editor.video.dissolves import DissolveFinder
from ai_video_editor.video.picture import Picture, Plane, changed_blocks, correlation

Transition = Literal["cut", "fade", "dissolve"]

BLACK_LEVEL = 12.0
"""Mean luma below which a picture is black (PySceneDetect's ThresholdDetector)."""
BLACK_SHOT = 0.5
"""Seconds of black that count as a shot of their own; less is only a fade."""
SHORTEST_SHOT = Fraction(2, 5)
"""Seconds; of two boundaries nearer than this the surer one stays."""
SETTLE = 0.4
"""Seconds watched after a proposed cut: a flash is over by then."""
CHANGED_SHARE = 0.30
"""Share of blocks a cut changes (on the development films: true cuts 0.375 to 1, a hand
that crosses a dark scene up to 0.24)."""
ABRUPT_LUMA = 30.0
"""Luma of the last lit frame above which black came by a cut and not by a fade."""


@dataclass(frozen=True)
class Boundary:
    """Where a new shot begins.

    Attributes:
        time: first frame of the new shot.
        transition: how it begins.
        confidence: 0 to 1.
        since: the frame before, where others between them were not decoded and may be the first.
    """

    time: SourceTime
    transition: Transition
    confidence: float
    since: SourceTime | None = None


class _Seen(NamedTuple):
    number: int
    time: SourceTime
    tiny: Plane
    left_out: bool


class ShotBoundaries:
    """Finds where shots begin, from every decoded frame."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        from scenedetect.common import FrameTimecode
        from scenedetect.detectors import AdaptiveDetector

        self._detector: Any = AdaptiveDetector(min_scene_len=1)
        # Only the number is used: real times may be uneven and are looked up afterwards.
        self._timecode: Any = FrameTimecode(0, 25.0)
        self._number = 0
        self._first: SourceTime | None = None
        self._recent: deque[_Seen] = deque(maxlen=96)
        self._proposed: list[int] = []
        self._found: list[Boundary] = []
        self._black_since: SourceTime | None = None
        self._black_abrupt = False
        self._last_lit = 0.0
        self._dissolves = DissolveFinder()

    def see(self, picture: Picture) -> None:
        """Score the next frame."""
        from scenedetect.common import FrameTimecode

        self._first = picture.time if self._first is None else self._first
        number = FrameTimecode(self._number, self._timecode)
        cuts = self._detector.process_frame(number, picture.small)
        self._recent.append(_Seen(self._number, picture.time, picture.tiny, picture.left_out))
        self._proposed.extend(cut.frame_num for cut in cuts)
        self._watch_black(picture)
        self._dissolves.see(picture)
        self._number += 1
        oldest = self._recent[0].number
        while self._proposed:
            first = self._seen(self._proposed[0])
            ripe = first is None or float(picture.time - first.time) >= SETTLE
            if not ripe and self._proposed[0] - 1 > oldest + 4:
                break
            if not ripe and len(self._recent) < (self._recent.maxlen or 0):
                break
            self._judge(self._proposed.pop(0))

    def result(self) -> tuple[Boundary, ...]:
        """All boundaries in order; the start of the film is none."""
        for number in self._proposed:
            self._judge(number)
        if self._recent:
            self._end_black(self._recent[-1].time, lit=ABRUPT_LUMA + 1, at_end=True)
        cuts = [b.time for b in self._found]
        near = Fraction(4, 5)
        if self._first is not None:
            self._found = [b for b in self._found if b.time - self._first >= SHORTEST_SHOT]
        dissolves = [
            Boundary(time, "dissolve", 0.6)
            for time in self._dissolves.result()
            if all(abs(time - cut) > near for cut in cuts)
        ]
        return _spaced([*self._found, *dissolves])

    def _seen(self, number: int) -> _Seen | None:
        index = number - self._recent[0].number
        return self._recent[index] if 0 <= index < len(self._recent) else None

    def _judge(self, number: int) -> None:
        before, after = self._seen(number - 1), self._seen(number)
        if before is None or after is None:
            return
        share = changed_blocks(before.tiny, after.tiny)
        if share < CHANGED_SHARE or self._changes_back(before, after):
            return
        likeness = max(0.0, correlation(before.tiny, after.tiny))
        confidence = min(0.99, 0.45 + 0.3 * share + 0.25 * (1 - likeness))
        since = before.time if after.left_out else None
        self._found.append(Boundary(after.time, "cut", round(confidence, 3), since))

    def _changes_back(self, before: _Seen, after: _Seen) -> bool:
        for seen in self._recent:
            away = abs(float(seen.time - after.time))
            if away > SETTLE or before.number <= seen.number <= after.number:
                continue
            # Later the old picture again, or earlier the new one already: an interruption.
            twin = before if seen.number > after.number else after
            same = changed_blocks(twin.tiny, seen.tiny) < CHANGED_SHARE / 2
            if same and correlation(twin.tiny, seen.tiny) > 0.9:
                return True
        return False

    def _watch_black(self, picture: Picture) -> None:
        import numpy as np

        luma = float(picture.tiny.mean())
        # Bright spots in a dark hall are a picture; a small line on black is not.
        black = luma < BLACK_LEVEL and float(np.percentile(picture.tiny, 97)) < 48
        if black and self._black_since is None:
            self._black_since = picture.time
            self._black_abrupt = self._last_lit > ABRUPT_LUMA
        elif not black:
            self._end_black(picture.time, lit=luma)
        self._last_lit = 0.0 if black else luma

    def _end_black(self, time: SourceTime, *, lit: float, at_end: bool = False) -> None:
        since, self._black_since = self._black_since, None
        if since is None:
            return
        if float(time - since) >= BLACK_SHOT:
            how: Transition = "cut" if self._black_abrupt else "fade"
            self._found.append(Boundary(since, how, 0.95))
            if not at_end:
                self._found.append(Boundary(time, "cut" if lit > ABRUPT_LUMA else "fade", 0.95))
        elif not at_end and not (self._black_abrupt and lit > ABRUPT_LUMA):
            self._found.append(Boundary(source_time((since + time) / 2), "fade", 0.9))


def first_of_the_new(boundary: Boundary, between: Sequence[Picture]) -> Boundary:
    """The boundary at its own frame, from all pictures from the one before it to its own.

    A picture belongs to the new shot from where it is more like the new one than like the old.
    """
    if len(between) < 3:
        return boundary
    old, new = between[0].tiny, between[-1].tiny
    first = next(
        picture
        for picture in between[1:]
        if abs(picture.tiny - new).mean() <= abs(picture.tiny - old).mean()
    )
    return replace(boundary, time=first.time, since=None)


class SparseBoundaries:
    """Rough shot boundaries from frames that lie seconds apart."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._last: Picture | None = None
        self._found: list[Boundary] = []

    def see(self, picture: Picture) -> None:
        """Compare with the frame before."""
        last, self._last = self._last, picture
        if last is None:
            return
        changed = changed_blocks(last.tiny, picture.tiny, threshold=10.0)
        likeness = correlation(last.tiny, picture.tiny)
        if changed > 0.6 and likeness < 0.4:
            self._found.append(Boundary(picture.time, "cut", round(0.3 + 0.2 * changed, 3)))

    def result(self) -> tuple[Boundary, ...]:
        """Boundaries, each up to one step late."""
        return _spaced(self._found)


def _spaced(found: list[Boundary]) -> tuple[Boundary, ...]:
    kept: list[Boundary] = []
    for boundary in sorted(found, key=lambda b: -b.confidence):
        if all(abs(boundary.time - other.time) >= SHORTEST_SHOT for other in kept):
            kept.append(boundary)
    return tuple(sorted(kept, key=lambda b: b.time))
