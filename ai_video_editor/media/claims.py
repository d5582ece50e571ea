"""What an MP4 file says that it holds, held against its size before anybody believes it.

A few bytes can claim a milliard samples, for which ffmpeg makes an index of many gigabytes. A
sample has at least one byte, so no honest file holds more of them than it has bytes. The counts
stand in the boxes `stsz`, `stz2` and `trun` (ISO/IEC 14496-12, 8.7.3 and 8.8.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ai_video_editor.errors import FileCorruptionError
from ai_video_editor.media.boxes import boxes_between
from ai_video_editor.media.names import quoted, shown

_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
_COUNT_AT = {b"stsz": 8, b"stz2": 8, b"trun": 4}
"""Where the number of samples stands in a box's body."""

_HARMLESS = 1_000_000
"""Samples: their index takes under 100 MB, so that a recording that was cut off can be read."""

_DEEPEST = 16
_MOST = 2_000_000
"""Boxes that are looked at: ten hours in fragments of half a second have 600 thousand."""


def refuse_bomb(path: Path) -> None:
    """Refuse an MP4 or QuickTime file that claims what it cannot hold.

    Raises:
        FileCorruptionError: it claims more samples than it has bytes, or its table of contents is
            compressed, so that nobody can tell without unpacking it.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        for number, (kind, body) in enumerate(_boxes(stream, 0, size)):
            if kind == b"cmov":
                raise FileCorruptionError(
                    f"{shown(path)} has a compressed table of contents, which is not opened; make "
                    f"a plain copy with `ffmpeg -i {quoted(path)} -c copy plain.mov`."
                )
            count = int.from_bytes(body, "big")
            if count > max(size, _HARMLESS) or number >= _MOST:
                raise FileCorruptionError(
                    f"{shown(path)} claims {count if count > size else 'countless'} samples in "
                    f"{size} bytes; it is damaged or no recording: export it anew."
                )


def _boxes(
    stream: IO[bytes], start: int, end: int, depth: int = 0
) -> Iterator[tuple[bytes, bytes]]:
    """Kind and count of every box that has one, and `cmov`; as lenient as ffmpeg is."""
    for box in boxes_between(stream, start, end):
        if box.kind == b"cmov":
            yield box.kind, b""
        elif box.kind in _COUNT_AT:
            stream.seek(box.body + _COUNT_AT[box.kind])
            yield box.kind, stream.read(4)
        elif box.kind in _PARENTS and depth < _DEEPEST:
            yield box.kind, b""
            yield from _boxes(stream, box.body, min(end, box.end), depth + 1)
