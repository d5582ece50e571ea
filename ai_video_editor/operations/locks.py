"""Who works in the work folder now: one run a project, and nobody prunes under a run's feet.

The locks are the system's own on open files (`flock`), so they end with whoever holds them, however
he ends.

    HOME/locks/store            shared by every run, alone for who removes things
    HOME/locks/PROJECT_ID       alone, for the run of that project
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ai_video_editor.errors import ResourceConstraintError
from ai_video_editor.files import translated
from ai_video_editor.progress import Report, check_running, silent
from ai_video_editor.store import Store

_LOOK_EVERY = 1.0
"""Seconds between two looks at whether the other run is done."""


@contextmanager
def working_on(store: Store, project_id: str, report: Report = silent) -> Iterator[None]:
    """A block in which no other run works on the project; waits until it is our turn.

    Args:
        store: the work folder.
        project_id: the project.
        report: told about every second that another run is at work.

    Raises:
        RunInterruptedError: the run was asked to stop while it waited.
    """
    with in_use(store), _opened(store, project_id) as own:
        while not taken(own):
            check_running()
            report(None, f"waiting: another run works on {project_id}")
            time.sleep(_LOOK_EVERY)
        yield


@contextmanager
def in_use(store: Store) -> Iterator[None]:
    """A block in which nothing is removed from the work folder; waits while that is done."""
    with _opened(store, "store") as shared:
        fcntl.flock(shared, fcntl.LOCK_SH)
        yield


@contextmanager
def nobody_else(store: Store) -> Iterator[None]:
    """A block in which no run works in the work folder.

    Raises:
        ResourceConstraintError: one does now.
    """
    with _opened(store, "store") as lock:
        if not taken(lock):
            raise ResourceConstraintError(
                f"A run is working in {store.home}: remove things when it has ended."
            )
        yield


def is_worked_on(store: Store, project_id: str) -> bool:
    """Whether a run works on the project now."""
    with _opened(store, project_id) as own:
        return not taken(own)


def taken(lock: IO[bytes]) -> bool:
    """Whether the lock of an open file could be taken at once; held until the file is closed."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(store: Store, name: str) -> Iterator[IO[bytes]]:
    folder: Path = store.home / "locks"
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / name).open("ab")
    with stream:
        yield stream
