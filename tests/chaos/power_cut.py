"""Worker and run are cut off together: the run is found stranded, and its retry completes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import (
    LONGEST,
    MODEL,
    ROOT,
    Ground,
    film_of,
    finished_nodes,
    half_written,
    left_running,
    working_for,
)

_POOL = "chaos"
_PREFECT = str(Path(sys.executable).parent / "prefect")


def cases(_seed: int) -> Iterator[Case]:
    """Worker and run killed while ffmpeg works for them."""
    yield Case("power", "worker and run at once", _cut)


def _cut(ground: Ground, reference: Reference, folder: Path) -> Verdict:
    home, output = folder / "home", folder / "out"
    desk = _Desk(ground, home)
    desk.deploy()
    with desk.worker():
        run = desk.begin(output)
        desk.wait(lambda: desk.works_with_ffmpeg(), "ffmpeg at work")
        desk.kill_all()
    faults = [f"still running: {orphan}" for orphan in left_running(home)]
    finished = finished_nodes(home)
    before = desk.state(run)
    ground.run(home, output, "--stop-after", "initialization")
    if (after := desk.state(run)) != "CRASHED":
        faults.append(f"the stranded run is called {after}")
    with desk.worker():
        desk.prefect("flow-run", "retry", run)
        over = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        desk.wait(lambda: desk.state(run) != "CRASHED", "the retry beginning")
        desk.wait(lambda: desk.state(run) in over, "the retry ending")
    if (ended := desk.state(run)) != "COMPLETED":
        faults.append(f"the retry ended {ended}")
    elif film_of(next(path.parent for path in output.glob("*/video.mp4"))) != reference.film:
        faults.append("another film")
    now = finished_nodes(home)
    anew = sorted(path for path, written in finished.items() if now.get(path) != written)
    faults += [f"made anew though finished: {path.relative_to(home)}" for path in anew]
    faults += [f"half-written: {path}" for path in half_written(output)]
    faults += [f"still running: {orphan}" for orphan in left_running(home)]
    told = f"cut with {len(finished)} results kept; {before}, then {after}, then {ended}"
    return Verdict(told, tuple(faults))


class _Desk:
    """A deployment of the flow on the ground's server, and one home for its runs."""

    def __init__(self, ground: Ground, home: Path) -> None:
        self._ground = ground
        self._home = home
        self._environment = {
            **ground.environment,
            "AI_VIDEO_EDITOR_HOME": str(home),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }

    def prefect(self, *words: str) -> str:
        done = subprocess.run(
            [_PREFECT, "--no-prompt", *words], env=self._environment, cwd=ROOT, timeout=LONGEST,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def deploy(self) -> None:
        self.prefect("work-pool", "create", _POOL, "--type", "process", "--overwrite")
        self.prefect("deploy", "--name", "edit-video", "--pool", _POOL)

    def begin(self, output: Path) -> str:
        """Start a run through the worker; its id."""
        parameters = {
            "videos": [str(self._ground.clip)], "output": str(output), "offline": True,
            "whisper_model": str(MODEL),
        }  # fmt: skip
        found = self._ask("/deployments/name/edit-video/edit-video")
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run = self._ask(f"/deployments/{found['id']}/create_flow_run", body)
        return str(run["id"])

    def state(self, run: str) -> str:
        return str(self._ask(f"/flow_runs/{run}")["state_type"])

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            self._environment["PREFECT_API_URL"] + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker that takes the runs of the pool."""
        with (self._home.parent / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [_PREFECT, "worker", "start", "--pool", _POOL], env=self._environment, cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_interruptible,
            )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=60)
            process.kill()
            process.wait()

    def works_with_ffmpeg(self) -> bool:
        return any("ffmpeg" in process.name() for process in working_for(self._home))

    def kill_all(self) -> None:
        """Cut off the worker and its run in one moment; the run's children are left to die."""
        alive = [p for p in working_for(self._home) if "ffmpeg" not in p.name()]
        ours = [p for p in alive if not any("uvicorn" in word for word in p.cmdline())]
        for process in ours:
            with suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + LONGEST
        while not condition():
            assert time.monotonic() < end, f"it did not happen: {what}"
            time.sleep(0.1)


def _interruptible() -> None:
    """A child of a shell job ignores SIGINT, and Prefect's worker stops by it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgrp()
