"""A run that a worker carries out: submitted here, followed from here."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from math import inf
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterType,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import FlowRun, TaskRun
from prefect.client.schemas.sorting import ArtifactSort
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.utilities.urls import url_for
from pydantic import ValidationError

from ai_video_editor.errors import EditorError, InputError, RunInterruptedError
from ai_video_editor.progress import ProgressEvent, publish
from ai_video_editor.reporting.summary import RunSummary, Status, summarise
from ai_video_editor.stages import TABLE
from ai_video_editor.workflow.server_answers import asking
from flows.artifacts import RESULT_TYPE

DEPLOYMENT = "edit-video/edit-video"
POLL_SECONDS = 1.5
"""How often the server is asked: people follow it, and events reach it with a delay of seconds."""

_LAST_WORDS = 10.0
"""How long the summary is waited for once the run has ended, seconds."""


def run_deployed(parameters: Mapping[str, Any]) -> RunSummary:
    """Submit a run of the deployment, follow it to its end and give its summary.

    Args:
        parameters: of the flow `edit-video`, as JSON values.

    Raises:
        EditorError: the server does not answer, or refuses the run.
        InputError: there is no such deployment, or a parameter does not fit.
    """
    with asking(_address()), get_client(sync_client=True) as client:
        run = _submitted(client, parameters)
        try:
            return _Follower(client, run).summary()
        except KeyboardInterrupt:
            stopped = RunInterruptedError(
                f"The run goes on; it is no longer followed here: {url_for(run)}",
                advice=(f"To stop it: prefect flow-run cancel {run.id}",),
            )
            return _summarised(stopped, "interrupted")


def _submitted(client: SyncPrefectClient, parameters: Mapping[str, Any]) -> FlowRun:
    try:
        deployment = client.read_deployment_by_name(DEPLOYMENT)
        return client.create_flow_run_from_deployment(deployment.id, parameters=dict(parameters))
    except ObjectNotFound as error:
        raise InputError(
            f"The server {_address()} has no deployment {DEPLOYMENT}: register it with "
            "`prefect deploy --all`, or bring everything up with `make serve`."
        ) from error
    except PrefectHTTPStatusError as error:
        if error.response.status_code not in (409, 422):
            raise
        raise InputError(f"The server refused the run: {error.response.text[:300]}") from error


_STAGES = frozenset(stage.key for stage in TABLE)


class _Follower:
    """Tells this process how a run on a worker fares.

    Args:
        client: of its server.
        run: as it was submitted.
    """

    def __init__(self, client: SyncPrefectClient, run: FlowRun) -> None:
        self._client = client
        self._run = run
        self._told: set[tuple[str, str]] = set()

    def summary(self) -> RunSummary:
        """Follow it to its end, or to where it waits for somebody."""
        publish(ProgressEvent("worker", "started", None, f"waiting for it: {url_for(self._run)}"))
        while True:
            run = self._run = self._client.read_flow_run(self._run.id)
            if run.state is None or run.state.is_scheduled() or run.state.is_pending():
                word = str(run.state.name if run.state else "submitted").lower()
                publish(ProgressEvent("worker", "progress", None, f"{word}: {url_for(run)}"))
            else:
                self._once("worker", "finished", "done")
                self._stages()
                if run.state.is_paused():
                    return self._waits()
                if run.state.is_final():
                    return self._ended()
            time.sleep(POLL_SECONDS)

    def _stages(self) -> None:
        wanted = FlowRunFilter(id=FlowRunFilterId(any_=[self._run.id]))
        tasks = self._client.read_task_runs(flow_run_filter=wanted, limit=200)
        tasks = [task for task in tasks if task.flow_run_run_count == self._run.run_count]
        tasks.sort(key=lambda task: task.start_time.timestamp() if task.start_time else inf)
        rescued = {_stage(task): task for task in tasks if _is_fallback(task)}
        for task in tasks:
            if _stage(task) not in _STAGES or _is_fallback(task) or task.state is None:
                continue
            stage, state = _stage(task), task.state
            if state.is_running() or state.is_final():
                self._once(stage, "started")
            if state.is_completed():
                self._once(stage, "finished", "done", reused=state.name == "Cached")
            elif state.is_final():
                other = rescued.get(stage)
                if other is not None and other.state is not None and other.state.is_completed():
                    self._once(stage, "finished", "degraded")
                elif other is None or (other.state is not None and other.state.is_final()):
                    self._once(stage, "finished", "failed")

    def _once(self, stage: str, kind: Any, state: str = "", *, reused: bool = False) -> None:
        if (stage, kind) not in self._told:
            self._told.add((stage, kind))
            share = 1.0 if kind == "finished" else None
            publish(ProgressEvent(stage, kind, share, state=state, reused=reused))

    def _waits(self) -> RunSummary:
        note = f"The run waits for approval: {url_for(self._run)}"
        known = self._handed_over()
        if known is None:
            known = summarise(
                "", seconds=self._seconds(), output_dir=None, status="awaiting_review"
            )
        return known.model_copy(update={"notes": (note, *known.notes)})

    def _ended(self) -> RunSummary:
        deadline = time.monotonic() + _LAST_WORDS
        state = self._run.state
        assert state is not None
        while not state.is_cancelled() and not state.is_crashed() and time.monotonic() < deadline:
            with suppress(ValidationError):
                handed_over = self._handed_over()
                # what an earlier attempt left does not speak for one that failed
                if handed_over is not None and (not handed_over.exit_code) == state.is_completed():
                    return handed_over
            time.sleep(POLL_SECONDS / 3)
        message = state.message or f"The run ended as {state.name}."
        if state.is_cancelled():
            return _summarised(RunInterruptedError(message), "interrupted", self._seconds())
        return _summarised(EditorError(message), None, self._seconds())

    def _handed_over(self) -> RunSummary | None:
        found = self._client.read_artifacts(
            artifact_filter=ArtifactFilter(
                flow_run_id=ArtifactFilterFlowRunId(any_=[self._run.id]),
                type=ArtifactFilterType(any_=[RESULT_TYPE]),
            ),
            sort=ArtifactSort.CREATED_DESC,
            limit=1,
        )
        if not found:
            return None
        data = found[0].data  # the server hands JSON out as it stands, or as text
        return RunSummary.model_validate(json.loads(data) if isinstance(data, str) else data)

    def _seconds(self) -> float:
        return self._run.total_run_time.total_seconds()


def _summarised(error: EditorError, status: Status | None, seconds: float = 0.0) -> RunSummary:
    return summarise("", seconds=seconds, output_dir=None, error=error, status=status)


def _stage(task: TaskRun) -> str:
    return task.name.split(" · ")[0].removesuffix(" fallback")


def _is_fallback(task: TaskRun) -> bool:
    return task.name.split(" · ")[0].endswith(" fallback")


def _address() -> str:
    from prefect.settings import get_current_settings

    return str(get_current_settings().api.url)
