"""Running ffmpeg: found once, watched while it works, ended with everything it started.

Every command reads through `input_arguments`, which names the container format and the protocols,
so that a playlist or a script in a film's clothes opens nothing else.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import (
    DiskSpaceError,
    EditorError,
    InputError,
    MediaError,
    ProcessingTimeoutError,
    UnavailableError,
)
from ai_video_editor.media.program import ffmpeg_path as ffmpeg_path
from ai_video_editor.media.program import ffmpeg_version as ffmpeg_version
from ai_video_editor.processes import end, spawn
from ai_video_editor.progress import Report, silent

PROTOCOLS = "file,pipe"
"""All that ffmpeg and PyAV may open: never the network, never `concat:` or `crypto:`."""

CONTAINERS = frozenset({"mov", "matroska", "avi", "mpegts", "flv", "wav", "mp3", "flac", "ogg"})
"""ffmpeg's names of the demuxers that may open an input; all others are refused."""

_TAIL = 8000
"""Bytes of stderr kept for a message; ffmpeg's last lines hold the reason."""

_MEASURED = 64 * 2**20
"""Bytes of stderr kept where it is the result: one line a frame for hours."""

_REPORT_EVERY = 1.0
"""Seconds between two reports; the promise to whoever listens is 2 s."""

_NOISE = re.compile(
    r"^(frame=|size=|Conversion failed|Error while filtering|Terminating|Exiting|"
    r"Task finished with error code|Nothing was written|\[vost#|\[aost#|video:)"
)
_REMARK = "[info] "
"""Marks lines that tell of no trouble, where ffmpeg is asked for its levels."""

_PREFIX = re.compile(r"^(\[[^\]]*\]\s*)+")


@dataclass(frozen=True)
class RunResult:
    """What a finished command left behind.

    Attributes:
        stderr: the last lines ffmpeg wrote, for messages and logs.
        seconds: how long it ran, wall time.
    """

    stderr: str
    seconds: float


def file_url(path: Path) -> str:
    """A path as ffmpeg takes it without reading meaning into dashes, colons or percent signs."""
    return f"file:{os.path.abspath(path)}"


def require_container(container: str, name: str) -> None:
    """Refuse to open anything in a format that is not ours.

    Raises:
        InputError: the container is none of `CONTAINERS`.
    """
    if container not in CONTAINERS:
        raise InputError(f"{name}: {container!r} is no container that may be opened.")


def input_arguments(file: VideoFile, path: Path) -> list[str]:
    """Arguments that open one input and nothing else.

    ffmpeg then counts time from the container's first time stamp, which is time 0 of the input's
    timeline (`VideoFile.start_offset`); options of the input such as `-ss` go before them.

    Args:
        file: what `probe` found.
        path: where the file lies.

    Raises:
        InputError: the container is none that may be opened.
    """
    require_container(file.container, file.name)
    return ["-protocol_whitelist", PROTOCOLS, "-f", file.container, "-i", file_url(path)]


def run(
    arguments: Sequence[str],
    *,
    timeout: float,
    report: Report = silent,
    duration: Fraction | None = None,
    doing: str = "",
    what: str = "",
    total_frames: int | None = None,
) -> RunResult:
    """Run ffmpeg to its end.

    Args:
        arguments: everything after the program's name; outputs are overwritten.
        timeout: seconds after which it is ended.
        report: told the share done about every second.
        duration: length of the output, for the share done.
        doing: what to tell `report`.
        what: file or result that a message should name.
        total_frames: frames of the output, for the share done where it has no clock of its own.

    Raises:
        ProcessingTimeoutError: it took longer than `timeout`.
        DiskSpaceError: the disk is full.
        MediaError: it failed; the message has ffmpeg's reason.
        UnavailableError: there is no ffmpeg.
    """
    command = [*_command(), "-progress", "pipe:1", *arguments]
    began = time.monotonic()
    with _Child(command, timeout=timeout, what=what) as child:
        told = 0.0
        share: float | None = 0.0 if duration or total_frames else None
        for line in child.stdout:
            share = _share(line, duration, total_frames, share)
            now = time.monotonic()
            if now - told >= _REPORT_EVERY:
                report(share, doing)
                told = now
        child.finish()
    return RunResult(child.stderr(), time.monotonic() - began)


def _share(
    line: bytes, duration: Fraction | None, total_frames: int | None, before: float | None
) -> float | None:
    key, _, value = line.decode("ascii", "replace").strip().partition("=")
    done: float | None = None
    if total_frames and key == "frame" and value.isdigit():
        done = int(value) / total_frames
    elif duration and not total_frames and key == "out_time_us" and value.lstrip("-").isdigit():
        done = int(value) / 1_000_000 / float(duration)
    return before if done is None else min(max(done, before or 0.0), 1.0)


