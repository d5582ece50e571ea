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


CALM = 0.55
"""How much of what draws the eye a band may hold, in that of the other, to be written on."""


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
    # A blown sky or a sheet of glare is unlike the rest and shows nothing.
    near = cv2.GaussianBlur(detail, (0, 0), 2.5)
    together *= 0.15 + 0.85 * np.clip(near / (np.percentile(near, 70) + 1e-3), 0, 1)
    together *= np.exp(-0.45 * (x * x + y * y))  # what is filmed on purpose is rarely at the edge
    smooth = cv2.GaussianBlur(together.astype(np.float32), (0, 0), 2.2) ** 1.5
    return smooth / max(float(smooth.sum()), 1e-6)


def best_window(rgb: Pixels, wide: float, high: float) -> tuple[float, float, float]:
    """Where a part of a frame shows most.

    Args:
        rgb: the frame.
        wide: width of the part, as a share of the frame's.
        high: height of the part, as a share of the frame's.

    Returns:
        Its middle, as shares of width and height, and how much more of what draws the eye it holds
        than any part of its size would: 1 is as much as any.
    """
    import cv2

    seen = saliency(rgb)
    rows, columns = seen.shape
    size = (max(1, round(wide * columns)), max(1, round(high * rows)))
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    # What lies in the middle of the part counts most: nothing shall be cut by its edge.
    weight = np.exp(-1.2 * (((x + 0.5) / size[0] - 0.5) ** 2 + ((y + 0.5) / size[1] - 0.5) ** 2))
    sums = cv2.filter2D(seen, -1, weight.astype(np.float32), anchor=(0, 0),
                        borderType=cv2.BORDER_CONSTANT)  # fmt: skip
    sums = sums[: rows - size[1] + 1, : columns - size[0] + 1]
    top, left = np.unravel_index(int(sums.argmax()), sums.shape)
    held = float(seen[top : top + size[1], left : left + size[0]].sum())
    middle = ((left + size[0] / 2) / columns, (top + size[1] / 2) / rows)
    return float(middle[0]), float(middle[1]), held * rows * columns / (size[0] * size[1])


def calmer_band(rgb: Pixels, one: tuple[float, float], other: tuple[float, float]) -> bool | None:
    """Whether the first of two bands draws the eye less; None where both hold what matters.

    Args:
        rgb: the frame.
        one: from and to, as shares of the height.
        other: likewise.
    """
    seen = saliency(rgb)
    rows = seen.shape[0]
    first, second = (
        float(seen[round(start * rows) : round(end * rows)].mean()) for start, end in (one, other)
    )
    return first <= second if min(first, second) < CALM * max(first, second) else None


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
        if zoom > 1 and cover * zoom > min(softest, 2.6 * canvas.height / 720):
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
