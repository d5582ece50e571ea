"""How badly the camera is held: jumps of the whole picture from frame to frame."""

from __future__ import annotations

import numpy as np

from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.picture import TINY, Picture, Plane

CLEAR = 0.25
"""Response of the phase correlation from which both frames show the same scene, moved."""
FEWEST = 4
"""Pairs of frames in a second that are needed to tell."""


class ShakeMeter:
    """Measures how the whole picture moves between neighbouring frames (phase correlation).

    A pan moves steadily and is none; a hand jumps to and fro. Moves of a subject hardly count.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._last: Plane | None = None
        self._window: Plane | None = None
        self._second = -1
        self._moves: list[tuple[float, float]] = []
        self._jumps: dict[int, float] = {}

    def see(self, picture: Picture) -> None:
        """Compare with the frame before."""
        import cv2

        last, self._last = self._last, picture.tiny
        if int(picture.seconds) != self._second:
            self._sum_up()
            self._second = int(picture.seconds)
        if last is None:
            return
        if np.abs(last - picture.tiny).mean() < 0.3:  # it stands still
            self._moves.append((0.0, 0.0))
            return
        if self._window is None:
            window = cv2.createHanningWindow(TINY, cv2.CV_32F)
            self._window = np.asarray(window, dtype=np.float32)
        # OpenCV lays the window over the pictures it is given; others still need them.
        one, other = last.copy(), picture.tiny.copy()
        (x, y), response = cv2.phaseCorrelate(one, other, self._window)
        if response >= CLEAR:
            self._moves.append((x / TINY[0], y / TINY[0]))

    def between(self, start: SourceTime, end: SourceTime) -> float:
        """Typical jump against the movement around it, % of the width; 0 where nothing tells."""
        self._sum_up()
        seconds = range(int(start), max(int(start) + 1, int(end)))
        found = [self._jumps[second] for second in seconds if second in self._jumps]
        return float(np.mean(found)) if found else 0.0

    def _sum_up(self) -> None:
        """Keep one figure of a second that is over: hours of frames would fill the memory."""
        moves, self._moves = np.array(self._moves), []
        if len(moves) >= FEWEST:
            jumps = np.hypot(*np.diff(moves, axis=0).T)
            self._jumps[self._second] = float(np.median(jumps)) * 100
