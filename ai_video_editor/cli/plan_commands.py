"""Options and arguments of the command `plan`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ai_video_editor.cli.failures import ended_well
from ai_video_editor.cli.plans import (
    Operation,
    as_json,
    change,
    compare,
    locking,
    reverting,
    show,
    styling,
    taking,
    told,
)
from ai_video_editor.cli.signals import keep_signal
from ai_video_editor.context.plan import TRANSITION_STYLES, AIDirectorPlan
from ai_video_editor.operations.analytics import Signal
from ai_video_editor.reporting.figures import clock

plan_app = typer.Typer(
    name="plan",
    help="Look at an editing plan and change it; `process --plan FILE` renders it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="A plan.json.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Decisions, as cut-003.")]


@plan_app.command("show")
def show_plan(
    plan: PlanPath,
    every: Annotated[
        bool, typer.Option("--all", help="Chapters, B-roll, hooks and promises too.")
    ] = False,
) -> None:
    """List what a plan decides, and why."""
    ended_well(lambda: show(plan, _console(), every=every))


@plan_app.command("diff")
def diff_plans(
    before: PlanPath,
    after: PlanPath,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Say what changed from one plan to another."""
    difference = ended_well(lambda: compare(before, after))
    for line in [as_json(difference)] if json_wanted else told(difference):
        typer.echo(line)


@plan_app.command("revert")
def revert_decisions(
    plan: PlanPath,
    ids: Ids,
    undo: Annotated[bool, typer.Option("--undo", help="Put them in force again.")] = False,
) -> None:
    """Take decisions back: what they removed is in the film again."""
    _change(plan, ids, reverting(undo=undo), "restored" if undo else "reverted")


@plan_app.command("lock")
def lock_decisions(
    plan: PlanPath,
    ids: Ids,
    undo: Annotated[bool, typer.Option("--undo", help="Unlock them.")] = False,
) -> None:
    """Hold decisions: they cannot be reverted, and `--redecide` keeps them."""
    _change(plan, ids, locking(undo=undo), "unlocked" if undo else "locked")


@plan_app.command("take")
def take_alternative(
    plan: PlanPath,
    decision: Annotated[str, typer.Argument(metavar="ID", help="A decision with alternatives.")],
    number: Annotated[int, typer.Argument(metavar="N", help="Which one, as `plan show` counts.")],
) -> None:
    """Keep another take instead."""
    _change(plan, [decision], taking(number), "changed")


@plan_app.command("style")
def style_transition(
    plan: PlanPath,
    decision: Annotated[str, typer.Argument(metavar="ID", help="A transition.")],
    style: Annotated[
        str, typer.Argument(metavar="STYLE", help=f"One of {', '.join(TRANSITION_STYLES)}.")
    ],
) -> None:
    """Give a transition another style."""
    _change(plan, [decision], styling(style), "changed")


@plan_app.command("schema")
def plan_schema() -> None:
    """Print the JSON schema of a plan.json."""
    typer.echo(json.dumps(AIDirectorPlan.model_json_schema(mode="validation"), indent=1))


def _change(path: Path, ids: list[str], operation: Operation, signal: Signal | None = None) -> None:
    file = ended_well(lambda: change(path, ids, operation))
    if signal is not None:
        keep_signal(signal, [d.decision_type for d in file.plan.decisions if d.decision_id in ids])
    typer.echo(
        f"{path}: {', '.join(ids)} changed; the film is now "
        f"{clock(file.plan.time_map().duration)} long."
    )


def _console() -> Console:
    return Console(highlight=False, markup=False)
