"""Following a face between two searches by what it looked like: much cheaper than finding it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ai_video_editor.context.base import Box
from ai_video_editor.video.picture import Picture

PATTERN = 28
"""Pixels that the face is shrunk to; its place is then known to a thirtieth of its size."""
REACH = 0.45
"""How far a face may move between two samples, in sizes of the face."""


class Pattern:
    """What a face looked like when it was last found.

    Args:
        picture: where it was found.
        box: its place there.
    """

    def __init__(self, picture: Picture, box: Box) -> None:
        """Cut the pattern out."""
        self._box = box
        rows, columns = picture.grey.shape
        self._scale = PATTERN / max(1.0, box.height * rows)
        place = (box.x * columns, box.y * rows, box.width * columns, box.height * rows)
        self._pattern, _ = _patch(picture, place, self._scale)

    def found_in(self, picture: Picture, near: Box) -> tuple[Box, float] | None:
        """The place most like the pattern around a box, and how like it is, -1 to 1.

        None where the picture is too small to tell.
        """
        import cv2

        rows, columns = picture.grey.shape
        width, height = near.width * columns, near.height * rows
        left, top = near.x * columns - REACH * width, near.y * rows - REACH * height
        reach = 1 + 2 * REACH
        patch, corner = _patch(picture, (left, top, reach * width, reach * height), self._scale)
        if min(self._pattern.shape) < 8 or any(
            larger < smaller
            for larger, smaller in zip(patch.shape, self._pattern.shape, strict=True)
        ):
            return None
        likeness = cv2.matchTemplate(patch, self._pattern, cv2.TM_CCOEFF_NORMED)
        _, best, _, place = cv2.minMaxLoc(likeness)
        x = (corner[0] + place[0] / self._scale) / columns
        y = (corner[1] + place[1] / self._scale) / rows
        box = Box(
            x=round(min(x, 1 - self._box.width), 5),
            y=round(min(y, 1 - self._box.height), 5),
            width=self._box.width,
            height=self._box.height,
        )
        return box, float(np.nan_to_num(best))


def _patch(
    picture: Picture, place: tuple[float, float, float, float], scale: float
) -> tuple[Any, tuple[int, int]]:
    """A place (left, top, width, height in pixels) of the grey picture, shrunk; and its corner."""
    import cv2

    rows, columns = picture.grey.shape
    left, top = max(0, round(place[0])), max(0, round(place[1]))
    right = min(columns, round(place[0] + place[2]))
    bottom = min(rows, round(place[1] + place[3]))
    cut = picture.grey[top : max(top + 1, bottom), left : max(left + 1, right)]
    size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
    return cv2.resize(cut, size, interpolation=cv2.INTER_AREA), (left, top)
