"""Orders of the watched folders as runs of a deployment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError

from ai_video_editor.errors import EditorError, InputError, TooBusyError
from ai_video_editor.operations.folder_scan import Order, Placed, RunState

_STATES: Mapping[StateType, RunState] = {
    StateType.SCHEDULED: "queued",
    StateType.PENDING: "queued",
    StateType.RUNNING: "running",
    StateType.PAUSED: "waiting",
    StateType.COMPLETED: "done",
    StateType.FAILED: "failed",
    StateType.CRASHED: "failed",
    StateType.CANCELLING: "stopped",
    StateType.CANCELLED: "stopped",
}

_AT_ONCE = 100
"""Runs asked for in one request; the server gives 200 at most."""


class DeploymentOrders:
    """Places orders as runs of a deployment, each key once.

    Args:
        client: of the Prefect server.
        deployment: `flow/deployment`.
    """

    def __init__(self, client: SyncPrefectClient, deployment: str) -> None:
        """Remember whom to ask."""
        self._client = client
        self._deployment = deployment

    def parameters(self) -> frozenset[str]:
        """Names of the deployment's parameters.

        Raises:
            InputError: there is no such deployment.
        """
        schema: dict[str, Any] = self._found.parameter_openapi_schema or {}
        return frozenset(schema.get("properties", {}))

    def place(self, order: Order) -> Placed:
        """Start a run, or say where the one of this key stands.

        Raises:
            TooBusyError: the server cannot take it now.
            EditorError: it refuses the parameters.
        """
        try:
            run = self._client.create_flow_run_from_deployment(
                self._found.id,
                parameters=dict(order.parameters),
                name=order.name,
                tags=["watched"],
                idempotency_key=f"watch-{order.key}",
            )
        except PrefectHTTPStatusError as error:
            if error.response.status_code == 503:  # after all of the client's own tries
                raise TooBusyError("The server is too busy to take more runs now.") from error
            if error.response.status_code not in (409, 422):
                raise
            raise EditorError(f"{order.name} was refused: {_reason(error)}") from error
        return _placed(run)

    @cached_property
    def _found(self) -> DeploymentResponse:
        try:
            return self._client.read_deployment_by_name(self._deployment)
        except ObjectNotFound as error:
            raise InputError(
                f"There is no deployment {self._deployment}: register it with `prefect deploy`."
            ) from error

    def standing(self, runs: Sequence[str]) -> Mapping[str, Placed]:
        """Where runs stand; those that the server does not know are left out."""
        return {placed.run: placed for placed in self._standing(runs)}

    def _standing(self, runs: Sequence[str]) -> Iterator[Placed]:
        for start in range(0, len(runs), _AT_ONCE):
            some = [UUID(run) for run in runs[start : start + _AT_ONCE]]
            wanted = FlowRunFilter(id=FlowRunFilterId(any_=some))
            for run in self._client.read_flow_runs(flow_run_filter=wanted, limit=_AT_ONCE):
                yield _placed(run)


def _placed(run: FlowRun) -> Placed:
    state = run.state
    return Placed(
        str(run.id),
        _STATES[state.type] if state else "queued",
        (state.message or "") if state else "",
    )


def _reason(error: PrefectHTTPStatusError) -> str:
    try:
        return str(error.response.json()["detail"])
    except (json.JSONDecodeError, KeyError, TypeError):
        return error.response.text[:300]
