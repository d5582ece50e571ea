"""Simple things that concepts are drawn with: coins, balls, tiles, bags, drops; each a picture."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw

from ai_video_editor.broll.scene import OVERSAMPLING
from ai_video_editor.look.palette import BLACK, WHITE, Color

Paint = Callable[[ImageDraw.ImageDraw, float], None]
"""Draws on a picture whose sides are given in pixels times `OVERSAMPLING`."""


def painted(width: int, height: int, paint: Paint, behind: Color) -> Image.Image:
    """A picture (RGBA) with smooth edges; what is clear blends towards a colour.

    Args:
        width: pixels.
        height: pixels.
        paint: draws on a canvas `OVERSAMPLING` times as large; is given that factor.
        behind: colour that half-covered pixels at the edges lean to.
    """
    size = (max(1, width) * OVERSAMPLING, max(1, height) * OVERSAMPLING)
    canvas = Image.new("RGBA", size, behind.alpha(0))
    paint(ImageDraw.Draw(canvas), OVERSAMPLING)
    return canvas.resize((max(1, width), max(1, height)), Image.Resampling.LANCZOS)


def disc(side: int, color: Color, *, shade: float = 0.24) -> Image.Image:
    """A ball: lit from the upper left, its lower right in shade."""
    large = side * OVERSAMPLING
    mask = Image.new("L", (large, large))
    ImageDraw.Draw(mask).ellipse((0, 0, large - 1, large - 1), fill=255)
    lit = Image.new("L", (large, large))
    lit.paste(mask, (-round(large * 0.1), -round(large * 0.1)))
    dark = ImageChops.subtract(mask, lit)
    picture = Image.new("RGBA", (large, large), color.alpha(0))
    picture.paste(color.mix(BLACK, shade).alpha(0), (0, 0, large, large), dark)
    picture.putalpha(mask)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def coin(side: int, color: Color) -> Image.Image:
    """A coin seen from the front: a rim and a bright inner ring."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        whole = side * k
        draw.ellipse((0, 0, whole - 1, whole - 1), fill=tuple(color.mix(BLACK, 0.22)))
        inset = whole * 0.045
        draw.ellipse(
            (inset * 0.4, inset * 0.2, whole - 2.4 * inset, whole - 2.8 * inset), fill=tuple(color)
        )
        rim = whole * 0.19
        draw.ellipse(
            (rim - inset, rim - inset, whole - rim - inset, whole - rim - inset),
            outline=tuple(color.mix(WHITE, 0.45)), width=round(whole * 0.06),
        )  # fmt: skip

    return painted(side, side, paint, color)


def snowball(side: int, color: Color, mark: Color) -> Image.Image:
    """A ball with a winding on it, so that its rolling is seen."""
    picture = disc(side, color, shade=0.16)

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        whole = side * k
        points = []
        for index in range(110):
            turn = index / 110 * 2.1 * 2 * pi
            radius = whole * (0.05 + 0.34 * index / 110)
            points.append(
                (whole / 2 * 0.97 + radius * cos(turn), whole / 2 * 0.97 + radius * sin(turn))
            )
        draw.line(points, fill=tuple(mark), width=max(2, round(whole * 0.028)), joint="curve")

    return Image.alpha_composite(picture, painted(side, side, paint, mark))


def tile(side: int, color: Color) -> Image.Image:
    """A small rounded square."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        whole = side * k - 1
        draw.rounded_rectangle((0, 0, whole, whole), whole * 0.22, fill=tuple(color))

    return painted(side, side, paint, color)


def bag(width: int, height: int, color: Color) -> Image.Image:
    """A shopping bag with its handle."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        w, h = width * k, height * k
        top = h * 0.26
        thick = max(2, round(w * 0.065))
        draw.arc(
            (w * 0.29, h * 0.02, w * 0.71, h * 0.5), 180, 360,
            fill=tuple(color.mix(BLACK, 0.3)), width=thick,
        )  # fmt: skip
        draw.rounded_rectangle((w * 0.04, top, w * 0.96, h - 1), w * 0.09, fill=tuple(color))
        draw.rounded_rectangle(
            (w * 0.04, top, w * 0.96, top + h * 0.09), w * 0.05, fill=tuple(color.mix(WHITE, 0.3))
        )

    return painted(width, height, paint, color)


