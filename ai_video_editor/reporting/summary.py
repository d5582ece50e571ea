"""The summary of a run: one JSON object for scripts, Markdown for the dashboard, lines to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

from ai_video_editor.context.base import FilmSeconds, MediaRef, Model, Seconds
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.outputs import Verification
from ai_video_editor.context.record import (
    Degradation,
    ErrorKind,
    ProcessingError,
    ResourceEstimate,
    StageRecord,
    StageState,
)
from ai_video_editor.errors import EditorError, InputError
from ai_video_editor.operations.messages import technical
from ai_video_editor.operations.problems import problem_of
from ai_video_editor.reporting.edit import KINDS, Edit, edit_of
from ai_video_editor.reporting.figures import clock, counted, length, one_line, percent
from ai_video_editor.reporting.pictures import data_uri
from ai_video_editor.reporting.record import STAGE_NAMES, STATE_WORDS, memory_of, notes_of
from ai_video_editor.stages import WorkflowStage

Status = Literal[
    "completed",
    "degraded",
    "stopped",
    "awaiting_review",
    "unverified",
    "failed",
    "invalid",
    "interrupted",
]
"""How a run ended."""

EXIT_CODES: dict[Status, int] = {
    "completed": 0,
    "degraded": 0,
    "stopped": 0,
    "awaiting_review": 0,
    "unverified": 3,
    "failed": 1,
    "invalid": 2,
    "interrupted": 130,
}
"""Exit code of the program by status."""

ARTIFACT_IMAGE_BYTES = 60_000
"""Bytes of the picture in the dashboard's artifact: it is stored in the server's database."""

_ARTIFACT_WIDTH = 480
_MOST_NOTES = 12
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:@])")


class StageSummary(Model):
    """How one stage went."""

    state: StageState
    seconds: float = 0.0
    reused: bool = False
    cpu_seconds: float | None = None
    peak_memory_mb: float | None = None


class ErrorSummary(Model):
    """What ended the run, with what would help."""

    type: str
    message: str
    advice: tuple[str, ...] = ()
    resume_from: str | None = None
    kind: ErrorKind = "internal"
    """What ran out or broke."""
    stage: str = ""
    file: str = ""
    """The file that it is about."""
    retry_after: float | None = None
    """Seconds that a service asks to wait."""
    own_advice: tuple[str, ...] = ()
    """Advice of the error itself, without what its kind suggests."""
    technical: tuple[str, ...] = ()
    """Type, chain and stack, with --verbose."""

    def as_problem(self) -> ProcessingError:
        """The error as the record of a run has it."""
        return ProcessingError(
            stage=self.stage,
            type=self.type,
            message=self.message,
            kind=self.kind,
            retry_after=self.retry_after,
            file=self.file,
            advice=self.own_advice,
        )


class ShortSummary(Model):
    """One clip beside the film."""

    film: str
    """Path relative to the project folder."""
    captions: str
    title: str
    reasons: tuple[str, ...]
    start: FilmSeconds
    """Where it begins in the film."""
    end: FilmSeconds
    verified: bool


class RunSummary(Model):
    """The object that `--json` prints; its field names are a promise to scripts."""

    project_id: str
    status: Status
    output_dir: str | None
    removed_seconds: Seconds
    degradations: tuple[Degradation, ...] = ()
    stages: dict[str, StageSummary]
    shorts: tuple[ShortSummary, ...] = ()
    notes: tuple[str, ...] = ()
    error: ErrorSummary | None = None
    errors: tuple[ProcessingError, ...] = ()
    """Every failure of the run, also those a fallback made good."""
    seconds: float
    peak_memory_mb: float | None = None
    """Most memory of the program and its children; None where nobody measured."""
    estimate: ResourceEstimate | None = None
    """What was expected before the run."""

    @property
    def exit_code(self) -> int:
        """What the program exits with."""
        return EXIT_CODES[self.status]


def summarise(
    project_id: str,
    *,
    seconds: float,
    output_dir: Path | None,
    context: ContentContext | None = None,
    stages: Sequence[StageRecord] | None = None,
    degradations: Sequence[Degradation] | None = None,
    verification: Verification | None = None,
    notes: Sequence[str] = (),
    error: BaseException | None = None,
    status: Status | None = None,
    stage: str = "",
    advice: Sequence[str] = (),
) -> RunSummary:
    """The summary of a run, whatever its end.

    Args:
        project_id: the project; empty where the input was refused before it had one.
        seconds: wall time of the run.
        output_dir: the project folder; None where none was written.
        context: what is known of the project, None where nothing is.
        stages: how each stage went; None takes the context's metrics. Stages that are not named
            are `not_run`.
        degradations: what fell back; None takes the context's metrics.
        verification: what was measured; None takes the context's delivery.
        notes: what the user should know beside the context's own notes; they come first.
        error: what ended the run, if anything did.
        status: how it ended where only the caller knows (stopped, awaiting_review); None decides
            by error, verification and degradations. A failed verification outweighs
            `completed` and `degraded`.
        stage: where the error happened, unless the error knows.
        advice: what would help; the error's own advice where empty.
    """
    metrics = context.processing_metrics if context is not None else None
    records = stages if stages is not None else (metrics.stages if metrics else ())
    fell_back = tuple(
        degradations if degradations is not None else (metrics.fallbacks_used if metrics else ())
    )
    if verification is None and context is not None and context.delivery is not None:
        verification = context.delivery.verification
    edit = edit_of(context) if context is not None else None
    table = {str(stage): StageSummary(state="not_run") for stage in WorkflowStage}
    for record in records:
        # A skipped stage cost nothing and left what was there, so scripts may count it as reused.
        table[record.stage] = StageSummary(
            state=record.state,
            seconds=round(record.seconds, 3),
            reused=record.reused or record.state == "skipped",
            cpu_seconds=record.cpu_seconds,
            peak_memory_mb=record.peak_memory_mb,
        )
    every_note = dict.fromkeys([*map(one_line, notes), *(notes_of(context) if context else ())])
    return RunSummary(
        project_id=project_id,
        status=_status(status, error, verification, bool(fell_back)),
        output_dir=str(output_dir) if output_dir is not None else None,
        removed_seconds=edit.removed_duration if edit is not None else Fraction(0),
        degradations=fell_back,
        stages=table,
        shorts=tuple(_shorts(context)),
        notes=tuple(every_note),
        error=_error(error, stage, advice) if error is not None else None,
        errors=context.error_history if context is not None else (),
        seconds=round(seconds, 3),
        peak_memory_mb=metrics.peak_memory_mb if metrics else None,
        estimate=metrics.estimate if metrics else None,
    )


def markdown(
    summary: RunSummary,
    context: ContentContext | None,
    path_of: Callable[[MediaRef], Path],
) -> str:
    """The run as Markdown for the dashboard: outcome, picture, stages, what fell back, files."""
    lines = [f"# {escaped(_name(summary, context))}", "", f"**{_words(summary.status)}**"]
    edit = edit_of(context) if context is not None else None
    if edit is not None:
        lines[-1] += f" · {escaped(_shortening(edit))}"
    picture = _picture(context, path_of)
    if picture:
        lines += ["", f"![Thumbnail]({picture})"]
    if summary.error is not None:
        lines += ["", f"**{escaped(summary.error.type)}**: {escaped(summary.error.message)}", ""]
        lines += [f"- {escaped(advice)}" for advice in summary.error.advice]
    lines += ["", "## Stages", "", "| Stage | State | Seconds | Processor s | Memory |"]
    lines.append("| --- | --- | ---: | ---: | ---: |")
    for name, stage in summary.stages.items():
        state = STATE_WORDS[stage.state] + (", reused" if stage.reused else "")
        seconds = f"{stage.seconds:.1f}" if stage.state != "not_run" else ""
        cpu = "" if stage.cpu_seconds is None else f"{stage.cpu_seconds:.1f}"
        cells = (state, seconds, cpu, memory_of(stage.peak_memory_mb))
        lines.append(f"| {escaped(STAGE_NAMES.get(name, name))} | {' | '.join(cells)} |")
    if summary.degradations:
        lines += ["", "## Substitutions", "", "| Stage | Used | Instead of | Because |"]
        lines.append("| --- | --- | --- | --- |")
        for item in summary.degradations:
            cells = (item.stage, item.used, item.instead_of, item.reason)
            lines.append(f"| {' | '.join(escaped(cell) for cell in cells)} |")
    lines += _failed_checks(context)
    if summary.output_dir:
        lines += ["", "## Files", "", f"Folder: {_code(summary.output_dir)}", ""]
        lines += [f"- {_code(path)}" for path in _main_files(context)]
    if summary.notes:
        lines += ["", "## Notes", ""]
        lines += [f"- {escaped(note)}" for note in summary.notes[:_MOST_NOTES]]
    return "\n".join(lines) + "\n"


def opening_facts(summary: RunSummary, context: ContentContext | None) -> list[str]:
    """What a person wants to know first at the end of a run, a line each, for a terminal."""
    facts: list[str] = []
    edit = edit_of(context) if context is not None else None
    if edit is not None:
        facts.append(_shortening(edit))
        totals = edit.totals()
        told = [counted(count, *KINDS[kind]) for kind, (count, _) in totals.items()]
        if told:
            facts.append(", ".join(told))
    if context is not None:
        facts += _made(context)
    facts += _took(summary)
    if summary.output_dir:
        facts.append(f"folder: {one_line(summary.output_dir)}")
    return facts


def _took(summary: RunSummary) -> list[str]:
    """Time and memory beside what was expected; nothing where a run reused what it could."""
    if summary.peak_memory_mb is None or any(stage.reused for stage in summary.stages.values()):
        return []
    taken = f"took {length(summary.seconds)} and {memory_of(summary.peak_memory_mb)} of memory"
    if summary.estimate is None:
        return [taken]
    expected = summary.estimate
    return [
        f"{taken} ({length(expected.minutes * 60)} and {expected.memory_gb:.1f} GB were expected)"
    ]


def _status(
    given: Status | None,
    error: BaseException | None,
    verification: Verification | None,
    degraded: bool,
) -> Status:
    if given is not None and given not in ("completed", "degraded"):
        return given
    if error is not None:
        if isinstance(error, KeyboardInterrupt):
            return "interrupted"
        return "invalid" if isinstance(error, InputError) else "failed"
    if verification is not None and not verification.passed:
        return "unverified"
    return "degraded" if degraded else (given or "completed")


def _error(error: BaseException, stage: str, advice: Sequence[str]) -> ErrorSummary:
    problem = problem_of(error, stage=stage)
    ours = error if isinstance(error, EditorError) else None
    return ErrorSummary(
        type=problem.type,
        message=problem.message,
        advice=tuple(advice) or (ours.advice if ours else ()),
        resume_from=(ours.resume_from if ours else None) or problem.stage or None,
        kind=problem.kind,
        stage=problem.stage,
        file=problem.file,
        retry_after=problem.retry_after,
        own_advice=problem.advice,
        technical=tuple(line.strip() for line in technical(error)[1:]),
    )


def _shorts(context: ContentContext | None) -> Iterator[ShortSummary]:
    delivery = context.delivery if context is not None else None
    for short in delivery.shorts if delivery is not None else ():
        yield ShortSummary(
            film=short.film,
            captions=short.captions,
            title=one_line(short.planned.title),
            reasons=tuple(map(one_line, short.planned.reasons)),
            start=short.planned.start,
            end=short.planned.end,
            verified=short.verification.passed,
        )


def _shortening(edit: Edit) -> str:
    """How long it was, how long it is, and how much went."""
    if not edit.removed:
        return f"{clock(edit.time_map.duration)}, nothing removed"
    share = percent(edit.removed_duration / edit.source_duration)
    return (
        f"{clock(edit.source_duration)} → {clock(edit.time_map.duration)}, "
        f"{length(edit.removed_duration)} removed ({share})"
    )


def _made(context: ContentContext) -> list[str]:
    facts = []
    metadata, package = context.metadata_variations, context.thumbnail_package
    if metadata is not None and metadata.titles:
        facts.append(f"first title: {one_line(metadata.titles[0])}")
    made = []
    if context.generated_broll is not None and context.generated_broll.assets:
        count = len(context.generated_broll.assets)
        made.append(counted(count, "B-roll clip", "B-roll clips"))
    if package is not None and package.thumbnails:
        made.append(counted(len(package.thumbnails), "thumbnail", "thumbnails"))
    if metadata is not None and metadata.chapters:
        made.append(counted(len(metadata.chapters), "chapter", "chapters"))
    if context.delivery is not None and context.delivery.shorts:
        made.append(counted(len(context.delivery.shorts), "short", "shorts"))
    if context.delivery is not None and context.delivery.files:
        made.append(counted(len(context.delivery.files), "file", "files"))
    if made:
        facts.append(", ".join(made))
    verification = context.delivery.verification if context.delivery is not None else None
    if verification is not None:
        counts = {
            state: sum(check.state == state for check in verification.checks)
            for state in ("passed", "failed", "skipped")
        }
        told = [f"{count} {state}" for state, count in counts.items() if count]
        facts.append(f"verification: {', '.join(told) or 'nothing to check'}")
    return facts


def _failed_checks(context: ContentContext | None) -> list[str]:
    delivery = context.delivery if context is not None else None
    if delivery is None or delivery.verification is None or delivery.verification.passed:
        return []
    lines = ["", "## Verification failed", ""]
    lines += ["| Check | Expected | Measured |", "| --- | --- | --- |"]
    for check in delivery.verification.checks:
        if check.state == "failed":
            cells = (check.name, f"{check.expected} {check.unit}", f"{check.measured} {check.unit}")
            lines.append(f"| {' | '.join(escaped(cell) for cell in cells)} |")
    return lines


def _picture(context: ContentContext | None, path_of: Callable[[MediaRef], Path]) -> str | None:
    package = context.thumbnail_package if context is not None else None
    for thumbnail in package.thumbnails if package is not None else ():
        path = path_of(thumbnail.image)
        uri = data_uri(path, width=_ARTIFACT_WIDTH, most_bytes=ARTIFACT_IMAGE_BYTES)
        if uri:
            return uri
    return None


def _main_files(context: ContentContext | None) -> list[str]:
    if context is None or context.delivery is None:
        return []
    files = [file.path for file in context.delivery.files if not file.path.startswith("broll/")]
    return sorted(files, key=lambda path: (path not in ("video.mp4", "report.html"), path))


def _name(summary: RunSummary, context: ContentContext | None) -> str:
    metadata = context.video_metadata if context is not None else None
    return one_line(metadata.name) if metadata is not None and metadata.name else summary.project_id


def _words(status: Status) -> str:
    return status.replace("_", " ").capitalize()


def escaped(text: str) -> str:
    """Foreign text on one line in which no character means anything to Markdown or HTML."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKS.sub(r"\\\1", plain)


def _code(text: str) -> str:
    """Foreign text as code; a backtick would end it."""
    return f"`{one_line(text).replace('`', chr(39)).replace('|', '¦')}`"
