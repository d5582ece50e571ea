"""What takes too long is given up, and the stage falls back."""

from __future__ import annotations

import contextvars
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from ai_video_editor.composition.composer import _beside
from ai_video_editor.errors import MediaError, ProcessingTimeoutError, RunInterruptedError
from ai_video_editor.processes import spawn
from ai_video_editor.progress import allow_running, request_stop
from tasks.deadline import within


def test_work_gives_its_result_and_its_errors() -> None:
    assert within(5, "a sum", lambda: 1 + 1) == 2

    def fail() -> None:
        raise MediaError("broken")

    with pytest.raises(MediaError, match="broken"):
        within(5, "a fault", fail)


def test_work_sees_the_callers_context() -> None:
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="nobody")
    name.set("me")
    assert within(5, "a look", name.get) == "me"


def test_what_hangs_is_left_behind() -> None:
    hanging = threading.Event()
    with pytest.raises(ProcessingTimeoutError, match="The stage research took longer than the 0 s"):
        within(0.2, "The stage research", hanging.wait)
    hanging.set()


def slowly() -> str:
    time.sleep(0.8)
    return "tidy"


def test_a_stopped_run_waits_for_what_puts_its_things_away() -> None:
    request_stop()
    try:
        assert within(30, "tidying", slowly) == "tidy"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tasks.deadline._GRACE", 0.1)
            hanging = threading.Event()
            with pytest.raises(RunInterruptedError):
                within(30, "hanging", hanging.wait)
            hanging.set()
    finally:
        allow_running()


def test_the_children_of_what_hangs_are_ended_and_it_gets_no_more() -> None:
    children: list[subprocess.Popen[bytes]] = []
    refused = threading.Event()

    def wait_for_children() -> None:
        children.append(spawn(["sleep", "60"]))
        children[0].wait()
        try:
            children.append(spawn(["sleep", "60"]))
        except RunInterruptedError:
            refused.set()

    with pytest.raises(ProcessingTimeoutError):
        within(0.5, "The stage research", wait_for_children)
    assert refused.wait(20)
    assert len(children) == 1
    spawn(["true"]).wait()  # what others do is none of its business


def in_a_pool(work: Callable[[], Any]) -> None:
    with _beside(True) as beside:
        beside(work)()


def in_a_plugin(work: Callable[[], Any]) -> None:
    within(60, "The plugin", work)


@pytest.mark.parametrize("where", [in_a_pool, in_a_plugin])
def test_children_are_ended_wherever_within_the_work_they_began(
    where: Callable[[Callable[[], Any]], None],
) -> None:
    children: list[subprocess.Popen[bytes]] = []

    def wait_for_a_child() -> None:
        children.append(spawn(["sleep", "60"]))
        children[0].wait()

    with pytest.raises(ProcessingTimeoutError, match="The stage"):
        within(1.0, "The stage video_composition", lambda: where(wait_for_a_child))
    assert children[0].wait(timeout=20) != 0


HANGING = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from ai_video_editor.leaving import ends_with
from tasks.deadline import within
def hang():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(threading.Event().wait).result()
try:
    within(0.2, "a pool", hang)
except Exception as error:
    print(type(error).__name__)
ends_with(7)
sys.exit(7)
"""


def test_a_process_ends_though_a_pool_of_it_hangs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("ProcessingTimeoutError\n", 7), done.stderr
