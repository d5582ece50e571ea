"""How a run ends: its files published, its record kept, its state told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.logging import get_run_logger
from prefect.runtime import deployment, flow_run
from prefect.states import Cancelled, Completed, Failed
from prefect.utilities.annotations import quote
from pydantic_core import to_jsonable_python

from ai_video_editor import processes
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import ProcessingError, ProcessingMetrics
from ai_video_editor.errors import (
    ContentContextError,
    EditorError,
    ProcessingTimeoutError,
    ResourceConstraintError,
    RunInterruptedError,
)
from ai_video_editor.operations.degradation import GracefulDegradationController, Step
from ai_video_editor.operations.housekeeping import remove_project
from ai_video_editor.operations.locks import working_on
from ai_video_editor.operations.messages import headline
from ai_video_editor.operations.outlook import Outlook
from ai_video_editor.operations.recovery import preserve_context_on_error
from ai_video_editor.operations.run_record import RunRecord, write_record
from ai_video_editor.progress import ProgressEvent, reporter, request_stop
from ai_video_editor.progress import publish as publish_event
from ai_video_editor.reporting.summary import RunSummary, Status, markdown, summarise
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store
from flows.artifacts import hand_over, show_pictures, show_summary, shown_progress
from flows.dag import Dag
from flows.history import History
from flows.measurements import measured, remember, told
from flows.preparation import prepared
from tasks.finalization import publish
from tasks.model_calls import run_ledger
from tasks.outcome import Outcome, StageOutcome, finished_stages, summed_up
from tasks.stage import Run


@dataclass
class Ending:
    """Waits for the stages, then publishes and sums up.

    Attributes:
        settings: of the run.
        history: what it leaves in the logs.
        followed: every stage that ended, also those of a level that failed.
        expired: whether the time for the whole run is over.
        state: the flow's final state, once concluded.
        project_id: once it is known.
        ahead: what the run was expected to take; None where that could not be told.
        context: what the stages found out, once concluded.
        failed: whether a stage failed for good.
        questions: how many were put to a person so far.
    """

    settings: Settings
    history: History
    followed: list[StageOutcome] = field(default_factory=list)
    expired: bool = False
    started: float = field(default_factory=time.monotonic)
    state: State[dict[str, Any]] = field(default_factory=Failed)
    project_id: str = ""
    ahead: Outlook | None = None
    context: ContentContext | None = None
    failed: bool = False
    questions: int = 0

    def prepared(self, run: Run, videos: Sequence[Path]) -> Run:
        """The run as it fits this machine.

        Raises:
            DiskSpaceError: a disk is too small for it.
        """
        self.project_id = run.base.project_id
        run, self.ahead = prepared(run, videos)
        self.settings = run.settings
        return run

    @property
    def store(self) -> Store:
        """The work folder's store."""
        return Store.of(self.settings)

    def conclude(self, run: Run, wire: Callable[[Dag], None]) -> None:
        """Run the stages to their end, put the files in place, and decide how the run ended.

        A stage that failed for good is tried again at a lower level where that is wished for; what
        was finished is taken as it is.
        """
        self.settings, store = run.settings, Store.of(run.settings)
        self.project_id = run.base.project_id
        self.history.begin(self.project_id, run.label)
        with working_on(store, self.project_id, reporter("start")):
            run, outcome = self._carried_out(store, run, wire)
            self._closed(store, run, outcome)
        if not self.settings.run.enable_recovery:
            _forget(store, self.project_id)

    def _carried_out(
        self, store: Store, run: Run, wire: Callable[[Dag], None]
    ) -> tuple[Run, Outcome]:
        """The run's stages, once or at ever lower levels."""
        ladder = GracefulDegradationController(run.settings.processing_preferences)
        earlier: tuple[ProcessingError, ...] = ()
        while True:
            dag = Dag(run)
            wire(dag)
            outcome = self._followed(store, run, dag)
            outcome = replace(
                outcome,
                errors=(*earlier, *outcome.errors),
                degradations=(
                    *(step.record for step in ladder.steps),
                    *outcome.degradations,
                ),
                steps_down=tuple(step.told for step in ladder.steps),
            )
            try:
                step = self._step_down(ladder, outcome)
            except ContentContextError as error:
                return run, replace(outcome, failure=error)
            if step is None:
                return run, outcome
            earlier = outcome.errors
            publish_event(ProgressEvent("start", "progress", None, f"going on with {step.told}"))
            get_run_logger().warning("Going on with %s", step.told)
            run = run.at(step.preferences)

    def _step_down(self, ladder: GracefulDegradationController, outcome: Outcome) -> Step | None:
        wished = self.settings.run.auto_degrade_quality or self.settings.run.enable_all_fallbacks
        if not wished or outcome.failure is None or self.expired:
            return None
        return ladder.apply_degradation(outcome.failed_stage or "", outcome.failure)

    def _followed(self, store: Store, run: Run, dag: Dag) -> Outcome:
        """Wait for every stage; the record of the run is kept up to date."""
        folder = self._folder(run)
        finished: list[StageOutcome] = []
        with shown_progress(len(list(dag))) as well:
            for ended in finished_stages(dag):
                finished.append(ended)
                self.followed.append(ended)
                so_far = summed_up(run, finished, frozenset())
                write_record(store, _record(run, so_far, folder))
            if finished and so_far.failure is None:
                well.set()
        early = self.settings.run.stop_after is not None or self.settings.run.review
        outcome = summed_up(run, finished, frozenset() if early else dag.left_out)
        if outcome.failure is not None and self.expired:
            return replace(outcome, failure=self._out_of_time(outcome))
        return outcome

    def _closed(self, store: Store, run: Run, outcome: Outcome) -> None:
        """Publish what was made, keep the record, and set the flow's state."""
        folder = self._folder(run)
        context = self._context(store, run, outcome)
        replaced = False
        failure, stage = outcome.failure, outcome.failed_stage or ""
        try:
            with preserve_context_on_error(store, context):
                if isinstance(failure, Exception):
                    raise failure
                whole = cast(ContentContext, quote(context))  # the task is given what is quoted
                put = publish.with_options(task_run_name=f"publish · {run.label}")
                replaced = put(whole, str(folder), run.options)
        except Exception as error:  # told below, whatever it is
            failure, stage = error, stage or "finalization"
        write_record(store, _record(run, outcome, folder))
        _tidy(store)
        remember(run.settings, context, self.ahead)
        summary = summarise(
            run.base.project_id,
            seconds=time.monotonic() - self.started,
            output_dir=folder if folder.is_dir() else None,
            context=context,
            notes=(
                *outcome.notes,
                *_paid(),
                *told(self.settings, context, self.ahead),
                *([f"The files of an earlier run in {folder} were replaced."] if replaced else []),
            ),
            error=failure,
            status=self._known_status(context, failure),
            stage=stage,
            advice=() if failure is None else self.history.advice(failure, self.project_id, stage),
        )
        self.history.end(summary, self.followed, failure, context.video_files)
        show_summary(markdown(summary, context, store.media_path), run.base.project_id)
        show_pictures(context, store)
        self.context, self.failed = context, failure is not None
        self.end(summary)

    def decline(self) -> None:
        """Somebody said no: nothing is rendered, and what there is stays."""
        message = "The plan was not approved; nothing was rendered."
        self.state = Completed(name="NotApproved", message=message, data=self.state.data)

    def end(self, summary: RunSummary) -> None:
        """Take a summary as how the run ended."""
        self.state = final_state(summary)
        if deployment.id:
            hand_over(summary)

    def _folder(self, run: Run) -> Path:
        return self.settings.paths.output.absolute() / run.base.project_id

    def _out_of_time(self, outcome: Outcome) -> ProcessingTimeoutError:
        return ProcessingTimeoutError(
            f"The run took longer than the {self.settings.run.timeout:.0f} s of --timeout; it was "
            f"at {outcome.failed_stage}.",
            resume_from=outcome.failed_stage,
        )

    def cut_short(self, error: EditorError, status: Status | None = None) -> RunSummary:
        """The summary of a run that came to no end of its own."""
        summary = summarise(
            self.project_id,
            seconds=time.monotonic() - self.started,
            output_dir=None,
            error=error,
            status=status,
            advice=self.history.advice(error, self.project_id),
        )
        self.history.end(summary, self.followed, error, ())
        return summary

    def _context(self, store: Store, run: Run, outcome: Outcome) -> ContentContext:
        context = store.context(outcome.ref)
        paid = run_ledger()
        return context.model_copy(
            update={
                "processing_preferences": run.settings.processing_preferences,
                "processing_metrics": ProcessingMetrics(
                    stages=outcome.stages,
                    modules=outcome.modules,
                    fallbacks_used=outcome.degradations,
                    degradations_applied=(
                        *(self.ahead.degradations if self.ahead is not None else ()),
                        *outcome.steps_down,
                    ),
                    api_calls=paid.calls,
                    tokens=paid.tokens,
                    dollars=round(paid.spent, 6),
                    seconds=round(time.monotonic() - self.started, 3),
                    **measured(self.settings, self.ahead),
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
def interruptible(settings: Settings, flow: Callable[..., object]) -> Iterator[Ending]:
    """A block whose stages stop, with all their children, when the run is interrupted.

    So they do when the time that the whole run may take is over.

    Args:
        settings: of the run.
        flow: the function whose parameters the command's options are.
    """
    ending = Ending(settings, History(settings, flow))
    try:
        with _time_limit(ending), ending.history.listening():
            yield ending
    except (KeyboardInterrupt, TerminationSignal) as signal:
        request_stop()
        processes.end_all()
        if isinstance(signal, TerminationSignal):
            raise
        ending.end(ending.cut_short(RunInterruptedError("The run was stopped."), "interrupted"))
    except EditorError as error:
        ending.end(ending.cut_short(error))


@contextmanager
def _time_limit(ending: Ending) -> Iterator[None]:
    """Ends the stages and their children when the run's time is over."""

    def expire() -> None:
        ending.expired = True
        request_stop()
        processes.end_all()

    limit = ending.settings.run.timeout
    if limit is None:
        yield
        return
    timer = threading.Timer(limit, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def final_state(summary: RunSummary) -> State[dict[str, Any]]:
    """The Prefect state that says how a run ended."""
    data = summary.model_dump(mode="json")
    if summary.status in ("failed", "invalid"):
        return Failed(message=_told(summary), data=data)
    if summary.status == "unverified":
        return Failed(message="A line of the verification failed.", data=data)
    if summary.status == "interrupted":
        return Cancelled(message="The run was stopped.", data=data)
    if summary.status == "degraded":
        reasons = "; ".join(f"{d.stage}: {d.reason}" for d in summary.degradations)
        return Completed(name="Degraded", message=reasons, data=data)
    return Completed(message=f"Files are in {summary.output_dir}", data=data)


def _told(summary: RunSummary) -> str:
    if summary.error is None:
        return "A stage failed."
    helping = [f"{number}. {line}" for number, line in enumerate(summary.error.advice, 1)]
    return "\n".join([*headline(summary.error.as_problem()), *helping])


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


def _forget(store: Store, project_id: str) -> None:
    """Keep nothing of a run; while another one works, its files stay until they are pruned."""
    with suppress(ResourceConstraintError):
        remove_project(store, project_id)


def _record(run: Run, outcome: Outcome, folder: Path) -> RunRecord:
    return RunRecord(
        ref=outcome.ref,
        names=tuple(run.label.split(", ")),
        stages=outcome.stages,
        degradations=outcome.degradations,
        errors=outcome.errors,
        output_dir=str(folder),
        updated=time.time(),
        options=_options(),
    )


def _options() -> dict[str, Any]:
    """The flow's parameters as they were given, without the recordings."""
    given = {
        name: value
        for name, value in dict(flow_run.parameters or {}).items()
        if value is not None and name != "videos"
    }
    return cast(dict[str, Any], to_jsonable_python(given))
