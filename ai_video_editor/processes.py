"""Child processes that never outlive us.

Every child stays in our process group (so that a signal to the group reaches it), has stdin
closed, and is killed by the kernel when we die: on Linux through `setpriv --pdeathsig`. That
signal follows the *thread* that made the child, so one long-lived thread makes all of them.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from functools import cache
from typing import IO, Any, TypeVar

import psutil

from ai_video_editor.errors import RunInterruptedError
from ai_video_editor.progress import check_running

T = TypeVar("T")

_PDEATHSIG = (
    "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,9);"
    "os.getppid()==int(sys.argv[1]) and os.execvp(sys.argv[2],sys.argv[2:])"
)
"""prctl(PR_SET_PDEATHSIG, SIGKILL), for Linux without util-linux."""

_STILL_OURS = '[ "$PPID" = "$0" ] && exec "$@"'
"""A fixed script that becomes the command, whose words are its arguments and never read as script.

A parent that died before the signal was ordered sends none: then the command is not begun.
"""


@cache
def _setpriv() -> str | None:
    return shutil.which("setpriv")


def launcher() -> tuple[str, ...]:
    """Words to put before a command so that it dies with the thread that started it."""
    if not sys.platform.startswith("linux"):
        return ()
    parent = str(os.getpid())
    setpriv = _setpriv()
    if setpriv:
        return (setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", _STILL_OURS, parent)
    return (sys.executable, "-S", "-E", "-c", _PDEATHSIG, parent)


class _Spawner:
    """The thread that makes all children; it ends with the process."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[dict[str, Any], Future[subprocess.Popen[bytes]]]]
        self._jobs = queue.SimpleQueue()
        threading.Thread(target=self._run, name="child-spawner", daemon=True).start()

    def _run(self) -> None:
        while True:
            arguments, future = self._jobs.get()
            try:
                future.set_result(subprocess.Popen(**arguments))
            except BaseException as error:  # handed to the caller, whatever it is
                future.set_exception(error)

    def spawn(self, arguments: dict[str, Any]) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        self._jobs.put((arguments, future))
        return future.result()


class Family:
    """The children of one piece of work, which can be given up with all of them."""

    def __init__(self) -> None:
        """Begin without children; within another family's work it goes with that."""
        self._children: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()
        self._below: weakref.WeakSet[Family] = weakref.WeakSet()
        self._above = _family.get()
        self._given_up = False
        if self._above is not None:
            self._above._below.add(self)

    def of(self, work: Callable[[], T]) -> T:
        """What `work` gives; children that it starts, in this context, belong to this family."""
        token = _family.set(self)
        try:
            return work()
        finally:
            _family.reset(token)

    def check(self) -> None:
        """Refuse a child of work that was given up.

        Raises:
            RunInterruptedError: it was.
        """
        if self._given_up:
            raise RunInterruptedError("This work took too long and was given up.")
        if self._above is not None:
            self._above.check()

    def add(self, child: subprocess.Popen[bytes]) -> None:
        """Take a child in; where the work was given up meanwhile, it ends at once."""
        self._children.add(child)
        if self._given_up:
            end(child)

    def give_up(self) -> None:
        """End every child, and let no further one begin."""
        self._given_up = True
        for family in list(self._below):
            family.give_up()
        for child in list(self._children):
            end(child)


_family: ContextVar[Family | None] = ContextVar("_family", default=None)


def check_family() -> None:
    """Do nothing, or stop the caller.

    Raises:
        RunInterruptedError: the run was asked to stop, or the caller's work was given up.
    """
    check_running()
    family = _family.get()
    if family is not None:
        family.check()


_spawner: _Spawner | None = None
_spawner_lock = threading.Lock()
_children: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()


def spawn(
    command: Sequence[str],
    *,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = subprocess.DEVNULL,
    stderr: int | IO[bytes] | None = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    outlasts_stop: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a command that dies with us.

    Args:
        command: program and arguments; never a shell line.
        stdin: closed unless given.
        stdout: as for `subprocess.Popen`.
        stderr: as for `subprocess.Popen`.
        env: whole environment of the child, ours when None.
        cwd: working folder of the child.
        outlasts_stop: for a service that is still needed while a stopped run winds up: `end_all`
            and a terminal's interrupt pass it by; whoever started it ends it.

    Raises:
        OSError: the program cannot be started.
        RunInterruptedError: the run was asked to stop, or its work was given up.
    """
    global _spawner
    family = _family.get()
    if not outlasts_stop:
        check_running()
    if family is not None:
        family.check()
    with _spawner_lock:
        if _spawner is None:
            _spawner = _Spawner()
    child = _spawner.spawn(
        {
            "args": [*launcher(), *command],
            "stdin": stdin,
            "stdout": stdout,
            "stderr": stderr,
            "env": None if env is None else dict(env),
            "cwd": cwd,
            "process_group": 0 if outlasts_stop and launcher() else None,
        }
    )
    if not outlasts_stop:
        _children.add(child)
    if family is not None:
        family.add(child)
    return child


def end_all() -> None:
    """End every child of this process that still runs."""
    for child in list(_children):
        end(child)


def end(process: subprocess.Popen[bytes], *, grace: float = 2.0) -> None:
    """Terminate a child and its children; kill what is still there after `grace` seconds."""
    if process.poll() is not None:
        return
    try:
        below = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        process.wait()
        return
    until = time.monotonic() + grace
    for member in below:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.terminate()
    process.terminate()
    # Popen alone waits for the child itself: where another does, Popen takes it for a success.
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=grace)
    _, alive = psutil.wait_procs(below, timeout=max(0.0, until - time.monotonic()))
    for member in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=grace)
