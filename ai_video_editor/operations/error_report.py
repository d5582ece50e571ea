"""What the log of errors teaches: how often, where, what helped, what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from ai_video_editor.context.base import Model
from ai_video_editor.context.record import ErrorKind
from ai_video_editor.operations.error_entries import GOOD_ENDS, Resolved, RunEnd

_OFTEN = 3
"""Errors of one kind that make a habit."""

_RECOMMENDED: dict[ErrorKind, str] = {
    "memory": "Memory ran short {n} times: set AI_VIDEO_EDITOR_SEGMENT=60, or run with --segment "
    "60, and close other programs.",
    "disk": "The disk was full {n} times: free some, or set AI_VIDEO_EDITOR_HOME to a larger one.",
    "processor": "The machine was too busy {n} times: run with --no-parallel.",
    "timeout": "Steps took too long {n} times: run with --mode fast, or allow more with "
    "AI_VIDEO_EDITOR_STAGE_TIMEOUT.",
    "key": "The Gemini key was refused {n} times: check it with `check-api`, or run --offline.",
    "quota": "Gemini asked to slow down {n} times: run fewer films at a time, or --offline.",
    "service": "A service could not be reached {n} times: check the network with `check-api`.",
    "file": "Files could not be used {n} times: look at them with `validate` first.",
    "permission": "Files were not allowed to be used {n} times: see who owns them with `ls -l`.",
    "library": "Parts of the program are missing ({n} times): run `make setup` again.",
    "media": "Sound or picture could not be handled {n} times: run with --render full, and send "
    "a report (`generate-error-report`).",
    "record": "The record was damaged {n} times: the disk may be failing.",
    "internal": "The program was at fault {n} times: please send a report "
    "(`generate-error-report`).",
}


class Frequency(Model):
    """How often something was seen."""

    name: str
    count: int
    share: float
    """Of all, 0 to 1."""
    last: str
    """When it was seen last, ISO 8601."""


class Resolution(Model):
    """Something that was tried against a kind of problem."""

    kind: ErrorKind
    resolution: str
    tried: int
    worked: int


class ErrorReport(Model):
    """What the log teaches."""

    errors: int
    runs: int
    failed_runs: int
    by_type: tuple[Frequency, ...] = ()
    by_kind: tuple[Frequency, ...] = ()
    by_stage: tuple[Frequency, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    recommendations: tuple[str, ...] = ()


def report_of(errors: Sequence[Resolved], ends: Sequence[RunEnd]) -> ErrorReport:
    """The report on errors and ends of runs.

    Args:
        errors: with what came of them, the oldest first.
        ends: of all runs, good ones as well.
    """
    resolutions = _resolutions(errors)
    return ErrorReport(
        errors=len(errors),
        runs=len(ends),
        failed_runs=sum(end.status not in GOOD_ENDS for end in ends),
        by_type=_frequencies((r.error.type, r.error.time) for r in errors),
        by_kind=_frequencies((r.error.kind, r.error.time) for r in errors),
        by_stage=_frequencies((r.error.stage, r.error.time) for r in errors if r.error.stage),
        resolutions=resolutions,
        recommendations=tuple(_recommended(errors, resolutions)),
    )


def _frequencies(seen: Iterable[tuple[str, float]]) -> tuple[Frequency, ...]:
    counts: Counter[str] = Counter()
    last: dict[str, float] = {}
    for name, when in seen:
        counts[name] += 1
        last[name] = when
    total = sum(counts.values())
    return tuple(
        Frequency(
            name=name,
            count=count,
            share=round(count / total, 3),
            last=datetime.fromtimestamp(last[name], UTC).isoformat(timespec="seconds"),
        )
        for name, count in counts.most_common()
    )


def _resolutions(errors: Sequence[Resolved]) -> tuple[Resolution, ...]:
    tried: Counter[tuple[ErrorKind, str]] = Counter()
    worked: Counter[tuple[ErrorKind, str]] = Counter()
    for item in errors:
        if item.worked is None or not item.resolution:
            continue
        tried[item.error.kind, item.resolution] += 1
        worked[item.error.kind, item.resolution] += item.worked
    rows = [
        Resolution(kind=kind, resolution=what, tried=count, worked=worked[kind, what])
        for (kind, what), count in tried.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.worked, row.tried)))


def _chosen(row: Resolution) -> bool:
    """Whether it is something that a user did, and it helped."""
    return bool(row.worked) and not row.resolution.startswith(
        ("fallback", "the run went on", "a lower")
    )


def _as_given(resolution: str) -> str:
    return resolution if resolution.startswith("without") else f"with {resolution}"


def _recommended(errors: Sequence[Resolved], resolutions: Sequence[Resolution]) -> Iterable[str]:
    counts = Counter(item.error.kind for item in errors)
    for kind, count in counts.most_common():
        best = next((r for r in resolutions if r.kind == kind and _chosen(r)), None)
        if best is not None:
            yield (
                f"After a problem of kind {kind}, a run {_as_given(best.resolution)} came to its "
                f"end {best.worked} of {best.tried} times."
            )
        if count >= _OFTEN and kind in _RECOMMENDED:
            yield _RECOMMENDED[kind].format(n=count)
