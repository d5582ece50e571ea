"""How far a step of the composition is, and how long it may still take."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from ai_video_editor.progress import Report


def time_left(end: float) -> float:
    """Seconds until a moment of the monotonic clock, at least one: a time-out must be positive."""
    return max(1.0, end - time.monotonic())


def part_of(report: Report, start: float, end: float) -> Report:
    """A report for a step that is the stretch from `start` to `end`, shares, of a whole."""

    def part(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else start + fraction * (end - start), doing)

    return part


def side_by_side(report: Report, weights: Sequence[float]) -> list[Report]:
    """A report for each of several steps that are done at the same time, in several threads.

    Args:
        report: of the whole; told the shares of all together, which never fall.
        weights: how much of the whole each step is.
    """
    shares = [0.0] * len(weights)
    lock = threading.Lock()
    whole = sum(weights) or 1.0

    def of(number: int) -> Report:
        def part(fraction: float | None, doing: str = "") -> None:
            with lock:
                shares[number] = max(shares[number], fraction or 0.0)
                done = sum(s * w for s, w in zip(shares, weights, strict=True)) / whole
                report(done, doing)

        return part

    return [of(number) for number in range(len(weights))]
