"""What every stage's tasks share: the key of the persisted result, retries, and the fallback.

A stage is a primary task and, behind it, a fallback task. Each processor's result is persisted
under a key that names the processor, so a fallback never stands in the primary's place. The
fallback task itself is not persisted: it hands on what the primary gave, or runs the next
processors one by one and says why each before failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

from prefect import Task, allow_failure, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.states import Completed

from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.digests import digest
from ai_video_editor.errors import (
    EditorError,
    ProcessingTimeoutError,
    StageFailedError,
    UnavailableError,
)
from ai_video_editor.look.brand import worn
from ai_video_editor.operations.degradation import GracefulDegradationManager
from ai_video_editor.operations.heap import give_back
from ai_video_editor.operations.locks import in_use
from ai_video_editor.operations.problems import in_one_line
from ai_video_editor.progress import ProgressEvent, check_running, publish, reporter
from ai_video_editor.redaction import Redactor
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage, WorkflowStage, descendants, parse_stage
from ai_video_editor.store import ContextRef, Store
from tasks.brand_kit import brand_hashes, brand_of
from tasks.deadline import within
from tasks.plugged import PluggedStage, fingerprints
from tasks.records import PLAIN_JSON, StageResult, keep_whole, union
from tasks.watching import run_watch

RETRY_DELAYS = (1.0, 4.0, 10.0)
"""Seconds before each retry of an error that a moment may mend; the last one from then on."""


@dataclass(frozen=True)
class Unavailable:
    """Why a processor is left out before the run.

    Attributes:
        reason: in the user's words, with what would help.
        wanted: whether the user would expect it, so that doing without is a degradation.
        tell: whether the summary's notes name it.
    """

    reason: str
    wanted: bool = False
    tell: bool = False


def _always(_settings: Settings) -> Unavailable | None:
    return None


def _nothing(_settings: Settings) -> Any:
    return None


@dataclass(frozen=True)
class Processor:
    """One way to do a stage's work.

    Attributes:
        name: as the stage table has it.
        work: reads sections from the view and fills the stage's own.
        unavailable: says before the run why it cannot be used, or None.
        material: what else its result depends on, as a JSON value (a model's hash, a file's).
        uses: tags of its task: what there may be a limit for, over all machines.
    """

    name: str
    work: Callable[[SectionView, Settings], None]
    unavailable: Callable[[Settings], Unavailable | None] = _always
    material: Callable[[Settings], Any] = _nothing
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """What all stages of one run share.

    Attributes:
        base: the project before any stage.
        settings: the settings as JSON values, without secrets.
        label: the file names, for task names.
    """

    base: ContextRef
    settings: Settings
    label: str

    @property
    def options(self) -> dict[str, Any]:
        """The settings as JSON values, without secrets."""
        return as_options(self.settings)

    def at(self, preferences: ProcessingPreferences) -> Run:
        """The same run with other preferences."""
        changed = self.settings.model_copy(update={"processing_preferences": preferences})
        return replace(self, settings=changed)


def as_options(settings: Settings) -> dict[str, Any]:
    """Settings as JSON values, without secrets."""
    return settings.model_dump(mode="json", exclude={"api": {"gemini_api_key"}, "errors": True})


@dataclass(frozen=True)
class StageRun:
    """A stage that was submitted.

    Attributes:
        stage: its row in the table.
        primary: the first available processor's task.
        final: the task whose result the next stages take.
        processor: name of the first available processor.
        left_out: processors before it that cannot be used here, with the reason.
    """

    stage: Stage
    primary: PrefectFuture[Any]
    final: PrefectFuture[Any]
    processor: str
    left_out: tuple[tuple[str, Unavailable], ...] = ()


def recomputes(settings: Settings, name: WorkflowStage) -> bool:
    """Whether a stage is made anew although its result may be there."""
    run = settings.run
    if run.fresh or not run.enable_recovery:
        return True
    return run.continue_from is not None and name in descendants(parse_stage(run.continue_from))


def record_key(stage: Stage, processor: Processor, ref: ContextRef, settings: Settings) -> str:
    """Name of a persisted result: the same key means the same result."""
    parts = {
        "stage": stage.key,
        "version": stage.version,
        "processor": processor.name,
        "project": [] if stage.after else [ref.project_id, *ref.inputs],
        "sections": {name: ref.sections.get(name) for name in stage.reads},
        "settings": {name: settings.value(name) for name in stage.settings},
        "material": processor.material(settings),
    }
    if stage.branded and settings.look.brand is not None:
        parts["brand"] = brand_hashes(settings.look.brand)
    if plugins := fingerprints(stage, settings):
        parts["plugins"] = plugins
    return f"{stage.key}/{processor.name}-{digest(parts)[:32]}.json"


@dataclass(frozen=True)
class StageTask:
    """A stage as Prefect runs it.

    Args:
        stage: row of the stage table.
        processors: in the table's order, primary first.
    """

    stage: Stage
    processors: tuple[Processor, ...]
    _tasks: dict[str, Task[..., StageResult]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Make the Prefect task of each processor."""
        names = tuple(processor.name for processor in self.processors)
        if names != self.stage.processors:
            raise ValueError(f"{self.stage.key}: processors {names} are not the table's")
        for processor in self.processors:
            self._tasks[processor.name] = self._task(processor)

    def choose(
        self, settings: Settings
    ) -> tuple[tuple[str, ...], tuple[tuple[str, Unavailable], ...]]:
        """Processors that can be used, in order, and those before the first that cannot."""
        usable: list[str] = []
        left_out: list[tuple[str, Unavailable]] = []
        for processor in self.processors:
            reason = processor.unavailable(settings)
            if reason is None:
                usable.append(processor.name)
            elif not usable:
                left_out.append((processor.name, reason))
        return tuple(usable), tuple(left_out)

    def submit(self, run: Run, *after: StageRun) -> StageRun:
        """Submit the stage; it starts when those before it are done."""
        usable, left_out = self.choose(run.settings)
        options = self._options(run)
        shared: dict[str, Any] = {
            "base": run.base.model_dump(mode="json"),
            "after": [earlier.final for earlier in after],
            "settings": run.options,
        }
        first, rest = usable[0], usable[1:]
        name = f"{self.stage.key} · {run.label}"
        primary = self._tasks[first].with_options(task_run_name=name, **options).submit(**shared)
        final: PrefectFuture[Any] = primary
        if run.settings.run.enable_fallbacks and (rest or self.stage.optional):
            final = (
                self._fallback()
                .with_options(task_run_name=f"{self.stage.key} fallback · {run.label}")
                .submit(previous=allow_failure(primary), first=first, rest=list(rest), **shared)
            )
        return StageRun(self.stage, primary, final, first, left_out)

    def _options(self, run: Run) -> dict[str, Any]:
        settings = run.settings.run
        return {
            "result_storage": Store(run.settings.paths.home).checkpoints.absolute(),
            "refresh_cache": recomputes(run.settings, self.stage.name),
            "retries": settings.max_retries,
            "retry_delay_seconds": retry_delays(settings.max_retries),
        }

    def _task(self, processor: Processor) -> Task[..., StageResult]:
        stage = self.stage

        def key(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
            settings = Settings.model_validate(parameters["settings"])
            store = Store.of(settings)
            ref = union(ContextRef.model_validate(parameters["base"]), parameters["after"])
            name = record_key(stage, processor, ref, settings)

            def is_whole(result: StageResult) -> bool:
                named = result["sections"]
                whole = set(named) == set(stage.fills) and store.is_whole(named)
                return whole and not result.get("again", False)

            keep_whole(store, name, is_whole, look_elsewhere=not recomputes(settings, stage.name))
            return name

        def work(
            base: dict[str, Any], after: list[StageResult], settings: dict[str, Any]
        ) -> StageResult:
            tree = Settings.model_validate(settings)
            ref = union(ContextRef.model_validate(base), after)
            publish(ProgressEvent(stage.key, "started", project_id=ref.project_id))
            store = Store.of(tree)
            report = reporter(stage.key, ref.project_id)
            with in_use(store), run_watch(tree).stage(stage, ref, report) as watch:
                began, started = time.time(), time.monotonic()
                view = SectionView(stage, ref, store, report)
                plugged = PluggedStage(view, tree)

                def processed() -> dict[str, str]:
                    with worn(brand_of(stage, tree)):
                        plugged.carry_out(processor.name, processor.work)
                    return view.commit()

                sections = within(tree.run.stage_timeout, f"The stage {stage.key}", processed)
            give_back()
            result: dict[str, Any] = {
                "processor": plugged.replaced_by or processor.name,
                "plugins": plugged.told,
                "project": ref.project_id,
                "sections": sections,
                "seconds": round(time.monotonic() - started, 3),
                "started": round(began, 3),
                "nothing_lost": view.nothing_lost,
                "again": view.again,
                **watch.record(),
            }
            if view.fell_back is not None:
                result["degradation"] = degradation(stage, processor.name, *view.fell_back)
            store.share_record(record_key(stage, processor, ref, tree), result)
            return cast(StageResult, result)

        return task(
            name=stage.key,
            description=f"{stage.key} by {processor.name}",
            tags=processor.uses,
            cache_key_fn=key,
            persist_result=True,
            result_serializer=PLAIN_JSON,
            retry_jitter_factor=0.3,
            retry_condition_fn=retry_can_help,
            on_completion=[self._finished],
        )(work)

    def _finished(self, _task: Any, _task_run: TaskRun, state: State[Any]) -> None:
        publish(
            ProgressEvent(
                self.stage.key,
                "finished",
                1.0,
                state="degraded" if state.name == "Degraded" else "done",
                reused=state.name == "Cached",
            )
        )

    def _fallback(self) -> Task[..., Any]:
        def take_over(
            previous: Any,
            first: str,
            rest: list[str],
            base: dict[str, Any],
            after: list[StageResult],
            settings: dict[str, Any],
        ) -> Any:
            if not isinstance(previous, BaseException):
                return previous
            check_running()  # a stopped run's failures are nobody's to make good
            return self._next(previous, first, rest, base, after, settings)

        return task(
            name=f"{self.stage.key} fallback",
            cache_policy=NO_CACHE,
            persist_result=False,
        )(take_over)

    def _next(
        self,
        previous: BaseException,
        first: str,
        rest: Sequence[str],
        base: dict[str, Any],
        after: list[StageResult],
        settings: dict[str, Any],
    ) -> State[Any]:
        """Run the remaining processors in order; the first that works is taken.

        Raises:
            StageFailedError: none worked and the run cannot go on without the stage.
        """
        errors = [previous]
        reasons = [(first, plain_message(previous))]
        project_id = str(base.get("project_id", ""))
        run = Run(ContextRef.model_validate(base), Settings.model_validate(settings), project_id)
        fallbacks = GracefulDegradationManager((first, *rest))
        name, error = first, previous
        while (following := fallbacks.handle_failure(name, error)) is not None:
            name = following
            publish(
                ProgressEvent(self.stage.key, "progress", None, f"{reasons[-1][1]} Trying {name}.")
            )
            state: Any = self._tasks[name].with_options(
                task_run_name=f"{self.stage.key} ({name})", **self._options(run)
            )(base=base, after=after, settings=settings, return_state=True)
            outcome = state.result(raise_on_failure=False)
            if not isinstance(outcome, BaseException):
                outcome["reused"] = state.name == "Cached"
                if all(isinstance(error, UnavailableError) for error in errors):
                    return self._taken(outcome)
                return self._degraded(outcome, name, reasons)
            error = outcome
            errors.append(outcome)
            reasons.append((name, plain_message(outcome)))
        if self.stage.optional:
            nothing: StageResult = {
                "processor": "none",
                "sections": {},
                "seconds": 0.0,
                "failed": True,
            }
            return self._degraded(nothing, "nothing", reasons)
        raise StageFailedError(self.stage.key, reasons, errors) from previous

    def _taken(self, outcome: StageResult) -> State[Any]:
        """A processor after those that turned out not to be available: nothing went wrong."""
        state: State[Any] = Completed(data=outcome)
        self._finished(None, None, state)  # type: ignore[arg-type]  # the hook reads the state only
        return state

    def _degraded(
        self, outcome: Mapping[str, Any], used: str, reasons: Sequence[tuple[str, str]]
    ) -> State[Any]:
        why = "; ".join(f"{name}: {reason}" for name, reason in reasons)
        get_run_logger().warning("%s instead of %s. %s", used, reasons[0][0], why)
        data = {**outcome, "degradation": degradation(self.stage, reasons[0][0], used, why)}
        state: State[Any] = Completed(
            name="Degraded", message=f"{used} instead of {reasons[0][0]}. {why}", data=data
        )
        self._finished(None, None, state)  # type: ignore[arg-type]  # the hook reads the state only
        return state


def retry_delays(retries: int) -> list[float]:
    """Seconds before each of so many retries."""
    return [RETRY_DELAYS[min(number, len(RETRY_DELAYS) - 1)] for number in range(retries)]


def degradation(stage: Stage, instead_of: str, used: str, reason: str) -> dict[str, str]:
    """A degradation as results and the record of the run have it."""
    return {
        "stage": str(stage.name),
        "used": used,
        "instead_of": instead_of,
        "reason": reason,
    }


def retry_can_help(_task: Any, _task_run: TaskRun, state: State[Any]) -> bool:
    """Whether the error is one that a moment may mend."""
    with suppress(Exception):
        error = state.result(raise_on_failure=False)
        if isinstance(error, ProcessingTimeoutError):
            return False  # what took too long once would do so again
        return isinstance(error, EditorError) and error.retryable
    return False


def plain_message(error: BaseException) -> str:
    """An error in one line, without secrets: it stands in states, records and summaries."""
    return Redactor(homes=False).text(in_one_line(error))
