"""Procedural backgrounds: each a function of size, mood and the point where the subject stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.palette import Color
from ai_video_editor.thumbnails.mood import Mood

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
Point = tuple[float, float]
"""Shares of width and height."""


def _grid(size: Size) -> tuple[Any, Any]:
    """Columns and rows as shares of the height, origin top left."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x / height, y / height


def _away(size: Size, focus: Point) -> Any:
    """Distance from a point, in shares of the height."""
    x, y = _grid(size)
    return np.hypot(x - focus[0] * size[0] / size[1], y - focus[1])


def _blend(low: Color, high: Color, share: Any) -> Any:
    dark, light = np.asarray(low, np.float32), np.asarray(high, np.float32)
    return dark + (light - dark) * np.clip(share, 0, 1)[..., None]


def _finished(picture: Any) -> Pixels:
    """With a vignette and a grain that hides the steps of a dark gradient."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    vignette = 1 - 0.28 * np.clip(np.hypot(x, y) - 0.55, 0, 1) ** 1.5
    grain = np.random.default_rng(11).normal(0, 1.6, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(picture * vignette[..., None] + grain, 0, 255), dtype=np.uint8)


def gradient(size: Size, mood: Mood, focus: Point) -> Pixels:
    """A soft light behind the subject and a second one in the opposite corner."""
    first = np.exp(-((_away(size, focus) / 0.62) ** 2))
    second = np.exp(-((_away(size, (1 - focus[0], 1.05)) / 0.75) ** 2))
    return _finished(_blend(mood.deep, mood.glow, 0.95 * first + 0.42 * second))


def rays(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Beams that run out from behind the subject."""
    x, y = _grid(size)
    angle = np.arctan2(y - focus[1], x - focus[0] * size[0] / size[1])
    away = _away(size, focus)
    beams = 0.5 + 0.5 * np.tanh(7 * np.sin(angle * 11 + 0.6))
    light = np.exp(-((away / 0.95) ** 2))
    return _finished(_blend(mood.deep, mood.glow, light * (0.62 + 0.38 * beams) + 0.10 * beams))


def dots(size: Size, mood: Mood, focus: Point) -> Pixels:
    """A halftone that grows towards one corner over a gradient."""
    x, y = _grid(size)
    wide = size[0] / size[1]
    pitch = 0.034
    turned_x, turned_y = (x + y) / np.sqrt(2) / pitch, (x - y) / np.sqrt(2) / pitch
    cell = np.hypot(turned_x - np.round(turned_x), turned_y - np.round(turned_y))
    edge = (1 - x / wide) if focus[0] > 0.5 else x / wide
    radius = 0.46 * np.clip(0.9 * edge + 0.65 * y - 0.62, 0, 1)
    dot = np.clip((radius - cell) * pitch * size[1], 0, 1)
    base = _blend(mood.deep, mood.glow, 0.9 * np.exp(-((_away(size, focus) / 0.7) ** 2)) + 0.12)
    mark = np.asarray(mood.glow, np.float32)
    return _finished(base + (mark - base) * (0.55 * dot)[..., None])


def spotlight(size: Size, mood: Mood, focus: Point) -> Pixels:
    """A cone of light from above on the subject, the rest in the dark."""
    x, y = _grid(size)
    middle = focus[0] * size[0] / size[1]
    half = 0.10 + 0.36 * y
    cone = 1 / (1 + np.exp((np.abs(x - middle) - half) / 0.05))
    floor = np.exp(-((np.hypot((x - middle) / 1.5, y - 1.02) / 0.30) ** 2))
    light = cone * (0.80 - 0.45 * y) + 0.55 * floor + 0.10
    return _finished(_blend(mood.deep, mood.glow, light))


def split(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Two grounds, a leaning edge between, and a bright line on the edge."""
    x, y = _grid(size)
    wide = size[0] / size[1]
    towards = 1.0 if focus[0] > 0.5 else -1.0
    edge = wide * 0.5 + towards * (0.17 - 0.30 * (y - 0.5) * 1.0)
    signed = towards * (x - edge)
    side = np.clip(signed * size[1] / 2, 0, 1)
    dark = _blend(mood.deep, mood.glow, 0.10 + 0.16 * (1 - y))
    bright = _blend(mood.deep, mood.glow, 1.0 - 0.55 * y * y)
    line = np.clip((0.011 - np.abs(signed)) * size[1], 0, 1)[..., None]
    picture = dark + (bright - dark) * side[..., None]
    return _finished(picture + (np.asarray(mood.plate, np.float32) - picture) * line)


def lattice(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Fine ruled lines, as on a chart, that fade into a gradient: sober."""
    x, y = _grid(size)
    step, width = 0.125, 1.4 / size[1]
    rule = np.maximum(
        np.clip((width - np.abs((x / step) - np.round(x / step)) * step) / width, 0, 1),
        np.clip((width - np.abs((y / step) - np.round(y / step)) * step) / width, 0, 1),
    )
    light = 0.95 * np.exp(-((_away(size, (focus[0], 0.55)) / 0.70) ** 2)) + 0.06
    base = _blend(mood.deep, mood.glow, light)
    fade = np.exp(-((_away(size, (1 - focus[0], 0.2)) / 1.1) ** 2))
    return _finished(base + (235 - base) * (0.11 * rule * fade)[..., None])


def blurred(picture: Pixels, size: Size, mood: Mood) -> Pixels:
    """The film's own frame, out of focus and in the mood's colours."""
    import cv2

    width, height = size
    scale = max(width / picture.shape[1], height / picture.shape[0]) * 1.12
    small = cv2.resize(picture, (max(2, round(picture.shape[1] * scale / 8)),
                                 max(2, round(picture.shape[0] * scale / 8))),
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    soft = cv2.GaussianBlur(small, (0, 0), height / 8 * 0.035)
    large = cv2.resize(soft, None, fx=8, fy=8, interpolation=cv2.INTER_CUBIC)
    top, left = max(0, (large.shape[0] - height) // 2), max(0, (large.shape[1] - width) // 2)
    cropped = cv2.resize(large[top : top + height, left : left + width], size)
    luma = cropped.astype(np.float32).mean(axis=2) / 255
    toned = _blend(mood.deep, mood.glow, 0.15 + 0.85 * luma)
    return _finished(0.66 * toned + 0.36 * cropped.astype(np.float32))


TEMPLATES: dict[str, Callable[[Size, Mood, Point], Pixels]] = {
    "gradient": gradient,
    "rays": rays,
    "dots": dots,
    "spotlight": spotlight,
    "split": split,
    "lattice": lattice,
}
