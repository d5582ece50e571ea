"""The commands `projects` and `store`: what the work folder holds, and how to keep it small."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from ai_video_editor.cli.amounts import age, size
from ai_video_editor.cli.failures import ended_well
from ai_video_editor.media.names import shown
from ai_video_editor.operations.housekeeping import Removed, prune, remove_project
from ai_video_editor.operations.locks import is_worked_on
from ai_video_editor.operations.run_record import RunRecord, all_records
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.store import Store

projects_app = typer.Typer(
    name="projects",
    help="The projects of the work folder; what is in output folders is never touched.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
store_app = typer.Typer(
    name="store",
    help="Results and files that runs share in the work folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

WorkDir = Annotated[
    Path | None,
    typer.Option("--work-dir", help="Work folder [default: AI_VIDEO_EDITOR_HOME]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@projects_app.command("list")
def list_projects(work_dir: WorkDir = None, as_json: AsJson = False) -> None:
    """List projects, the latest first: when, how far, of which recordings, where to."""
    store = _store(work_dir)
    rows = [_row(record, store) for record in all_records(store)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        typer.echo(f"There are no projects in {store.home}.")
    for row in rows:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(row["updated"])))
        typer.echo(f"{row['project_id']}  {when}  {row['state']}")
        typer.echo(f"  {', '.join(shown(Path(name)) for name in row['recordings'])}")
        typer.echo(f"  {shown(Path(row['output_dir']))}")


@projects_app.command("remove")
def remove(
    project_id: Annotated[str, typer.Argument(metavar="ID", help="As `projects list` shows it.")],
    work_dir: WorkDir = None,
    as_json: AsJson = False,
) -> None:
    """Remove what is kept for a project; its output folder and its recordings stay."""
    store = _store(work_dir)
    _tell(ended_well(lambda: remove_project(store, project_id)), as_json)


@store_app.command("prune")
def prune_store(
    older_than: Annotated[
        str, typer.Option(metavar="AGE", help="Results older than this go: 12h, 30d, 8w.")
    ],
    work_dir: WorkDir = None,
    as_json: AsJson = False,
) -> None:
    """Remove old results, and every file that nothing kept names any more."""
    store = _store(work_dir)
    _tell(ended_well(lambda: prune(store, age(older_than))), as_json)


def _store(work_dir: Path | None) -> Store:
    return Store(ended_well(lambda: load_settings({"home": work_dir}).settings).paths.home)


def _row(record: RunRecord, store: Store) -> dict[str, Any]:
    project_id = record.ref.project_id
    done = sum(stage.state in ("done", "degraded", "skipped") for stage in record.stages)
    state = f"{done} of {len(record.stages)} stages"
    return {
        "project_id": project_id,
        "recordings": list(record.names),
        "updated": record.updated,
        "state": "working now" if is_worked_on(store, project_id) else state,
        "stages_done": done,
        "output_dir": record.output_dir,
    }


def _tell(removed: Removed, as_json: bool) -> None:
    if as_json:
        report = {"results": removed.results, "files": removed.files, "size": removed.size}
        typer.echo(json.dumps(report))
        return
    typer.echo(
        f"Removed {removed.results} results and {removed.files} files: {size(removed.size)} freed."
    )
