"""Text files that grow by whole lines and never grow too large."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ai_video_editor.files import translated

LIMIT = 1_000_000
"""Bytes after which a file is put aside and a new one begun."""

KEPT = 3
"""Older files that are kept beside the present one, as NAME.1 (the youngest) to NAME.3."""


def append(path: Path, line: str, *, limit: int = LIMIT) -> None:
    """Add a whole line; lines of several threads or processes do not mix.

    Raises:
        DiskSpaceError: the disk is full.
        FilePermissionError: the folder may not be written.
        StorageError: anything else the system says.
    """
    data = (" ".join(line.splitlines()) + "\n").encode("utf-8", "replace")
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        while not _written(path, data, limit):
            pass


def lines(path: Path) -> Iterator[str]:
    """Every line that is kept, the oldest first; what is no text is replaced."""
    for part in parts(path):
        with suppress(OSError):
            yield from part.read_text(encoding="utf-8", errors="replace").splitlines()


def parts(path: Path) -> list[Path]:
    """The files that are there, the oldest first."""
    older = [path.with_name(f"{path.name}.{number}") for number in range(KEPT, 0, -1)]
    return [part for part in (*older, path) if part.is_file()]


def _written(path: Path, data: bytes, limit: int) -> bool:
    """Whether the data are in the file; where it was put aside instead, the next try begins it."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        here = os.fstat(handle)
        if not _is(path, here):  # somebody put it aside while we waited
            return False
        if here.st_size and here.st_size + len(data) > limit:
            _put_aside(path)
            return False
        os.write(handle, data)
        return True
    finally:
        os.close(handle)


def _is(path: Path, opened: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), opened)
    except FileNotFoundError:
        return False


def _put_aside(path: Path) -> None:
    for number in range(KEPT, 0, -1):
        younger = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if younger.is_file():
            os.replace(younger, path.with_name(f"{path.name}.{number}"))
