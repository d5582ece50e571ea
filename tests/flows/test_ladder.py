"""A whole run that cannot be done as asked for is done at lower quality, and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.composition.composer import VideoComposer
from ai_video_editor.errors import MemoryConstraintError
from tests.flows.clips import talk

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

MODEL = Path(__file__).parents[1] / "data" / "whisper-fixture"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talk(tmp_path_factory.mktemp("clips") / "talk.mp4", seconds=3, size="160x120")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One work folder for the whole file: what is not under test is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """What was asked of the composer, as quality and method."""
    asked: list[tuple[str, str]] = []
    begin, real = VideoComposer.__init__, VideoComposer.compose_video
    qualities: dict[int, str] = {}

    def remember(self: VideoComposer, *given: Any, quality: str, **named: Any) -> None:
        qualities[id(self)] = quality
        begin(self, *given, quality=quality, **named)

    def compose(self: VideoComposer, *given: Any, **named: Any) -> Any:
        asked.append((qualities[id(self)], named["method"]))
        if qualities[id(self)] != "low":
            raise MemoryConstraintError("Rendering needs more memory than there is.")
        return real(self, *given, **named)

    monkeypatch.setattr(VideoComposer, "__init__", remember)
    monkeypatch.setattr(VideoComposer, "compose_video", compose)
    yield asked


def edited(clip: Path, home: Path, output: Path, **options: Any) -> dict[str, Any]:
    from flows.edit_video import edit_video

    state = edit_video(
        [clip], output=output, work_dir=home, offline=True, whisper_model=str(MODEL),
        return_state=True, **options,
    )  # fmt: skip
    data: Any = getattr(state.data, "result", state.data)
    return dict(data)


def test_without_leave_to_degrade_the_run_fails_and_its_context_is_safe(
    clip: Path, home: Path, tmp_path: Path, renders: list[tuple[str, str]]
) -> None:
    summary = edited(clip, home, tmp_path)
    assert summary["status"] == "failed"
    assert "more memory" in summary["error"]["message"]
    assert summary["stages"]["content_analysis"]["state"] == "done"
    saved = home / "store" / "projects" / f"{summary['project_id']}.context.json"
    assert json.loads(saved.read_text())["ai_director_plan"]["kept"]


def test_the_run_goes_down_step_by_step_until_it_can_be_done(
    clip: Path, home: Path, tmp_path: Path, renders: list[tuple[str, str]]
) -> None:
    summary = edited(clip, home, tmp_path, auto_degrade_quality=True)
    assert summary["status"] == "degraded"
    steps = [(d["instead_of"], d["used"]) for d in summary["degradations"]]
    assert steps == [("full_quality", "reduced_quality"), ("reduced_quality", "basic_processing")]
    assert all("more memory" in d["reason"] for d in summary["degradations"])
    assert [quality for quality, _ in renders[-1:]] == ["low"]
    assert {quality for quality, _ in renders} == {"high", "medium", "low"}
    assert summary["stages"]["audio_processing"]["reused"]
    folder = Path(summary["output_dir"])
    assert (folder / "video.mp4").stat().st_size > 0
    metrics = json.loads((folder / "context.json").read_text())["processing_metrics"]
    assert [told.split(" ")[0] for told in metrics["degradations_applied"]] == [
        "reduced_quality",
        "basic_processing",
    ]
    assert "reduced_quality" in (folder / "report.html").read_text()


def test_past_the_last_level_the_error_says_so_and_the_context_is_safe(
    clip: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise MemoryConstraintError("Rendering needs more memory than there is.")

    monkeypatch.setattr(VideoComposer, "compose_video", never)
    summary = edited(
        clip, home, tmp_path, enable_all_fallbacks=True, continue_from="video_composition"
    )
    assert summary["status"] == "failed"
    assert summary["error"]["type"] == "ContentContextError"
    assert "emergency_mode" in summary["error"]["message"]
    assert summary["degradations"][-1]["used"] == "emergency_mode"


def test_nothing_is_kept_of_a_run_without_recovery(clip: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    summary = edited(
        clip, home, tmp_path / "out", enable_recovery=False, stop_after="content_analysis"
    )
    assert summary["status"] == "stopped"
    kept = [path for path in home.rglob("*") if path.is_file() and path.suffix in (".json", ".wav")]
    kept = [path for path in kept if "inputs" not in path.parts]
    assert kept == []
    assert (Path(summary["output_dir"]) / "context.json").exists()
