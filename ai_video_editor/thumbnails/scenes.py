"""Designs that live on the film's own frame: a strong crop, a leaning panel, a loupe, a bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import BLACK
from ai_video_editor.thumbnails.backgrounds import Background, blurred, ground_of
from ai_video_editor.thumbnails.drawing import Drawing, softest
from ai_video_editor.thumbnails.layout import BADGE, MARGIN, Canvas, Side
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.saliency import best_crop, best_window, spot_of
from ai_video_editor.thumbnails.stills import Still, scaled, softened

Pixels = NDArray[np.uint8]

DIM = 70.0
"""Mean level of the ground around a ring: the letters on it are white."""
LEAN = 0.14
"""How far the edge of a panel leans, in heights of the picture."""
STANDS_OUT = 1.35
"""How much more a ring must show than any other part of the frame of its size would."""
FACE_ON_PANEL = 0.46
"""Height of a face beside a panel, as a share of the picture."""


def scenic(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The best crop of a frame without faces, lit and rich, with the hook where it is calm."""
    if still.face is not None or still.kind == "slide":
        return None
    crop = best_crop(still.rgb, canvas, None, softest(canvas))
    if crop is None:
        return None
    frame = _filled(still.rgb, canvas, crop.factor, crop.left, crop.top).astype(np.float32)
    picture = _focused(frame, crop.spot)
    x = np.linspace(0, 1, canvas.width, dtype=np.float32)
    x = x if crop.side == "right" else 1 - x
    dark = 0.62 * np.clip(1 - x / 0.60, 0, 1) ** 0.8
    deep = np.asarray(mood.deep.mix(BLACK, 0.35), np.float32)
    picture += (deep - picture) * dark[None, :, None]
    right = crop.side == "right"
    room = (
        canvas.box(MARGIN, 0.08, 0.55, 0.92)
        if right
        else canvas.box(0.45, 0.08, 1 - MARGIN, 1 - BADGE[1] - 0.04)
    )
    return Drawing(_bytes(picture), room, None, align="left" if right else "right")


