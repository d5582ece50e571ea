"""A log that cannot be written does not end a run; the flow's log says so, once."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from prefect import flow

from ai_video_editor.errors import RunInterruptedError
from ai_video_editor.operations.run_log import run_log_path
from ai_video_editor.progress import ProgressEvent, listen, publish
from ai_video_editor.settings import Settings
from flows import history
from flows.history import History


def of_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setattr(history, "get_run_logger", lambda: logging.getLogger("of the flow"))
    return History(Settings.model_validate({"paths": {"home": home}}), flow(lambda: None))


def test_stages_go_on_where_the_runs_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = of_home(tmp_path, monkeypatch)
    run_log_path(tmp_path, "talk-1").mkdir(parents=True)
    with told.listening():
        publish(ProgressEvent("start", "finished", state="done"))
        told.begin("talk-1", "talk.mp4")
        for stage in ("research", "composition"):
            publish(ProgressEvent(stage, "started"))
            publish(ProgressEvent(stage, "finished", state="done"))
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 1 and "The log cannot be written" in warnings[0]


def test_the_stages_are_in_the_runs_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = of_home(tmp_path, monkeypatch)
    with told.listening():
        told.begin("talk-1", "talk.mp4")
        publish(ProgressEvent("research", "started"))
    publish(ProgressEvent("composition", "started"))
    written = run_log_path(tmp_path, "talk-1").read_text()
    assert "research started" in written and "composition" not in written


def test_who_listens_and_fails_holds_up_neither_the_stage_nor_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[str] = []

    def broken(_event: ProgressEvent) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    def stopping(_event: ProgressEvent) -> None:
        raise RunInterruptedError("The run was stopped.")

    stops = [listen(broken), listen(lambda event: heard.append(event.stage))]
    try:
        publish(ProgressEvent("research", "started"))
        publish(ProgressEvent("composition", "started"))
        assert heard == ["research", "composition"]
        assert [record.getMessage() for record in caplog.records] == [
            "The progress of research cannot be shown: BrokenPipeError(32, 'Broken pipe')"
        ], "it is told once"
        stops.append(listen(stopping))
        with pytest.raises(RunInterruptedError):
            publish(ProgressEvent("research", "started"))
    finally:
        for stop in stops:
            stop()
