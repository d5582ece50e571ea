"""Room on the disk: one rule for what a film takes, before the run and at its rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.errors import DiskSpaceError
from ai_video_editor.operations.meters import Meter, existing

SOUND_BYTES = 48_000 * 2 * 4
"""Bytes a second of the film's sound on the way: 48 kHz, stereo, 32-bit floats."""

SOUND_COPIES = 2
"""The sound lies on the disk twice while it is cleaned or levelled."""

FILM_COPIES = 2
"""Pieces and the film that is joined of them."""

LEAST_PIXEL_BYTES = 0.004
"""Bytes of the film for a pixel of every frame: 2 Mbit/s in full HD. It is a lower bound, so that
nothing is refused that would have fitted."""

LEAST_SHARE = 0.25
"""Share of the recording's own bytes that its film is not expected to go below: slides and dark
pictures take far less than `LEAST_PIXEL_BYTES`, but so did the recording."""

HEARD_BYTES = 16_000 * 2
"""Bytes a second of the sound that is extracted to be heard, and kept: 16 kHz of 16 bits."""


@dataclass(frozen=True)
class DiskNeed:
    """Bytes that work takes of two folders.

    Attributes:
        work: of the work folder: store and scratch.
        output: of the folder with the films.
    """

    work: int
    output: int

    def by_disk(self, work: Path, output: Path) -> Mapping[Path, int]:
        """Bytes by folder, those on one disk added up and named by the first of them."""
        first, second = existing(work), existing(output)
        if first.stat().st_dev == second.stat().st_dev:
            return {work: self.work + self.output}
        return {work: self.work, output: self.output}


def least_for_film(seconds: float, pixels: float, source: float) -> tuple[int, int]:
    """Bytes that rendering takes at least, files on the way included, and those of the film alone.

    Args:
        seconds: length of the film.
        pixels: of all its frames together.
        source: bytes of that part of the recordings that is kept.
    """
    film = min(pixels * LEAST_PIXEL_BYTES, source * LEAST_SHARE)
    return int(seconds * SOUND_BYTES * SOUND_COPIES + film * FILM_COPIES), int(film)


def require_room(need: DiskNeed, work: Path, output: Path, meter: Meter) -> None:
    """Do nothing where the work fits on the disks.

    Raises:
        DiskSpaceError: it does not; the message says how much is needed and free.
    """
    for folder, needed in need.by_disk(work, output).items():
        free = meter.free_disk(folder)
        if free < needed:
            raise too_full(folder, needed, free, "to begin")


def too_full(folder: Path, needed: int, free: int, what: str) -> DiskSpaceError:
    """The refusal, with the numbers.

    Args:
        folder: lies on the disk in question.
        needed: bytes.
        free: bytes.
        what: ends "The disk of FOLDER is too full …".
    """
    return DiskSpaceError(
        f"The disk of {folder} is too full {what}: about {_megabytes(needed)} are "
        f"needed and {_megabytes(free)} were free; free {_megabytes(needed - free)} more and run "
        "the same command again."
    )


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1e6))} MB ({size} bytes)"
