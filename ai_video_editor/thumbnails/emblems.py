"""Signs for films without a picture: a play button, rings of sound; drawn, not photographed."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ai_video_editor.look.palette import BLACK, Color
from ai_video_editor.thumbnails.backgrounds import Background, ground_of
from ai_video_editor.thumbnails.drawing import Drawing
from ai_video_editor.thumbnails.layout import MARGIN, Canvas
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.stills import softened

Emblem = Literal["play", "sound", "waves"]


def emblem(canvas: Canvas, mood: Mood, kind: Emblem, background: Background) -> Drawing:
    """A large sign on the right before a drawn background, the hook on the left."""
    centre = (0.775, 0.47)
    layer: Any = ground_of(background, canvas.size, mood, (centre[0], centre[1])).astype(np.float32)
    height = canvas.height
    y, x = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    x = (x - centre[0] * canvas.width) / height
    y = (y - centre[1] * height) / height
    for mask, color in _SIGNS[kind](x, y, mood, height):
        shadow = softened(np.roll(mask, round(0.022 * height), axis=0), 0.028 * height)
        layer = layer * (1 - 0.55 * shadow * (1 - mask))[..., None]
        light = 1.06 - 0.42 * np.clip(y + 0.25, 0, 0.6)
        tone = np.clip(np.asarray(color, np.float32) * light[..., None], 0, 255)
        layer = layer + (tone - layer) * mask[..., None]
    picture = np.asarray(np.clip(layer, 0, 255), np.uint8)
    return Drawing(picture, canvas.box(MARGIN, 0.08, 0.545, 0.90), None)


Part = tuple[Any, Color]


def _play(x: Any, y: Any, mood: Mood, height: int) -> list[Part]:
    away = np.hypot(x, y)
    disc = np.clip((0.305 - away) * height, 0, 1)
    inner = np.clip((0.262 - away) * height, 0, 1)
    # A triangle with round corners: distance to its three sides, softened together.
    sides = (-(x + 0.075), 0.5 * x + 0.866 * y - 0.085, 0.5 * x - 0.866 * y - 0.085)
    inside = -np.log(sum(np.exp(70 * np.minimum(side, 1.0)) for side in sides)) / 70
    sign = np.clip((inside + 0.012) * height, 0, 1)
    return [(disc, mood.ink), (inner, mood.plate), (sign, mood.on_plate)]


def _sound(x: Any, y: Any, mood: Mood, height: int) -> list[Part]:
    away, angle = np.hypot(x, y), np.arctan2(y, x)
    count = 48
    number = np.round(angle / (2 * np.pi) * count)
    across = np.abs(angle - number * 2 * np.pi / count) * away
    swing = np.abs(np.sin(number * 1.7) * np.sin(number * 0.61 + 1.1)) + 0.25
    reach = 0.205 + 0.135 * np.clip(swing, 0, 1)
    beams = np.clip((0.0085 - across) * height, 0, 1) * np.clip((reach - away) * height, 0, 1)
    beams *= np.clip((away - 0.18) * height, 0, 1)
    disc = np.clip((0.165 - away) * height, 0, 1)
    grooves = 0.30 * disc * (np.sin(away * 420) > 0.55) * (away > 0.075)
    label = np.clip((0.062 - away) * height, 0, 1)
    hole = np.clip((0.014 - away) * height, 0, 1)
    black = mood.deep.mix(BLACK, 0.75)
    return [(beams, mood.plate), (disc, black), (grooves, mood.ink), (label, mood.plate),
            (hole, black)]  # fmt: skip


def _waves(x: Any, y: Any, mood: Mood, height: int) -> list[Part]:
    body = (np.abs(y) < 0.075) & (x > -0.27) & (x < -0.14)
    horn = (x >= -0.15) & (x < 0.0) & (np.abs(y) < 0.075 + (x + 0.15) * 1.05)
    speaker = softened((body | horn).astype(np.float32), 0.004 * height)
    parts: list[Part] = [(np.clip(speaker * 3 - 1, 0, 1), mood.ink)]
    angle = np.abs(np.arctan2(y, x + 0.05))
    away = np.hypot(x + 0.05, y)
    for number, radius in enumerate((0.14, 0.235, 0.33)):
        arc = np.clip((0.021 - np.abs(away - radius)) * height, 0, 1)
        arc = arc * np.clip((0.80 - angle) * 40, 0, 1)
        parts.append((arc, mood.plate.mix(mood.glow, 0.22 * number)))
    return parts


_SIGNS: dict[Emblem, Any] = {"play": _play, "sound": _sound, "waves": _waves}
