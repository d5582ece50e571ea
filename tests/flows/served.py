"""`make serve` as a user has it: a server, a worker and the deployments, in a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


def interruptible_again() -> None:
    """A child of a shell job ignores SIGINT, and a terminal's child does not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Served:
    """Everything on one machine.

    Attributes:
        folder: holds the home, the configuration and the watched folder.
        port: of the server.
        process: `make serve`.
    """

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def env(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "GEMINI_"))}
        return {
            **own,
            "PYTHONPATH": str(ROOT),
            "AI_VIDEO_EDITOR_HOME": str(self.home),
            "AI_VIDEO_EDITOR_CONFIG_PATH": str(self.folder / "config"),
            "AI_VIDEO_EDITOR_SERVE_PORT": str(self.port),
            "AI_VIDEO_EDITOR_OFFLINE": "true",
            "PREFECT_HOME": str(self.home / "serve"),
        }

    def start(self) -> None:
        """Start it and wait for its invitation."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deployments.serve"], env=self.env, cwd=ROOT, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=interruptible_again,
        )  # fmt: skip
        assert self.process.stdout is not None
        told = []
        for line in self.process.stdout:
            told.append(line)
            if line.startswith("Ctrl-C ends"):
                assert any(f"open http://127.0.0.1:{self.port} " in one for one in told)
                return
        raise AssertionError("".join(told))

    def stop(self) -> tuple[int, list[psutil.Process]]:
        """Press Ctrl-C; the exit code, and what is left of everything that was started."""
        assert self.process is not None
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=90)
        return self.process.returncode, [one for one in family if one.is_running()]

    def cli(self, *words: str | Path, code: int = 0) -> str:
        """A command of ours, on this server."""
        done = subprocess.run(
            [sys.executable, "-m", *map(str, words)], env={**self.env, "PREFECT_API_URL": self.api},
            cwd=ROOT, capture_output=True, text=True, timeout=420, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def post(self, path: str, body: dict[str, Any]) -> Any:
        data = json.dumps(body).encode()
        for patience in range(20, -1, -1):
            request = urllib.request.Request(
                f"{self.api}{path}", data, {"Content-Type": "application/json"}
            )
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code != 503 or not patience:  # SQLite is busy: Prefect's clients wait too
                    raise
                time.sleep(1)
        raise AssertionError("not reached")

    def runs(self, **wanted: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.post(
            "/flow_runs/filter", {"limit": 100, "flow_runs": wanted}
        )
        return found

    def run(self, name: str) -> dict[str, Any]:
        return self.runs(id={"any_": [name]})[0]

    def deployment(self, name: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.api}/deployments/name/{name}", timeout=120) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def submit(self, **parameters: Any) -> str:
        """A run of `edit-video`; its id."""
        name = self.deployment("edit-video/edit-video")["id"]
        made = self.post(f"/deployments/{name}/create_flow_run", {"parameters": parameters})
        return str(made["id"])

    def ended(self, run: str, *states: str) -> dict[str, Any]:
        """The run, once it is in one of these states."""
        found = until(
            lambda: [one for one in [self.run(run)] if one["state_type"] in states],
            420,
            f"the run is {' or '.join(states)}",
        )
        return dict(found[0])
