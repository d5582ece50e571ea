"""A run whose process is gone is marked as crashed, so that it can be retried."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Running

from ai_video_editor.store import Store
from flows.stranded import _held, mark_stranded, noted

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

HOLD = (
    "import fcntl, sys; s = open(sys.argv[1], 'ab'); fcntl.flock(s, fcntl.LOCK_EX);"
    "print('held', flush=True); sys.stdin.read()"
)


@flow
def working(home: Path) -> str:
    with noted(Store(home)):
        assert mark_stranded(Store(home)) == []  # the run itself is alive
        return str(flow_run.id)


def called_running(home: Path) -> str:
    """A run that Prefect calls running, with its note."""
    run_id = working(home)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(UUID(run_id), Running(), force=True)
    (home / "locks" / "runs" / run_id).touch()
    return run_id


def state_of(run_id: str) -> str:
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(UUID(run_id)).state
    assert state is not None
    return str(state.type.value)


def test_a_run_that_ended_leaves_no_note(tmp_path: Path) -> None:
    working(tmp_path)
    assert list((tmp_path / "locks" / "runs").iterdir()) == []


def test_a_run_whose_process_is_gone_is_marked_as_crashed_by_the_next(tmp_path: Path) -> None:
    stranded = called_running(tmp_path)
    working(tmp_path)
    assert state_of(stranded) == "CRASHED"
    assert mark_stranded(Store(tmp_path)) == []


def test_a_run_that_is_alive_elsewhere_is_left_alone(tmp_path: Path) -> None:
    alive = called_running(tmp_path)
    note = tmp_path / "locks" / "runs" / alive
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(note)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    assert mark_stranded(Store(tmp_path)) == []
    assert state_of(alive) == "RUNNING"
    holder.kill()
    holder.communicate()
    assert mark_stranded(Store(tmp_path)) == [alive]


def test_runs_that_begin_while_somebody_looks_are_not_taken_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    marked: list[str] = []
    monkeypatch.setattr("flows.stranded._crashed", lambda run_id: True)

    def look() -> None:
        while not over.is_set():
            marked.extend(mark_stranded(Store(tmp_path)))

    def begin(number: int) -> None:
        for turn in range(40):
            folder = tmp_path / "locks" / "runs"
            note, stream = _held(folder, str(UUID(int=1000 * number + turn)))
            marked.extend(mark_stranded(Store(tmp_path)))
            time.sleep(0.001)
            note.unlink()
            stream.close()

    (tmp_path / "locks" / "runs").mkdir(parents=True)
    looking = [threading.Thread(target=look) for _ in range(2)]
    beginning = [threading.Thread(target=begin, args=(number,)) for number in range(4)]
    for thread in (*looking, *beginning):
        thread.start()
    for thread in beginning:
        thread.join()
    over.set()
    for thread in looking:
        thread.join()
    assert marked == []


def test_a_retry_in_a_new_process_is_alive_though_the_first_one_is_dead(tmp_path: Path) -> None:
    run_id = called_running(tmp_path)  # with a note of the dead process
    _note, stream = _held(tmp_path / "locks" / "runs", run_id)
    with stream:
        assert mark_stranded(Store(tmp_path)) == []
        assert state_of(run_id) == "RUNNING"
