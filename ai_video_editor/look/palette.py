"""Colours by content type: dark grounds, one confident accent, and contrast that is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple

from ai_video_editor.context.inputs import ContentType


class Color(NamedTuple):
    """An sRGB colour, each channel 0 to 255; a tuple that Pillow takes as it is."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Color:
        """Read "#rrggbb".

        Raises:
            ValueError: not six hex digits.
        """
        digits = text.removeprefix("#")
        if len(digits) != 6:
            raise ValueError(f"not a colour: {text!r}")
        return cls(*bytes.fromhex(digits))

    @property
    def hex(self) -> str:
        """As "#rrggbb"."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def bgr(self) -> tuple[int, int, int]:
        """In OpenCV's order."""
        return self.blue, self.green, self.red

    def alpha(self, share: float) -> tuple[int, int, int, int]:
        """With an opacity, 0 to 1, for an RGBA picture."""
        return self.red, self.green, self.blue, round(255 * min(max(share, 0.0), 1.0))

    def mix(self, other: Color, share: float) -> Color:
        """On the way to another colour, `share` 0 to 1 of it."""
        pairs = zip(self, other, strict=True)
        return Color(*(round(a + (b - a) * share) for a, b in pairs))

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2.2)."""
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (self.red / 255, self.green / 255, self.blue / 255)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


WHITE = Color(255, 255, 255)
BLACK = Color(0, 0, 0)


@dataclass(frozen=True)
class Palette:
    """The colours of one film's graphics and thumbnails.

    Attributes:
        ground: behind everything.
        glow: a lighter ground, for gradients and vignettes.
        surface: cards and panels on the ground.
        line: rules, grids and axes.
        ink: text to be read first; at least 12:1 on `ground`.
        quiet: text to be read second; at least 4.5:1 on `ground`.
        accent: the one thing to look at.
        second: the other series of a chart.
        alarm: loss, danger, "do not".
    """

    ground: Color
    glow: Color
    surface: Color
    line: Color
    ink: Color
    quiet: Color
    accent: Color
    second: Color
    alarm: Color

    def on(self, background: Color) -> Color:
        """Ink or ground, whichever reads better on a background."""
        return max((self.ink, self.ground), key=lambda color: contrast(color, background))


def _palette(*colors: str) -> Palette:
    return Palette(*(Color.parse(color) for color in colors))


PALETTES = {
    ContentType.FINANCIAL: _palette(
        "#0a1613", "#12332a", "#11231e", "#27433b", "#f4f8f5",
        "#a3bcb2", "#35e09a", "#f6c452", "#ff6b5e",
    ),
    ContentType.EDUCATIONAL: _palette(
        "#0b1222", "#17305c", "#131e36", "#2a3a5c", "#f5f7fc",
        "#a6b4d0", "#5cb8ff", "#ffb84f", "#ff6b6b",
    ),
    ContentType.MUSIC: _palette(
        "#140b1d", "#43195c", "#21122f", "#41285a", "#fbf5fd",
        "#c3add0", "#ff5aa5", "#8f7bff", "#ff7a59",
    ),
    ContentType.GENERAL: _palette(
        "#121316", "#33363f", "#1d1f25", "#393c45", "#f7f7f5",
        "#b2b4bb", "#ff9142", "#5cc8de", "#ff6259",
    ),
}  # fmt: skip


_made_by: ContextVar[Callable[[Palette], Palette] | None] = ContextVar("_made_by", default=None)


@contextmanager
def palettes_by(make: Callable[[Palette], Palette]) -> Iterator[None]:
    """Within the block and this thread, `palette_for` gives what `make` makes of our palettes."""
    token = _made_by.set(make)
    try:
        yield
    finally:
        _made_by.reset(token)


def palette_for(content_type: ContentType | str | None) -> Palette:
    """The palette of a content type, in the brand's colours where one is worn.

    The general one is taken where the type is not known.
    """
    known = set(PALETTES)
    plain = PALETTES[ContentType(content_type) if content_type in known else ContentType.GENERAL]
    make = _made_by.get()
    return make(plain) if make is not None else plain
