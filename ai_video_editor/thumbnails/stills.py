"""The pictures thumbnails are made of: a highlight's frame without bars, its face, its cut-out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.errors import MediaError

Pixels = NDArray[np.uint8]

BAR = 20
"""Luma up to which a border row is a black bar (limited-range black with coding noise)."""


@dataclass(frozen=True, eq=False)
class Still:
    """A frame to design with.

    Attributes:
        index: of the highlight.
        kind: of the highlight.
        rgb: `(height, width, 3)`, without black bars.
        face: left, top, width, height in pixels of the largest face; None where there is none.
        cutout: RGBA of the same size; None where the subject could not be cut out.
    """

    index: int
    kind: str
    rgb: Pixels
    face: tuple[float, float, float, float] | None
    cutout: Pixels | None


def load_rgb(path: Path) -> Pixels:
    """A stored picture as RGB.

    Raises:
        MediaError: it cannot be read as a picture.
    """
    return np.ascontiguousarray(_decoded(path)[:, :, 2::-1])


def load_rgba(path: Path) -> Pixels:
    """A stored cut-out as RGBA.

    Raises:
        MediaError: it cannot be read as a picture with alpha.
    """
    image = _decoded(path)
    if image.shape[2] != 4:
        raise MediaError(f"{path.name} has no alpha channel; run thumbnail generation again.")
    return np.ascontiguousarray(image[:, :, [2, 1, 0, 3]])


def _decoded(path: Path) -> Pixels:
    import cv2

    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise MediaError(f"The picture {path.name} cannot be read: {error}.") from error
    image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if image is None or image.ndim != 3:
        raise MediaError(f"{path.name} is no picture; run video analysis again.")
    return np.asarray(image, dtype=np.uint8)


def still(index: int, highlight: VisualHighlight, frame: Pixels, cutout: Pixels | None) -> Still:
    """A highlight's picture ready for design: bars cut off, face in pixels."""
    left, top, right, bottom = picture_area(frame)
    rows, columns = frame.shape[:2]
    face = None
    if highlight.faces:
        box = highlight.faces[0].box
        face = (box.x * columns - left, box.y * rows - top, box.width * columns, box.height * rows)
    return Still(
        index,
        highlight.kind,
        np.ascontiguousarray(frame[top:bottom, left:right]),
        face,
        np.ascontiguousarray(cutout[top:bottom, left:right]) if cutout is not None else None,
    )


def picture_area(frame: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not a black bar; the whole frame where most is black."""
    luma = frame.max(axis=2)
    rows = np.flatnonzero(np.percentile(luma, 98, axis=1) > BAR)
    columns = np.flatnonzero(np.percentile(luma, 98, axis=0) > BAR)
    height, width = luma.shape
    if not rows.size or not columns.size:
        return 0, 0, width, height
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    # Only bars: a dark room that happens to end dark keeps its shape.
    if bottom - top < 0.5 * height or right - left < 0.3 * width:
        return 0, 0, width, height
    bars_y, bars_x = height - (bottom - top), width - (right - left)
    if bars_y < 0.04 * height:
        top, bottom = 0, height
    if bars_x < 0.04 * width:
        left, right = 0, width
    return left, top, right, bottom


def graded(rgb: Pixels, *, strength: float = 1.0) -> Pixels:
    """Lighter in the middle tones, richer in colour: a thumbnail is small and stands among many."""
    import cv2

    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    low, high = (float(value) for value in np.percentile(luma, (1, 99)))
    if high - low > 40:  # haze: the darkest is not black, the lightest not white
        low, high = 0.85 * strength * min(low, 56), 255 - strength * min(0.7 * (255 - high), 60)
        if float(np.median(luma)) > 140:  # a bright sky shows its blocks when it is stretched
            high = 255.0
        levels = np.clip((np.arange(256) - low) / (high - low), 0, 1)
        rgb = np.asarray(cv2.LUT(rgb, np.round(255 * levels).astype(np.uint8)), dtype=np.uint8)
        luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    seen = luma[luma > 8]
    middle = float(np.median(seen)) / 255 if seen.size else 0.5
    gamma = float(np.clip(np.log(0.44) / np.log(np.clip(middle, 0.05, 0.95)), 0.62, 1.12))
    gamma = 1 + (gamma - 1) * strength
    table = (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    lit = cv2.LUT(rgb, table).astype(np.float32)
    grey = lit.mean(axis=2, keepdims=True)
    # Pale colours gain most; skin and what is vivid already gain little.
    spread = (lit.max(axis=2, keepdims=True) - lit.min(axis=2, keepdims=True)) / 255
    rich = grey + (lit - grey) * (1 + strength * (0.12 + 0.34 * np.clip(1 - 1.9 * spread, 0, 1)))
    curve = 128 + (rich - 128) * (1 + 0.10 * strength)
    return np.asarray(np.clip(curve, 0, 255), dtype=np.uint8)


def scaled(picture: Pixels, factor: float) -> Pixels:
    """Larger or smaller; what is enlarged is sharpened a little."""
    import cv2

    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LANCZOS4
    if picture.shape[2] == 4:
        return _scaled_alpha(picture, size, how)
    large = cv2.resize(picture, size, interpolation=how)
    if factor > 1.15:
        soft = cv2.GaussianBlur(large, (0, 0), 0.7 * factor)
        large = cv2.addWeighted(large, 1.55, soft, -0.55, 0)
    return np.asarray(large, dtype=np.uint8)


def softened(mask: Any, sigma: float) -> Any:
    """A plane blurred by a Gaussian; a wide one is drawn small and enlarged, which nobody sees."""
    import cv2

    factor = max(1, int(sigma / 4))
    size = (max(1, mask.shape[1] // factor), max(1, mask.shape[0] // factor))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA) if factor > 1 else mask
    soft = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    if factor == 1:
        return soft
    return cv2.resize(soft, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_LINEAR)


def _scaled_alpha(picture: Pixels, size: tuple[int, int], how: int) -> Pixels:
    import cv2

    color = scaled(np.ascontiguousarray(picture[..., :3]), size[0] / picture.shape[1])
    color = np.asarray(cv2.resize(color, size), dtype=np.uint8)
    soft = cv2.INTER_AREA if how == cv2.INTER_AREA else cv2.INTER_CUBIC
    alpha = cv2.resize(picture[..., 3], size, interpolation=soft)
    return np.dstack([color, alpha])