@contextmanager
def stream(
    arguments: Sequence[str],
    *,
    timeout: float,
    what: str = "",
    remarks: list[str] | None = None,
) -> Iterator[IO[bytes]]:
    """Run ffmpeg and read what it writes to `pipe:1`, such as raw frames or PCM.

    Leaving the block early ends ffmpeg; leaving it after the last byte checks that it went well.

    Args:
        arguments: everything after the program's name.
        timeout: seconds after which it is ended.
        what: file that a message should name.
        remarks: filled at the end with what ffmpeg remarked by the way, its last lines.

    Raises:
        ProcessingTimeoutError: it took longer than `timeout`.
        DiskSpaceError: the disk is full.
        MediaError: it failed; the message has ffmpeg's reason.
        UnavailableError: there is no ffmpeg.
    """
    level = "warning" if remarks is None else "level+info"
    with _Child([*_command(level=level), *arguments], timeout=timeout, what=what) as child:
        try:
            yield child.stdout
        except Exception as error:
            # A reader that stumbles over a short stream should hear why it was short.
            trouble = child.trouble()
            if trouble is not None:
                raise trouble from error
            raise
        if child.stdout.read(1) == b"":
            child.finish()
            if remarks is not None:
                remarks.extend(line for line in child.stderr().splitlines() if _REMARK in line)


def measure(arguments: Sequence[str], *, timeout: float, what: str = "") -> str:
    """Run filters that only measure, and return all that ffmpeg wrote to stderr.

    Args:
        arguments: inputs and filters; the null output is added.
        timeout: seconds after which it is ended.
        what: file that a message should name.

    Raises:
        ProcessingTimeoutError: it took longer than `timeout`.
        MediaError: it failed; the message has ffmpeg's reason.
        UnavailableError: there is no ffmpeg.
    """
    command = [*_command(level="info"), *arguments, "-f", "null", "-"]
    with _Child(command, timeout=timeout, what=what, keep=_MEASURED) as child:
        while child.stdout.read(65536):
            pass  # filters that print to stdout must not stand still
        child.finish()
        return child.stderr()


def _command(level: str = "warning") -> list[str]:
    return [ffmpeg_path(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", level, "-y"]


class _Child:
    """One running ffmpeg, its clock and its messages."""

    def __init__(
        self, command: Sequence[str], *, timeout: float, what: str, keep: int = _TAIL
    ) -> None:
        self._what = what
        self._timeout = timeout
        try:
            self._process = spawn(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise UnavailableError(f"{command[0]} cannot be started: {error.strerror}.") from error
        self._keep = keep
        self._messages = bytearray()
        # Read all the time: a child whose messages nobody takes would stand still.
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._too_late = threading.Event()
        self._timer = threading.Timer(timeout, self._expire)
        self._timer.daemon = True
        self._timer.start()

    @property
    def stdout(self) -> IO[bytes]:
        stdout = self._process.stdout
        if stdout is None:
            raise MediaError("ffmpeg was started without a pipe to read from.")
        return stdout

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        end(self._process)
        self._listener.join()
        self.stdout.close()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _listen(self) -> None:
        pipe = self._process.stderr
        while pipe is not None and (data := os.read(pipe.fileno(), 65536)):
            self._messages += data
            if len(self._messages) > 2 * self._keep:
                del self._messages[: -self._keep]

    def _expire(self) -> None:
        self._too_late.set()
        end(self._process)

    def finish(self) -> None:
        """Wait for the end and translate a failure."""
        self._process.wait()
        self._timer.cancel()
        trouble = self.trouble()
        if trouble is not None:
            raise trouble

    def trouble(self) -> EditorError | None:
        """Why the child ended badly; None while it runs or where it went well."""
        if self._too_late.is_set():
            subject = f"{self._what}: " if self._what else ""
            return ProcessingTimeoutError(
                f"{subject}ffmpeg was stopped after {self._timeout:g} s, the longest time it may "
                "take; allow more with --timeout."
            )
        code = self._process.poll()
        return failure(self.stderr(), what=self._what, code=code) if code else None

    def stderr(self) -> str:
        """The last messages of a child that has ended."""
        self._listener.join()
        return self._messages[-self._keep :].decode("utf-8", "replace")


def failure(stderr: str, *, what: str, code: int) -> MediaError | DiskSpaceError:
    """The error for a failed command, from what it wrote to stderr."""
    subject = f"{what}: " if what else ""
    if "No space left on device" in stderr:
        return DiskSpaceError(
            f"{subject}the disk is full; free some space and run the same command again."
        )
    if code == -signal.SIGKILL:
        return MediaError(
            f"{subject}ffmpeg was killed from outside, most often by the system when memory runs "
            "out; close other programs or give less with --max-memory, then run the same command "
            "again."
        )
    if code < 0:
        return MediaError(f"{subject}ffmpeg was ended by signal {-code}.")
    return MediaError(f"{subject}ffmpeg failed: {reason(stderr) or f'exit code {code}'}.")


def reason(stderr: str) -> str:
    """The last line of stderr that says something, without ffmpeg's prefixes."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip() and _REMARK not in line]
    for line in reversed(lines):
        if not _NOISE.match(line):
            return _PREFIX.sub("", line).rstrip(".")[:300]
    return _PREFIX.sub("", lines[-1])[:300] if lines else ""
