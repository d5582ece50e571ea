"""The growth curve of the numbers said, large behind the hook, with or without the speaker."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.plan import ChartData
from ai_video_editor.language.growth import balances
from ai_video_editor.look.typography import font
from ai_video_editor.thumbnails.backgrounds import Background, ground_of
from ai_video_editor.thumbnails.drawing import Drawing
from ai_video_editor.thumbnails.figure import placed_subject
from ai_video_editor.thumbnails.layout import MARGIN, Canvas, Side
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.stills import Still, softened

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

STEEP = 1.3
"""Least share by which the end must stand above what was paid in for a curve to say anything."""


def curve(chart: ChartData) -> tuple[Points, Points] | None:
    """Balance and money paid in after every month, as shares of the end; None where it is flat."""
    try:
        values = balances(
            chart.contribution or 0, chart.principal or 0, chart.annual_rate or 0, chart.years or 0
        )
    except ValueError:
        return None
    total = np.array([float(value) for value in values])
    paid = (chart.principal or 0) + (chart.contribution or 0) * np.arange(len(total))
    if total[-1] < STEEP * paid[-1]:
        return None
    return total / total[-1], paid / total[-1]


def rising(
    canvas: Canvas, mood: Mood, still: Still | None, background: Background, chart: ChartData
) -> Drawing | None:
    """A curve that rises under the hook to a question mark: its end is for the film to tell."""
    return _drawn(canvas, mood, still, background, chart, columns=False)


def columns(
    canvas: Canvas, mood: Mood, still: Still | None, background: Background, chart: ChartData
) -> Drawing | None:
    """The same growth as columns, one for each stretch of years."""
    return _drawn(canvas, mood, still, background, chart, columns=True)


def _drawn(
    canvas: Canvas,
    mood: Mood,
    still: Still | None,
    background: Background,
    chart: ChartData,
    *,
    columns: bool,
) -> Drawing | None:
    shares = curve(chart) if chart.kind == "growth" else None
    if shares is None:
        return None
    side: Side = "right"
    ground = ground_of(background, canvas.size, mood, (0.72, 0.45))
    subject = placed_subject(canvas, still, side) if still is not None else None
    end = 0.60 if subject is not None else 0.90
    area = (0.035 * canvas.width, end * canvas.width, 0.985 * canvas.height, 0.20 * canvas.height)
    if subject is None:
        area = (area[0], area[1], 0.80 * canvas.height, 0.16 * canvas.height)
    layer = ground.astype(np.float32)
    if columns:  # below the letters, which the tallest column would else cut through
        area = (*area[:3], 0.50 * canvas.height)
    draw = _columns if columns else _curve
    layer = draw(layer, shares, area, mood)
    picture = np.asarray(np.clip(layer, 0, 255), np.uint8)
    face = None
    if subject is not None:
        picture, face = subject.paste(picture, mood)
    if not columns:
        picture = _question(picture, (area[1], area[3]), mood)
    edge = 0.52 if subject is not None else 0.56
    if face is not None:
        edge = min(edge, face.left / canvas.width - 0.03)
    room = canvas.box(MARGIN, 0.06, edge, 0.47 if columns else 0.56)
    return Drawing(picture, room, face)


def _curve(layer: Any, shares: tuple[Points, Points], area: Any, mood: Mood) -> Any:
    import cv2

    height, width = layer.shape[:2]
    lines = [_points(values, area) for values in shares]
    left, right, bottom, _ = area
    for points, color, strength in (
        (lines[0], mood.plate, 0.42),
        (lines[1], mood.ink, 0.34),
    ):
        corners = np.vstack([points, [[right, bottom + height], [left, bottom + height]]])
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [np.round(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        fade = np.linspace(0.55, 1.0, height, dtype=np.float32)[:, None]
        # Towards the subject it fades: no upright edge shall stand beside a face.
        ends = np.clip((right - np.arange(width, dtype=np.float32)) / (0.10 * width), 0, 1)
        share = strength * mask.astype(np.float32) / 255 * fade * ends[None, :]
        layer = layer + (np.asarray(color, np.float32) - layer) * share[..., None]
    stroke = np.zeros((height, width), np.uint8)
    path = [np.round(lines[0] * 16).astype(np.int32)]
    cv2.polylines(stroke, path, False, 255, max(4, round(0.020 * height)), cv2.LINE_AA, 4)
    line = stroke.astype(np.float32) / 255
    glow = softened(line, 0.030 * height)
    layer = layer + (np.asarray(mood.plate, np.float32) - layer) * (0.8 * glow)[..., None]
    return layer + (np.asarray(mood.plate, np.float32) - layer) * line[..., None]


def _columns(layer: Any, shares: tuple[Points, Points], area: Any, mood: Mood) -> Any:
    left, right, bottom, top = area
    height, width = layer.shape[:2]
    count = 6
    picked = [round(k * (len(shares[0]) - 1) / count) for k in range(1, count + 1)]
    pitch = (right - left) / count
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for number, index in enumerate(picked):
        middle = left + (number + 0.5) * pitch
        across = np.clip(0.39 * pitch - np.abs(x - middle) + 0.5, 0, 1)
        lit = 1.0 - 0.28 * np.clip((x - middle) / (0.39 * pitch), -1, 1)
        for value, color in ((shares[0][index], mood.plate), (shares[1][index], mood.ink)):
            high = bottom - float(value) * (bottom - top)
            share = across * np.clip(y - high + 0.5, 0, 1) * np.clip(bottom - y, 0, 1)
            tone = np.asarray(color, np.float32) * lit[..., None]
            tone = tone * (0.58 + 0.42 * np.clip((bottom - y) / (bottom - top), 0, 1))[..., None]
            layer = layer + (np.clip(tone, 0, 255) - layer) * share[..., None]
    return layer


def _points(values: Points, area: Any) -> Points:
    left, right, bottom, top = area
    x = np.linspace(left, right, len(values))
    return np.stack([x, bottom - values * (bottom - top)], axis=1)


def _question(picture: Pixels, at: tuple[float, float], mood: Mood) -> Pixels:
    """A ring with a question mark at the end of the curve."""
    from PIL import Image, ImageDraw

    height = picture.shape[0]
    radius = 0.088 * height
    image = Image.fromarray(picture).convert("RGB")
    scale = 3
    size = round(2 * radius * scale) + 8
    badge = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((2, 2, size - 3, size - 3), fill=(*mood.ink, 255))
    inset = round(0.10 * size)
    pen.ellipse((inset, inset, size - 1 - inset, size - 1 - inset), fill=(*mood.plate, 255))
    face = font("headline", round(0.62 * size))
    pen.text((size / 2, size / 2 + 0.015 * size), "?", font=face, fill=(*mood.on_plate, 255),
             anchor="mm")  # fmt: skip
    small = badge.resize((round(2 * radius), round(2 * radius)), Image.Resampling.LANCZOS)
    image.paste(small, (round(at[0] - radius), round(at[1] - radius)), small)
    return np.asarray(image, np.uint8)
