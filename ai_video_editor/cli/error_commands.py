"""The commands `errors`, `generate-error-report` and `submit-error-report`."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ai_video_editor.cli.failures import ended_well
from ai_video_editor.errors import InputError
from ai_video_editor.operations.error_bundle import Contents, Part, read_bundle, write_bundle
from ai_video_editor.operations.error_entries import Resolved
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.error_report import ErrorReport, Frequency
from ai_video_editor.redaction import Redactor
from ai_video_editor.settings import Settings
from ai_video_editor.settings_sources import load_settings

WorkDir = Annotated[
    Path | None,
    typer.Option("--work-dir", help="Work folder to look into [default: AI_VIDEO_EDITOR_HOME]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
_SHOWN = 60.0
"""Seconds that sending may take."""


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("errors")(errors)
    app.command("generate-error-report")(generate_error_report)
    app.command("submit-error-report")(submit_error_report)


def errors(
    project: Annotated[str, typer.Option(metavar="PROJECT_ID", help="Only of this project.")] = "",
    last: Annotated[int, typer.Option(metavar="N", min=0, help="Latest errors to list.")] = 5,
    clear: Annotated[bool, typer.Option("--clear", help="Empty the log of errors.")] = False,
    work_dir: WorkDir = None,
    as_json: AsJson = False,
) -> None:
    """Say what went wrong so far: how often, in which stages, what helped, what to do."""
    tracker = ErrorTracker(_settings(work_dir).paths.home)
    if clear:
        count = ended_well(tracker.clear)
        typer.echo(json.dumps({"cleared": count}) if as_json else f"{count} entries removed.")
        return
    report = tracker.generate_error_report(project)
    latest = tracker.resolved(project)[-last:] if last else []
    if as_json:
        data = report.model_dump(mode="json")
        data["latest"] = [item.model_dump(mode="json") for item in latest]
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    for line in _lines(report, latest):
        typer.echo(line)


def generate_error_report(
    output: Annotated[Path, typer.Option(metavar="FILE", help="Zip file to write.")] = Path(
        "error-report.zip"
    ),
    include_system_info: Annotated[
        bool, typer.Option("--include-system-info", help="This machine: memory, disk, versions.")
    ] = False,
    include_logs: Annotated[
        bool, typer.Option("--include-logs", help="The log of errors and the logs of runs.")
    ] = False,
    include_context: Annotated[
        bool,
        typer.Option("--include-context", help="What is known of the film, its words included."),
    ] = False,
    project: Annotated[str, typer.Option(metavar="PROJECT_ID", help="Only of this project.")] = "",
    work_dir: WorkDir = None,
    as_json: AsJson = False,
) -> None:
    """Pack what went wrong into a zip file without secrets; nothing is sent."""
    settings = _settings(work_dir)
    contents = Contents(include_system_info, include_logs, include_context, project)
    parts = ended_well(
        lambda: write_bundle(output, settings.paths.home, contents, _redactor(settings))
    )
    if as_json:
        told = {"file": str(output), "parts": [part.model_dump() for part in parts]}
        typer.echo(json.dumps(told))
        return
    for line in _listed(parts):
        typer.echo(line)
    typer.echo(f"Written to {output}; secrets are out of it, home folders stand as ~.")


def submit_error_report(
    report: Annotated[Path, typer.Argument(metavar="FILE", help="What was generated.")],
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Send nothing; say what would be sent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a report holds and send it to AI_VIDEO_EDITOR_REPORT_URL, if one is set."""
    settings = ended_well(lambda: load_settings({"offline": offline}).settings)
    ended_well(lambda: _submit(report, settings, yes=yes, as_json=as_json))


def _submit(report: Path, settings: Settings, *, yes: bool, as_json: bool) -> None:
    redactor = _redactor(settings)
    parts = read_bundle(report, redactor)
    url = settings.errors.report_url
    for line in [f"{report} holds:", *_listed(parts)]:
        typer.echo(line, err=True)
    if settings.api.offline:
        raise InputError("Nothing was sent: this machine is told to stay offline.")
    if url is None:
        raise InputError(
            "Nothing was sent: no address is configured. Set AI_VIDEO_EDITOR_REPORT_URL to the "
            "address of whoever should read reports."
        )
    where = redactor.text(url)
    if not yes:
        if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise InputError(f"Nothing was sent: add --yes to send it to {where}.")
        if not typer.confirm(f"Send it to {where}?", err=True):
            typer.echo("Nothing was sent.", err=True)
            return
    from ai_video_editor.clients.report_sender import send_report

    answer = send_report(url, report, timeout=_SHOWN)
    if as_json:
        typer.echo(json.dumps({"sent": True, "to": where, "answer": answer}))
    else:
        typer.echo(f"Sent to {where}." + (f" Answer: {answer}" if answer else ""))


def _settings(work_dir: Path | None) -> Settings:
    return ended_well(lambda: load_settings({"home": work_dir}).settings)


def _redactor(settings: Settings) -> Redactor:
    key = settings.api.gemini_api_key
    return Redactor([key.get_secret_value()] if key is not None else ())


def _listed(parts: list[Part]) -> list[str]:
    return [f"  {part.name}  {_size(part.size)}" for part in parts]


def _size(size: int) -> str:
    return f"{size} B" if size < 10_000 else f"{size / 1000:.0f} kB"


def _lines(report: ErrorReport, latest: list[Resolved]) -> list[str]:
    if not report.errors:
        return [f"No errors in {report.runs} runs."]
    lines = [f"{report.errors} errors in {report.runs} runs; {report.failed_runs} runs failed."]
    for title, rows in (
        ("What", report.by_kind),
        ("Type", report.by_type),
        ("Stage", report.by_stage),
    ):
        lines += ["", title, *_counted(rows)]
    if report.resolutions:
        lines += ["", "What was tried"]
        lines += [
            f"  {r.kind}: {r.resolution} worked {r.worked} of {r.tried} times"
            for r in report.resolutions
        ]
    if report.recommendations:
        lines += ["", "Recommended", *(f"  {line}" for line in report.recommendations)]
    if latest:
        lines += ["", "Latest"]
    for item in latest:
        when = datetime.fromtimestamp(item.error.time).isoformat(" ", "minutes")
        came = {True: f"; {item.resolution} worked", False: f"; {item.resolution} did not help"}
        told = came.get(item.worked, "") if item.worked is not None else ""
        lines.append(f"  {when} {item.error.stage} {item.error.type}: {item.error.message}{told}")
    return lines


def _counted(rows: tuple[Frequency, ...]) -> list[str]:
    width = max((len(row.name) for row in rows), default=0)
    return [f"  {row.name:<{width}}  {row.count:>3}  {row.share:>4.0%}" for row in rows]
