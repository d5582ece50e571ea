"""`make serve`, its deployments, schedules, watched folders, approval, Retry and Cancel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.flows.clips import talk
from tests.flows.served import ROOT, Served
from tests.waiting import free_port, until

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("served"), free_port())
    one.inbox.mkdir()
    (one.folder / "config").mkdir()
    (one.folder / "config" / "watch-folders.toml").write_text(
        f"[[folder]]\npath = {json.dumps(str(one.inbox))}\nstill_seconds = 1\n"
        "settings = {quality = 'low'}\n"
    )
    one.start()
    try:
        yield one
    finally:
        assert one.process is not None
        if one.process.poll() is None:
            one.stop()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return talk(tmp_path_factory.mktemp("clip") / "talk.mp4")


def test_a_scheduled_deployment_creates_runs(served: Served) -> None:
    until(
        lambda: [run for run in served.runs() if run["auto_scheduled"]],
        120,
        "the scheduler makes a run of watch-folder",
    )


def test_the_form_offers_choices_and_says_what_each_field_means(served: Served) -> None:
    schema = served.deployment("edit-video/edit-video")["parameter_openapi_schema"]
    fields: dict[str, Any] = schema["properties"]
    assert schema["required"] == ["videos"]
    assert fields["videos"]["type"] == "array"
    assert fields["pace"]["enum"] == ["gentle", "normal", "tight"]
    assert fields["review"]["type"] == "boolean"
    for name, field in fields.items():
        assert field["description"], name
        assert field["type"] in ("string", "boolean", "integer", "number", "array"), name
    assert served.deployment("watch-folder/watch-folder")["schedules"][0]["active"]


def test_a_taken_port_is_told_in_one_sentence(served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deployments.serve"], env=served.env, cwd=ROOT,
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and f"Port {served.port} is taken" in done.stderr


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://evil.example", False), ("http://127.0.0.1:{port}", True)]
)
def test_a_web_page_from_elsewhere_may_not_start_runs(
    served: Served, origin: str, allowed: bool
) -> None:
    asked = urllib.request.Request(
        f"{served.api}/flow_runs/filter",
        headers={
            "Origin": origin.format(port=served.port),
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
        method="OPTIONS",
    )
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            told = answer.headers.get("access-control-allow-origin")
    except urllib.error.HTTPError as error:
        told = error.headers.get("access-control-allow-origin")
    assert (told is not None) == allowed


def test_retry_continues_a_failed_run_in_a_new_process(
    served: Served, clip: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("a file where the output folder should be")
    run = served.submit(videos=[str(clip)], output=str(blocked), quality="low")
    failed = served.ended(run, "FAILED", "COMPLETED", "CRASHED")
    assert failed["state_type"] == "FAILED"
    assert str(blocked) in failed["state"]["message"]
    blocked.unlink()
    served.cli("prefect", "--no-prompt", "flow-run", "retry", run)
    served.ended(run, "COMPLETED")
    wanted = {"audio_processing", "video_processing", "video_composition"}

    def reused() -> bool:
        # the server learns of task states by events, a moment after the run has ended
        tasks = served.post(
            "/task_runs/filter", {"task_runs": {"flow_run_id": {"any_": [run]}}, "limit": 200}
        )
        cached = {
            task["name"].split(" · ")[0]
            for task in tasks
            if task["flow_run_run_count"] == 2 and task["state_name"] == "Cached"
        }
        return wanted <= cached

    until(reused, 60, "finished stages are taken from the first attempt")
    assert next(blocked.glob("*/video.mp4")).stat().st_size > 0


def test_a_dropped_recording_becomes_one_run_however_often_it_is_looked_at(
    served: Served, clip: Path
) -> None:
    dropped = served.inbox / "day one" / "talk.mp4"
    dropped.parent.mkdir()
    shutil.copyfile(clip, dropped)
    before = (dropped.stat().st_mtime_ns, dropped.read_bytes())
    scans = served.deployment("watch-folder/watch-folder")["id"]
    for _ in range(3):
        served.post(f"/deployments/{scans}/create_flow_run", {})
    mine = until(lambda: served.runs(tags={"all_": ["watched"]}), 150, "a scan starts a run")
    served.ended(mine[0]["id"], "COMPLETED")
    until(
        lambda: (
            not served.runs(
                deployment_id={"any_": [scans]}, state={"type": {"any_": ["RUNNING", "PENDING"]}}
            )
        ),
        120,
        "the scans end",
    )
    assert len(served.runs(tags={"all_": ["watched"]})) == 1
    assert next((dropped.parent / "edited").glob("*/video.mp4")).stat().st_size > 0
    assert (dropped.stat().st_mtime_ns, dropped.read_bytes()) == before


def test_a_review_asks_and_goes_on_as_answered(served: Served, clip: Path, tmp_path: Path) -> None:
    out = served.cli(
        "ai_video_editor.cli.main", "process", clip, "--quality", "low", "--review", "--deploy",
        "--output", tmp_path / "out", "--json",
    )  # fmt: skip
    summary = json.loads(out)
    assert summary["status"] == "awaiting_review"
    run = summary["notes"][0].rpartition("/")[2]
    assert served.run(run)["state_name"] == "Suspended"
    folder = Path(summary["output_dir"])
    assert (folder / "plan.json").exists() and not (folder / "video.mp4").exists()
    answer = {"approve": True, "pace": "normal", "drop": [], "thumbnail": "curiosity-b.jpg"}
    served.post(f"/flow_runs/{run}/resume", {"run_input": answer})
    served.ended(run, "COMPLETED")
    assert (folder / "video.mp4").exists()
    chosen, other = folder / "thumbnail.jpg", folder / "thumbnails" / "curiosity-b.jpg"
    assert chosen.read_bytes() == other.read_bytes()


def test_a_deployed_run_ends_here_as_it_does_there(served: Served, clip: Path) -> None:
    """The run is followed to its end: the same summary and exit codes as without a worker."""
    out = served.cli(
        "ai_video_editor.cli.main", "process", clip, "--quality", "low", "--deploy", "--json",
        "--output", served.folder / "deployed",
    )  # fmt: skip
    summary = json.loads(out)
    assert summary["stages"]["video_composition"]["reused"]
    assert Path(summary["output_dir"]).parent == served.folder / "deployed"
    served.cli(
        "ai_video_editor.cli.main", "process", clip, "--deploy", "--transcript",
        served.folder / "no.srt", code=2,
    )  # fmt: skip


def test_cancel_stops_a_run_with_all_its_children(served: Served, tmp_path: Path) -> None:
    clip = talk(tmp_path / "long.mp4", seconds=20, size="640x360")
    run = served.submit(videos=[str(clip)], output=str(tmp_path / "out"))
    until(lambda: served.run(run)["state_type"] == "RUNNING", 120, "the run starts")

    def doers() -> list[str]:
        assert served.process is not None
        family = psutil.Process(served.process.pid).children(recursive=True)
        told = []
        for one in family:
            try:
                told.append(" ".join(one.cmdline()))
            except psutil.NoSuchProcess:
                continue
        return [line for line in told if str(clip) in line or "scratch" in line]

    until(doers, 120, "ffmpeg works")
    served.cli("prefect", "--no-prompt", "flow-run", "cancel", run)
    served.ended(run, "CANCELLED")
    assert not doers()
    assert not list((tmp_path / "out").glob("**/*"))
    assert not list((served.home / "scratch").glob("*"))


def test_ctrl_c_leaves_nothing_behind_and_a_second_start_works(served: Served) -> None:
    # runs planned for later are planned anew at each start: history is what has run
    scans = served.deployment("watch-folder/watch-folder")["id"]
    run = str(served.post(f"/deployments/{scans}/create_flow_run", {})["id"])
    served.ended(run, "COMPLETED")
    code, left = served.stop()
    assert code == 0 and not left
    served.start()
    assert served.run(run)["state_type"] == "COMPLETED", "the history is still there"
    code, left = served.stop()
    assert code == 0 and not left
