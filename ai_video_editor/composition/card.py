"""The picture of an input that has only sound: a designed card, on which its waveform is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.look.palette import Palette, palette_for
from ai_video_editor.look.typography import font, text_width

_TITLE = 60
"""Longest title on the card, characters."""


@dataclass(frozen=True)
class WaveBox:
    """Where the waveform stands on the card, pixels, all even."""

    left: int
    top: int
    width: int
    height: int


def wave_box(canvas: Canvas) -> WaveBox:
    """The middle of the card, with margins of a tenth."""
    width = max(2, canvas.width * 8 // 10 // 2 * 2)
    height = max(2, canvas.height * 3 // 10 // 2 * 2)
    return WaveBox(
        (canvas.width - width) // 4 * 2, (canvas.height - height) // 4 * 2, width, height
    )


def wave_color() -> str:
    """The waveform's colour as ffmpeg writes it."""
    return "0x" + palette_for(None).accent.hex.removeprefix("#")


def draw_card(canvas: Canvas, title: str, target: Path) -> None:
    """Draw the card as a PNG of the film's size.

    Args:
        canvas: the film's size.
        title: name of the recording; what does not fit is cut with an ellipsis.
        target: file to write.
    """
    palette = palette_for(None)
    image = _ground(canvas, palette)
    box = wave_box(canvas)
    if canvas.height >= 120:
        draw = ImageDraw.Draw(image)
        size = max(12, canvas.height // 18)
        face = font("headline", size)
        text = _shortened(title, lambda t: text_width(t, face) <= box.width)
        baseline = box.top - size
        draw.text((box.left, baseline), text, font=face, fill=palette.ink, anchor="ls")
        rule = max(2, canvas.height // 180)
        draw.rectangle(
            (box.left, baseline - 2 * size, box.left + size * 2, baseline - 2 * size + rule),
            fill=palette.accent,
        )
    image.save(target, format="PNG")


def _ground(canvas: Canvas, palette: Palette) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((canvas.width, canvas.height))
    return Image.composite(
        Image.new("RGB", ramp.size, palette.ground), Image.new("RGB", ramp.size, palette.glow), ramp
    )


def _shortened(title: str, fits: Callable[[str], bool]) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:_TITLE]
    while text and not fits(text):
        text = text.rstrip("…")[:-1].rstrip() + "…" if len(text) > 2 else ""
    return text
