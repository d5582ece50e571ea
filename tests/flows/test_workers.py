"""`workers`: local workers for the work pool and for Dask, started and drained."""

from __future__ import annotations

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from ai_video_editor.errors import InputError
from ai_video_editor.settings import Settings
from ai_video_editor.workflow.scalability import Load, ScalabilityManager

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]


def until(condition: Callable[[], Any], what: str, seconds: float = 180) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.3)
    raise AssertionError(f"it did not happen: {what}")


def settings(home: Path, **run: Any) -> Settings:
    return Settings.model_validate({"paths": {"home": home}, "run": run})


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[None]:
    """Whatever a test leaves of its workers is killed."""
    yield
    for worker in ScalabilityManager(settings(tmp_path), None).workers():
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(worker.pid).children(recursive=True):
                process.kill()
            os.kill(worker.pid, signal.SIGKILL)


def test_without_a_server_or_a_cluster_it_says_what_to_start(tmp_path: Path) -> None:
    manager = ScalabilityManager(settings(tmp_path), None)
    with pytest.raises(InputError, match="PREFECT_API_URL"):
        manager.scale_workers(1)
    with pytest.raises(InputError, match="AI_VIDEO_EDITOR_DASK_ADDRESS"):
        manager.scale_workers(1, "dask")
    assert manager.scale_workers(0) == []


def test_load_is_what_waits_for_each_worker() -> None:
    assert Load(6, 3).per_worker == 2
    assert Load(6, 0).per_worker == 6


def test_a_note_of_a_process_that_is_another_now_is_forgotten(tmp_path: Path) -> None:
    note = tmp_path / "workers" / "old.json"
    note.parent.mkdir()
    note.write_text(json.dumps({"name": "old", "kind": "pool", "pid": os.getpid(), "born": 1.0}))
    assert ScalabilityManager(settings(tmp_path), None).workers() == []
    assert not note.exists()


def noted(home: Path, name: str, **fields: Any) -> Path:
    """A note of a worker of this very process, unless it is told otherwise."""
    own = {"pid": os.getpid(), "born": psutil.Process().create_time()}
    note = home / "workers" / f"{name}.json"
    note.parent.mkdir(exist_ok=True)
    note.write_text(json.dumps({"name": name, "kind": "pool", **own, **fields}))
    return note


def test_notes_of_another_machine_are_left_alone(tmp_path: Path) -> None:
    elsewhere = noted(tmp_path, "elsewhere", born=1.0, host="another-machine")
    alike = noted(tmp_path, "alike", host="another-machine")
    noted(tmp_path, "here", host=platform.node())
    noted(tmp_path, "earlier")
    manager = ScalabilityManager(settings(tmp_path), None)
    assert {worker.name for worker in manager.workers()} == {"here", "earlier"}
    assert elsewhere.exists()
    assert alike.exists()


def test_two_that_scale_at_once_start_no_more_than_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(manager: ScalabilityManager, name: str, kind: str, _command: object) -> None:
        started.append(name)
        time.sleep(0.3)  # a process takes its time
        noted(tmp_path, name, kind=kind)

    monkeypatch.setattr(ScalabilityManager, "_start", start)
    api = "http://127.0.0.1:9/api"  # nothing asks it
    with ThreadPoolExecutor(2) as both:
        scaled = [
            both.submit(ScalabilityManager(settings(tmp_path), api).scale_workers, 2)
            for _ in range(2)
        ]
    assert [len(one.result()) for one in scaled] == [2, 2]
    assert len(started) == len(set(started)) == 2


FLOW = """
import pathlib, sys, time
from prefect import flow

@flow
def slow(folder: str) -> None:
    pathlib.Path(folder, "begun").touch()
    time.sleep(6)
    pathlib.Path(folder, "done").touch()
"""


@pytest.mark.server
@pytest.mark.usefixtures("prefect_server", "ended")
def test_a_drained_worker_finishes_its_film_and_takes_no_other(tmp_path: Path) -> None:
    from prefect.settings import PREFECT_API_URL

    api = PREFECT_API_URL.value()
    (tmp_path / "slow.py").write_text(FLOW)
    env = {**os.environ, "PREFECT_API_URL": str(api), "PREFECT_WORKER_QUERY_SECONDS": "1",
           "AI_VIDEO_EDITOR_HOME": str(tmp_path)}  # fmt: skip

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words], env=env, cwd=tmp_path, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    command = ("ai_video_editor.cli.main", "workers", "--json")
    prefect = ("prefect", "--no-prompt")
    env["PYTHONPATH"] = str(ROOT)
    run(*prefect, "work-pool", "create", "local", "--type", "process")
    run(*prefect, "deploy", "slow.py:slow", "--name", "slow", "--pool", "local")
    two = json.loads(run(*command, "--scale", "2"))["workers"]
    assert len(two) == 2
    run(*prefect, "deployment", "run", "slow/slow", "-p", f"folder={tmp_path}")
    until((tmp_path / "begun").exists, "a worker has begun")
    left = json.loads(run(*command, "--scale", "0"))
    assert all(worker["draining"] for worker in left["workers"])
    until(lambda: not json.loads(run(*command))["workers"], "both have ended")
    assert (tmp_path / "done").exists(), "the one that worked has finished first"


@pytest.mark.usefixtures("ended")
def test_the_dask_cluster_grows_and_shrinks(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port",
         str(port), "--no-dashboard"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        manager = ScalabilityManager(
            settings(tmp_path, dask_address=f"tcp://127.0.0.1:{port}"), None
        )
        until(lambda: manager.load("dask") == Load(0, 0), "the scheduler answers")
        assert len(manager.scale_workers(2, "dask")) == 2
        until(lambda: manager.load("dask") == Load(0, 2), "two processes joined")
        manager.scale_workers(1, "dask")
        until(lambda: manager.load("dask") == Load(0, 1), "one was retired")
        until(lambda: len(manager.workers("dask")) == 1, "its process ended")
        manager.scale_workers(0, "dask")
        until(lambda: not manager.workers("dask"), "the other ended")
    finally:
        scheduler.terminate()
        scheduler.wait(timeout=30)
