"""Where a picture draws the eye, and how to crop it so that the hook has room beside that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.thumbnails.layout import Canvas, Side

Pixels = NDArray[np.uint8]

GRID = 96
"""Columns of the map: finer detail than this is not seen in a small picture."""
ZOOMS = (1.0, 1.12, 1.28, 1.45)
"""How far a picture may be cropped; closer is stronger, and shows fewer pixels."""


@dataclass(frozen=True)
class Crop:
    """How a frame fills the canvas.

    Attributes:
        factor: enlargement.
        left: column of the frame's left edge on the canvas, 0 or less.
        top: row of its upper edge, 0 or less.
        side: half that draws the eye; the hook stands on the other.
        spot: point that draws the eye most, as shares of the canvas.
        calm: how little there is to see where the hook stands, 0 to 1.
    """

    factor: float
    left: int
    top: int
    side: Side
    spot: tuple[float, float]
    calm: float


def saliency(rgb: Pixels) -> Any:
    """A map of what draws the eye: colour unlike the rest, and detail; it sums to 1.

    Colour after Achanta et al., Frequency-tuned Salient Region Detection (CVPR 2009).
    """
    import cv2

    rows = max(8, round(GRID * rgb.shape[0] / rgb.shape[1]))
    small = cv2.resize(rgb, (GRID, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    unlike = np.linalg.norm(lab - np.median(lab, axis=(0, 1)), axis=2)
    grey = lab[..., 0]
    detail = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    together = 0.7 * unlike / (unlike.max() + 1e-3) + 1.2 * detail / (
        np.percentile(detail, 99) + 1e-3
    )
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : GRID * 1j]
    together *= np.exp(-0.45 * (x * x + y * y))  # what is filmed on purpose is rarely at the edge
    smooth = cv2.GaussianBlur(together.astype(np.float32), (0, 0), 2.2) ** 1.5
    return smooth / max(float(smooth.sum()), 1e-6)


def spot_of(rgb: Pixels) -> tuple[float, float]:
    """The middle of what draws the eye, as shares of width and height."""
    seen = saliency(rgb)
    strong = np.where(seen >= np.quantile(seen, 0.85), seen, 0)
    total = float(strong.sum())
    if total <= 0:
        return 0.5, 0.5
    rows, columns = seen.shape
    x = float((strong.sum(axis=0) * (np.arange(columns) + 0.5)).sum() / total / columns)
    y = float((strong.sum(axis=1) * (np.arange(rows) + 0.5)).sum() / total / rows)
    return x, y


def best_crop(rgb: Pixels, canvas: Canvas, wanted: Side | None, softest: float) -> Crop | None:
    """The crop whose one half is full and whose other half is free; None where it gets too soft.

    Args:
        rgb: the frame.
        canvas: what it shall fill.
        wanted: half in which the eye-catcher shall be; None takes the better one.
        softest: most that the frame may be enlarged.
    """
    rows, columns = rgb.shape[:2]
    cover = max(canvas.width / columns, canvas.height / rows)
    if cover > softest:
        return None
    seen = saliency(rgb)
    best: tuple[float, Crop] | None = None
    for zoom in ZOOMS:
        if zoom > 1 and cover * zoom > min(softest, 2.6):
            continue
        factor = cover * zoom
        wide, high = canvas.width / (columns * factor), canvas.height / (rows * factor)
        for x in np.linspace(0, 1 - wide, 5 if wide < 0.999 else 1):
            for y in np.linspace(0, 1 - high, 5 if high < 0.999 else 1):
                window = _window(seen, float(x), float(y), wide, high)
                for side in ("left", "right") if wanted is None else (wanted,):
                    worth, calm, spot = _worth(window, side)
                    worth *= 1 + 0.10 * (zoom - 1)
                    crop = Crop(factor, -round(x * columns * factor), -round(y * rows * factor),
                                "left" if side == "left" else "right", spot, calm)  # fmt: skip
                    if best is None or worth > best[0]:
                        best = worth, crop
    return best[1] if best else None


def _window(seen: Any, x: float, y: float, wide: float, high: float) -> Any:
    rows, columns = seen.shape
    top, left = int(y * rows), int(x * columns)
    return seen[top : max(top + 2, round((y + high) * rows)),
                left : max(left + 2, round((x + wide) * columns))]  # fmt: skip


def _worth(window: Any, side: str) -> tuple[float, float, tuple[float, float]]:
    facing = window if side == "right" else window[:, ::-1]
    rows, columns = facing.shape
    room = facing[: round(0.9 * rows), : round(0.50 * columns)]
    stage = facing[:, round(0.50 * columns) :]
    total = float(facing.sum()) + 1e-6
    calm = 1 - float(room.sum()) / total
    y, x = np.unravel_index(int(stage.argmax()), stage.shape)
    column = (x + columns - stage.shape[1]) / columns
    spot = (float(column if side == "right" else 1 - column), float(y / rows))
    # Kept of the whole picture's interest, and on the side where nothing covers it.
    return float(stage.sum()) - 0.5 * float(room.sum()), calm, spot
