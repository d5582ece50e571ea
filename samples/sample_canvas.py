"""Drawing with smooth outlines and soft light, for the sample's pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]

OVERSAMPLING = 3
"""Shapes are drawn this many times larger and reduced, which smooths their edges."""


def spline(points: Sequence[Point], *, steps: int = 14, closed: bool = True) -> list[Point]:
    """A smooth curve through points (Catmull-Rom)."""
    count = len(points)
    last = count if closed else count - 1
    curve: list[Point] = []
    for index in range(last):
        if closed:
            around = [points[(index + k) % count] for k in (-1, 0, 1, 2)]
        else:
            around = [points[min(max(index + k, 0), count - 1)] for k in (-1, 0, 1, 2)]
        a, b, c, d = (np.array(point, dtype=float) for point in around)
        for t in np.arange(steps) / steps:
            x, y = 0.5 * (
                2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )  # fmt: skip
            curve.append((float(x), float(y)))
    if not closed:
        curve.append(points[-1])
    return curve


def mirrored(points: Sequence[Point], axis: float) -> list[Point]:
    """An outline whose right half is given from top to bottom, closed with its mirror image."""
    left = [(2 * axis - x, y) for x, y in reversed(points) if abs(x - axis) > 0.01]
    return [*points, *left]


class Canvas:
    """A transparent picture, drawn in final pixels and reduced at the end.

    Args:
        width: final pixels.
        height: final pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        """Begin empty."""
        self.size = (width, height)
        self._image = Image.new("RGBA", (width * OVERSAMPLING, height * OVERSAMPLING))

    def _mask(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", self._image.size)
        return mask, ImageDraw.Draw(mask)

    def polygon_mask(self, points: Sequence[Point]) -> Image.Image:
        """Where an outline lies; for clipping what is drawn on it."""
        mask, draw = self._mask()
        draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=255)
        return mask

    def fill(
        self,
        mask: Image.Image,
        color: str,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: Image.Image | None = None,
    ) -> None:
        """Lay a colour where a mask says, its edge softened, inside another mask."""
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * OVERSAMPLING))
        if clip is not None:
            mask = ImageChops.multiply(mask, clip)
        if opacity < 1.0:
            mask = mask.point([round(value * opacity) for value in range(256)])
        layer = Image.new("RGBA", self._image.size, color)
        layer.putalpha(mask)
        self._image = Image.alpha_composite(self._image, layer)

    def shape(
        self,
        points: Sequence[Point],
        color: str,
        *,
        smooth: bool = True,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: Image.Image | None = None,
    ) -> Image.Image:
        """Fill an outline and return its mask."""
        mask = self.polygon_mask(spline(points) if smooth else points)
        self.fill(mask, color, opacity=opacity, blur=blur, clip=clip)
        return mask

    def ellipse(
        self,
        center: Point,
        radii: Point,
        color: str,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: Image.Image | None = None,
    ) -> Image.Image:
        """Fill an ellipse and return its mask."""
        angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
        outline = [
            (center[0] + radii[0] * float(np.cos(a)), center[1] + radii[1] * float(np.sin(a)))
            for a in angles
        ]
        return self.shape(outline, color, smooth=False, opacity=opacity, blur=blur, clip=clip)

    def stroke(
        self,
        points: Sequence[Point],
        color: str,
        width: float,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
        clip: Image.Image | None = None,
    ) -> None:
        """Draw a smooth line with round ends, thinner towards them."""
        mask, draw = self._mask()
        curve = spline(points, closed=False, steps=90)
        for index, (x, y) in enumerate(curve):
            share = index / (len(curve) - 1)
            radius = width / 2 * (0.45 + 0.55 * float(np.sin(np.pi * share))) * OVERSAMPLING
            cx, cy = x * OVERSAMPLING, y * OVERSAMPLING
            draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=255)
        self.fill(mask, color, opacity=opacity, blur=blur, clip=clip)

    def rounded(
        self,
        box: tuple[float, float, float, float],
        radius: float,
        color: str,
        *,
        opacity: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Fill a rectangle (left, top, right, bottom) with round corners."""
        mask, draw = self._mask()
        left, top, right, bottom = (value * OVERSAMPLING for value in box)
        draw.rounded_rectangle((left, top, right, bottom), radius * OVERSAMPLING, fill=255)
        self.fill(mask, color, opacity=opacity, blur=blur)

    def rounded_clip(
        self, box: tuple[float, float, float, float], color: str, clip: Image.Image
    ) -> None:
        """Fill the part of a rectangle (left, top, right, bottom) that lies inside a mask."""
        left, top, right, bottom = box
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.shape(corners, color, smooth=False, clip=clip)

    def blurred(self, radius: float) -> None:
        """Put what is drawn so far out of focus."""
        self._image = self._image.filter(ImageFilter.GaussianBlur(radius * OVERSAMPLING))

    def finished(self) -> Image.Image:
        """The picture at its final size."""
        return self._image.resize(self.size, Image.Resampling.LANCZOS)
