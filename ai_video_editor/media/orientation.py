"""How the coded picture is turned, mirrored and stretched before anybody sees it."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.sidedata.sidedata import SideDataContainer, Type
from numpy.typing import NDArray

_SQUARE = Fraction(1, 100)
"""An encoder that rounds a side leaves pixels within 1 % of square; stretching those helps none."""

_WIDEST = Fraction(10)
"""A pixel more than ten times as wide as high, or the reverse, is a broken header."""


@dataclass(frozen=True)
class Orientation:
    """A display matrix, read: mirror left to right first, then turn.

    Attributes:
        rotation: degrees clockwise, 0, 90, 180 or 270.
        mirrored: whether the picture is flipped left to right before it is turned.
    """

    rotation: int = 0
    mirrored: bool = False

    @classmethod
    def of_matrix(cls, matrix: bytes) -> Orientation:
        """Read nine 32-bit numbers as libavutil stores them (display.h); others are ignored."""
        if len(matrix) < 36:
            return cls()
        a, b, _, c, d, *_ = struct.unpack("=9i", matrix[:36])
        if a * d - b * c == 0:
            return cls()
        turned = round(math.degrees(math.atan2(-c, d)) / 90) * 90 % 360
        return cls(turned, a * d - b * c < 0)

    @classmethod
    def of_frame(cls, frame: av.VideoFrame) -> Orientation:
        """The orientation that a decoded frame carries."""
        try:
            # PyAV's stub describes another class than the one that is there.
            matrix = cast(SideDataContainer, frame.side_data)[Type.DISPLAYMATRIX]
        except (KeyError, ValueError):  # ValueError: side data of a kind PyAV has no name for
            return cls()
        return cls.of_matrix(bytes(matrix))

    @property
    def sideways(self) -> bool:
        """Whether width and height change places."""
        return self.rotation in (90, 270)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture of shape (height, width, 3) as it is shown."""
        if self.mirrored:
            image = image[:, ::-1]
        if self.rotation:
            image = np.rot90(image, -self.rotation // 90)
        return np.ascontiguousarray(image)


def pixel_shape(aspect: Fraction | None) -> Fraction:
    """Width of a pixel over its height; 1 where it is all but square or nonsense."""
    if aspect is None or aspect <= 0 or not 1 / _WIDEST <= aspect <= _WIDEST:
        return Fraction(1)
    if abs(aspect - 1) < _SQUARE:
        return Fraction(1)
    return Fraction(aspect)


def square(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Size in square pixels of a coded picture; the stretched side grows, none shrinks."""
    if aspect >= 1:
        return max(1, round(width * aspect)), height
    return width, max(1, round(height / aspect))
