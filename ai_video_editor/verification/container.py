"""The boxes of an MP4 file, read byte by byte: what plays where, and in which order it lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

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
    position = start
    while position + 8 <= end:
        stream.seek(position)
        header = stream.read(16)
        if len(header) < 8:
            return
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        body = position + 8
        if size == 1:
            size, body = int.from_bytes(header[8:16], "big"), position + 16
        elif size == 0:
            size = end - position
        if size < 8 or position + size > end:
            return
        name = parent + kind.decode("latin-1")
        yield name
        if kind in _PARENTS:
            yield from _walk(stream, body, position + size, f"{name}/")
        position += size