def basket(width: int, height: int, color: Color) -> Image.Image:
    """A basket, wider at its rim, with woven rows."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        w, h = width * k, height * k
        rim = h * 0.22
        dark = tuple(color.mix(BLACK, 0.3))
        draw.polygon(
            [(w * 0.06, rim), (w * 0.94, rim), (w * 0.8, h - 1), (w * 0.2, h - 1)],
            fill=tuple(color),
        )
        for row in range(1, 4):
            y = rim + (h - rim) * row / 4
            inset = w * (0.06 + 0.14 * row / 4) + w * 0.02
            draw.line((inset, y, w - inset, y), fill=dark, width=max(2, round(h * 0.035)))
        draw.rounded_rectangle((0, 0, w - 1, rim), rim / 2, fill=tuple(color.mix(WHITE, 0.22)))

    return painted(width, height, paint, color)


def egg(width: int, height: int, color: Color) -> Image.Image:
    """An egg, its lower right in shade."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        w, h = width * k, height * k
        for tone, shift in ((color.mix(BLACK, 0.2), 0.0), (color, 0.06)):
            points = []
            for index in range(72):
                t = 2 * pi * index / 72
                narrow = 1 - 0.2 * max(0.0, -sin(t)) ** 1.3
                points.append(
                    (
                        w / 2 * (1 - shift) + (w / 2 - 1) * (1 - shift) * narrow * cos(t),
                        h / 2 * (1 - shift) + (h / 2 - 1) * (1 - shift) * sin(t),
                    )
                )
            draw.polygon(points, fill=tuple(tone))

    return painted(width, height, paint, color)


def umbrella(width: int, height: int, color: Color, stick: Color) -> Image.Image:
    """An open umbrella with its handle."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        w, h = width * k, height * k
        roof = h * 0.52
        thick = max(3, round(w * 0.022))
        draw.line((w / 2, 0, w / 2, h * 0.9), fill=tuple(stick), width=thick)
        draw.arc(
            (w / 2 - thick / 2, h * 0.8, w / 2 + w * 0.1, h - 1), 0, 180,
            fill=tuple(stick), width=thick,
        )  # fmt: skip
        draw.pieslice((0, h * 0.04, w - 1, 2 * roof - h * 0.04), 180, 360, fill=tuple(color))
        draw.pieslice(
            (w * 0.3, h * 0.04, w * 0.7, 2 * roof - h * 0.04), 180, 360,
            fill=tuple(color.mix(WHITE, 0.22)),
        )  # fmt: skip
        for index in range(5):  # the scalloped edge
            left = w * index / 5
            draw.ellipse(
                (left, roof - h * 0.055, left + w / 5, roof + h * 0.055), fill=(0, 0, 0, 0)
            )

    return painted(width, height, paint, color)


def drop(width: int, height: int, color: Color) -> Image.Image:
    """A drop of rain."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        w, h = width * k, height * k
        draw.polygon([(w / 2, 0), (w * 0.95, h - w / 2), (w * 0.05, h - w / 2)], fill=tuple(color))
        draw.ellipse((0, h - w, w - 1, h - 1), fill=tuple(color))

    return painted(width, height, paint, color)


def ring(width: int, height: int, thick: int, color: Color) -> Image.Image:
    """A link of a chain."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        draw.rounded_rectangle(
            (0, 0, width * k - 1, height * k - 1), min(width, height) * k / 2,
            outline=tuple(color), width=round(thick * k),
        )  # fmt: skip

    return painted(width, height, paint, color)
