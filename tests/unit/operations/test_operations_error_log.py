"""The log of errors: kept small and clean, and worth reading."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.errors import APIAuthenticationError, InputError, MemoryConstraintError
from ai_video_editor.operations.error_bundle import Contents, read_bundle, write_bundle
from ai_video_editor.operations.error_log import ErrorTracker, changed
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.prediction import ErrorPredictor, Expected
from ai_video_editor.operations.rotated import KEPT, append, lines, parts
from ai_video_editor.operations.run_log import RunLog, run_log_path
from ai_video_editor.operations.situation import VideoFacts
from ai_video_editor.progress import ProgressEvent
from ai_video_editor.redaction import Redactor

KEY = "AIzaSyLoopback-0123456789-secret"
TALK = VideoFacts(
    duration=60, size=9_000_000, container="mov", codec="h264", width=1280, height=720
)


@pytest.fixture
def redactor() -> Redactor:
    return Redactor([KEY], environment={"HOME": "/home/ada"})


@pytest.fixture
def tracker(tmp_path: Path, redactor: Redactor) -> ErrorTracker:
    return ErrorTracker(tmp_path, redactor)


def failing(
    tracker: ErrorTracker, kind: ErrorKind = "memory", run: str = "r1", **about: Any
) -> None:
    error = ProcessingError(
        stage=about.pop("stage", "video_composition"), type="Error", message="x", kind=kind
    )
    about = {"project_id": "talk-1", "videos": (TALK,), **about}
    tracker.log_error(error, run=run, **about)


def test_an_entry_holds_what_is_needed_to_understand_it(tracker: ErrorTracker) -> None:
    try:
        raise MemoryConstraintError("Only 0.2 GB were free.")
    except MemoryConstraintError as error:
        tracker.log_error(error, stage="audio_processing", processor="whisper", videos=(TALK,))
    entry = json.loads(tracker.path.read_text())
    assert entry["type"] == "MemoryConstraintError"
    assert entry["kind"] == "memory"
    assert (entry["stage"], entry["processor"]) == ("audio_processing", "whisper")
    assert any("test_operations_error_log" in line for line in entry["stack"])
    assert entry["machine"]["memory_total"] > 0
    assert entry["videos"][0]["codec"] == "h264"


def test_no_secret_and_no_home_is_logged(tracker: ErrorTracker, tmp_path: Path) -> None:
    try:
        raise APIAuthenticationError(f"https://x/?key={KEY} refused for /home/ada/talk.mp4")
    except APIAuthenticationError as error:
        tracker.log_error(error, options={"music": "/home/ada/m.mp3", "token": "abc123456"})
    text = tracker.path.read_text()
    assert KEY not in text
    assert "/home/ada" not in text
    assert "abc123456" not in text
    assert "~/talk.mp4" in text


def test_a_later_run_of_the_project_tells_whether_its_change_worked(tracker: ErrorTracker) -> None:
    failing(tracker, run="r1", options={"pace": "tight"})
    tracker.log_end("failed", project_id="talk-1", run="r1", options={"pace": "tight"})
    assert tracker.resolved()[0].worked is None
    tracker.log_end("completed", project_id="other-2", run="r2")
    assert tracker.resolved()[0].worked is None
    tracker.log_end(
        "completed", project_id="talk-1", run="r3", options={"pace": "tight", "segment": 60}
    )
    item = tracker.resolved()[0]
    assert (item.resolution, item.worked) == ("--segment 60", True)
    report = tracker.generate_error_report()
    assert report.resolutions[0].worked == 1
    assert any("--segment 60" in line for line in report.recommendations)
    assert (report.errors, report.runs, report.failed_runs) == (1, 3, 1)


def test_what_did_not_help_is_remembered_too(tracker: ErrorTracker) -> None:
    failing(tracker, run="r1")
    tracker.log_end("failed", project_id="talk-1", run="r1")
    failing(tracker, run="r2")
    tracker.log_end("failed", project_id="talk-1", run="r2")
    first = tracker.resolved()[0]
    assert (first.resolution, first.worked) == ("the same command again", False)


def test_an_interrupted_run_teaches_nothing(tracker: ErrorTracker) -> None:
    failing(tracker, run="r1")
    tracker.log_end("interrupted", project_id="talk-1", run="r2")
    assert tracker.resolved()[0].worked is None


def test_damaged_lines_are_passed_over_and_clearing_empties(tracker: ErrorTracker) -> None:
    failing(tracker)
    with tracker.path.open("a") as stream:
        stream.write('{"entry": "err\n\x00garbage\n')
    failing(tracker)
    assert len(tracker.resolved()) == 2
    assert tracker.clear() == 2
    assert tracker.generate_error_report().errors == 0


def test_changes_are_told_as_options() -> None:
    assert changed({"pace": "tight"}, {"offline": True}) == "--offline, without --pace"


def test_logs_rotate_and_lose_no_line_between_threads(tmp_path: Path) -> None:
    path = tmp_path / "a.log"

    def write(name: int) -> None:
        for number in range(50):
            append(path, f"{name}-{number} " + "x" * 20, limit=1500)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(parts(path)) == KEPT + 1
    assert all(part.stat().st_size <= 1500 for part in parts(path))
    assert all(len(line.split()[1]) == 20 for line in lines(path)), "no line is torn"


def test_a_run_log_waits_for_its_project_and_is_clean(tmp_path: Path, redactor: Redactor) -> None:
    log = RunLog(tmp_path, redactor)
    log.tell(f"run of /home/ada/talk.mp4 with {KEY}\nstarted")
    assert not (tmp_path / "logs").exists()
    log.known_as("talk-1")
    log.hear(ProgressEvent("research", "finished", state="degraded"))
    told = run_log_path(tmp_path, "talk-1").read_text().splitlines()
    assert len(told) == 2
    assert KEY not in told[0] and "~/talk.mp4" in told[0]
    assert told[1].endswith("research degraded")


def test_a_bundle_holds_what_was_asked_for_and_no_secret(
    tmp_path: Path, tracker: ErrorTracker, redactor: Redactor
) -> None:
    tracker.log_error(RuntimeError("boom"), stage="research")
    with tracker.path.open("a") as stream:  # as an older version might have written it
        stream.write(json.dumps({"note": f"x-goog-api-key: {KEY}"}) + "\n")
    target = tmp_path / "report.zip"
    names = [p.name for p in write_bundle(target, tmp_path, Contents(), redactor)]
    assert names == ["report.json"]
    write_bundle(target, tmp_path, Contents(system=True, logs=True, context=True), redactor)
    with zipfile.ZipFile(target) as bundle:
        whole = "".join(bundle.read(name).decode() for name in bundle.namelist())
        assert {"report.json", "system.json", "logs/errors.jsonl"} < set(bundle.namelist())
    assert KEY not in whole
    assert "boom" in whole
    assert next(p.name for p in read_bundle(target, redactor)) == "report.json"


def test_only_a_clean_bundle_of_ours_is_read(tmp_path: Path, redactor: Redactor) -> None:
    stranger = tmp_path / "photos.zip"
    with zipfile.ZipFile(stranger, "w") as bundle:
        bundle.writestr("a.txt", "x")
    with pytest.raises(InputError, match="no error report"):
        read_bundle(stranger, redactor)
    with zipfile.ZipFile(stranger, "w") as bundle:
        bundle.writestr("manifest.json", json.dumps({"format": "ai-video-editor-error-report"}))
        bundle.writestr("logs/a.log", f"key={KEY}")
    with pytest.raises(InputError, match="secret"):
        read_bundle(stranger, redactor)


def test_estimates_warn_before_a_run(tracker: ErrorTracker, tmp_path: Path) -> None:
    machine = this_machine(tmp_path).model_copy(
        update={"memory_free": 2_000_000_000, "disk_free": 1_000_000_000}
    )
    found = ErrorPredictor(tracker).predict_potential_errors(
        [TALK],
        machine,
        Expected(memory=3_000_000_000, disk=900_000_000, seconds=500, allowed=300),
    )
    assert [p.kind for p in found] == ["memory", "timeout", "disk"]
    assert "3.0 GB of memory; 2.0 GB" in found[0].reason
    assert ErrorPredictor(tracker).predict_potential_errors([TALK], machine, Expected()) == ()


def test_history_warns_before_a_run_until_it_is_overcome(
    tracker: ErrorTracker, tmp_path: Path
) -> None:
    machine = this_machine(tmp_path).model_copy(update={"memory_free": 1})
    failing(tracker, "memory", run="r1")
    failing(tracker, "key", run="r1", stage="intelligence_layer", resolution="fallback rules",
            worked=True)  # fmt: skip
    tracker.log_end("failed", project_id="talk-1", run="r1")

    def kinds(expected: Expected, video: VideoFacts = TALK) -> set[str]:
        predictor = ErrorPredictor(tracker)
        return {p.kind for p in predictor.predict_potential_errors([video], machine, expected)}

    assert kinds(Expected(services=True)) == {"memory", "key"}
    assert kinds(Expected()) == {"memory"}, "a run that asks nobody is not warned of the key"
    short = TALK.model_copy(update={"duration": 5.0})
    assert kinds(Expected(), short) == set(), "a smaller recording is not warned"
    tracker.log_end("completed", project_id="talk-1", run="r2")
    assert kinds(Expected(services=True)) == set()
