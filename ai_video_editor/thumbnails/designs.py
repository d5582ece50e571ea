"""The designs with a person: cut out, filling the picture, or on a card; and letters alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import BLACK
from ai_video_editor.thumbnails.backgrounds import TEMPLATES, Background, blurred, ground_of
from ai_video_editor.thumbnails.drawing import SMALL_FACE, Drawing, softest
from ai_video_editor.thumbnails.layout import MARGIN, Canvas, Side, beside
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.saliency import best_window, calmer_band
from ai_video_editor.thumbnails.stills import Still, scaled, softened

Pixels = NDArray[np.uint8]


def bleed(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The frame itself, filling the picture, its face large, darkened where the hook stands."""
    if still.face is None:
        return None
    rows, columns = still.rgb.shape[:2]
    cover = max(canvas.width / columns, canvas.height / rows)
    upright = columns / rows < 1.5
    if upright:
        factor = canvas.height / rows * (1.0 if columns < rows else 1.02)
    else:
        factor = cover * float(np.clip(0.40 * canvas.height / (still.face[3] * cover), 1.0, 1.45))
        factor = max(cover, min(factor, softest(canvas)))
    if factor > softest(canvas) or _too_small(still, factor, canvas):
        return None
    frame = scaled(still.rgb, factor)
    middle = _middle(still, factor, frame.shape[1])
    target = (0.70 if side == "right" else 0.30) * canvas.width
    left = round(target - middle)
    top = _top(still, factor, frame.shape[0], canvas)
    ground: Any = blurred(still.rgb, canvas.size, mood).astype(np.float32)
    picture = _darkened(_faded_in(ground, frame, left, top, canvas), mood, side)
    face = None
    edge = 0.52 if side == "right" else 0.48
    if still.face is not None:
        x, y, width, height = (value * factor for value in still.face)
        face = Area(round(left + x), round(top + y),
                   round(left + x + width), round(top + y + height))  # fmt: skip
        reach = 0.16 * width
        edge = (face.left - reach if side == "right" else face.right + reach) / canvas.width
    if _covers(face, canvas.badge):
        return None
    room = beside(canvas, side, edge)
    if room.overlaps(face):
        return None
    return Drawing(picture, room, face)


