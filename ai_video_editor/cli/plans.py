"""The command `plan`: look at an editing plan, compare two, change one; by file alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.errors import InputError
from ai_video_editor.files import translated, whole_file
from ai_video_editor.intelligence.plan_file import PlanFile, read_plan_file
from ai_video_editor.intelligence.plan_operations import (
    PlanDifference,
    choose,
    diff,
    lock,
    restore,
    restyle,
    revert,
)
from ai_video_editor.reporting.documents import plan_json
from ai_video_editor.reporting.figures import clock, length, one_line

_NOT_TOLD = frozenset({"kind", "text", "gap", "keeps", "part_of"})


def inputs_of(path: Path) -> list[Path]:
    """Where the recordings of a plan lie: where they were, or beside the plan.

    Raises:
        InputError: the plan cannot be read, or a recording is at neither place.
    """
    file = read_plan_file(path)
    found = []
    for index, source in enumerate(file.plan.inputs):
        places = [Path(source.path), path.parent / Path(source.path).name]
        place = next((place for place in places if place.is_file()), None)
        if place is None:
            raise InputError(
                file.complaint(
                    ("inputs", index, "path"),
                    f"{source.path} is not there; name the recording on the command line.",
                )
            )
        found.append(place)
    return found


def show(path: Path, console: Console, *, every: bool) -> None:
    """Print a plan as a table.

    Args:
        path: the file.
        console: where to.
        every: whether B-roll, hooks, promises and chapters are listed too.
    """
    file = read_plan_file(path)
    plan = file.plan
    time_map = plan.time_map()
    recorded = sum((source.duration for source in plan.inputs), start=time_map.duration * 0)
    console.print(
        f"{clock(recorded)} → {clock(time_map.duration)}, {len(plan.kept)} pieces, "
        f"planned by {plan.director}"
    )
    if file.drifted:
        console.print("The kept ranges are not what the decisions leave; the film follows kept.")
    for warning in plan.warnings:
        console.print(f"! {one_line(warning)}")
    console.print(_table(plan.decisions, several=len(plan.inputs) > 1))
    if every:
        _rest(plan, console)


def _table(decisions: Sequence[EditingDecision], *, several: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "from", "to", "what", "sure", "why"):
        table.add_column(heading, no_wrap=heading != "why")
    for decision in decisions:
        marks = [
            *(["reverted"] if decision.reverted else []),
            *(["locked"] if decision.locked else []),
        ]
        at = f"{decision.input + 1}: " if several else ""
        why = [one_line(decision.rationale)]
        why += [f"[{mark}]" for mark in marks]
        why += [
            f"({number}) {one_line(other.label)}: “{one_line(other.text)}”"
            for number, other in enumerate(decision.alternatives, start=1)
        ]
        table.add_row(
            decision.decision_id,
            at + _moment(decision.start),
            _moment(decision.end),
            _what(decision),
            f"{decision.confidence:.0%}",
            " ".join(why),
            style="dim strike" if decision.reverted else None,
        )
    return table


def _moment(seconds: Fraction) -> str:
    return f"{clock(seconds)}.{int(seconds * 10) % 10}"


def _what(decision: EditingDecision) -> str:
    kind = decision.parameters.get("kind")
    if kind:
        return one_line(f"{decision.decision_type} {kind}")
    told = [f"{k} {v}" for k, v in decision.parameters.items() if k in ("scale", "style", "factor")]
    return one_line(" ".join([decision.decision_type.replace("_", " "), *told]))


def _rest(plan: AIDirectorPlan, console: Console) -> None:
    for chapter in plan.chapters:
        console.print(f"chapter {clock(chapter.start)}  {one_line(chapter.title)}")
    for broll in plan.broll:
        console.print(
            f"{broll.opportunity_id} {clock(broll.start)}  {broll.content_type}: "
            f"{one_line(broll.description)}"
        )
    for concept in plan.thumbnail_concepts:
        console.print(
            f"{concept.strategy}: “{one_line(concept.hook_text)}” "
            f"with “{one_line(concept.title_idea)}”"
        )
    for hook in plan.hooks:
        console.print(f"hook {clock(hook.start)} ({hook.kind})  {one_line(hook.text)}")


def compare(before: Path, after: Path) -> PlanDifference:
    """What changed from one plan file to another."""
    return diff(read_plan_file(before).plan, read_plan_file(after).plan)


def told(difference: PlanDifference) -> list[str]:
    """A difference in lines, + for what is new and - for what is gone."""
    lines = [
        f"{sign} {d.decision_id}  {_moment(d.start)}-{_moment(d.end)}  "
        f"{_what(d)}  {one_line(d.rationale)}"
        for sign, decisions in (("-", difference.removed), ("+", difference.added))
        for d in decisions
    ]
    lines += [f"- {name} reverted" for name in difference.reverted]
    lines += [f"+ {name} in force again" for name in difference.restored]
    lines += [f"~ {name} has another style" for name in difference.restyled]
    lines += [f"~ {name.replace('_', ' ')} changed" for name in difference.changed]
    if difference.seconds:
        longer = "longer" if difference.seconds > 0 else "shorter"
        lines.append(f"The film is {length(abs(difference.seconds))} {longer}.")
    return lines or ["The plans decide the same."]


def as_json(difference: PlanDifference) -> str:
    """A difference as one JSON object."""
    data: dict[str, Any] = {
        "added": [d.model_dump(mode="json") for d in difference.added],
        "removed": [d.model_dump(mode="json") for d in difference.removed],
        "reverted": difference.reverted,
        "restored": difference.restored,
        "changed": difference.changed,
        "restyled": difference.restyled,
        "seconds": round(float(difference.seconds), 6),
    }
    return json.dumps(data, ensure_ascii=False)


def change(path: Path, ids: Sequence[str], operation: Operation) -> PlanFile:
    """Apply an operation to decisions of a plan file; the file is replaced in one step.

    Raises:
        InputError: it cannot be read, or an id is not in it; the file is as it was.
    """
    plan = read_plan_file(path).plan
    for name in ids:
        plan = operation(plan, name)
    with translated(path), whole_file(path) as partial:
        partial.write_text(plan_json(plan), encoding="utf-8")
    return read_plan_file(path)


Operation = Callable[[AIDirectorPlan, str], AIDirectorPlan]
"""Changes one decision of a plan."""


def reverting(*, undo: bool) -> Operation:
    """Take a decision back, or put it in force again."""
    return restore if undo else revert


def locking(*, undo: bool) -> Operation:
    """Lock a decision, or unlock it."""
    return lambda plan, name: lock(plan, name, locked=not undo)


def taking(number: int) -> Operation:
    """Choose a decision's alternative."""
    return lambda plan, name: choose(plan, name, number)


def styling(style: str) -> Operation:
    """Give a transition another style."""
    return lambda plan, name: restyle(plan, name, style)
