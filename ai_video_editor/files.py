"""Files that are whole or not there, and what the system says of a path as our errors."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_video_editor.errors import DiskSpaceError, FilePermissionError, StorageError

PARTIAL = ".partial-"
"""What the name of a file begins with that is not whole yet."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to that becomes `target` when the block ends well, and vanishes otherwise.

    Raises:
        DiskSpaceError: the disk is full.
        FilePermissionError: the folder may not be written.
        StorageError: anything else the system says.
    """
    with translated(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{PARTIAL}{secrets.token_hex(8)}{target.suffix}")
        partial.touch(exist_ok=False)  # the system gives it the rights that files of the user have
        try:
            yield partial
            with partial.open("rb") as stream:
                os.fsync(stream.fileno())
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def translated(target: Path) -> Iterator[None]:
    """Turn what the system says about a path into our errors."""
    try:
        yield
    except PermissionError as error:
        denied = FilePermissionError(
            f"{target} may not be written: choose a folder that you may write to."
        )
        denied.file = str(target)
        raise denied from error
    except OSError as error:
        if error.errno in (28, 122):  # ENOSPC, EDQUOT
            free = shutil.disk_usage(_existing(target)).free
            raise DiskSpaceError(
                f"The disk of {target.parent} is full ({free / 1e6:.0f} MB free)."
            ) from error
        raise StorageError(f"{target} cannot be used: {error.strerror or error}.") from error


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
