"""Whether a film fits on the disk: said before the work, and in bytes where it turns out later."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_video_editor.composition.samples import FRAME_BYTES, SAMPLE_RATE
from ai_video_editor.context.inputs import VideoMetadata
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import DiskSpaceError

_SOUND_COPIES = 2
"""The sound lies on the disk twice while it is cleaned or levelled, as 32-bit floats."""

_FILM_COPIES = 2
"""Pieces and the film that is joined of them."""

_PIXEL_BYTES = 0.004
"""Bytes of the film for a pixel of every frame: 2 Mbit/s in full HD. It is a lower bound, so that
nothing is refused that would have fitted."""

_FULL = (28, 122)
"""ENOSPC, EDQUOT."""


def room_needed(plan: AIDirectorPlan, metadata: VideoMetadata) -> int:
    """Bytes that rendering a plan takes at least, files on the way included."""
    time_map = plan.time_map()
    sound = float(time_map.duration) * SAMPLE_RATE * FRAME_BYTES * _SOUND_COPIES
    pixels = time_map.frames * metadata.width * metadata.height
    return int(sound + pixels * _PIXEL_BYTES * _FILM_COPIES)


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
    return DiskSpaceError(
        f"The disk of {folder} is too full to render the film: about {_megabytes(needed)} are "
        f"needed and {_megabytes(free)} were free; free {_megabytes(needed - free)} more and run "
        "the same command again."
    )


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1e6))} MB ({size} bytes)"
