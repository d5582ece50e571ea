"""A real server and a real worker: schedules make runs, and Retry continues in a new process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flows.clips import talk

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server"), pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
PREFECT = str(Path(sys.executable).parent / "prefect")


def interruptible_again() -> None:
    """A child of a shell job ignores SIGINT, and Prefect's worker stops by it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Server:
    """A Prefect server on loopback with its environment."""

    api: str
    env: dict[str, str]

    def cli(self, *words: str, cwd: Path = ROOT) -> str:
        done = subprocess.run(
            [PREFECT, "--no-prompt", *words], env=self.env, cwd=cwd, capture_output=True,
            text=True, timeout=300, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.api}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def runs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.post("/flow_runs/filter", {"limit": 50})
        return found


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for something; the bound only keeps a broken test from waiting for ever."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.5)
    raise AssertionError(f"it did not happen: {what}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    env = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
        "AI_VIDEO_EDITOR_HOME": str(home / "work"),
        "AI_VIDEO_EDITOR_OFFLINE": "true",
    }
    log = (home / "server.log").open("wb")
    process = subprocess.Popen(
        [PREFECT, "server", "start"], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )

    def healthy() -> bool:
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    try:
        until(healthy, 180, "the server answers")
        yield Server(api, env)
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="module")
def worker(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server.cli("work-pool", "create", "local", "--type", "process")
    server.cli("deploy", "--all")
    log = (tmp_path_factory.mktemp("worker") / "worker.log").open("wb")
    process = subprocess.Popen(
        [PREFECT, "worker", "start", "--pool", "local"],
        env=server.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        preexec_fn=interruptible_again,
    )  # fmt: skip
    try:
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=45)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def test_a_scheduled_deployment_creates_runs(worker: Server) -> None:
    worker.cli(
        "deployment", "schedule", "create", "edit-video/edit-video", "--interval", "3600",
        "--active",
    )  # fmt: skip
    scheduled = until(
        lambda: [run for run in worker.runs() if run["auto_scheduled"]],
        120,
        "the scheduler makes a run",
    )
    assert scheduled[0]["state_type"] == "SCHEDULED"
    worker.cli("deployment", "schedule", "clear", "edit-video/edit-video", "-y")


def test_retry_continues_a_failed_run_in_a_new_process(worker: Server, tmp_path: Path) -> None:
    clip = talk(tmp_path / "talk.mp4")
    blocked = tmp_path / "out"
    blocked.write_text("a file where the output folder should be")
    parameters = json.dumps({"videos": [str(clip)], "output": str(blocked)})
    worker.cli("deployment", "run", "edit-video/edit-video", "--params", parameters)
    mine = until(
        lambda: [
            run
            for run in worker.runs()
            if run["deployment_id"]  # the pieces of a stage are flow runs of their own
            and not run["auto_scheduled"]
            and run["state_type"] in ("FAILED", "COMPLETED", "CRASHED")
        ],
        420,
        "the run ends",
    )[0]
    assert mine["state_type"] == "FAILED"
    assert str(blocked) in mine["state"]["message"]
    blocked.unlink()
    worker.cli("flow-run", "retry", mine["id"])
    done = until(
        lambda: [
            run
            for run in worker.runs()
            if run["id"] == mine["id"] and run["run_count"] > 1 and run["state_type"] == "COMPLETED"
        ],
        420,
        "the retried run completes",
    )[0]
    wanted = {"audio_processing", "video_processing", "video_composition"}

    def reused() -> bool:
        # the server learns of task states by events, a moment after the run has ended
        tasks = worker.post(
            "/task_runs/filter",
            {"task_runs": {"flow_run_id": {"any_": [done["id"]]}}, "limit": 200},
        )
        cached = {
            task["name"].split(" · ")[0]
            for task in tasks
            if task["flow_run_run_count"] == 2 and task["state_name"] == "Cached"
        }
        return wanted <= cached

    until(reused, 60, "finished stages are taken from the first attempt")
    assert next(blocked.glob("*/video.mp4")).stat().st_size > 0
    shutil.rmtree(blocked)
