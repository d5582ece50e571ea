"""What this machine has instead: a file of nearly that name, a disk with room, a folder to write.

Looks at the file system when asked and changes nothing.
"""

from __future__ import annotations

import difflib
import os
import shutil
from pathlib import Path

import psutil

from ai_video_editor.errors import EditorError
from ai_video_editor.media.sniff import container_of

_MOST_NAMES = 2000
"""Names of a folder that are compared."""

_ENOUGH = 5_000_000_000
"""Bytes of room that make another disk worth naming: a film of an hour and its pieces."""


def similar_files(missing: str, most: int = 2) -> list[str]:
    """Recordings in the same folder whose names are close to one that is not there.

    Args:
        missing: path as the user gave it; what is found is spelled the same way.
        most: how many.
    """
    path = Path(missing)
    folder = path.parent
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for _, entry in zip(range(_MOST_NAMES), entries, strict=False)]
    except OSError:
        return []
    stem = path.stem.lower()
    close = difflib.get_close_matches(path.name.lower(), [n.lower() for n in names], 8, 0.6)
    same_stem = [n.lower() for n in names if Path(n).stem.lower() == stem]
    wanted = list(dict.fromkeys([*same_stem, *close]))
    found = []
    for name in sorted(names, key=lambda n: wanted.index(n.lower()) if n.lower() in wanted else 99):
        if name.lower() in wanted and name != path.name and _is_recording(folder / name):
            found.append(os.path.join(os.path.dirname(missing), name))
    return found[:most]


def _is_recording(path: Path) -> bool:
    try:
        return path.is_file() and bool(container_of(path))
    except (EditorError, OSError):
        return False


def other_disk(home: Path, free_here: int) -> tuple[Path, int] | None:
    """A folder on another disk with more room, and its free bytes; None where there is none.

    Args:
        home: the work folder.
        free_here: bytes free where it lies.
    """
    best: tuple[Path, int] | None = None
    for disk in psutil.disk_partitions(all=False):
        mount = Path(disk.mountpoint)
        try:
            free = shutil.disk_usage(mount).free
        except OSError:
            continue
        if not mount.is_dir() or not os.access(mount, os.W_OK | os.X_OK) or _holds(mount, home):
            continue
        if free > max(_ENOUGH, 2 * free_here) and (best is None or free > best[1]):
            best = (mount / "ai-video-editor", free)
    return best


def _holds(mount: Path, home: Path) -> bool:
    folder = _existing(home)
    try:
        return os.stat(mount).st_dev == os.stat(folder).st_dev
    except OSError:
        return True


def writable_folder(wanted: Path) -> Path | None:
    """A folder of the user's own, where the wanted one may not be written; else None."""
    if os.access(_existing(wanted), os.W_OK | os.X_OK):
        return None
    own = Path.home()
    return own / "ai-video-editor" if os.access(own, os.W_OK | os.X_OK) else None


def _existing(path: Path) -> Path:
    folder = path.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
