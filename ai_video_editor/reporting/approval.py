"""What is put before a person who is asked whether a plan is rendered, as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.intelligence.plan_operations import REMOVING
from ai_video_editor.reporting.figures import clock, counted
from ai_video_editor.reporting.pictures import data_uri
from ai_video_editor.reporting.summary import escaped

MOST_DECISIONS = 60
"""Listed ones; the report has all of them."""

_WIDTH, _BYTES = 240, 16_000


def offer(
    context: ContentContext,
    plan: AIDirectorPlan,
    path_of: Callable[[MediaRef], Path],
    *,
    answer_within: int,
) -> str:
    """The plan in short: length, decisions with their ids, titles, thumbnails.

    Args:
        context: what is known of the project.
        plan: what is asked about.
        path_of: where a file of the store lies.
        answer_within: how long the question stands, seconds.
    """
    recorded = sum((source.duration for source in plan.inputs), start=plan.time_map().duration * 0)
    lines = [
        "## Render this?",
        "",
        f"{clock(recorded)} → {clock(plan.time_map().duration)}. All of it with the words that "
        "would go is in report.html, in the project's folder. Unanswered for "
        f"{spoken(answer_within)}, the run fails, and its Retry button asks again.",
    ]
    if context.metadata_variations is not None:
        lines += ["", "**Titles**", ""]
        lines += [f"- {escaped(title)}" for title in context.metadata_variations.titles]
    lines += thumbnail_table(context, path_of, width=_WIDTH, most_bytes=_BYTES)
    lines += _decisions(plan)
    return "\n".join(lines) + "\n"


def thumbnail_table(
    context: ContentContext,
    path_of: Callable[[MediaRef], Path],
    *,
    width: int,
    most_bytes: int,
) -> list[str]:
    """The thumbnails with their names as lines of Markdown; none where there are none."""
    package = context.thumbnail_package
    rows = []
    for image in package.thumbnails if package is not None else ():
        picture = data_uri(path_of(image.image), width=width, most_bytes=most_bytes)
        if picture:
            about = f"{escaped(image.file_name)}<br>“{escaped(image.hook_text)}”"
            rows.append(f"| ![{image.strategy}]({picture}) | {about} |")
    return ["", "| Thumbnail | Name |", "| --- | --- |", *rows] if rows else []


def spoken(seconds: int) -> str:
    """A length of time in its largest whole unit."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return counted(seconds // size, unit, f"{unit}s")
    return counted(seconds, "second", "seconds")


def _decisions(plan: AIDirectorPlan) -> list[str]:
    """A line for each: a table would be too narrow for its reasons."""
    active = [decision for decision in plan.decisions if not decision.reverted]
    active.sort(key=lambda decision: decision.decision_type not in REMOVING)
    if not active:
        return ["", "Nothing is cut or changed."]
    lines = ["", "**Decisions**", ""]
    lines += [_line(decision) for decision in active[:MOST_DECISIONS]]
    if len(active) > MOST_DECISIONS:
        lines += ["", f"and {len(active) - MOST_DECISIONS} more in report.html."]
    return lines


def _line(decision: EditingDecision) -> str:
    span = f"{clock(decision.start)}-{clock(decision.end)}"
    locked = ", locked" if decision.locked else ""
    return (
        f"- `{decision.decision_id}` {span}: {escaped(decision.rationale)} "
        f"({decision.confidence:.0%} sure{locked})"
    )
