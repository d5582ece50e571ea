"""Exit codes, messages and the JSON summary of the command line."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.command import SAMPLE, run, start


def test_a_missing_file_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = run("process", tmp_path / "gone.mp4", home=tmp_path / "home")
    assert done.code == 2
    assert "gone.mp4 is not there" in done.told
    assert len(done.told.strip().splitlines()) == 1
    assert "Traceback" not in done.told


def test_the_summary_is_printed_even_when_the_input_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "talk.mp4"
    text.write_text("hello")
    done = run("process", text, "--json", home=tmp_path / "home")
    assert done.code == 2
    assert done.summary["status"] == "invalid"
    assert "talk.mp4" in done.summary["error"]["message"]
    assert not (tmp_path / "home").exists(), "nothing was begun"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--stop-after", "editing"), "There is no stage 'editing'"),
        (("--transcript", "nothing.srt"), "nothing.srt"),
        (("--face-model", "nothing.onnx"), "nothing.onnx is not there"),
        (("--face-model", "README.md"), "no YuNet ONNX file"),
        (("--music", "nothing.mp3"), "nothing.mp3"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(
    tmp_path: Path, words: tuple[str, str], says: str
) -> None:
    done = run("process", SAMPLE, *words, home=tmp_path / "home")
    assert done.code == 2
    assert says in done.told


def test_stopping_after_a_stage_leaves_the_context(tmp_path: Path) -> None:
    done = run(
        "process", SAMPLE, "--offline", "--stop-after", "video_analysis", "--json",
        "--output", tmp_path / "out", home=tmp_path / "home",
    )  # fmt: skip
    assert done.code == 0, done.told
    assert done.summary["status"] == "stopped"
    assert done.summary["stages"]["audio_processing"]["state"] == "not_run"
    context = json.loads((done.folder / "context.json").read_bytes())
    assert len(context["video_analysis"]["shots"]) == 7
    listed = run("checkpoints", "--list", done.summary["project_id"], home=tmp_path / "home")
    assert f"{done.summary['project_id']}_video_processing  done  ✓" in listed.out


def test_an_interrupted_run_stops_with_its_children_and_says_what_is_safe(tmp_path: Path) -> None:
    process = start(
        "process", SAMPLE, "--offline", "--transcriber", "sphinx", "--json",
        "--output", tmp_path / "out", home=tmp_path / "home",
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("audio_processing: started"):
            break
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert json.loads(out)["status"] == "interrupted"
    assert "Traceback" not in told
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    assert not (tmp_path / "out").exists()


def test_the_health_check_answers_without_starting_anything(tmp_path: Path) -> None:
    done = run("status", "--json", home=tmp_path / "home")
    assert done.code == 0
    assert done.summary["ok"] is True
    assert not (tmp_path / "home").exists()


def test_validate_tells_what_is_special_about_a_file(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.mp4"
    wrong.write_text("hello")
    done = run("validate", SAMPLE, wrong, home=tmp_path / "home")
    assert done.code == 2
    assert "✓ sample.mp4: 69.30 s, h264 1280x720 at 30.000 fps" in done.out
    assert "✗" in done.out and "notes.mp4" in done.out
