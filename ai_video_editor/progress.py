"""What a running stage is doing, told to whoever listens in this process, and the wish to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ai_video_editor.errors import RunInterruptedError

EventKind = Literal["started", "progress", "finished", "notice"]


@dataclass(frozen=True)
class ProgressEvent:
    """One step of one stage.

    Attributes:
        stage: name of the stage.
        kind: started, progress or finished; notice is a sentence to show at once, in `doing`.
        fraction: share done, 0 to 1; None where it cannot be known.
        doing: what it is doing, in a few words.
        state: for finished: done, degraded, failed or skipped.
        reused: for finished: whether a persisted result was taken.
        project_id: the project it belongs to.
    """

    stage: str
    kind: EventKind
    fraction: float | None = None
    doing: str = ""
    state: str = ""
    reused: bool = False
    project_id: str = ""


Listener = Callable[[ProgressEvent], None]


class Report(Protocol):
    """How a processor says how far it is."""

    def __call__(self, fraction: float | None, doing: str = "") -> None:
        """Tell the share done (0 to 1, None unknown) and what is being done."""


def silent(fraction: float | None, doing: str = "") -> None:
    """A `Report` that nobody hears."""


_listeners: list[Listener] = []
_failed: set[Listener] = set()
_lock = threading.Lock()


def listen(listener: Listener) -> Callable[[], None]:
    """Hear every event of this process from now on; call the result to stop."""
    with _lock:
        _listeners.append(listener)

    def stop() -> None:
        with _lock:
            if listener in _listeners:
                _listeners.remove(listener)
            _failed.discard(listener)

    return stop


def publish(event: ProgressEvent) -> None:
    """Tell all listeners.

    One that fails holds up neither the stage nor the others; the log says so the first time.

    Raises:
        RunInterruptedError: a listener wants the run to stop.
    """
    with _lock:
        listeners = tuple(_listeners)
    for listener in listeners:
        try:
            listener(event)
        except RunInterruptedError:
            raise
        except Exception as error:  # a terminal that is gone, or a fault of what only shows
            if listener not in _failed:
                _failed.add(listener)
                told = "The progress of %s cannot be shown: %r"
                logging.getLogger(__name__).warning(told, event.stage, error)


_stopping = threading.Event()


def request_stop() -> None:
    """Ask everything that runs in this process to stop at its next report."""
    _stopping.set()


def allow_running() -> None:
    """Take an earlier wish to stop back: a new run begins."""
    _stopping.clear()


def check_running() -> None:
    """Do nothing, or stop the caller.

    Raises:
        RunInterruptedError: the run was asked to stop.
    """
    if _stopping.is_set():
        raise RunInterruptedError("The run was stopped.")


def reporter(stage: str, project_id: str = "") -> Report:
    """A `Report` that publishes for one stage, and ends the stage when the run is to stop."""

    def report(fraction: float | None, doing: str = "") -> None:
        check_running()
        publish(ProgressEvent(stage, "progress", fraction, doing, project_id=project_id))

    return report
