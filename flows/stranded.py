"""Runs whose process is gone though nobody said so, as after a power cut of worker and run.

A run holds a lock on a note of its own in the work folder for as long as it lives; the system lets
go of it however the process ends. A note that nobody holds belongs to a run that is over: where
Prefect still calls it running it is marked as crashed, and can then be retried.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Crashed

from ai_video_editor.files import translated
from ai_video_editor.operations.locks import taken
from ai_video_editor.store import Store

_MESSAGE = "Its process was ended from outside; Retry continues where it stopped."


@contextmanager
def noted(store: Store) -> Iterator[None]:
    """A block in which the present run is known to be alive; runs found dead are marked before."""
    folder = store.home / "locks" / "runs"
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        note, stream = _held(folder, str(flow_run.id))
    with stream:
        for run_id in mark_stranded(store):
            get_run_logger().warning("The run %s was stranded and is marked as crashed.", run_id)
        yield
        note.unlink(missing_ok=True)


def _held(folder: Path, run_id: str) -> tuple[Path, IO[bytes]]:
    """A note of this process alone; whoever looks never sees it without its lock."""
    own = f"{run_id}.{secrets.token_hex(4)}"
    hidden, note = folder / f".{own}", folder / own
    stream = hidden.open("ab")
    fcntl.flock(stream, fcntl.LOCK_EX)
    hidden.rename(note)
    return note, stream


def mark_stranded(store: Store) -> list[str]:
    """Mark every run as crashed that Prefect calls running and whose process is gone.

    Returns:
        Their ids.
    """
    folder = store.home / "locks" / "runs"
    marked = []
    for note in _notes(folder):
        # The lock is kept meanwhile: who looks at the same time leaves this note to us.
        with suppress(FileNotFoundError), note.open("r+b") as stream:
            # a run that has just come to its end took its note away before it let go of the lock
            if not taken(stream) or not os.path.samestat(note.stat(), os.fstat(stream.fileno())):
                continue
            run_id = note.name.partition(".")[0]
            with suppress(ValueError):
                if not _alive(folder, run_id, beside=note) and _crashed(UUID(run_id)):
                    marked.append(run_id)
            note.unlink(missing_ok=True)
    return marked


def _notes(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return [note for note in found if not note.name.startswith(".")]


def _alive(folder: Path, run_id: str, *, beside: Path) -> bool:
    """Whether another process has the run now, as after a retry."""
    for note in _notes(folder):
        if note == beside or note.name.partition(".")[0] != run_id:
            continue
        with suppress(FileNotFoundError), note.open("r+b") as stream:
            if not taken(stream):
                return True
    return False


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
