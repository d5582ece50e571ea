"""Text files that grow by whole lines and never grow too large."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ai_video_editor.store import translated

LIMIT = 1_000_000
"""Bytes after which a file is put aside and a new one begun."""

KEPT = 3
"""Older files that are kept beside the present one, as NAME.1 (the youngest) to NAME.3."""

_STALE = 30.0
"""Seconds after which the lock of somebody who rotates is taken for forgotten."""


def append(path: Path, line: str, *, limit: int = LIMIT) -> None:
    """Add a line in one write, so that lines of several processes do not mix.

    Raises:
        DiskSpaceError: the disk is full.
        FilePermissionError: the folder may not be written.
        StorageError: anything else the system says.
    """
    data = (" ".join(line.splitlines()) + "\n").encode("utf-8", "replace")
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if _size(path) + len(data) > limit:
            _rotate(path, limit - len(data))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)


def lines(path: Path) -> Iterator[str]:
    """Every line that is kept, the oldest first; what is no text is replaced."""
    for part in parts(path):
        with suppress(OSError):
            yield from part.read_text(encoding="utf-8", errors="replace").splitlines()


def parts(path: Path) -> list[Path]:
    """The files that are there, the oldest first."""
    older = [path.with_name(f"{path.name}.{number}") for number in range(KEPT, 0, -1)]
    return [part for part in (*older, path) if part.is_file()]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _rotate(path: Path, limit: int) -> None:
    with _alone(path) as alone:
        if not alone or _size(path) <= limit:  # somebody else has done it, or does it now
            return
        for number in range(KEPT, 0, -1):
            younger = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
            if younger.is_file():
                os.replace(younger, path.with_name(f"{path.name}.{number}"))


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    lock = path.with_name(f".{path.name}.lock")
    with suppress(FileNotFoundError):
        if time.time() - lock.stat().st_mtime > _STALE:
            lock.unlink(missing_ok=True)
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        yield False
        return
    try:
        yield True
    finally:
        lock.unlink(missing_ok=True)
