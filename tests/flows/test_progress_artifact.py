"""The progress that the dashboard shows: 100 % is a run that ended well, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ai_video_editor.progress import ProgressEvent, publish
from flows import artifacts


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    shown: list[float] = []

    def create(progress: float, **_given: Any) -> str:
        shown.append(progress)
        return "00000000-0000-0000-0000-000000000001"

    def update(_artifact: Any, *, progress: float) -> None:
        shown.append(progress)

    monkeypatch.setattr(artifacts, "create_progress_artifact", create)
    monkeypatch.setattr(artifacts, "update_progress_artifact", update)
    return shown


def work(stages: int) -> None:
    for number in range(stages):
        publish(ProgressEvent(f"stage-{number}", "finished", 1.0))


def test_a_run_that_ends_well_is_done(told: list[float]) -> None:
    with artifacts.shown_progress(4) as well:
        work(3)  # one was left out
        well.set()
    assert told[0] == 0.0 and told[-1] == 100.0


def test_a_cancelled_run_stays_at_what_it_had_done(told: list[float]) -> None:
    with pytest.raises(KeyboardInterrupt), artifacts.shown_progress(4):
        work(1)
        raise KeyboardInterrupt
    assert told[-1] == 25.0


def test_a_failed_run_stays_at_what_it_had_done(told: list[float]) -> None:
    with artifacts.shown_progress(4):
        work(3)
    assert told[-1] == 75.0
