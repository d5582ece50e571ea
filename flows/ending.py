"""How a run ends: its files published, its record kept, its state told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.states import Cancelled, Completed, Failed
from prefect.utilities.annotations import quote

from ai_video_editor import processes
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import ProcessingMetrics
from ai_video_editor.errors import EditorError, RunInterruptedError
from ai_video_editor.operations.run_record import RunRecord, write_record
from ai_video_editor.progress import request_stop
from ai_video_editor.reporting.summary import RunSummary, Status, markdown, summarise
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store, whole_file
from flows.artifacts import show_summary, shown_progress
from flows.dag import Dag
from tasks.finalization import publish
from tasks.model_calls import run_ledger
from tasks.outcome import Outcome, StageOutcome, finished_stages, summed_up
from tasks.stage import Run


@dataclass
class Ending:
    """Waits for the stages, then publishes and sums up.

    Attributes:
        settings: of the run.
        state: the flow's final state, once concluded.
        project_id: once it is known.
    """

    settings: Settings
    started: float = field(default_factory=time.monotonic)
    state: State[dict[str, Any]] = field(default_factory=Failed)
    project_id: str = ""

    def conclude(self, run: Run, dag: Dag) -> None:
        """Wait for every stage, put the files in place, and decide how the run ended."""
        store = Store(self.settings.paths.home)
        self.project_id = run.base.project_id
        finished: list[StageOutcome] = []
        folder = self.settings.paths.output.absolute() / run.base.project_id
        with shown_progress(len(list(dag))):
            for ended in finished_stages(dag):
                finished.append(ended)
                write_record(store, _record(run, summed_up(run, finished, frozenset()), folder))
        early = self.settings.run.stop_after is not None or self.settings.run.review
        skipped = frozenset() if early else dag.left_out
        outcome = summed_up(run, finished, skipped)
        context = self._context(store, outcome)
        replaced = False
        failure = outcome.failure
        if failure is None:
            whole = cast(ContentContext, quote(context))  # the task is given what is quoted
            try:
                replaced = publish(whole, str(folder), run.options)
            except EditorError as error:
                failure = error
        if failure is not None:
            with whole_file(_saved_context(store, run.base.project_id)) as partial:
                partial.write_text(context.to_json(), encoding="utf-8")
        write_record(store, _record(run, outcome, folder))
        _tidy(store)
        summary = summarise(
            run.base.project_id,
            seconds=time.monotonic() - self.started,
            output_dir=folder if folder.is_dir() else None,
            context=context,
            notes=(
                *outcome.notes,
                *_paid(),
                *([f"The files of an earlier run in {folder} were replaced."] if replaced else []),
            ),
            error=failure,
            status=self._known_status(context, failure),
        )
        show_summary(markdown(summary, context, store.media_path), run.base.project_id)
        self.state = final_state(summary)

    def cut_short(self, error: EditorError, status: Status | None = None) -> RunSummary:
        """The summary of a run that came to no end of its own."""
        return summarise(
            self.project_id,
            seconds=time.monotonic() - self.started,
            output_dir=None,
            error=error,
            status=status,
        )

    def _context(self, store: Store, outcome: Outcome) -> ContentContext:
        context = store.context(outcome.ref)
        paid = run_ledger()
        return context.model_copy(
            update={
                "processing_preferences": self.settings.processing_preferences,
                "processing_metrics": ProcessingMetrics(
                    stages=outcome.stages,
                    modules=outcome.modules,
                    fallbacks_used=outcome.degradations,
                    api_calls=paid.calls,
                    tokens=paid.tokens,
                    dollars=round(paid.spent, 6),
                    seconds=round(time.monotonic() - self.started, 3),
                ),
                "error_history": outcome.errors,
                "failed_modules": outcome.failed_modules,
                "completed_stages": tuple(
                    record.stage
                    for record in outcome.stages
                    if record.state in ("done", "degraded")
                ),
                "current_processing_stage": outcome.failed_stage,
                "checkpoints": tuple(
                    f"{outcome.ref.project_id}_{record.stage}"
                    for record in outcome.stages
                    if record.state in ("done", "degraded")
                ),
            }
        )

    def _known_status(
        self, context: ContentContext, failure: BaseException | None
    ) -> Status | None:
        if isinstance(failure, RunInterruptedError):
            return "interrupted"
        if failure is not None:
            return None
        if self.settings.run.review and context.delivery is None:
            return "awaiting_review"
        if self.settings.run.stop_after is not None and context.delivery is None:
            return "stopped"
        left_out = context.delivery.left_out if context.delivery else ()
        return "degraded" if left_out else None


@contextmanager
def interruptible(settings: Settings) -> Iterator[Ending]:
    """A block whose stages stop, with all their children, when the run is interrupted."""
    ending = Ending(settings)
    try:
        yield ending
    except (KeyboardInterrupt, TerminationSignal) as signal:
        request_stop()
        processes.end_all()
        if isinstance(signal, TerminationSignal):
            raise
        ending.state = final_state(
            ending.cut_short(RunInterruptedError("The run was stopped."), "interrupted")
        )
    except EditorError as error:
        ending.state = final_state(ending.cut_short(error))


def final_state(summary: RunSummary) -> State[dict[str, Any]]:
    """The Prefect state that says how a run ended."""
    data = summary.model_dump(mode="json")
    if summary.status in ("failed", "invalid"):
        message = summary.error.message if summary.error else "A stage failed."
        return Failed(message=message, data=data)
    if summary.status == "unverified":
        return Failed(message="A line of the verification failed.", data=data)
    if summary.status == "interrupted":
        return Cancelled(message="The run was stopped.", data=data)
    if summary.status == "degraded":
        reasons = "; ".join(f"{d.stage}: {d.reason}" for d in summary.degradations)
        return Completed(name="Degraded", message=reasons, data=data)
    return Completed(message=f"Files are in {summary.output_dir}", data=data)


def _paid() -> list[str]:
    """What the run asked of paid services, in words."""
    paid = run_ledger()
    if not paid.tokens:
        return []
    return [f"Gemini: {paid.calls} requests, {paid.tokens} tokens, ${paid.spent:.4f}."]


def _tidy(store: Store) -> None:
    """Remove what Prefect wrote for sub-flows, under random names that nothing asks for."""
    for path in store.checkpoints.glob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)


def _saved_context(store: Store, project_id: str) -> Path:
    return store.root / "projects" / f"{project_id}.context.json"


def _record(run: Run, outcome: Outcome, folder: Path) -> RunRecord:
    return RunRecord(
        ref=outcome.ref,
        names=tuple(run.label.split(", ")),
        stages=outcome.stages,
        degradations=outcome.degradations,
        errors=outcome.errors,
        output_dir=str(folder),
        updated=time.time(),
    )
