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

EMPTY = 0.035
"""Share of a picture that differs from its one colour, below which it shows nothing."""
BLOWN = 0.08
"""Share of bright pixels from which a picture is not made lighter still."""
EDGE = 0.012
"""Share of a side that is left out where there is no bar."""
BAR = 20
"""Luma up to which a border row is a black bar (limited-range black with coding noise)."""


@dataclass(frozen=True, eq=False)
class Still:
    """A frame to design with.

    Attributes:
        index: of the highlight.
        kind: of the highlight.
        rgb: `(height, width, 3)`, without black bars, in thumbnail colours.
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
    """A highlight's picture ready for design: bars cut off, colours graded, face in pixels."""
    left, top, right, bottom = picture_area(frame)
    rows, columns = frame.shape[:2]
    face = None
    if highlight.faces:
        box = highlight.faces[0].box
        face = (box.x * columns - left, box.y * rows - top, box.width * columns, box.height * rows)
    seen = np.ascontiguousarray(frame[top:bottom, left:right])
    subject = None
    if cutout is not None:
        part = cutout[top:bottom, left:right]
        color = graded(np.ascontiguousarray(part[..., :3]), face, measured=seen)
        subject = np.dstack([color, part[..., 3]])
    if highlight.kind != "slide":
        seen = graded(seen, face)
    return Still(index, highlight.kind, seen, face, subject)


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
    # A line of the border belongs to no picture: codecs and captures leave dark ones.
    inset_y = round(EDGE * height) if bars_y < 0.04 * height else 0
    inset_x = round(EDGE * width) if bars_x < 0.04 * width else 0
    return left + inset_x, top + inset_y, right - inset_x, bottom - inset_y


def plain(rgb: Pixels) -> bool:
    """Whether there is nothing to see: one colour, but for a clock or a line of small print."""
    import cv2

    small = cv2.resize(rgb, (160, 90), interpolation=cv2.INTER_AREA).astype(np.float32)
    unlike = np.abs(small - np.median(small, axis=(0, 1))).max(axis=2) > 20
    return float(unlike.mean()) < EMPTY


def graded(
    rgb: Pixels,
    face: tuple[float, float, float, float] | None = None,
    *,
    measured: Pixels | None = None,
) -> Pixels:
    """Lighter, clearer and richer in colour: a thumbnail is small and stands among many.

    Args:
        rgb: the picture.
        face: left, top, width, height in pixels; light is then set for it, not for the windows.
        measured: the picture whose light decides, where that is another: a cut-out's whole frame.
    """
    import cv2

    luma = cv2.cvtColor(rgb if measured is None else measured, cv2.COLOR_RGB2GRAY)
    levels = np.arange(256) / 255
    low, high = (float(value) for value in np.percentile(luma, (1, 99)))
    if high - low > 40:  # haze: the darkest is not black, the lightest not white
        low, high = 0.85 * min(low, 56), 255 - min(0.7 * (255 - high), 60)
        if float((luma > 190).mean()) > BLOWN:  # a stretched sky shows its blocks
            high = 255.0
        levels = np.clip((np.arange(256) - low) / (high - low), 0, 1)
    gamma = _gamma(np.round(255 * levels)[luma], face)
    table = np.round(255 * levels**gamma).astype(np.uint8)
    lit = cv2.LUT(rgb, table).astype(np.float32)
    grey = lit.mean(axis=2, keepdims=True)
    # Pale colours gain most; skin and what is vivid already gain little.
    spread = (lit.max(axis=2, keepdims=True) - lit.min(axis=2, keepdims=True)) / 255
    # A picture that is rich by itself stays as it is.
    own = 1 - np.clip((float(spread.mean()) - 0.22) / 0.20, 0, 1)
    rich = grey + (lit - grey) * (1 + own * (0.12 + 0.34 * np.clip(1 - 1.9 * spread, 0, 1)))
    curve = 128 + (rich - 128) * 1.08
    return np.asarray(np.clip(curve, 0, 255), dtype=np.uint8)


def _gamma(luma: Any, face: tuple[float, float, float, float] | None) -> float:
    if face is not None:
        x, y, width, height = face
        inner = luma[max(0, round(y + 0.2 * height)) : round(y + 0.85 * height),
                     max(0, round(x + 0.2 * width)) : round(x + 0.8 * width)]  # fmt: skip
        if inner.size:
            middle = float(np.clip(np.median(inner) / 255, 0.05, 0.95))
            # Half of the way: dark skin stays dark skin.
            wanted = middle + 0.5 * (0.58 - middle)
            return float(np.clip(np.log(wanted) / np.log(middle), 0.60, 1.15))
    seen = luma[luma > 8]
    middle = float(np.median(seen)) / 255 if seen.size else 0.5
    # Water and sky that shine already would turn to a white sheet.
    least = 0.62 + 1.6 * min(0.20, float((luma > 185).mean()))
    return float(np.clip(np.log(0.44) / np.log(np.clip(middle, 0.05, 0.95)), least, 1.12))


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
