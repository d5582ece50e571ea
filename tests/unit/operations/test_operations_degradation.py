"""Doing with less, one level at a time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.errors import (
    ContentContextError,
    InputError,
    MemoryConstraintError,
    RunInterruptedError,
)
from ai_video_editor.operations.degradation import (
    LADDER,
    GracefulDegradationController,
    GracefulDegradationManager,
    lower,
)

FULL = MemoryConstraintError("The memory is full.")


def test_every_level_gives_up_what_the_one_before_gave_up() -> None:
    for above, below in pairwise(LADDER):
        assert below.changes.keys() >= above.changes.keys()


def test_levels_come_one_at_a_time_and_then_no_more() -> None:
    ladder = GracefulDegradationController(ProcessingPreferences())
    names = []
    for _ in LADDER[1:]:
        step = ladder.apply_degradation("video_composition", FULL)
        assert step is not None
        names.append(step.level.name)
        assert step.record.reason == "The memory is full."
    assert names == [level.name for level in LADDER[1:]]
    with pytest.raises(ContentContextError, match="emergency_mode"):
        ladder.apply_degradation("video_composition", FULL)


def test_a_level_that_would_change_nothing_is_passed_by() -> None:
    asked = ProcessingPreferences(
        quality_level="low", thumbnail_resolution="1280x720", parallel_processing=False
    )
    step = GracefulDegradationController(asked).apply_degradation("research", FULL)
    assert step is not None
    assert step.level.name == "basic_processing"


def test_quality_is_never_raised() -> None:
    asked = ProcessingPreferences(quality_level="low")
    assert all(lower(asked, level).quality_level == "low" for level in LADDER)


@pytest.mark.parametrize("error", [InputError("no"), RunInterruptedError("stopped")])
def test_what_less_quality_cannot_mend_is_left_as_it_is(error: Exception) -> None:
    ladder = GracefulDegradationController(ProcessingPreferences())
    assert ladder.apply_degradation("initialization", error) is None


def test_the_next_processor_is_named_until_there_is_none() -> None:
    manager = GracefulDegradationManager(("whisper", "sphinx"))
    assert manager.handle_failure("whisper", FULL) == "sphinx"
    assert manager.handle_failure("sphinx", FULL) is None
    assert manager.handle_failure("whisper", RunInterruptedError("stopped")) is None
    assert GracefulDegradationManager(("a", "b"), enabled=False).handle_failure("a", FULL) is None
