"""Progress of a run: a live bar per stage in a terminal, plain lines where there is none."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from ai_video_editor.progress import ProgressEvent, listen

HEARTBEAT = 2.0
"""Longest silence in seconds; a person who sees nothing for longer thinks it hangs."""

_DONE = {"done": "done", "degraded": "done by a fallback", "failed": "failed"}


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[None]:
    """Show every stage's progress on stderr while the block runs."""
    target = stream or sys.stderr
    display: _Live | _Plain = _Live(target) if target.isatty() else _Plain(target)
    stop = listen(display.hear)
    display.start()
    try:
        yield
    finally:
        stop()
        display.close()


def outcome_of(event: ProgressEvent) -> str:
    """How a finished stage ended, in a few words."""
    return "reused" if event.reused else _DONE.get(event.state, event.state)


class _Live:
    """One bar a stage, redrawn by rich."""

    def __init__(self, stream: TextIO) -> None:
        self._bars: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[doing]}"),
            console=Console(file=stream),
        )

    def start(self) -> None:
        self._progress.start()

    def close(self) -> None:
        self._progress.stop()

    def hear(self, event: ProgressEvent) -> None:
        if event.kind == "notice":
            self._progress.console.print(event.doing, markup=False, highlight=False)
            return
        with self._lock:
            bar = self._bars.get(event.stage)
            if bar is None:
                bar = self._progress.add_task(event.stage, total=None, doing="")
                self._bars[event.stage] = bar
        if event.kind == "finished":
            self._progress.update(bar, total=1.0, completed=1.0, doing=outcome_of(event))
        elif event.fraction is None:
            self._progress.update(bar, doing=event.doing)
        else:
            self._progress.update(bar, total=1.0, completed=event.fraction, doing=event.doing)


@dataclass
class _Plain:
    """A line when something begins or ends, and a heartbeat in between."""

    stream: TextIO
    _doing: dict[str, ProgressEvent] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _last: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        threading.Thread(target=self._beat, name="progress-lines", daemon=True).start()

    def close(self) -> None:
        self._over.set()

    def hear(self, event: ProgressEvent) -> None:
        with self._lock:
            if event.kind == "notice":
                self._line(event.doing)
            elif event.kind == "finished":
                self._doing.pop(event.stage, None)
                self._since.pop(event.stage, None)
                self._line(f"{event.stage}: {outcome_of(event)}")
            else:
                known = event.stage in self._doing
                self._doing[event.stage] = event
                self._since.setdefault(event.stage, time.monotonic())
                if event.kind == "started" and not known:
                    self._line(f"{event.stage}: started")

    def _beat(self) -> None:
        while not self._over.wait(0.25):
            with self._lock:
                if self._doing and time.monotonic() - self._last >= HEARTBEAT - 0.3:
                    self._line(self._now())

    def _now(self) -> str:
        now = time.monotonic()
        return "; ".join(
            f"{_state(event)} ({now - self._since[stage]:.0f} s)"
            for stage, event in self._doing.items()
        )

    def _line(self, text: str) -> None:
        self._last = time.monotonic()
        print(text, file=self.stream, flush=True)


def _state(event: ProgressEvent) -> str:
    share = "" if event.fraction is None else f" {event.fraction:.0%}"
    return f"{event.stage}{share} {event.doing}".rstrip()
