"""The boxes of an MP4 or QuickTime file, one level at a time (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class FileBox:
    """A box: its four letters, where its body begins and where it says that it ends, in bytes."""

    kind: bytes
    body: int
    end: int


def boxes_between(stream: IO[bytes], start: int, end: int) -> Iterator[FileBox]:
    """The boxes that stand side by side from one byte to another.

    A box may claim to end behind `end`; after one whose size is impossible there are no more.
    """
    position = start
    while position + 8 <= end:
        stream.seek(position)
        header = stream.read(16)
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        body = position + 8
        if size == 1:
            size, body = int.from_bytes(header[8:16], "big"), position + 16
        elif size == 0:
            size = end - position
        if size < body - position:
            return
        yield FileBox(kind, body, position + size)
        position += size
