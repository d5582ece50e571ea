"""Runs that still count as running although the process that ran them is gone."""

from __future__ import annotations

from datetime import UTC, datetime

import psutil
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

_UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_ROUNDING = 5.0
"""Seconds that the clocks of a process's start and a run's may differ."""


def mark_cut_short() -> int:
    """Mark runs of this machine's workers whose process is gone as crashed; how many they were.

    A run of edit-video notes that it lives by a lock in the work folder; this tells by the process
    also of runs that had not come so far, and of other flows. Only for a server whose workers all
    run on this machine: elsewhere a process id says nothing.
    """
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED)))
    marked = 0
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=wanted, limit=200):
            if run.infrastructure_pid is None or _alive(run):
                continue
            message = "The run was cut short. Retry continues it: finished stages are reused."
            client.set_flow_run_state(run.id, Crashed(message=message), force=True)
            marked += 1
    return marked


def _alive(run: FlowRun) -> bool:
    """Whether the run's process is there, and is not a later one with the same number."""
    try:
        process = psutil.Process(int(str(run.infrastructure_pid).rpartition(":")[2]))
        born = process.create_time()
        zombie = process.status() == psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return False
    started = run.start_time or datetime.now(UTC)
    return not zombie and born <= started.timestamp() + _ROUNDING
