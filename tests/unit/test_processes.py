"""Children: they die with us, whatever kills us, and stop when the run is to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from ai_video_editor.errors import RunInterruptedError
from ai_video_editor.processes import end, end_all, launcher, spawn
from ai_video_editor.progress import allow_running, request_stop

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def _running() -> Iterator[None]:
    allow_running()
    yield
    allow_running()


def gone(pid: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie":
            return True
        time.sleep(0.05)
    return False


def test_a_child_is_ended_with_its_own_children() -> None:
    child = spawn(["sh", "-c", "sleep 60 & sleep 60"])
    family = psutil.Process(child.pid)
    while not family.children():
        time.sleep(0.02)
    grandchildren = [p.pid for p in family.children(recursive=True)]
    end(child)
    assert child.poll() is not None
    assert all(gone(pid) for pid in grandchildren)


@pytest.mark.skipif(not launcher(), reason="only Linux can tie a child to its parent")
def test_a_child_dies_when_we_are_killed() -> None:
    code = (
        "from ai_video_editor.processes import spawn; import time;"
        f"print(spawn({SLEEP!r}).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    while psutil.Process(child).cmdline() != SLEEP:  # until the launcher has done its work
        time.sleep(0.02)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(child)


@pytest.mark.skipif(not launcher(), reason="only Linux can tie a child to its parent")
def test_a_child_whose_parent_died_before_it_began_does_nothing(tmp_path: Path) -> None:
    somebody_else = str(os.getppid())
    made = tmp_path / "made"
    orphaned = [*launcher()[:-1], somebody_else, "touch", str(made)]
    assert subprocess.run(orphaned, check=False).returncode != 0
    assert not made.exists()


def test_words_of_a_command_are_never_read_as_script(tmp_path: Path) -> None:
    word = f"$(touch {tmp_path / 'made'}); `touch x` \" ' && *"
    told = [sys.executable, "-c", "import sys; sys.stdout.write(sys.argv[1])", word]
    child = spawn(told, stdout=subprocess.PIPE)
    assert child.communicate(timeout=30)[0].decode() == word
    assert not (tmp_path / "made").exists()


def test_a_child_shares_our_process_group_so_that_a_signal_reaches_it() -> None:
    child = spawn(SLEEP)
    assert os.getpgid(child.pid) == os.getpgid(0)
    end(child)


def test_a_stopped_run_ends_its_children_and_starts_no_more() -> None:
    child = spawn(SLEEP)
    request_stop()
    end_all()
    assert gone(child.pid)
    with pytest.raises(RunInterruptedError):
        spawn(SLEEP)


def test_a_child_does_not_wait_for_our_keyboard() -> None:
    child = spawn([sys.executable, "-c", "import sys; sys.exit(len(sys.stdin.read()))"])
    assert child.wait(timeout=30) == 0


def test_who_waits_for_a_child_that_is_ended_learns_that_it_did_not_succeed() -> None:
    for _ in range(10):
        child = spawn(["sleep", "60"])
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(child.wait)
            end(child)
            assert waiting.result(20) != 0
