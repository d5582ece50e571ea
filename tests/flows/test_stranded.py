"""A run whose process is gone is marked as crashed, so that it can be retried."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Running

from ai_video_editor.store import Store
from flows.stranded import mark_stranded, noted

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