def banner(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The frame in the upper part, the hook below over the whole width: for long words.

    Where nobody is seen, the hook may stand on all of the frame, but not on a slide's own words.
    """
    if still.kind == "slide":
        return None
    rows, columns = still.rgb.shape[:2]
    cover = max(canvas.width / columns, canvas.height / rows)
    factor, top = cover, 0
    if still.face is not None:
        _, face_y, _, height = still.face
        factor = min(
            max(cover, 0.28 * canvas.height / height),
            0.345 * canvas.height / height,
            softest(canvas),
        )
        top = round(0.235 * canvas.height - (face_y + height / 2) * factor)
        top = min(0, max(round(0.47 * canvas.height - rows * factor), top))
    if factor > softest(canvas) or _too_small(still, factor, canvas):
        return None
    frame = scaled(still.rgb, factor)
    target = (0.66 if side == "right" else 0.34) * canvas.width
    left = round(target - _middle(still, factor, frame.shape[1]))
    if frame.shape[1] >= canvas.width:
        left = min(0, max(canvas.width - frame.shape[1], left))
    ground: Any = blurred(still.rgb, canvas.size, mood)
    if frame.shape[1] < canvas.width:  # the same face again, large and blurred, would look odd
        ground = TEMPLATES["gradient"](canvas.size, mood, (target / canvas.width, 0.3))
    ground = ground.astype(np.float32)
    laid = _faded_in(ground, frame, left, top, canvas)
    y = np.linspace(0, 1, canvas.height, dtype=np.float32)
    dark = 0.93 * np.clip((y - 0.33) / 0.20, 0, 1) ** 0.8
    if still.face is None:
        dark = np.full_like(y, 0.24)
    deep = np.asarray(mood.deep.mix(BLACK, 0.45), np.float32)
    picture = np.clip(laid + (deep - laid) * dark[:, None, None], 0, 255).astype(np.uint8)
    face = None
    if still.face is not None:
        x, up, width, height = (value * factor for value in still.face)
        face = Area(round(left + x), round(top + up),
                   round(left + x + width), round(top + up + height))  # fmt: skip
    room = canvas.box(MARGIN, 0.10 if face is None else 0.43, 1 - MARGIN, 0.845)
    if face is not None and (room.overlaps(face) or face.top < 0):
        return None
    return Drawing(picture, room, face, align="left" if side == "right" else "center")


def across(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The whole frame where nobody is seen, large letters across its calmer half."""
    rows, columns = still.rgb.shape[:2]
    factor = max(canvas.width / columns, canvas.height / rows)
    if still.face is not None or still.kind == "slide" or factor > softest(canvas):
        return None
    frame = scaled(still.rgb, factor)
    left = (frame.shape[1] - canvas.width) // 2
    top = (frame.shape[0] - canvas.height) // 2
    seen = np.ascontiguousarray(
        frame[max(0, top) : max(0, top) + canvas.height, max(0, left) : max(0, left) + canvas.width]
    )
    upper = calmer_band(seen, (0.05, 0.45), (0.45, 0.845))
    if upper is None:
        return None
    band = (0.05, 0.45) if upper else (0.45, 0.845)
    y = np.linspace(0, 1, seen.shape[0], dtype=np.float32)
    away = np.clip((y - 0.42) / 0.25, 0, 1) if upper else np.clip((0.48 - y) / 0.25, 0, 1)
    dark = 0.62 * (1 - away * away * (3 - 2 * away))
    deep = np.asarray(mood.deep.mix(BLACK, 0.45), np.float32)
    toned = seen.astype(np.float32)
    toned += (deep - toned) * dark[:, None, None]
    picture = np.asarray(np.clip(toned, 0, 255), np.uint8)
    room = canvas.box(MARGIN, band[0], 1 - MARGIN, band[1])
    return Drawing(picture, room, None, align="left" if side == "right" else "center")


def framed(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The frame as a picture with a border, a little turned, before a background."""
    return _framed(canvas, mood, still, side, background, share=0.50, widest=1.22)


def narrow(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """As `framed`, with an upright card that leaves long words more room."""
    return _framed(canvas, mood, still, side, background, share=0.345, widest=0.80)


def _framed(
    canvas: Canvas,
    mood: Mood,
    still: Still,
    side: Side,
    background: Background,
    *,
    share: float,
    widest: float,
) -> Drawing | None:
    crop, face_in = _cropped(still, widest)
    rows, columns = crop.shape[:2]
    width, height = share * canvas.width, 0.80 * canvas.height
    factor = min(width / columns, height / rows, softest(canvas) * 1.12)
    card = scaled(crop, factor)
    middle = 1 - MARGIN * 0.8 - card.shape[1] / canvas.width / 2
    x = (middle if side == "right" else 1 - middle) * canvas.width
    y = (0.47 if side == "right" else 0.50) * canvas.height
    focus = (x / canvas.width, 0.5)
    ground = ground_of(background, canvas.size, mood, focus, still.rgb)
    angle = 2.6 if side == "left" else -2.6
    picture = _card_on(ground, card, (x, y), angle, mood)
    half = card.shape[1] / 2 / canvas.width + 0.025
    edge = x / canvas.width - half if side == "right" else x / canvas.width + half
    face = None
    if face_in is not None:
        left, top = x - card.shape[1] / 2, y - card.shape[0] / 2
        fx, fy, fw, fh = (value * factor for value in face_in)
        face = Area(round(left + fx), round(top + fy), round(left + fx + fw), round(top + fy + fh))
    return Drawing(picture, beside(canvas, side, edge), face)


def _too_small(still: Still, factor: float, canvas: Canvas) -> bool:
    return still.face is not None and still.face[3] * factor < SMALL_FACE * canvas.height


def _middle(still: Still, factor: float, width: int) -> float:
    if still.face is None:
        return width / 2
    return (still.face[0] + still.face[2] / 2) * factor


def _top(still: Still, factor: float, height: int, canvas: Canvas) -> int:
    if height <= canvas.height:
        return round((canvas.height - height) / 2)
    middle = 0.42 * height
    if still.face is not None:
        middle = (still.face[1] + still.face[3] / 2) * factor
    top = round(0.42 * canvas.height - middle)
    return min(0, max(canvas.height - height, top))


def _faded_in(ground: Any, frame: Pixels, left: int, top: int, canvas: Canvas) -> Any:
    """The frame on the ground, its inner edges running out softly."""
    y0, x0 = max(0, top), max(0, left)
    y1 = min(canvas.height, top + frame.shape[0])
    x1 = min(canvas.width, left + frame.shape[1])
    part = frame[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32)
    columns = np.arange(x0, x1, dtype=np.float32)
    fade = 0.20 * canvas.width
    share = np.ones_like(columns)
    if left > 0:
        share = np.minimum(share, (columns - left) / fade)
    if left + frame.shape[1] < canvas.width:
        share = np.minimum(share, (left + frame.shape[1] - columns) / fade)
    share = np.clip(share, 0, 1)
    share = (share * share * (3 - 2 * share))[None, :, None]
    laid = ground.copy()
    laid[y0:y1, x0:x1] = part * share + ground[y0:y1, x0:x1] * (1 - share)
    return laid


def _darkened(picture: Any, mood: Mood, side: Side) -> Pixels:
    """Dark, in the mood's colour, on the side where the hook stands, and a little below."""
    height, width = picture.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)
    x = x if side == "right" else 1 - x
    share = 0.88 * np.clip(1 - x / 0.64, 0, 1) ** 0.75
    y = np.linspace(0, 1, height, dtype=np.float32)
    below = 0.35 * np.clip((y - 0.62) / 0.38, 0, 1)
    dark = 1 - (1 - share[None, :]) * (1 - below[:, None])
    toned = (
        picture + (np.asarray(mood.deep.mix(BLACK, 0.5), np.float32) - picture) * dark[..., None]
    )
    return np.asarray(np.clip(toned, 0, 255), dtype=np.uint8)


def _covers(face: Area | None, badge: Area) -> bool:
    return face is not None and face.overlaps(badge)


def _cropped(
    still: Still, widest: float
) -> tuple[Pixels, tuple[float, float, float, float] | None]:
    """The frame, cut around what matters: a card is high, and shows head and shoulders.

    What lies below the chest is left out, and with it most name strips.
    """
    if still.face is not None and still.kind != "slide":
        still = _bust(still, still.face)
    rows, columns = still.rgb.shape[:2]
    if still.kind == "slide":
        widest = max(widest, 2.0)  # cut, its words could not be read
    if columns / rows <= widest:
        return still.rgb, still.face
    keep = round(rows * widest)
    if still.face is None:
        middle = best_window(still.rgb, keep / columns, 1.0)[0] * columns
    else:
        middle = still.face[0] + still.face[2] / 2
    left = int(min(max(0, middle - keep / 2), columns - keep))
    crop = np.ascontiguousarray(still.rgb[:, left : left + keep])
    if still.face is None:
        return crop, None
    x, y, width, height = still.face
    return crop, (x - left, y, width, height)


def _bust(still: Still, face: tuple[float, float, float, float]) -> Still:
    x, y, width, height = face
    top = max(0, round(y - 1.0 * height))
    bottom = min(still.rgb.shape[0], round(y + 1.75 * height))
    rgb = np.ascontiguousarray(still.rgb[top:bottom])
    return replace(still, rgb=rgb, face=(x, y - top, width, height), cutout=None)


def _card_on(
    ground: Pixels, card: Pixels, middle: tuple[float, float], angle: float, mood: Mood
) -> Pixels:
    import cv2

    height, width = ground.shape[:2]
    border = max(4, round(0.011 * height))
    rows, columns = card.shape[0] + 2 * border, card.shape[1] + 2 * border
    full = np.zeros((rows, columns, 3), np.uint8)
    full[:] = mood.rim
    full[border:-border, border:-border] = card
    mask = _rounded(columns, rows, round(0.028 * height))
    inner = np.zeros((rows, columns), np.float32)
    inner[border:-border, border:-border] = _rounded(
        card.shape[1], card.shape[0], round(0.020 * height)
    )
    white = np.zeros_like(full)
    white[:] = mood.rim
    full = np.asarray(white + (full.astype(np.float32) - white) * inner[..., None], np.uint8)
    turn: Any = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    turn[:, 2] += (middle[0] - columns / 2, middle[1] - rows / 2)
    alpha = cv2.warpAffine(mask, turn, (width, height), flags=cv2.INTER_CUBIC)
    laid = cv2.warpAffine(
        full, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    alpha = np.clip(alpha, 0, 1)
    canvas = ground.astype(np.float32)
    shadow = softened(np.roll(alpha, round(0.025 * height), axis=0), 0.035 * height)
    canvas *= (1 - 0.65 * shadow)[..., None]
    glow = softened(alpha, 0.05 * height)
    canvas += (np.asarray(mood.glow) - canvas) * (0.35 * glow)[..., None]
    canvas += (laid.astype(np.float32) - canvas) * alpha[..., None]
    return np.asarray(np.clip(canvas, 0, 255), dtype=np.uint8)


def _rounded(width: int, height: int, radius: int) -> Any:
    from PIL import Image, ImageDraw

    image = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(image).rounded_rectangle(
        (0, 0, width * 2 - 1, height * 2 - 1), radius * 2, fill=255
    )
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(small, np.float32) / 255


def typographic(
    canvas: Canvas, mood: Mood, side: Side, background: Background, still: Still | None = None
) -> Drawing:
    """Letters alone before a frame out of focus, or before a drawn background."""
    focus = (0.80 if side == "right" else 0.20, 0.30)
    if still is not None:
        picture = np.asarray(blurred(still.rgb, canvas.size, mood) * 0.80, dtype=np.uint8)
    else:
        picture = ground_of(background, canvas.size, mood, focus)
    bottom = 0.93 if side == "right" else 0.82
    room = canvas.box(0.07, 0.09, 0.93, min(bottom, 0.84))
    return Drawing(picture, room, None, align="left" if side == "right" else "center")