def panel(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The frame on one side, a leaning panel of the mood's light for the hook on the other."""
    if still.kind == "slide":
        return None  # cut, its words could not be read
    share = 0.50
    width = round((1 - share) * canvas.width + LEAN * canvas.height)
    placed = _beside_panel(still, Canvas(width, canvas.height))
    if placed is None:
        return None
    frame, face = placed
    left = canvas.width - width if side == "right" else 0
    ground = np.zeros((canvas.height, canvas.width, 3), np.float32)
    ground[:, left : left + width] = frame
    drawn = ground_of(background, canvas.size, mood, (0.15 if side == "right" else 0.85, 0.35))
    x, y = _shares(canvas)
    signed = x - share - LEAN * canvas.height / canvas.width * (0.5 - y)
    if side == "left":
        signed = (1 - x) - share - LEAN * canvas.height / canvas.width * (0.5 - y)
    on_panel = np.clip(0.5 - signed * canvas.width, 0, 1)
    shadow = 0.75 * np.exp(-((np.clip(signed, 0, None) / 0.055) ** 2))
    picture = ground * (1 - shadow)[..., None]
    picture += (drawn.astype(np.float32) - picture) * on_panel[..., None]
    band = np.clip((0.0075 - np.abs(signed)) * canvas.width, 0, 1)
    picture += (np.asarray(mood.plate, np.float32) - picture) * band[..., None]
    reach = LEAN * canvas.height / canvas.width / 2
    edge = share - reach * 0.55
    room = (
        canvas.box(MARGIN, 0.09, edge - 0.022, 0.91)
        if side == "right"
        else canvas.box(1 - edge + 0.022, 0.09, 1 - MARGIN, 1 - BADGE[1] - 0.04)
    )
    box = None if face is None else Area(face.left + left, face.top, face.right + left, face.bottom)
    if box is not None and (room.overlaps(box) or box.overlaps(canvas.badge)):
        return None
    return Drawing(_bytes(picture), room, box)


def loupe(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The frame out of focus, and one spot of it sharp and large in a ring: what is that?"""
    if still.kind == "slide":
        return None
    radius = 0.395 * canvas.height
    window = _spot(still, canvas, radius)
    if window is None:
        return None
    disc, face_in = window
    ground = blurred(still.rgb, canvas.size, mood).astype(np.float32)
    ground *= min(1.0, DIM / max(1.0, float(ground.mean())))  # a bright slide would outshine all
    middle = 0.735 * canvas.width if side == "right" else 0.265 * canvas.width
    centre = (middle, 0.485 * canvas.height)
    y, x = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    away = np.hypot(x - centre[0], y - centre[1])
    ring = 0.022 * canvas.height
    light = np.exp(-((np.clip(away - radius, 0, None) / (0.16 * canvas.height)) ** 2))
    ground += (np.asarray(mood.glow, np.float32) - ground) * (0.60 * light)[..., None]
    drop = softened((np.hypot(x - centre[0], y - centre[1] - 0.03 * canvas.height)
                     < radius + ring).astype(np.float32), 0.03 * canvas.height)  # fmt: skip
    ground *= (1 - 0.5 * drop)[..., None]
    rim = np.clip(radius + ring - away, 0, 1)
    ground += (np.asarray(mood.plate, np.float32) - ground) * rim[..., None]
    white = np.clip(radius + 0.28 * ring - away, 0, 1)
    ground += (255 - ground) * white[..., None]
    inside = np.clip(radius - away, 0, 1)
    size = disc.shape[0]
    top, left = round(centre[1] - size / 2), round(centre[0] - size / 2)
    layer = np.zeros_like(ground)
    layer[top : top + size, left : left + size] = disc
    ground += (layer - ground) * inside[..., None]
    reach = (radius + ring) / canvas.width + 0.012
    middle /= canvas.width
    room = (
        canvas.box(MARGIN, 0.08, middle - reach, 0.92)
        if side == "right"
        else canvas.box(middle + reach, 0.08, 1 - MARGIN, 1 - BADGE[1] - 0.04)
    )
    face = None
    if face_in is not None:
        face = Area(face_in.left + left, face_in.top + top, face_in.right + left,
                   face_in.bottom + top)  # fmt: skip
    return Drawing(_bytes(ground), room, face)


def ribbon(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The whole frame, a broad ribbon of colour along its foot for the hook."""
    if still.kind == "slide":
        return None
    rows, columns = still.rgb.shape[:2]
    cover = max(canvas.width / columns, canvas.height / rows)
    if cover > softest(canvas):
        return None
    factor, left, top = cover, 0, 0
    if still.face is not None:
        x, y, width, height = still.face
        factor = min(max(cover, 0.36 * canvas.height / height), softest(canvas))
        if height * factor > 0.52 * canvas.height:
            return None
        left = round(0.5 * canvas.width - (x + width / 2) * factor)
        top = round(0.30 * canvas.height - (y + height / 2) * factor)
    else:
        left = round(0.5 * canvas.width - spot_of(still.rgb)[0] * columns * factor)
    seen = Canvas(canvas.width, round(0.76 * canvas.height))  # the ribbon covers the rest
    left = min(0, max(canvas.width - round(columns * factor), left))
    top = min(0, max(seen.height - round(rows * factor), top))
    frame = np.zeros((canvas.height, canvas.width, 3), np.float32)
    frame[: seen.height] = _filled(still.rgb, seen, factor, left, top)
    x, y = _shares(canvas)
    signed = y - 0.66 - 0.035 * np.sin(1.2 + 2.6 * x)
    shade = 0.62 * np.clip(1 + signed / 0.30, 0, 1) ** 2
    picture = frame * (1 - shade)[..., None]
    drawn = ground_of(background, canvas.size, mood, (0.2, 0.9)).astype(np.float32)
    for offset, color in ((-0.030, mood.plate), (-0.012, mood.rim)):
        edge = np.clip((signed - offset) * canvas.height, 0, 1)
        picture += (np.asarray(color, np.float32) - picture) * edge[..., None]
    low = np.clip(signed * canvas.height, 0, 1)
    picture += (drawn - picture) * low[..., None]
    face = None
    if still.face is not None:
        fx, fy, fw, fh = (value * factor for value in still.face)
        face = Area(round(left + fx), round(top + fy), round(left + fx + fw), round(top + fy + fh))
        if face.bottom > 0.58 * canvas.height or face.top < 0:
            return None
    room = canvas.box(MARGIN, 0.715, 1 - BADGE[0] - 0.01, 0.975)
    return Drawing(_bytes(picture), room, face)


@dataclass(frozen=True)
class _Placed:
    factor: float
    left: int
    top: int


def _beside_panel(still: Still, canvas: Canvas) -> tuple[Pixels, Area | None] | None:
    rows, columns = still.rgb.shape[:2]
    cover = max(canvas.width / columns, canvas.height / rows)
    if cover > softest(canvas):
        return None
    if still.face is None:
        factor = min(cover * 1.12, softest(canvas))
        seen_wide = min(1.0, canvas.width / (columns * factor))
        seen_high = min(1.0, canvas.height / (rows * factor))
        across, up, _ = best_window(still.rgb, seen_wide, seen_high)
        left = round(0.50 * canvas.width - across * columns * factor)
        top = round(0.50 * canvas.height - up * rows * factor)
        left = min(0, max(canvas.width - round(columns * factor), left))
        top = min(0, max(canvas.height - round(rows * factor), top))
        return _filled(still.rgb, canvas, factor, left, top), None
    x, y, width, height = still.face
    factor = min(max(cover, FACE_ON_PANEL * canvas.height / height), softest(canvas))
    if height * factor < 0.24 * canvas.height or height * factor > canvas.height:
        return None
    left = round(0.57 * canvas.width - (x + width / 2) * factor)
    top = round(0.45 * canvas.height - (y + height / 2) * factor)
    left = min(0, max(canvas.width - round(columns * factor), left))
    top = min(0, max(canvas.height - round(rows * factor), top))
    face = Area(round(left + x * factor), round(top + y * factor),
               round(left + (x + width) * factor), round(top + (y + height) * factor))  # fmt: skip
    return _filled(still.rgb, canvas, factor, left, top), face


def _spot(still: Still, canvas: Canvas, radius: float) -> tuple[Pixels, Area | None] | None:
    """A square of the frame around its face or what draws the eye, as large as the ring."""
    rows, columns = still.rgb.shape[:2]
    size = 2 * round(radius) + 2
    if still.face is not None:
        x, y, width, height = still.face
        side = min(rows, columns, max(1.75 * height, size / softest(canvas)))
        middle = (x + width / 2, y + 0.52 * height)
    else:
        side = min(rows, columns, max(0.62 * rows, size / softest(canvas)))
        across, up, stands_out = best_window(still.rgb, side / columns, side / rows)
        if stands_out < STANDS_OUT:
            return None
        middle = (across * columns, up * rows)
    if size / side > 1.15 * softest(canvas) or side < 8:
        return None
    left = round(min(max(0, middle[0] - side / 2), columns - side))
    top = round(min(max(0, middle[1] - side / 2), rows - side))
    square = still.rgb[top : top + round(side), left : left + round(side)]
    factor = size / square.shape[0]
    import cv2

    large = scaled(np.ascontiguousarray(square), factor)
    disc = np.asarray(cv2.resize(large, (size, size)), np.uint8)
    if still.face is None:
        return disc, None
    x, y, width, height = still.face
    face = Area(round((x - left) * factor), round((y - top) * factor),
               round((x - left + width) * factor), round((y - top + height) * factor))  # fmt: skip
    return disc, face


def _filled(rgb: Pixels, canvas: Canvas, factor: float, left: int, top: int) -> Pixels:
    """The frame enlarged and cropped to the canvas; only what is seen is enlarged."""
    import cv2

    rows, columns = rgb.shape[:2]
    x0, y0 = max(0, int(-left / factor)), max(0, int(-top / factor))
    x1 = min(columns, int(np.ceil((canvas.width - left) / factor)))
    y1 = min(rows, int(np.ceil((canvas.height - top) / factor)))
    part = scaled(np.ascontiguousarray(rgb[y0:y1, x0:x1]), factor)
    return (
        np.asarray(cv2.resize(part, canvas.size, interpolation=cv2.INTER_AREA), np.uint8)
        if (part.shape[1] < canvas.width or part.shape[0] < canvas.height)
        else np.ascontiguousarray(part[: canvas.height, : canvas.width])
    )


def _focused(picture: Any, spot: tuple[float, float]) -> Any:
    """Lighter about the eye-catcher, darker towards the edges."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    away = np.hypot((x - spot[0]) * width / height, y - spot[1])
    light = 1.10 - 0.34 * np.clip(away / 1.1, 0, 1) ** 1.4
    return np.clip(picture * light[..., None], 0, 255)


def _shares(canvas: Canvas) -> tuple[Any, Any]:
    y, x = np.mgrid[0 : 1 : canvas.height * 1j, 0 : 1 : canvas.width * 1j].astype(np.float32)
    return x, y


def _bytes(picture: Any) -> Pixels:
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)
