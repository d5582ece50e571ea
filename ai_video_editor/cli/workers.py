"""The command `workers`: list this machine's workers, start some or let some end."""

from __future__ import annotations

import json
import time

import typer

from ai_video_editor.cli.failures import ended_well
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.workflow.scalability import Kind, LocalWorker, ScalabilityManager
from ai_video_editor.workflow.server_address import configured_server


def show_workers(scale: int | None, *, dask: bool, as_json: bool) -> None:
    """List the workers of this machine and what waits for them, after scaling.

    Args:
        scale: how many shall work; None changes nothing.
        dask: processes for the Dask cluster instead of workers for the work pool.
        as_json: print JSON.
    """
    settings = ended_well(lambda: load_settings().settings)
    manager = ScalabilityManager(settings, configured_server())
    kind: Kind = "dask" if dask else "pool"
    if scale is not None:
        ended_well(lambda: manager.scale_workers(scale, kind))
    load = ended_well(lambda: manager.load(kind))
    found = manager.workers(kind)
    if as_json:
        rows = [
            {"name": w.name, "pid": w.pid, "started": w.born, "draining": w.draining} for w in found
        ]
        typer.echo(json.dumps({"workers": rows, "online": load.workers, "late": load.late,
                               "load": load.per_worker}))  # fmt: skip
        return
    for worker in found:
        typer.echo(_line(worker))
    if not found:
        typer.echo("No workers run on this machine; start some with --scale N.")
    what = "pieces wait" if dask else "runs are late"
    typer.echo(f"{load.late} {what}, {load.workers} workers online: {load.per_worker:g} a worker")


def _line(worker: LocalWorker) -> str:
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(worker.born))
    state = "ends when its work is done" if worker.draining else "works"
    return f"{worker.name}  process {worker.pid}  since {since}  {state}"
