"""One decoded frame as the analysers see it, and the protocol that all of them follow.

Everything that several analysers need (grey, small copies) is computed once and kept with the
frame, because the resizing costs more than the judging.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.timebase import SourceTime

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]

TINY = (64, 36)
"""Columns and rows of the copy used for structure: small enough to forget noise and grain."""
BLOCK = 4
"""Side of the blocks that the tiny copy is compared in; 16 x 9 of them."""
DETECTION_WIDTH = 256
"""Pixels; PySceneDetect downscales to about this width before it scores frames."""

R_co = TypeVar("R_co", covariant=True)


class Picture:
    """A frame with the copies that analysers share.

    Args:
        time: when it is shown, on the input's timeline.
        image: BGR, `(height, width, 3)`, 8 bits.
        glance: the same at most 256 pixels wide, where somebody has it already.
        left_out: whether frames right before it were not decoded.
    """

    def __init__(
        self,
        time: SourceTime,
        image: Pixels,
        glance: Pixels | None = None,
        *,
        left_out: bool = False,
    ) -> None:
        """Keep the frame; copies are made when first asked for."""
        self.time = time
        self.image = image
        self.left_out = left_out
        self._glance = glance

    @cached_property
    def seconds(self) -> float:
        """The time for numeric code."""
        return float(self.time)

    @cached_property
    def small(self) -> Pixels:
        """BGR, at most 256 pixels wide."""
        import cv2

        if self._glance is not None:
            return self._glance
        height, width = self.image.shape[:2]
        if width <= DETECTION_WIDTH:
            return self.image
        rows = max(1, round(height * DETECTION_WIDTH / width))
        small = cv2.resize(self.image, (DETECTION_WIDTH, rows), interpolation=cv2.INTER_LINEAR)
        return np.asarray(small, dtype=np.uint8)

    @cached_property
    def grey(self) -> Pixels:
        """Luma at analysis size, 8 bits."""
        import cv2

        return np.asarray(cv2.cvtColor(self.image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    @cached_property
    def tiny(self) -> Plane:
        """Luma of 36 x 64 cells, 0 to 255, whatever the picture's shape."""
        import cv2

        grey = cv2.cvtColor(self.small, cv2.COLOR_BGR2GRAY)
        return np.asarray(cv2.resize(grey, TINY, interpolation=cv2.INTER_AREA), dtype=np.float32)


class Analyser(Protocol[R_co]):
    """Looks at frames in order and says at the end what it saw; never opens a file."""

    def see(self, picture: Picture) -> None:
        """Look at the next frame."""

    def result(self) -> R_co:
        """What was seen; called once, after the last frame."""


def changed_blocks(one: Plane, other: Plane, *, threshold: float = 5.0) -> float:
    """Share of the picture's 16 x 9 blocks that differ by more than `threshold` grey levels."""
    difference = np.abs(one - other)
    rows, columns = TINY[1] // BLOCK, TINY[0] // BLOCK
    blocks = difference.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
    return float((blocks > threshold).mean())


def correlation(one: Plane, other: Plane) -> float:
    """Likeness of two tiny pictures whatever their exposure, -1 to 1 (zero-mean, normalised)."""
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-6 else float(one.std() == other.std())
