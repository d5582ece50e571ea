"""The boxes of an MP4 file, read byte by byte: what plays where, and in which order it lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ai_video_editor.media.boxes import boxes_between

_PARENTS = frozenset({b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"})
_MOST = 100_000
"""Boxes after which a file is taken for damaged."""


def boxes(path: Path) -> list[str]:
    """Paths of all boxes in file order, such as `moov/trak/mdia`.

    A damaged file gives the boxes up to the damage.

    Raises:
        OSError: the file cannot be read.
    """
    found: list[str] = []
    with path.open("rb") as stream:
        for name in _walk(stream, 0, path.stat().st_size, ""):
            found.append(name)
            if len(found) >= _MOST:
                break
    return found


def _walk(stream: IO[bytes], start: int, end: int, parent: str) -> Iterator[str]:
    for box in boxes_between(stream, start, end):
        if box.end > end:
            return
        name = parent + box.kind.decode("latin-1")
        yield name
        if box.kind in _PARENTS:
            yield from _walk(stream, box.body, box.end, f"{name}/")
