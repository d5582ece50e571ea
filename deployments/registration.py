"""What runs where, told to a Prefect server: work pool, queue, deployments, the watcher's schedule.

    python -m deployments.registration        for the server that PREFECT_API_URL names

May be done at every start: what somebody has set on the server (limits, parameters of a deployment,
a pool that is paused) stays. The schedule of the watched folders is on where some are listed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from ai_video_editor.operations.watched_folder import FILE_NAME
from ai_video_editor.settings_sources import configuration_folder, load_settings
from ai_video_editor.store import Store
from flows.stranded import mark_stranded

ROOT = Path(__file__).resolve().parents[1]
POOL, QUEUE = "local", "editing"
EDITING, WATCHING = "edit-video/edit-video", "watch-folder/watch-folder"

AT_ONCE = 1
"""Runs of edit-video at once: one render fills a machine. The worker does not ask for more."""


def register() -> None:
    """Bring the server up to date.

    Raises:
        subprocess.CalledProcessError: Prefect refused the deployments; it has said why.
    """
    with get_client(sync_client=True) as client:
        _pool(client)
        before = _deployed(client)
        deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        subprocess.run(deploy, cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
        after = _deployed(client)
        for name, old in before.items():
            _restore(client, old, after[name])
        watched = (configuration_folder() / FILE_NAME).is_file()
        for schedule in client.read_deployment_schedules(after[WATCHING].id):
            client.update_deployment_schedule(after[WATCHING].id, schedule.id, active=watched)
    for run_id in mark_stranded(Store(load_settings().settings.paths.home)):
        print(f"The run {run_id} was stranded and is marked as crashed.", flush=True)


def _pool(client: SyncPrefectClient) -> None:
    """The work pool whose worker starts each run as a process, and its queue of edits."""
    with suppress(ObjectAlreadyExists):
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    with suppress(ObjectAlreadyExists):
        client.create_work_queue(QUEUE, work_pool_name=POOL, concurrency_limit=AT_ONCE)


def _deployed(client: SyncPrefectClient) -> dict[str, DeploymentResponse]:
    found = {}
    for name in (EDITING, WATCHING):
        with suppress(ObjectNotFound):
            found[name] = client.read_deployment_by_name(name)
    return found


def _restore(client: SyncPrefectClient, old: DeploymentResponse, new: DeploymentResponse) -> None:
    """Give a deployment back what was set on the server and deploying has replaced."""
    was, now = _set_by_hand(old), _set_by_hand(new)
    changed = {name: value for name, value in was.items() if now[name] != value}
    if changed:
        client.update_deployment(new.id, DeploymentUpdate(**changed))


def _set_by_hand(deployment: DeploymentResponse) -> Mapping[str, Any]:
    limit = deployment.global_concurrency_limit
    return {
        "parameters": deployment.parameters,
        "paused": deployment.paused,
        "concurrency_limit": None if limit is None else limit.limit,
    }


if __name__ == "__main__":
    register()
