"""This machine as it is now: memory, disk, processors; for advice and for the error log."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

import psutil

from ai_video_editor import __version__
from ai_video_editor.context.base import Model


class Machine(Model):
    """A snapshot of a machine. Memory and disk are bytes."""

    system: str
    python: str
    version: str
    """Of this program."""
    cores: int
    memory_total: int
    memory_free: int
    """What new work can have, caches that the system would give up included."""
    disk_free: int
    """Where the work folder lies."""
    load: float = 0.0
    """Runnable processes, mean of the last minute."""


def this_machine(home: Path) -> Machine:
    """A snapshot, in a millisecond.

    Args:
        home: the work folder; it need not be there yet.
    """
    memory = psutil.virtual_memory()
    folder = home.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return Machine(
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        version=__version__,
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        memory_total=memory.total,
        memory_free=memory.available,
        disk_free=shutil.disk_usage(folder).free,
        load=round(psutil.getloadavg()[0], 2),
    )
