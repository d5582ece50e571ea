"""What is likely to go wrong, told before a run: by estimates and by what went wrong before."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_video_editor.context.record import ErrorKind
from ai_video_editor.errors import FileCorruptionError
from ai_video_editor.operations.error_entries import GOOD_ENDS, Resolved, RunEnd
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.machine import Machine
from ai_video_editor.operations.situation import VideoFacts

_DAY = 86_400.0
_TIGHT = 0.85
"""Share of the free memory above which a run is likely to swap or be killed (SPEC's alert)."""

_RECENT = 7 * _DAY
"""Seconds for which a refused key is remembered against it."""


@dataclass(frozen=True)
class Expected:
    """Plain figures of a run that is about to begin; None where nobody knows.

    Attributes:
        memory: bytes it needs at its peak.
        disk: bytes it writes.
        seconds: how long it takes.
        longest_stage: seconds of its longest stage.
        allowed: seconds that the run may take.
        stage_allowed: seconds that one stage may take.
        services: whether it asks services over the network.
        memory_allowed: bytes it was told to keep within.
        in_pieces: whether it renders short pieces already, one at a time.
    """

    memory: int | None = None
    disk: int | None = None
    seconds: float | None = None
    longest_stage: float | None = None
    allowed: float | None = None
    stage_allowed: float | None = None
    services: bool = False
    memory_allowed: int | None = None
    in_pieces: bool = False


@dataclass(frozen=True)
class Prediction:
    """Something that may go wrong.

    Attributes:
        kind: what kind of problem.
        likelihood: 0 to 1; from 0.5 it is worth a warning.
        reason: why it is likely, in one sentence.
        advice: what would help, in one sentence.
    """

    kind: ErrorKind
    likelihood: float
    reason: str
    advice: str


class ErrorPredictor:
    """Warns before a run.

    Args:
        tracker: the log of errors.
        now: seconds since 1970; the clock's when None.
    """

    def __init__(self, tracker: ErrorTracker, now: float | None = None) -> None:
        """Learn from a log."""
        self._history = tracker.resolved()
        self._ends = [entry for entry in tracker.entries() if isinstance(entry, RunEnd)]
        self._now = time.time() if now is None else now

    def predict_potential_errors(
        self, videos: Sequence[VideoFacts], machine: Machine, expected: Expected
    ) -> tuple[Prediction, ...]:
        """What may go wrong, the likeliest first; one prediction for each kind at most.

        Args:
            videos: the recordings.
            machine: as it is now.
            expected: figures of the run.
        """
        found: dict[ErrorKind, Prediction] = {}
        for prediction in (
            *self._memory(videos, machine, expected),
            *self._disk(machine, expected),
            *self._timeout(videos, expected),
            *self._services(expected),
            *self._files(videos),
        ):
            known = found.get(prediction.kind)
            if known is None or prediction.likelihood > known.likelihood:
                found[prediction.kind] = prediction
        return tuple(sorted(found.values(), key=lambda p: -p.likelihood))

    def _memory(
        self, videos: Sequence[VideoFacts], machine: Machine, expected: Expected
    ) -> Iterator[Prediction]:
        room = min(machine.memory_free, expected.memory_allowed or machine.memory_free)
        if expected.memory is not None and expected.memory > _TIGHT * room:
            yield Prediction(
                "memory",
                0.9 if expected.memory > room else 0.6,
                f"It needs about {expected.memory / 1e9:.1f} GB of memory; "
                f"{room / 1e9:.1f} GB can be had.",
                "Close other programs, or add --segment 60.",
            )
        before = [
            r
            for r in self._failed("memory", videos)
            if r.error.machine is None or r.error.machine.memory_free >= machine.memory_free
        ]
        if before and not expected.in_pieces:
            yield Prediction(
                "memory",
                0.7,
                f"Memory ran short {_times(before)} with recordings no larger than this, when no "
                f"less than now was free.",
                _learned(before, "Add --segment 60."),
            )

    def _disk(self, machine: Machine, expected: Expected) -> Iterator[Prediction]:
        if expected.disk is not None and expected.disk > _TIGHT * machine.disk_free:
            yield Prediction(
                "disk",
                0.95 if expected.disk > machine.disk_free else 0.6,
                f"It writes about {expected.disk / 1e9:.1f} GB; "
                f"{machine.disk_free / 1e9:.1f} GB are free.",
                "Free some, or name another disk with --work-dir.",
            )

    def _timeout(self, videos: Sequence[VideoFacts], expected: Expected) -> Iterator[Prediction]:
        for seconds, allowed, what in (
            (expected.seconds, expected.allowed, "The run"),
            (expected.longest_stage, expected.stage_allowed, "One stage"),
        ):
            if seconds is not None and allowed is not None and seconds > _TIGHT * allowed:
                yield Prediction(
                    "timeout",
                    0.9 if seconds > allowed else 0.6,
                    f"{what} takes about {seconds:.0f} s and may take {allowed:.0f} s.",
                    "Allow more, or add --mode fast.",
                )
        before = self._failed("timeout", videos)
        if before:
            yield Prediction(
                "timeout",
                0.6,
                f"Steps took too long {_times(before)} with recordings no larger than this.",
                _learned(before, "Add --mode fast."),
            )

    def _services(self, expected: Expected) -> Iterator[Prediction]:
        if not expected.services:
            return
        told: dict[ErrorKind, tuple[float, float, str, str]] = {
            "key": (_RECENT, 0.8, "Gemini refused the key", "Check it with `check-api`."),
            "quota": (_DAY, 0.6, "Gemini asked to slow down", "Wait, or run with --offline."),
            "service": (3600.0, 0.5, "A service could not be reached", "Or run with --offline."),
        }
        for kind, (remembered, likelihood, what, advice) in told.items():
            recent = [
                r
                for r in self._history
                if r.error.kind == kind
                and self._now - r.error.time < remembered
                and r.error.stage != "research"
            ]
            if recent and not self._mended(recent[-1]):
                ago = _ago(self._now - recent[-1].error.time)
                yield Prediction(kind, likelihood, f"{what} {ago} ago.", advice)

    def _files(self, videos: Sequence[VideoFacts]) -> Iterator[Prediction]:
        shapes = {(v.size, round(v.duration, 3)) for v in videos}
        before = [
            r
            for r in self._history
            if (r.error.kind == "media" or r.error.type == FileCorruptionError.__name__)
            and r.worked is not True
            and shapes & {(v.size, round(v.duration, 3)) for v in r.error.videos}
        ]
        if before:
            yield Prediction(
                "file",
                0.6,
                f"This very recording could not be handled {_times(before)} before.",
                "Look at it with `validate --check-file-integrity`.",
            )

    def _failed(self, kind: ErrorKind, videos: Sequence[VideoFacts]) -> list[Resolved]:
        """Failures of a kind with recordings no larger than these, not overcome as they were."""
        length = sum(v.duration for v in videos)
        pixels = max((v.width * v.height for v in videos), default=0)
        return [
            r
            for r in self._history
            if r.error.kind == kind
            and r.error.videos
            and sum(v.duration for v in r.error.videos) <= length
            and max(v.width * v.height for v in r.error.videos) <= pixels
            and not (r.worked and r.resolution == "the same command again")
        ]

    def _mended(self, last: Resolved) -> bool:
        """Whether a later run that asked the services met no such trouble."""
        troubled = {r.error.run for r in self._history if r.error.kind == last.error.kind}
        return any(
            end.time > last.error.time
            and end.status in GOOD_ENDS
            and not end.options.get("offline")
            and end.run not in troubled
            for end in self._ends
        )


def _learned(before: Sequence[Resolved], otherwise: str) -> str:
    worked = [r.resolution for r in before if r.worked and r.resolution.startswith("--")]
    return f"What worked then: {worked[-1]}." if worked else otherwise


def _times(items: Sequence[Resolved]) -> str:
    runs = len({r.error.run for r in items})
    return "in one run" if runs == 1 else f"in {runs} runs"


def _ago(seconds: float) -> str:
    if seconds < 5400:
        return f"{max(1, round(seconds / 60))} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * _DAY else f"{seconds / _DAY:.0f} days"
