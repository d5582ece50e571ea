"""Runs whose process is gone though nobody said so, as after a power cut of worker and run.

A run holds a lock on a note of its own in the work folder for as long as it lives; the system lets
go of it however the process ends. A note that nobody holds belongs to a run that is over: where
Prefect still calls it running it is marked as crashed, and can then be retried.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Crashed

from ai_video_editor.files import translated
from ai_video_editor.store import Store

_MESSAGE = "Its process was ended from outside; Retry continues where it stopped."


@contextmanager
def noted(store: Store) -> Iterator[None]:
    """A block in which the present run is known to be alive; runs found dead are marked before."""
    folder = store.home / "locks" / "runs"
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        note = folder / str(flow_run.id)
        stream = note.open("ab")
    with stream:
        # A retry that begins before its first process has let go must not wait for it.
        with suppress(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for run_id in mark_stranded(store):
            get_run_logger().warning("The run %s was stranded and is marked as crashed.", run_id)
        yield
        note.unlink(missing_ok=True)


def mark_stranded(store: Store) -> list[str]:
    """Mark every run as crashed that Prefect calls running and whose process is gone.

    Returns:
        Their ids.
    """
    marked = []
    for note in _unheld(store.home / "locks" / "runs"):
        with suppress(ValueError):
            if _crashed(UUID(note.name)):
                marked.append(note.name)
        note.unlink(missing_ok=True)
    return marked


def _unheld(folder: Path) -> list[Path]:
    found = []
    for note in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError), note.open("ab") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            found.append(note)
    return found


def _crashed(run_id: UUID) -> bool:
    """Whether a run was called running and is now marked as crashed."""
    with get_client(sync_client=True) as client:
        try:
            run = client.read_flow_run(run_id)
        except ObjectNotFound:
            return False  # of another server, or deleted there
        if run.state is None or not (run.state.is_running() or run.state.is_cancelling()):
            return False
        client.set_flow_run_state(run_id, Crashed(message=_MESSAGE), force=True)
    return True
