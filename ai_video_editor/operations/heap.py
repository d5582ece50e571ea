"""Memory that was freed goes back to the system.

The C library keeps what large arrays leave behind for the thread that had them, and every stage
runs in threads of its own: without this a run holds what its stages needed one after the other.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from typing import Any


@cache
def _trim() -> Any:
    """`malloc_trim` of glibc; None where the C library has none."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


@cache
def set_loaded_aside() -> None:
    """Keep the search for garbage from what is loaded so far; once in a process.

    Modules, their classes and functions live as long as the process does. To look through them
    stops every thread for a tenth of a second or more, and a run searches after each stage.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give freed memory back to the system; does nothing where the C library cannot."""
    gc.collect()
    trim = _trim()
    if trim is not None:
        trim(0)
