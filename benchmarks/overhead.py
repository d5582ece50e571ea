"""What Prefect and our own code add to a run: the sample made, then reused, then on a server.

    python -m benchmarks.overhead

The first run's overhead is its wall time without the moments in which a stage was at work; the
others reuse every stage, so that all of their time is overhead.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """One run of the command.

    Attributes:
        wall: seconds from start to exit.
        busy: seconds in which at least one stage was at work.
        summary: what `--json` printed.
    """

    wall: float
    busy: float
    summary: dict[str, Any]

    @property
    def overhead(self) -> float:
        """Seconds in which no stage was at work."""
        return self.wall - self.busy


def union(spans: list[tuple[float, float]]) -> float:
    """Seconds covered by at least one of several spans."""
    covered, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def edit(folder: Path, env: dict[str, str]) -> Run:
    """Run the command on the bundled sample."""
    began = time.monotonic()
    done = subprocess.run(
        [
            sys.executable, "-m", "ai_video_editor.cli.main", "process", "samples/sample.mp4",
            "--offline", "--whisper-model", "tests/data/whisper-fixture",
            "--output", str(folder / "output"), "--json",
        ],
        cwd=ROOT, env=env, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    wall = time.monotonic() - began
    summary = json.loads(done.stdout)
    context = json.loads((Path(summary["output_dir"]) / "context.json").read_bytes())
    spans = [
        (task["started"], task["started"] + task["seconds"])
        for task in context["processing_metrics"]["modules"]
        if task["started"] is not None
    ]
    return Run(wall, union(spans), summary)


@contextlib.contextmanager
def server(folder: Path, env: dict[str, str]) -> Iterator[str]:
    """A Prefect server that is already up, and its API's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "prefect"), "server", "start"],
        env={
            **env, "PREFECT_HOME": str(folder / "server"), "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port), "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        },
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    api = f"http://127.0.0.1:{port}/api"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{api}/health", timeout=2):
                break
            time.sleep(0.2)
        yield api
    finally:
        process.terminate()
        process.wait(timeout=30)


def measure() -> list[tuple[str, float, str]]:
    """Rows of (what, seconds, target)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        env["AI_VIDEO_EDITOR_HOME"] = str(folder / "home")
        first = edit(folder, env)
        again = edit(folder, env)
        with server(folder, env) as api:
            there = {**env, "PREFECT_API_URL": api}
            edit(folder, there)
            served = edit(folder, there)
    return [
        ("whole run of the 69 s sample", first.wall, ""),
        ("overhead of the first run ever", first.overhead, "20"),
        ("overhead of a run that reuses everything", again.overhead, "10"),
        ("the same against a running server", served.overhead, "5"),
    ]


def main() -> None:
    """Print the table."""
    print("| overhead | seconds | at most |\n| --- | ---: | ---: |")
    for what, seconds, target in measure():
        print(f"| {what} | {seconds:.1f} | {target} |", flush=True)


if __name__ == "__main__":
    main()
