"""A brand's logo in a corner of a thumbnail: small, and where nothing else stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.errors import MediaError
from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import Color, contrast
from ai_video_editor.thumbnails.layout import Canvas
from ai_video_editor.thumbnails.stills import softened

Pixels = NDArray[np.uint8]

TALL, WIDE = 0.085, 0.16
"""Most of the picture's height and width that a logo takes."""
AWAY = 0.030
"""Distance from the edges, and from all else, in heights of the picture."""
SEEN = 1.8
"""Contrast with what lies behind it, below which a logo gets a plate."""
WHITE, DARK = Color(250, 250, 250), Color(14, 16, 20)


def signed(picture: Pixels, canvas: Canvas, logo: Path, taken: Sequence[Area | None]) -> Pixels:
    """The picture with the logo in the first corner that is free; as it was where none is.

    Args:
        picture: RGB at full size.
        canvas: its size.
        logo: picture file, with alpha or without.
        taken: what it must not touch: the hook, the face.

    Raises:
        MediaError: the logo cannot be read.
    """
    mark = _mark(canvas, logo)
    rows, columns = mark.shape[:2]
    away = round(AWAY * canvas.height)
    right, low = canvas.width - away - columns, canvas.height - away - rows
    for left, top in ((right, away), (away, away), (away, low)):
        near = Area(left - away, top - away, left + columns + away, top + rows + away)
        if not any(near.overlaps(box) for box in (*taken, canvas.badge) if box is not None):
            return _pasted(picture, mark, left, top)
    return picture


def _mark(canvas: Canvas, logo: Path) -> Pixels:
    """The logo as RGBA, as large as it will stand, without empty borders."""
    from PIL import Image

    try:
        with Image.open(logo) as opened:
            image = opened.convert("RGBA")
    except (OSError, ValueError) as error:
        raise MediaError(f"The logo {logo.name} cannot be read: {error}.") from error
    box = image.getchannel("A").getbbox()
    image = image.crop(box) if box else image
    share = min(TALL * canvas.height / image.height, WIDE * canvas.width / image.width)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS), np.uint8)


def _pasted(picture: Pixels, mark: Pixels, left: int, top: int) -> Pixels:
    rows, columns = mark.shape[:2]
    alpha: Any = mark[..., 3:].astype(np.float32) / 255
    if not alpha.any():
        return picture
    pad = max(3, round(0.22 * rows))
    area = (
        slice(max(0, top - pad), top + rows + pad),
        slice(max(0, left - pad), left + columns + pad),
    )
    ground = picture[area].astype(np.float32)
    own = _mean(mark[..., :3], alpha)
    y, x = min(pad, top), min(pad, left)
    inner = (slice(y, y + rows), slice(x, x + columns))
    behind = _mean(picture[area][inner], np.ones_like(alpha))
    if contrast(own, behind) < SEEN:
        plate = max((WHITE, DARK), key=lambda color: contrast(color, own))
        mask = np.zeros(ground.shape[:2], np.float32)
        mask[2:-2, 2:-2] = 0.92
        ground += (np.asarray(plate, np.float32) - ground) * softened(mask, 1.0)[..., None]
    shade = np.zeros(ground.shape[:2], np.float32)
    shade[inner] = alpha[..., 0]
    ground *= (1 - 0.35 * softened(shade, 0.08 * rows))[..., None]
    ground[inner] += (mark[..., :3] - ground[inner]) * alpha
    done = picture.copy()
    done[area] = np.clip(ground, 0, 255).astype(np.uint8)
    return done


def _mean(rgb: Pixels, weight: Any) -> Color:
    total = float(weight.sum())
    return Color(*(round(float(v)) for v in (rgb * weight).sum(axis=(0, 1)) / total))
