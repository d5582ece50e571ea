"""A process ends although a thread of it hangs.

Python joins the threads of every pool before it lets a process go, however long they take. Where
work was given up because it hangs, the process goes all the same.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

_GRACE = 10.0
"""Seconds that the process may take to end by itself."""

_lock = threading.Lock()
_watched = False
_code = 0


def ends_with(code: int) -> None:
    """Note the exit code of a process that cannot end by itself."""
    global _code
    _code = code


def leave_behind(last: Callable[[], object] = lambda: None) -> None:
    """Let the process end without what hangs in it.

    Args:
        last: what is done before where it has to be ended; a few seconds at most.
    """
    global _watched
    with _lock:
        if _watched:
            return
        _watched = True

    def watch() -> None:
        threading.Thread(target=_see_out, args=(last,), name="leaving", daemon=True).start()

    # The only hook that Python calls before it joins the threads of pools has no public name.
    threading._register_atexit(watch)  # type: ignore[attr-defined]  # not in the stubs


def _see_out(last: Callable[[], object]) -> None:
    time.sleep(_GRACE)
    with suppress(Exception):  # nothing may hold the process any longer
        last()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(_code)
