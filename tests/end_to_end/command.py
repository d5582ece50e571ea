"""The command as a user runs it: in a process of its own, watched from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "sample.mp4"
MODEL = ROOT / "tests" / "data" / "whisper-fixture"


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        code: exit code.
        summary: the JSON object on stdout, empty where there is none.
        out: what stood on stdout.
        told: what stood on stderr.
        peak: largest resident memory of the process and all its children together, bytes.
    """

    code: int
    summary: dict[str, Any]
    out: str
    told: str
    peak: int

    @property
    def folder(self) -> Path:
        return Path(self.summary["output_dir"])

    @property
    def reused(self) -> set[str]:
        return {name for name, stage in self.summary["stages"].items() if stage["reused"]}


def _interruptible() -> None:
    """What a terminal's child is: one of a background job ignores SIGINT from birth."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(*words: str | Path, home: Path) -> subprocess.Popen[str]:
    """The command, running."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT_", "AI_VIDEO_EDITOR_", "GEMINI_", "GOOGLE_"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ai_video_editor.cli.main", *map(str, words)],
        env={**env, "AI_VIDEO_EDITOR_HOME": str(home)}, cwd=ROOT, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=_interruptible,
    )  # fmt: skip


def run(*words: str | Path, home: Path) -> Done:
    """The command, run to its end."""
    process = start(*words, home=home)
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.25)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, told = process.communicate(timeout=900)
    watcher.join()
    summary = json.loads(out) if out.startswith("{") else {}
    return Done(process.returncode, summary, out, told, peak)


def edit(video: Path, *words: str | Path, home: Path, output: Path) -> Done:
    """`process`, offline, with the model of the tests."""
    return run(
        "process", video, "--offline", "--whisper-model", MODEL, "--output", output, "--json",
        *words, home=home,
    )  # fmt: skip


def memory(pid: int) -> int:
    """Resident memory of a process and its children, bytes."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
