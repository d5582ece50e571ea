"""Size and time of a file: enough to tell, without reading it, that it was changed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What the system says of a file.

    Attributes:
        size: in bytes.
        mtime_ns: when it was last written to, nanoseconds since 1970.
    """

    size: int
    mtime_ns: int


def stamp_of(path: Path) -> Stamp:
    """Size and time of a file now.

    Raises:
        OSError: it is not there, or may not be asked.
    """
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns)
