"""Procedural backgrounds: each a function of size, mood and the point where the subject stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.palette import Color
from ai_video_editor.thumbnails.mood import Mood

Pixels = NDArray[np.uint8]
Size = tuple[int, int]
Point = tuple[float, float]
"""Shares of width and height."""
Background = str | Pixels
"""A template's name, "blurred" for the frame itself, or a painted picture that is calm on the
left."""


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


@lru_cache(maxsize=1)
def _finish(height: int, width: int) -> tuple[Any, Any]:
    """A vignette to multiply by and a grain to add: the same for every picture of a size."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    vignette = 1 - 0.28 * np.clip(np.hypot(x, y) - 0.55, 0, 1) ** 1.5
    grain = np.random.default_rng(11).normal(0, 1.6, (height, width, 1)).astype(np.float32)
    return vignette[..., None], grain


def _finished(picture: Any) -> Pixels:
    """With a vignette and a grain that hides the steps of a dark gradient."""
    vignette, grain = _finish(*picture.shape[:2])
    return np.asarray(np.clip(picture * vignette + grain, 0, 255), dtype=np.uint8)


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


def embers(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Sparks of different depth that rise through warm smoke."""
    import cv2

    width, height = size
    x, y = _grid(size)
    draw = np.random.default_rng(23)
    smoke = draw.random((9, 16)).astype(np.float32)
    cloud = cv2.resize(smoke, size, interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(draw.random((36, 64)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    heat = np.exp(-(((1.15 - y) / 0.85) ** 2)) * (0.55 + 0.45 * (0.7 * cloud + 0.3 * fine))
    light = 0.75 * np.exp(-((_away(size, focus) / 0.60) ** 2))
    picture = _blend(mood.deep, mood.glow, heat * 0.75 + light)
    sparks: Any = np.zeros((height, width), np.float32)
    for depth, count, radius in ((0.45, 26, 0.013), (0.75, 26, 0.006), (1.0, 40, 0.0032)):
        layer: Any = np.zeros((height, width), np.float32)
        for across, up, size_of in draw.random((count, 3)):
            at = (round(across * width), round(up**0.8 * height))
            axes = max(1, round(radius * height * (0.6 + size_of)))
            cv2.circle(layer, at, axes, float(depth), -1, cv2.LINE_AA)
        sparks = np.maximum(sparks, cv2.GaussianBlur(layer, (0, 0), radius * height * 0.55))
    bright = np.asarray(mood.plate.mix(mood.glow, 0.35), np.float32)
    room = np.clip(np.abs(x * height / width - (1 - focus[0])) / 0.45, 0.25, 1)
    return _finished(picture + (bright - picture) * (0.75 * sparks * room)[..., None])


def bokeh(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Lights far out of focus, large and pale before small and bright."""
    import cv2

    width, height = size[0] // 2, size[1] // 2  # twice as large afterwards: it is soft anyway
    draw = np.random.default_rng(5)
    base = _blend(
        mood.deep, mood.glow, 0.85 * np.exp(-((_away((width, height), focus) / 0.75) ** 2)) + 0.05
    )
    for number, (across, up, big, tint) in enumerate(draw.random((34, 4))):
        radius = height * (0.035 + 0.10 * big**2)
        # Beside the subject, not behind the letters.
        column = width * (focus[0] + (across - 0.5) * (0.75 if number % 3 else 1.7))
        disc: Any = np.zeros((height, width), np.float32)
        at = (round(column), round(up * height))
        cv2.circle(disc, at, round(radius), 1.0, -1, cv2.LINE_AA)
        cv2.circle(disc, at, round(radius), 1.6, max(1, round(0.06 * radius)), cv2.LINE_AA)
        disc = cv2.GaussianBlur(disc, (0, 0), 0.05 * radius + 0.5)
        color = mood.plate if tint > 0.72 else mood.glow.mix(mood.ink, 0.35)
        share = (0.10 + 0.16 * (1 - big)) * disc
        base = base + (np.asarray(color, np.float32) - base) * np.clip(share, 0, 1)[..., None]
    return _finished(cv2.resize(base, size, interpolation=cv2.INTER_CUBIC))


def horizon(size: Size, mood: Mood, focus: Point) -> Pixels:
    """A floor of lines that runs to a glowing horizon: room, and a view far ahead."""
    x, y = _grid(size)
    level = 0.70
    middle = focus[0] * size[0] / size[1]
    below = np.clip(y - level, 1e-4, None)
    pixel = 1.5 / size[1]
    across, ahead = 0.75 * (x - middle) / below, 0.34 / below
    lines = np.maximum(
        np.clip(1.5 - np.abs(across - np.round(across)) / (0.75 * pixel / below), 0, 1),
        np.clip(1.5 - np.abs(ahead - np.round(ahead)) / (0.34 * pixel / below**2), 0, 1),
    )
    floor = (y > level) * lines * np.clip(below / 0.12 - 0.12, 0, 1)
    glow = np.exp(-((np.abs(y - level) / 0.13) ** 1.3)) * np.exp(-(((x - middle) / 1.05) ** 2))
    sky = 0.55 * np.exp(-((_away(size, (focus[0], 0.62)) / 0.62) ** 2))
    picture = _blend(mood.deep, mood.glow, 0.10 + sky + 0.55 * glow)
    picture *= np.where(y > level, 0.62 + 0.2 * glow, 1.0)[..., None]
    bright = np.asarray(mood.glow.mix(mood.ink, 0.45), np.float32)
    return _finished(picture + (bright - picture) * np.clip(0.42 * floor, 0, 1)[..., None])


def folds(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Sheets laid one over the other, each with its own light and a shadow on the next."""
    x, y = _grid(size)
    wide = size[0] / size[1]
    towards = 1.0 if focus[0] > 0.5 else -1.0
    across = x if towards > 0 else wide - x
    picture = _blend(mood.deep, mood.glow, 0.06 + 0.20 * (1 - y))
    edges = ((0.30, 0.10), (0.78, 0.26), (1.18, 0.48), (1.50, 0.80))
    for start, light in edges:
        edge = start + 0.34 * (y - 0.5) ** 2 + 0.16 * (y - 0.5)
        signed = across - edge
        shadow = 0.50 * np.exp(-((np.clip(-signed, 0, None) / 0.075) ** 2)) * (signed < 0)
        picture = picture * (1 - shadow)[..., None]
        sheet = _blend(
            mood.deep, mood.glow, light * (1.12 - 0.5 * y) + 0.10 * np.exp(-signed / 0.2)
        )
        inside = np.clip(signed * size[1] / 2, 0, 1)
        picture = picture + (sheet - picture) * inside[..., None]
    return _finished(picture)


def equaliser(size: Size, mood: Mood, focus: Point) -> Pixels:
    """Columns of light like those of a level meter, mirrored in the floor."""
    x, y = _grid(size)
    wide = size[0] / size[1]
    pitch = wide / 34
    number = np.floor(x / pitch)
    wave = np.abs(np.sin(number * 0.9) * np.sin(number * 0.37 + 0.8) + 0.35 * np.sin(number * 2.3))
    away = np.abs((number + 0.5) * pitch - focus[0] * wide)
    tall = (0.10 + 0.50 * wave) * (0.45 + 0.55 * np.exp(-((away / 0.75) ** 2)))
    level = 0.78
    bar = (np.abs(x / pitch - number - 0.5) < 0.33).astype(np.float32)
    up = bar * np.clip((y - (level - tall)) * size[1], 0, 1) * (y <= level)
    down = bar * np.clip((level + 0.45 * tall - y) * size[1], 0, 1) * (y > level)
    base = _blend(mood.deep, mood.glow, 0.06 + 0.62 * np.exp(-((_away(size, focus) / 0.8) ** 2)))
    tone = _blend(mood.glow, mood.plate.mix(mood.glow, 0.4), (level - y) / 0.55)
    base = base + (tone - base) * (0.60 * up + 0.16 * down)[..., None]
    return _finished(base)


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


def painted(picture: Pixels, size: Size, mood: Mood, focus: Point) -> Pixels:
    """A painted picture that fills the thumbnail, its light on the subject's side."""
    import cv2

    width, height = size
    factor = max(width / picture.shape[1], height / picture.shape[0])
    large = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
                       if factor < 1 else cv2.INTER_CUBIC)  # fmt: skip
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    whole = cv2.resize(large[max(0, top) : max(0, top) + height,
                             max(0, left) : max(0, left) + width], size)  # fmt: skip
    if focus[0] < 0.5:
        whole = whole[:, ::-1]
    x, _ = _grid(size)
    away = np.abs(x * height / width - (1 - focus[0]))
    dark = 0.45 * np.clip(1 - away / 0.55, 0, 1)
    deep = np.asarray(mood.deep, np.float32)
    toned = whole.astype(np.float32)
    return _finished(toned + (deep - toned) * dark[..., None])


def ground_of(
    background: Background, size: Size, mood: Mood, focus: Point, frame: Pixels | None = None
) -> Pixels:
    """What stands behind everything.

    Args:
        background: see `Background`.
        size: width and height.
        mood: colours.
        focus: where the subject stands.
        frame: the film's own, for "blurred".
    """
    if not isinstance(background, str):
        return painted(background, size, mood, focus)
    if background == "blurred" and frame is not None:
        return blurred(frame, size, mood)
    return TEMPLATES[background](size, mood, focus)


TEMPLATES: dict[str, Callable[[Size, Mood, Point], Pixels]] = {
    "gradient": gradient,
    "rays": rays,
    "dots": dots,
    "spotlight": spotlight,
    "split": split,
    "lattice": lattice,
    "embers": embers,
    "bokeh": bokeh,
    "horizon": horizon,
    "folds": folds,
    "equaliser": equaliser,
}
