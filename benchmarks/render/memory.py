"""Peak memory of a process and all its children while something is rendered."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psutil

_EVERY = 0.1
"""Seconds between two looks."""


def peak_of(work: Callable[[], object]) -> float:
    """The most memory that this process's children and its own growth took, MB.

    Resident memory is summed over the process tree ten times a second; what the process held
    before the work began does not count.
    """
    me = psutil.Process()
    before = me.memory_info().rss
    peak = 0
    done = threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(_EVERY):
            total = me.memory_info().rss - before
            for child in me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.Error:
                    continue  # it has just ended
            peak = max(peak, total)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return peak / 2**20
