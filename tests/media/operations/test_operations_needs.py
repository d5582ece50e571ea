"""`validate` and the refusal of `process`, with real files and a machine whose figures are set."""

from __future__ import annotations

import json
import shlex
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ai_video_editor.cli.main import app
from ai_video_editor.cli.validating import Asked, validated
from ai_video_editor.operations.outlook import probed
from ai_video_editor.settings import Settings
from tests.fake_machine import FakeMachine
from tests.flows.clips import talk

EVERYTHING = Asked(system=True, integrity=True, needs=True)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talk(tmp_path_factory.mktemp("with space") / "my talk.mp4", seconds=3)


def settings(home: Path) -> Settings:
    return Settings.model_validate(
        {"paths": {"home": home, "output": home / "films"}, "api": {"offline": True}}
    )


def test_a_good_file_on_a_good_machine_has_nothing_but_ticks(clip: Path, tmp_path: Path) -> None:
    found = validated([clip], settings(tmp_path), EVERYTHING, FakeMachine(free=14))
    assert found.ok
    assert {finding.state for finding in found.findings} == {"ok"}
    assert found.command == f"ai-video-editor process {shlex.quote(str(clip))}"
    names = {finding.name for finding in found.findings}
    assert names >= {"memory", "processor", "disk needed", "memory needed", "time needed"}


def test_a_poor_machine_gets_options_that_can_be_pasted(clip: Path, tmp_path: Path) -> None:
    machine = FakeMachine(free=0.7, load=7.0)
    given = ["--output", "my films", "--offline"]
    found = validated([clip], settings(tmp_path), EVERYTHING, machine, given=given)
    assert found.ok, "warnings do not keep anybody from trying"
    words = shlex.split(found.command)
    assert words[:2] == ["ai-video-editor", "process"] and words[-1] == str(clip)
    assert {"--auto-adjust-quality", "--no-parallel", "--offline", "my films"} <= set(words)
    assert words[words.index("--max-memory") + 1] == "0.5"
    options = [word for word in words if word.startswith("--")]
    help_text = CliRunner().invoke(app, ["process", "--help"], env={"COLUMNS": "300"}).output
    assert all(option in help_text for option in options), "each of them exists"


def test_a_disk_that_is_too_small_fails_the_check(clip: Path, tmp_path: Path) -> None:
    machine = FakeMachine(disk={tmp_path.name: 0.0001})
    found = validated([clip], settings(tmp_path), Asked(needs=True), machine)
    assert not found.ok
    assert [f.name for f in found.findings if f.state == "failed"] == ["disk needed"]


def test_a_damaged_file_ends_with_exit_code_two(clip: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(clip.read_bytes()[:9000])
    words = ["validate", str(clip), str(bad), "--check-system-resources", "--offline", "--json"]
    done = CliRunner().invoke(app, [*words, "--estimate-requirements", "--work-dir", str(tmp_path)])
    assert done.exit_code == 2
    report = json.loads(done.output)
    assert [file["ok"] for file in report["files"]] == [True, False]
    assert report["estimate"] is None and report["command"] == ""
    assert not list(tmp_path.glob("store")), "nothing is written"


Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_refuses_the_run_before_anything_is_written(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**9, 10**9 - 900, 900))
    home, output = tmp_path / "home", tmp_path / "films"
    words = ["process", str(clip), "--offline", "--output", str(output), "--work-dir", str(home)]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 1
    summary = json.loads(done.stdout)
    assert summary["status"] == "failed" and summary["error"]["type"] == "DiskSpaceError"
    assert "are needed and 1 MB (900 bytes) were free" in summary["error"]["message"]
    assert not home.exists() and not output.exists()


def test_a_file_is_probed_once_as_long_as_it_stays_the_same(tmp_path: Path) -> None:
    path = talk(tmp_path / "a.mp4", seconds=1)
    first = probed(path)
    assert probed(path) is first
    talk(path, seconds=2)
    assert probed(path).duration > first.duration
