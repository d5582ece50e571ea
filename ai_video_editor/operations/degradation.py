"""Doing with less: a stage's next processor, and five levels of quality for the whole run.

    0 full_quality          everything as asked
    1 reduced_quality       medium picture, 720p thumbnails, one stage at a time
    2 basic_processing      low picture, director by rules, drawn backgrounds
    3 minimal_processing    plain cuts and captions
    4 emergency_mode        only what is cached; optional stages skipped

A level acts only by changing `ProcessingPreferences`, so that a stage is made anew only where a
preference that it uses has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.context.record import Degradation
from ai_video_editor.errors import (
    APIIntegrationError,
    ContentContextError,
    ContextStateError,
    EditorError,
    InputError,
    MediaError,
    ResourceConstraintError,
    RunInterruptedError,
    StageFailedError,
    StorageError,
)

_QUALITY = ("low", "medium", "high", "ultra")

_HELPED = (ResourceConstraintError, APIIntegrationError, MediaError, StageFailedError, StorageError)
"""Errors that a lower level may get round."""


@dataclass(frozen=True)
class DegradationLevel:
    """One rung of the ladder.

    Attributes:
        name: as summaries and reports tell it.
        changes: preferences that it sets; `quality_level` is never raised.
        gives_up: what is not done any more, in words.
    """

    name: str
    changes: Mapping[str, Any]
    gives_up: str


_REDUCED = {
    "quality_level": "medium",
    "thumbnail_resolution": "1280x720",
    "parallel_processing": False,
}
_BASIC = {
    **_REDUCED,
    "quality_level": "low",
    "enable_ai_analysis": False,
    "use_procedural_generation": True,
}
_MINIMAL = {**_BASIC, "skip_optional_stages": True}
_EMERGENCY = {**_MINIMAL, "use_cached_data_only": True, "batch_size": 1}

LADDER: tuple[DegradationLevel, ...] = (
    DegradationLevel("full_quality", {}, ""),
    DegradationLevel(
        "reduced_quality", _REDUCED, "medium picture, 720p thumbnails, one stage at a time"
    ),
    DegradationLevel(
        "basic_processing", _BASIC, "low picture, director by rules, drawn backgrounds"
    ),
    DegradationLevel(
        "minimal_processing", _MINIMAL, "plain cuts and captions; no B-roll, no thumbnails"
    ),
    DegradationLevel(
        "emergency_mode", _EMERGENCY, "only what is cached; optional stages are skipped"
    ),
)
"""All levels, the best first."""


@dataclass(frozen=True)
class Step:
    """One step down.

    Attributes:
        level: the level that is gone to.
        preferences: as they are from now on.
        record: for the summary, the report and the log.
    """

    level: DegradationLevel
    preferences: ProcessingPreferences
    record: Degradation

    @property
    def told(self) -> str:
        """The step in words."""
        return f"{self.level.name} ({self.level.gives_up}): {self.record.reason}"


class GracefulDegradationController:
    """Steps down the ladder, one level at a time.

    Args:
        preferences: as they were asked for.
    """

    def __init__(self, preferences: ProcessingPreferences) -> None:
        """Begin at full quality."""
        self._asked = preferences
        self._now = preferences
        self._level = 0
        self.steps: list[Step] = []

    @property
    def level(self) -> DegradationLevel:
        """The present level."""
        return LADDER[self._level]

    def apply_degradation(self, stage: str, error: BaseException) -> Step | None:
        """Go one level down because a stage failed for good.

        Levels that change nothing of what was asked for are passed by: they would only repeat.

        Returns:
            The step; None where a lower level cannot help against this error.

        Raises:
            ContentContextError: the last level failed as well.
        """
        if not can_help(error):
            return None
        before = self.level
        while self._level + 1 < len(LADDER):
            self._level += 1
            lowered = lower(self._now, self.level)
            if lowered != self._now:
                break
        else:
            raise ContentContextError(
                f"Even at the lowest level ({self.level.name}) the stage {stage} failed: "
                f"{_reason(error)}",
                advice=("Run the same command again: finished stages are reused.",),
                resume_from=stage,
            ) from error
        self._now = lowered
        step = Step(
            self.level,
            lowered,
            Degradation(
                stage=stage, used=self.level.name, instead_of=before.name, reason=_reason(error)
            ),
        )
        self.steps.append(step)
        return step


def lower(preferences: ProcessingPreferences, level: DegradationLevel) -> ProcessingPreferences:
    """Preferences at a level: what was set lower already stays."""
    changes = dict(level.changes)
    asked = preferences.quality_level
    if "quality_level" in changes:
        changes["quality_level"] = min(asked, changes["quality_level"], key=_QUALITY.index)
    return preferences.model_copy(update=changes)


def can_help(error: BaseException) -> bool:
    """Whether doing with less may get round an error; a wrong input or a stop stays what it is."""
    if isinstance(error, InputError | RunInterruptedError | ContextStateError):
        return False
    return isinstance(error, _HELPED) or not isinstance(error, EditorError)


class GracefulDegradationManager:
    """The declared fallbacks of a stage.

    Args:
        processors: names of a stage's processors that can be used here, in order.
        enabled: whether falling back is wanted at all.
    """

    def __init__(self, processors: Sequence[str], *, enabled: bool = True) -> None:
        """Keep the list."""
        self._processors = tuple(processors)
        self._enabled = enabled

    def handle_failure(self, processor: str, error: BaseException) -> str | None:
        """The processor to take after one that failed.

        Returns:
            Its name; None where there is none, or where nothing can help.
        """
        stopped = isinstance(error, RunInterruptedError)
        if stopped or not self._enabled or processor not in self._processors:
            return None
        later = self._processors[self._processors.index(processor) + 1 :]
        return later[0] if later else None


def _reason(error: BaseException) -> str:
    if isinstance(error, EditorError):
        return error.message
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
