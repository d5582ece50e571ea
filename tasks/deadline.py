"""Work that may take only so long, whatever it waits for.

Prefect's own time-out cannot stop a thread that waits on a child or in a library. Here the work
has a thread of its own, which is left behind when its time is over: what it then gives is nobody's,
its children are ended, and it holds no process up.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from prefect.events.worker import EventsWorker

from ai_video_editor.errors import ProcessingTimeoutError, RunInterruptedError
from ai_video_editor.leaving import leave_behind
from ai_video_editor.processes import Family
from ai_video_editor.progress import check_running

T = TypeVar("T")

_LOOK_EVERY = 0.5
"""Seconds between two looks at whether the run is to stop."""

_GRACE = 10.0
"""Seconds that work of a stopped run has to put its things away."""


def within(seconds: float, what: str, work: Callable[[], T]) -> T:
    """What `work` gives, or an error when it took too long.

    Args:
        seconds: longest time it may take.
        what: name of the work, for the message.
        work: runs in a thread of its own, in a copy of the caller's context.

    Raises:
        ProcessingTimeoutError: its time is over; the thread is left behind.
        RunInterruptedError: the run was asked to stop.
        BaseException: whatever `work` raises.
    """
    future: Future[T] = Future()
    context = contextvars.copy_context()
    family = Family()

    def carried_out() -> None:
        try:
            future.set_result(context.run(family.of, work))
        except BaseException as error:  # handed to the caller, whatever it is
            future.set_exception(error)

    threading.Thread(target=carried_out, name=what, daemon=True).start()
    end = time.monotonic() + seconds
    while not _done(future, min(_LOOK_EVERY, max(0.0, end - time.monotonic()))):
        try:
            check_running()
        except RunInterruptedError:
            if not _done(future, _GRACE):
                _give_up(family)
                raise
        if time.monotonic() >= end:
            _give_up(family)
            raise ProcessingTimeoutError(
                f"{what} took longer than the {seconds:.0f} s that it may take."
            )
    return future.result()


def _give_up(family: Family) -> None:
    """End the children of what hangs, and let the process end without it."""
    family.give_up()
    leave_behind(lambda: EventsWorker.drain_all(timeout=_GRACE))


def _done(future: Future[T], seconds: float) -> bool:
    try:
        future.exception(timeout=seconds)
    except TimeoutError:
        return future.done()
    return True
