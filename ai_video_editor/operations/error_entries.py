"""What the log of errors keeps: errors, ends of runs, and what came of an error."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ai_video_editor.context.base import Model
from ai_video_editor.context.record import ErrorKind
from ai_video_editor.operations.machine import Machine
from ai_video_editor.operations.situation import VideoFacts

GOOD_ENDS = frozenset(["completed", "degraded", "stopped", "awaiting_review", "unverified"])
"""Statuses of a run that came to its end: whatever had stopped it before was overcome."""


class ErrorEntry(Model):
    """One error, as it is kept."""

    entry: Literal["error"] = "error"
    id: str
    time: float
    """Seconds since 1970."""
    run: str = ""
    project_id: str = ""
    stage: str = ""
    processor: str = ""
    type: str
    kind: ErrorKind = "internal"
    message: str
    stack: tuple[str, ...] = ()
    machine: Machine | None = None
    videos: tuple[VideoFacts, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    """What the run was given."""
    resolution: str = ""
    """What was tried in the same run; empty where the run ended with it."""
    worked: bool | None = None
    """Whether that worked; None where a later run has to tell."""


class RunEnd(Model):
    """How a run ended."""

    entry: Literal["end"] = "end"
    time: float
    run: str = ""
    project_id: str = ""
    status: str
    seconds: float = 0.0
    options: dict[str, Any] = Field(default_factory=dict)


class Resolved(Model):
    """An error and what came of it."""

    error: ErrorEntry
    resolution: str = ""
    worked: bool | None = None
