"""What every case stands on: a clip, a server, the command, and what a film is known by."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ai_video_editor.delivery.publish import MANIFEST
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.stages import TABLE, Stage, WorkflowStage, descendants
from tests.waiting import free_port, until

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "sample.mp4"
MODEL = ROOT / "tests" / "data" / "whisper-fixture"
LONGEST = 600.0
"""Seconds for one run at most: a longer one hangs."""


def make_clip(target: Path, *, start: float = 0.0, seconds: float = 8.0) -> Path:
    """A short recording with a speaker, cut out of the sample."""
    words = [
        *("-v", "error", "-y", "-nostdin", "-ss", str(start), "-t", str(seconds), "-i", SAMPLE),
        *("-vf", "scale=320:180", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", target),
    ]
    subprocess.run([ffmpeg_path(), *map(str, words)], check=True, timeout=120)
    return target


@dataclass(frozen=True)
class Film:
    """What a delivered film is known by: its decoded frames and its decoded sound."""

    picture: str
    sound: str


def film_of(folder: Path) -> Film:
    """The film of a project folder."""
    hashes = []
    for track in ("0:v", "0:a"):
        words = ["-v", "error", "-nostdin", "-i", str(folder / "video.mp4"), "-map", track]
        done = subprocess.run(
            [ffmpeg_path(), *words, "-f", "hash", "-"],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        hashes.append(done.stdout.strip())
    return Film(*hashes)


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        code: exit code; negative when it was killed.
        summary: the JSON object on stdout.
        told: what stood on stderr.
    """

    code: int
    summary: dict[str, Any]
    told: str

    @property
    def status(self) -> str:
        return str(self.summary.get("status", "none"))

    @property
    def reused(self) -> set[str]:
        stages = self.summary.get("stages", {})
        return {name for name, stage in stages.items() if stage["reused"]}

    @property
    def traceback(self) -> bool:
        return "Traceback (most recent call last)" in self.told


@dataclass
class Ground:
    """A folder in which one case works.

    Attributes:
        folder: holds the clip, the homes and the outputs.
        clip: the recording.
        environment: of every command, with the server's address.
        options: what every run is told besides.
    """

    folder: Path
    clip: Path
    environment: dict[str, str]
    options: tuple[str, ...] = ()
    original: str = field(init=False)

    def __post_init__(self) -> None:
        self.original = hashlib.sha256(self.clip.read_bytes()).hexdigest()

    @property
    def untouched(self) -> bool:
        """Whether the recording is what it was."""
        return hashlib.sha256(self.clip.read_bytes()).hexdigest() == self.original

    def words(self, output: Path, *more: str, offline: bool = True) -> list[str]:
        """The command's words, with the tests' model."""
        return [
            *("process", str(self.clip), *(["--offline"] if offline else [])),
            *("--whisper-model", str(MODEL), "--output", str(output), "--json"),
            *self.options,
            *more,
        ]

    def begin(
        self, home: Path, words: Sequence[str], runner: Sequence[str] = (), **variables: str
    ) -> subprocess.Popen[str]:
        """The command in a process group of its own."""
        program = ["-m", *(runner or ("ai_video_editor.cli.main",))]
        with self.stderr(home).open("w") as stderr:
            return subprocess.Popen(
                [sys.executable, *program, *words],
                env={**self.environment, "AI_VIDEO_EDITOR_HOME": str(home), **variables},
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
                text=True, process_group=0,
            )  # fmt: skip

    @staticmethod
    def stderr(home: Path) -> Path:
        """Where the last command of a home said what it does."""
        return home.parent / f"{home.name}.stderr"

    def told(self, home: Path) -> str:
        """What the last command of a home said on stderr."""
        path = self.stderr(home)
        return path.read_text(errors="replace") if path.exists() else ""

    def end(self, home: Path, process: subprocess.Popen[str]) -> Ended:
        """Wait for a command to end."""
        try:
            out, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
            return Ended(-99, {"status": "hung"}, self.told(home))
        summary = json.loads(out) if out.startswith("{") else {}
        return Ended(process.returncode, summary, self.told(home))

    def run(
        self,
        home: Path,
        output: Path,
        *more: str,
        runner: Sequence[str] = (),
        offline: bool = True,
        **variables: str,
    ) -> Ended:
        """The command, run to its end."""
        words = self.words(output, *more, offline=offline)
        return self.end(home, self.begin(home, words, runner, **variables))


def results_of(home: Path, row: Stage, processors: Sequence[str] = ()) -> list[Path]:
    """Persisted results of a node's processors, all of them unless named; none of its pieces."""
    folder = home / "checkpoints" / row.key
    found = (path for name in processors or row.processors for path in folder.glob(f"{name}-*"))
    return [path for path in found if set(_sections(path)) == set(row.fills)]


def _sections(path: Path) -> Mapping[str, str]:
    from tasks.records import read_record  # Prefect reads its settings when it is imported

    record = read_record(path)
    return {} if record is None else record["sections"]


def finished_nodes(home: Path) -> dict[Path, int]:
    """The whole results of stages, and when each was written: one made anew is written again."""
    rows = (row for row in TABLE if not row.only_with)
    return {path: path.stat().st_mtime_ns for row in rows for path in results_of(home, row)}


def without(home: Path, stage: WorkflowStage) -> None:
    """Take out of a home what a stage and those that follow from it made."""
    for name in descendants(stage):
        for folder in (home / "checkpoints").glob(f"{name}*"):
            shutil.rmtree(folder)


def left_running(home: Path, seconds: float = 8.0) -> list[str]:
    """Processes that still work for a home after some seconds, by their command lines."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        alive = [told for process in working_for(home) if (told := _command_of(process))]
        if not alive:
            return []
        time.sleep(0.25)
    return alive


def working_for(home: Path) -> Iterator[psutil.Process]:
    """Processes that work for a home, wherever they stand in the family."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get("AI_VIDEO_EDITOR_HOME") == str(home):
                yield process


def _command_of(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())[:200]
    return ""


def half_written(output: Path) -> list[str]:
    """Files in an output folder that no finished run would leave."""
    hidden = (path for path in output.rglob(".*") if path.name != MANIFEST)
    return [str(path) for path in hidden]


def left_over(home: Path) -> list[Path]:
    """What nobody needs any more of a home in which no run works."""
    folders = (home / "scratch", home / "locks" / "scratch", home / "locks" / "runs")
    unneeded = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return [*unneeded, *(path for path in home.rglob(".partial*"))]


@contextmanager
def prefect_server(home: Path) -> Iterator[dict[str, str]]:
    """One server for all runs; the environment that names it."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **{n: v for n, v in os.environ.items() if not n.startswith(("PREFECT_", "GEMINI_"))},
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_ENABLED": "false",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "AI_VIDEO_EDITOR_THUMBNAIL_RESOLUTION": "1280x720",
        "QT_QPA_PLATFORM": "offscreen",
    }
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "prefect"), "server", "start"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: _answers(f"{api}/health"), 180, "the Prefect server starts")
        yield environment
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def copy_of(home: Path, target: Path) -> Path:
    """A home with everything that another one holds, apart from its server's files."""
    shutil.copytree(home, target, ignore=shutil.ignore_patterns("prefect", "scratch", "locks"))
    return target
