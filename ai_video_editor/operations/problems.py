"""What kind of problem an error is: the one thing that decides what would help."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIIntegrationError,
    APIRateLimitError,
    ContentContextError,
    CPUOverloadError,
    DiskSpaceError,
    EditorError,
    FileCorruptionError,
    FilePermissionError,
    FileSystemError,
    InputError,
    MediaError,
    MemoryConstraintError,
    ProcessingTimeoutError,
    ResourceConstraintError,
    RunInterruptedError,
    StageFailedError,
)
from ai_video_editor.redaction import Redactor

_KINDS: tuple[tuple[type[BaseException], ErrorKind], ...] = (
    (MemoryConstraintError, "memory"),
    (DiskSpaceError, "disk"),
    (ProcessingTimeoutError, "timeout"),
    (CPUOverloadError, "processor"),
    (APIAuthenticationError, "key"),
    (APIRateLimitError, "quota"),
    (APIIntegrationError, "service"),
    (FilePermissionError, "permission"),
    (FileCorruptionError, "file"),
    (FileSystemError, "file"),
    (RunInterruptedError, "interrupted"),
    (ContentContextError, "record"),
    (MediaError, "media"),
    (InputError, "usage"),
    (ResourceConstraintError, "processor"),
    # what nobody translated
    (MemoryError, "memory"),
    (TimeoutError, "timeout"),
    (PermissionError, "permission"),
    (FileNotFoundError, "file"),
    (ConnectionError, "service"),
    (ImportError, "library"),
    (KeyboardInterrupt, "interrupted"),
)
"""The first that fits is taken, so special ones stand before general ones."""

_FULL = frozenset([errno.ENOSPC, errno.EDQUOT])

_SECONDS = re.compile(r"([\d.]+) ?s(?:ec|\b)")


def problem_of(
    error: BaseException, *, stage: str = "", processor: str = "", redactor: Redactor | None = None
) -> ProcessingError:
    """An error as data, without secrets.

    Where every processor of a stage failed, the kind is that of the first whose cause somebody
    can do something about.

    Args:
        error: ours or a foreign one.
        stage: where it happened, unless the error knows.
        processor: who raised it.
        redactor: one that knows the secrets of the environment when None.
    """
    kind, cause = _cause(error)
    clean = redactor or Redactor(homes=False)
    return ProcessingError(
        stage=stage or _stage_of(error),
        processor=processor,
        type=type(error).__name__,
        message=clean.text(in_one_line(error)),
        retryable=isinstance(error, EditorError) and error.retryable,
        kind=kind,
        retry_after=cause.retry_after if isinstance(cause, APIRateLimitError) else None,
        file=clean.text(_file_of(error)),
        advice=tuple(clean.text(line) for line in _own_advice(error)),
    )


def kind_of(error: BaseException) -> ErrorKind:
    """What kind of problem an error is, looking at its causes as well."""
    return _cause(error)[0]


def in_one_line(error: BaseException) -> str:
    """An error in one line: ours as it stands, a foreign one in plain words or with its type."""
    if isinstance(error, EditorError):
        return error.message
    first = (str(error).splitlines() or [""])[0].strip()
    if isinstance(error, TimeoutError):
        seconds = _SECONDS.search(first)
        return f"it took longer than the {float(seconds[1]):g} s it may" if seconds else "timed out"
    if isinstance(error, MemoryError):
        return f"there was not enough memory{f' ({first})' if first else ''}"
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then what it holds and comes from, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        present = waiting.pop(0)
        if id(present) in seen:
            continue
        seen.add(id(present))
        yield present
        if isinstance(present, StageFailedError):
            waiting.extend(present.errors)
        if present.__cause__ is not None:
            waiting.append(present.__cause__)


def _cause(error: BaseException) -> tuple[ErrorKind, BaseException]:
    for cause in causes(error):
        kind = _own_kind(cause)
        if kind is not None:
            return kind, cause
    return "internal", error


def _own_kind(error: BaseException) -> ErrorKind | None:
    if isinstance(error, OSError) and error.errno in _FULL:
        return "disk"
    if isinstance(error, InputError) and error.file and not isinstance(error, FileSystemError):
        return "file"
    for kind_of_error, kind in _KINDS:
        if isinstance(error, kind_of_error):
            return kind
    return None


def _own_advice(error: BaseException) -> tuple[str, ...]:
    """Advice that was given to this very error; what holds for its class is the kind's business."""
    if not isinstance(error, EditorError) or isinstance(error, StageFailedError):
        return ()
    return error.advice if error.advice != type(error).default_advice else ()


def _stage_of(error: BaseException) -> str:
    if isinstance(error, StageFailedError):
        return error.stage.partition("-")[0]
    return (error.resume_from or "") if isinstance(error, EditorError) else ""


def _file_of(error: BaseException) -> str:
    return next((c.file for c in causes(error) if isinstance(c, EditorError) and c.file), "")
