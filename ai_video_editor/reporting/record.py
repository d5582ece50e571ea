"""What happened in the run, gathered from all over the context: substitutions, timings, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.outputs import Check
from ai_video_editor.context.record import StageRecord
from ai_video_editor.reporting.figures import length, measured, one_line, size

STAGE_NAMES = {
    "initialization": "Files checked",
    "audio_processing": "Listening",
    "video_processing": "Watching",
    "content_analysis": "Understanding",
    "research": "Research",
    "intelligence_layer": "Director",
    "broll_generation": "B-roll",
    "thumbnail_generation": "Thumbnails",
    "metadata_generation": "Titles and text",
    "video_composition": "Film",
    "finalization": "Checks and exports",
}
"""The stages in the order of the run, in words."""

STATE_WORDS = {
    "done": "done",
    "degraded": "done another way",
    "failed": "failed",
    "skipped": "skipped",
    "not_run": "not run",
}


@dataclass(frozen=True)
class Substitution:
    """Something that was wanted and is missing or was done another way."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True)
class Timing:
    """One stage's line: name, state, and in words its time, processor time and most memory.

    The width of its bar is in percent; what was not measured is empty.
    """

    name: str
    state: str
    word: str
    length: str
    width: str
    reused: bool
    processor: str = ""
    memory: str = ""


@dataclass(frozen=True)
class CheckLine:
    """One line of the verification, ready to show."""

    name: str
    expected: str
    measured: str
    unit: str
    state: str
    reason: str


def substitutions_of(context: ContentContext) -> list[Substitution]:
    """Fallbacks, steps down the ladder, failed stages, parts left out; with their reasons."""
    metrics = context.processing_metrics
    found = [
        Substitution(
            _stage(item.stage),
            f"{one_line(item.used)} instead of {one_line(item.instead_of)}",
            one_line(item.reason),
        )
        for item in metrics.fallbacks_used
    ]
    found += [Substitution("This run", one_line(step), "") for step in metrics.degradations_applied]
    explained = {item.stage for item in metrics.fallbacks_used}
    for module in context.failed_modules:
        if module not in explained:
            reasons = [e.message for e in context.error_history if e.stage == module]
            found.append(
                Substitution(_stage(module), "left out", one_line(reasons[-1] if reasons else ""))
            )
    left_out = context.delivery.left_out if context.delivery is not None else ()
    found += [Substitution("Delivery", "left out", one_line(part)) for part in left_out]
    return found


def timings_of(stages: Iterable[StageRecord]) -> list[Timing]:
    """Stages in the order of the run, with bars that share one scale."""
    order = {name: place for place, name in enumerate(STAGE_NAMES)}
    records = sorted(stages, key=lambda record: order.get(record.stage, len(order)))
    longest = max((record.seconds for record in records), default=0.0)
    return [
        Timing(
            _stage(record.stage),
            record.state,
            STATE_WORDS[record.state],
            length(record.seconds),
            f"{100 * record.seconds / longest:.2f}" if longest > 0 else "0",
            record.reused,
            processor_share(record),
            memory_of(record.peak_memory_mb),
        )
        for record in records
    ]


def processor_share(record: StageRecord) -> str:
    """Processor time of a stage over its time: "1.7 cores"; empty where it was not measured."""
    if record.cpu_seconds is None or record.seconds < 0.05:
        return ""
    return f"{record.cpu_seconds / record.seconds:.1f} cores"


def memory_of(megabytes: float | None) -> str:
    """Memory in words; empty where it was not measured."""
    return "" if megabytes is None else size(round(megabytes * 1e6))


def checks_of(checks: Iterable[Check]) -> list[CheckLine]:
    """The lines of the verification, failed ones first."""
    rank = {"failed": 0, "passed": 1, "skipped": 2}
    return [
        CheckLine(
            one_line(check.name).replace("_", " "),
            measured(check.expected),
            measured(check.measured),
            one_line(check.unit),
            check.state,
            one_line(check.reason),
        )
        for check in sorted(checks, key=lambda check: rank[check.state])
    ]


def notes_of(context: ContentContext) -> list[str]:
    """What every part of the run wants the user to know, each once, in the order of the run."""
    notes: dict[str, None] = {}
    for note in _notes(context):
        text = one_line(note)
        if text:
            notes.setdefault(text)
    return list(notes)


def _notes(context: ContentContext) -> Iterator[str]:
    several = len(context.video_files) > 1
    for file in context.video_files:
        yield from (f"{file.name}: {note}" if several else note for note in file.notes)
    for section in (context.audio_analysis, context.video_analysis, context.content_summary):
        yield from section.notes if section is not None else ()
    if context.ai_director_plan is not None:
        yield from context.ai_director_plan.warnings
    if context.planned_shorts is not None:
        yield from context.planned_shorts.notes
    if context.generated_broll is not None:
        yield from context.generated_broll.skipped
        yield from context.generated_broll.notes
    for made in (context.thumbnail_package, context.metadata_variations, context.composed_video):
        yield from made.notes if made is not None else ()
    if context.delivery is not None:
        yield from context.delivery.notes
        for part in context.delivery.left_out:
            yield f"Left out: {part}"


def _stage(name: str) -> str:
    return STAGE_NAMES.get(name, one_line(name).replace("_", " ").capitalize())
