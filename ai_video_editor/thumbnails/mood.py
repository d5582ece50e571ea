"""The colours of one strategy: what it promises decides how warm and how loud it is."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

from ai_video_editor.context.plan import Strategy
from ai_video_editor.look.palette import BLACK, WHITE, Color, Palette, contrast, palette_for

PLATE_CONTRAST = 6.0
"""Of the loud colour against the dark ones: WCAG asks 4.5, smooth edges cost the rest."""


@dataclass(frozen=True)
class Mood:
    """Colours of one thumbnail.

    Attributes:
        deep: the dark of the background.
        glow: the light of the background.
        plate: behind the key line, or of its letters; the one loud colour.
        on_plate: letters on the plate.
        ink: the other letters.
        outline: around letters; dark, so that they read on anything.
        rim: line around a subject that was cut out.
    """

    deep: Color
    glow: Color
    plate: Color
    on_plate: Color
    ink: Color
    outline: Color
    rim: Color


def mood_of(strategy: Strategy, content_type: str, *, variant: str) -> Mood:
    """Colours for a strategy in the palette of a content type; variant b swaps plate and glow."""
    palette = palette_for(content_type)
    deep, glow, plate = _colours(strategy, palette, second=variant == "b")
    outline = deep.mix(BLACK, 0.72)
    while min(contrast(plate, outline), contrast(plate, palette.ground)) < PLATE_CONTRAST:
        plate = plate.mix(WHITE, 0.15)
    on_plate = max((palette.ground, WHITE), key=lambda color: contrast(color, plate))
    return Mood(
        deep=deep,
        glow=glow,
        plate=plate,
        on_plate=on_plate,
        ink=WHITE,
        outline=outline,
        rim=WHITE,
    )


def _colours(strategy: Strategy, palette: Palette, *, second: bool) -> tuple[Color, Color, Color]:
    if strategy == "emotional":
        glow = _vivid(palette.alarm, 0.86, 0.93)
        plate = _vivid(palette.second, 0.80, 1.0) if _warm(palette.second) else _YELLOW
        return _vivid(palette.alarm, 0.90, 0.22), glow, (plate if not second else _YELLOW)
    if strategy == "curiosity":
        cool = palette.second if not _warm(palette.second) else palette.glow
        glow = _vivid(cool, 0.72, 0.78)
        plate = _YELLOW if not second else _vivid(palette.accent, 0.75, 1.0)
        return _vivid(cool, 0.80, 0.20), glow, plate
    glow = _vivid(palette.glow, 0.66, 0.62)
    plate = palette.accent if not second else _vivid(palette.second, 0.72, 1.0)
    return palette.ground, glow, plate


_YELLOW = Color(255, 212, 38)


def _vivid(color: Color, saturation: float, value: float) -> Color:
    """The same hue, as full and as bright as asked for."""
    hue, _, _ = colorsys.rgb_to_hsv(*(channel / 255 for channel in color))
    return Color(*(round(255 * c) for c in colorsys.hsv_to_rgb(hue, saturation, value)))


def _warm(color: Color) -> bool:
    return color.red > color.blue + 40
