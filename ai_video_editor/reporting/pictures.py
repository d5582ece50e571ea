"""Pictures of a page: as data URIs, small enough to stand inside it, and each drawn once."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_QUALITIES = (82, 70, 58, 46, 34, 24)
_SHRINK = 0.8
_SMALLEST = 96


def logo_uri(path: Path, *, height: int) -> str | None:
    """A logo as a PNG data URI with its alpha, or None where the file is no readable picture.

    Args:
        path: any picture that Pillow reads.
        height: pixels it may be high; it may be eight times as wide, and a smaller one is not
            enlarged.
    """
    from PIL import Image

    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGBA")
    except (OSError, Image.DecompressionBombError, ValueError):
        return None
    picture.thumbnail((8 * height, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


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


class PagePictures:
    """What a page embeds, by name: what is known is taken as it is, the rest is drawn and kept.

    A page is written anew by every run, as it tells of that run; its pictures stay the same.

    Args:
        known: pictures by name, as `to_json` wrote them.
    """

    def __init__(self, known: dict[str, str] | None = None) -> None:
        """Take what is known."""
        self._known = dict(known or {})

    @classmethod
    def read(cls, path: Path | None) -> PagePictures:
        """The pictures in a file; none where there is no such file or it holds something else."""
        known: dict[str, str] = {}
        with suppress(OSError, ValueError, AttributeError):
            if path is not None:
                found = json.loads(path.read_bytes())
                known = {name: text for name, text in found.items() if isinstance(text, str)}
        return cls(known)

    def get(self, name: str, draw: Callable[[], str | None]) -> str | None:
        """A picture; None where it cannot be drawn."""
        if name not in self._known:
            drawn = draw()
            if drawn is None:
                return None
            self._known[name] = drawn
        return self._known[name]

    def to_json(self) -> str:
        """Every picture that was asked for or known."""
        return json.dumps(self._known)
