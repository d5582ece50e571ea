"""Whether a film fits on the disk: said before the work, and in bytes where it turns out later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_video_editor.context.inputs import VideoMetadata
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import DiskSpaceError
from ai_video_editor.operations.disk_needs import least_for_film, too_full

_FULL = (28, 122)
"""ENOSPC, EDQUOT."""


def room_needed(plan: AIDirectorPlan, metadata: VideoMetadata) -> int:
    """Bytes that rendering a plan takes at least, files on the way included."""
    time_map = plan.time_map()
    pixels = time_map.frames * metadata.width * metadata.height
    source = float(time_map.duration / metadata.duration) * metadata.file_size
    return least_for_film(float(time_map.duration), pixels, source)[0]


@contextmanager
def disk_room(folder: Path, needed: int) -> Iterator[None]:
    """Do work in a folder only where it fits, and name the bytes where the disk fills after all.

    Args:
        folder: where the work writes.
        needed: bytes it takes at least.

    Raises:
        DiskSpaceError: there is too little room; the message says how much is needed and free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise _refused(folder, needed, free)
    try:
        yield
    except DiskSpaceError as error:
        raise _refused(folder, max(needed, 2 * free), free) from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _refused(folder, max(needed, 2 * free), free) from error


def _refused(folder: Path, needed: int, free: int) -> DiskSpaceError:
    return too_full(folder, needed, free, "to render the film")
