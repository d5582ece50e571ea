"""The flow `watch-folder`: recordings that lie still in a watched folder become runs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed

from ai_video_editor.digests import digest
from ai_video_editor.errors import EditorError
from ai_video_editor.files import whole_file
from ai_video_editor.operations.folder_scan import FolderScan, Row, memory_of
from ai_video_editor.operations.watched_folder import FILE_NAME, WatchedFolder, load_folders
from ai_video_editor.settings_sources import configuration_folder, load_settings
from ai_video_editor.store import Store
from flows.form import plain_form
from flows.stranded import noted
from tasks.orders import DeploymentOrders

PATIENCE = 45.0
"""Longest time that one scan waits for a file to become still, seconds: less than its interval."""

MOST_ROWS = 500
"""Rows of the list in the dashboard, failures first."""


@plain_form
@flow(name="watch-folder", flow_run_name="scan", persist_result=False)
def watch_folder(
    folders: Path | None = None, deployment: str = "edit-video/edit-video"
) -> State[Any]:
    """Look once at every watched folder and start a run for each recording that is ready.

    Args:
        folders: TOML file that lists the folders; watch-folders.toml in the configuration folder.
        deployment: Deployment whose runs edit the recordings.
    """
    home = load_settings().settings.paths.home
    with noted(Store(home)):
        return _scan(folders or configuration_folder() / FILE_NAME, folders, deployment, home)


def _scan(file: Path, given: Path | None, deployment: str, home: Path) -> State[Any]:
    if given is None and not file.is_file():
        return Completed(message=f"No folder is watched. To watch some, list them in {file}.")
    try:
        with get_client(sync_client=True) as client:
            orders = DeploymentOrders(client, deployment)
            known = orders.parameters()
            scans = _scans(load_folders(file, known), known, home)
            missing = _look(scans, orders)
    except EditorError as error:
        return Failed(message=error.message)
    rows = [row for scan in scans for row in scan.rows()]
    _list(rows, missing, home)
    return _told(rows, missing)


def _scans(folders: Sequence[WatchedFolder], known: frozenset[str], home: Path) -> list[FolderScan]:
    """One scan a folder; none of them looks into another's folder or into what was made."""
    others = {folder.path for folder in folders}
    others |= {folder.output for folder in folders if folder.output is not None} | {home}
    return [FolderScan(folder, memory_of(home, folder), known, others) for folder in folders]


def _look(scans: Sequence[FolderScan], orders: DeploymentOrders) -> list[str]:
    """Look at each folder, and once more when what is being copied could be still.

    Returns:
        What was wrong with folders, in words; it does not hold up the others.
    """
    missing = []
    deadline = time.monotonic() + PATIENCE
    for scan in scans:
        try:
            ready = scan.look(orders, time.time())
            while ready is not None and _in_time(ready, deadline):
                time.sleep(max(0.0, ready - time.time()) + 0.05)
                ready = scan.look(orders, time.time())
        except EditorError as error:
            missing.append(error.message)
        except OSError as error:
            reason = error.strerror or error
            missing.append(f"The watched folder {scan.folder.path} cannot be looked at: {reason}.")
    for why in missing:
        get_run_logger().warning("%s", why)
    return missing


def _in_time(ready: float, deadline: float) -> bool:
    return time.monotonic() + ready - time.time() < deadline


def _list(rows: Sequence[Row], missing: Sequence[str], home: Path) -> None:
    """Put the list beside the runs when it is another one than the last."""
    table = [asdict(row) for row in rows[:MOST_ROWS]] + [
        {"folder": why, "file": "", "state": "missing", "attempt": 0, "run": "", "why": why}
        for why in missing
    ]
    note, now = home / "watch" / "listed", digest(table)
    with suppress(OSError):
        if note.read_text(encoding="utf-8") == now:
            return
    create_table_artifact(
        table, key="watched-recordings", description="Every recording in the watched folders."
    )
    with whole_file(note) as partial:
        partial.write_text(now, encoding="utf-8")


def _told(rows: Sequence[Row], missing: Sequence[str]) -> State[Any]:
    counts = Counter(row.state for row in rows)
    told = "; ".join([*(f"{n} {state}" for state, n in sorted(counts.items())), *missing])
    if missing:
        return Completed(name="Degraded", message=told)
    return Completed(message=told or "The watched folders are empty.")
