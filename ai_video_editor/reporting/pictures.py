"""Pictures as data URIs, small enough to stand inside a page."""

from __future__ import annotations

import base64
import io
from pathlib import Path

_QUALITIES = (82, 70, 58, 46, 34, 24)
_SHRINK = 0.8
_SMALLEST = 96


def data_uri(path: Path, *, width: int, most_bytes: int | None = None) -> str | None:
    """A picture as a JPEG data URI, or None where the file is no readable picture.

    Args:
        path: any picture that Pillow reads.
        width: pixels it may be wide; a smaller one is not enlarged.
        most_bytes: length that the URI may have; quality, then size give way for it.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
    wide = min(width, picture.width)
    while True:
        high = max(1, round(picture.height * wide / picture.width))
        scaled = picture.resize((wide, high), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            scaled.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            uri = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
            if most_bytes is None or len(uri) <= most_bytes:
                return uri
        if wide <= _SMALLEST:
            return None
        wide = max(_SMALLEST, round(wide * _SHRINK))
