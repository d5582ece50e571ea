"""What scripts read on stdout is one JSON object, whatever plugins say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_video_editor.cli import process
from ai_video_editor.reporting.summary import RunSummary, summarise
from tests.flows.clips import talk


def test_what_a_plugin_prints_does_not_spoil_the_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def talkative(*_given: object) -> RunSummary:
        print("a plugin says hello")
        return summarise("talk-1", seconds=1.0, output_dir=tmp_path)

    monkeypatch.setenv("AI_VIDEO_EDITOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(process, "_edit", talkative)
    clip = talk(tmp_path / "talk.mp4", seconds=1, size="64x36")
    process.run([clip], {}, verbose=False, as_json=True)
    told = capsys.readouterr()
    assert json.loads(told.out)["project_id"] == "talk-1"
    assert "a plugin says hello" in told.err
