"""How far a step of the composition is, and how long it may still take."""

from __future__ import annotations

import time

from ai_video_editor.progress import Report


def time_left(end: float) -> float:
    """Seconds until a moment of the monotonic clock, at least one: a time-out must be positive."""
    return max(1.0, end - time.monotonic())


def part_of(report: Report, start: float, end: float) -> Report:
    """A report for a step that is the stretch from `start` to `end`, shares, of a whole."""

    def part(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else start + fraction * (end - start), doing)

    return part
