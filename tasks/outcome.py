"""How a run went: what Prefect's states say, in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from prefect.exceptions import UnfinishedRun

from ai_video_editor.context.record import (
    Degradation,
    ModuleMetrics,
    ProcessingError,
    StageRecord,
    StageState,
)
from ai_video_editor.operations.problems import problem_of
from ai_video_editor.stages import WorkflowStage
from ai_video_editor.store import ContextRef
from tasks.plugged import plugin_faults, plugin_metrics, plugin_notes
from tasks.records import StageResult, union
from tasks.stage import Run, StageRun

_WORST: tuple[StageState, ...] = ("failed", "not_run", "degraded", "done", "skipped")


@dataclass(frozen=True)
class StageOutcome:
    """One submitted stage, finished.

    Attributes:
        run: as it was submitted.
        result: what it gave, None where it failed or never ran.
        record: for the summary.
        error: why it failed.
    """

    run: StageRun
    result: StageResult | None
    record: StageRecord
    error: BaseException | None = None

    @property
    def degradations(self) -> tuple[Degradation, ...]:
        """What was wanted of this stage and could not be had."""
        if self.result is None:
            return ()
        return (*self._of_the_stage(self.result), *plugin_faults(self.run.stage, self.result))

    def _of_the_stage(self, result: StageResult) -> tuple[Degradation, ...]:
        after_failure = result.get("degradation")
        if after_failure is not None:
            return (Degradation.model_validate(after_failure),)
        if result.get("nothing_lost", False):
            return ()
        return tuple(
            Degradation(
                stage=str(self.run.stage.name),
                used=self.run.processor,
                instead_of=name,
                reason=why.reason,
            )
            for name, why in self.run.left_out
            if why.wanted
        )[:1]

    @property
    def modules(self) -> tuple[ModuleMetrics, ...]:
        """What the stage's task and its plugins took."""
        if self.result is None:
            return ()
        key = self.run.stage.key
        own = ModuleMetrics(
            module=key,
            seconds=self.record.seconds,
            started=self.record.started,
            memory_mb=self.record.peak_memory_mb or 0.0,
        )
        if self.record.reused:
            return (own,)
        return (own, *plugin_metrics(key, self.result))


@dataclass(frozen=True)
class Outcome:
    """A whole run, finished.

    Attributes:
        ref: the context up to where it came.
        stages: one record a stage of the table.
        modules: one measurement a task that ran, parts of a stage apart.
        degradations: what was wanted and could not be had.
        errors: every failure, also those a fallback made good.
        failed_modules: stages that the run went on without.
        notes: what the user may want to know.
        failure: what ended the run, None where nothing did.
        failed_stage: where it ended.
        steps_down: levels of quality that were given up, in words.
    """

    ref: ContextRef
    stages: tuple[StageRecord, ...]
    modules: tuple[ModuleMetrics, ...]
    degradations: tuple[Degradation, ...]
    errors: tuple[ProcessingError, ...]
    failed_modules: tuple[str, ...]
    notes: tuple[str, ...]
    failure: BaseException | None = None
    failed_stage: str | None = None
    steps_down: tuple[str, ...] = ()


def finished_stages(runs: Iterable[StageRun]) -> Iterator[StageOutcome]:
    """Wait for the stages one by one."""
    for run in runs:
        run.final.wait()
        yield _outcome(run)


def summed_up(
    run: Run, outcomes: Iterable[StageOutcome], skipped: frozenset[WorkflowStage]
) -> Outcome:
    """All stages of a run as one outcome."""
    done = list(outcomes)
    failures = [outcome for outcome in done if outcome.error is not None]
    return Outcome(
        ref=union(run.base, [outcome.result for outcome in done if outcome.result is not None]),
        stages=tuple(
            _combined(name, _records(done, name), name in skipped) for name in WorkflowStage
        ),
        modules=tuple(module for outcome in done for module in outcome.modules),
        degradations=tuple(d for outcome in done for d in outcome.degradations),
        errors=tuple(error for outcome in done for error in _errors(outcome)),
        failed_modules=tuple(
            str(outcome.run.stage.name)
            for outcome in done
            if outcome.result is not None and outcome.result.get("failed", False)
        ),
        notes=(
            *plugin_notes(run.settings),
            *(why.reason for outcome in done for _, why in outcome.run.left_out if why.tell),
        ),
        failure=failures[0].error if failures else None,
        failed_stage=str(failures[0].run.stage.name) if failures else None,
    )


def _outcome(run: StageRun) -> StageOutcome:
    stage = str(run.stage.name)
    value = _value(run.final)
    if isinstance(value, BaseException):
        return StageOutcome(run, None, StageRecord(stage=stage, state="failed"), value)
    if value is None:
        return StageOutcome(run, None, StageRecord(stage=stage, state="not_run"))
    result: StageResult = value
    reused = _state_name(run.primary) == "Cached" or result.get("reused", False)
    missed = not result.get("nothing_lost", False) and any(w.wanted for _, w in run.left_out)
    degraded = "degradation" in result or missed or bool(plugin_faults(run.stage, result))
    state: StageState = "degraded" if degraded else "done"
    if result.get("failed", False):
        state = "failed"
    record = StageRecord(
        stage=stage,
        state=state,
        seconds=0.0 if reused else result.get("seconds", 0.0),
        started=None if reused else result.get("started"),
        reused=reused,
        processor=result["processor"],
        **({} if reused else _measured(result)),
    )
    return StageOutcome(run, result, record)


def _measured(result: StageResult) -> dict[str, Any]:
    """What was measured of a stage that ran, by the names of its record."""
    names = (
        "peak_memory_mb", "memory_growth_mb", "cpu_seconds", "waited_seconds", "load_per_core",
        "partly_reused",
    )  # fmt: skip
    return {name: result.get(name) for name in names if name in result}


def _value(future: Any) -> Any:
    """A future's result, its exception, or None where it never ran."""
    if not future.state.is_final():
        return None
    try:
        return future.state.result(raise_on_failure=False)
    except UnfinishedRun:
        return None


def _state_name(future: Any) -> str:
    return str(future.state.name)


def _records(outcomes: Iterable[StageOutcome], name: WorkflowStage) -> list[StageRecord]:
    """What is known of a stage's tasks, the stage itself after its parts."""
    of_it = [o for o in outcomes if o.run.stage.name is name]
    return [o.record for o in sorted(of_it, key=lambda o: not o.run.stage.part)]


def _combined(name: WorkflowStage, records: list[StageRecord], skipped: bool) -> StageRecord:
    """The parts of a stage as one record."""
    if not records:
        state: StageState = "skipped" if skipped else "not_run"
        return StageRecord(stage=name, state=state, reused=skipped)
    worst = min((record.state for record in records), key=_WORST.index)
    return StageRecord(
        stage=name,
        state=worst,
        seconds=round(sum(record.seconds for record in records), 3),
        started=records[-1].started,
        reused=all(record.reused for record in records),
        processor=records[-1].processor,
        peak_memory_mb=_most(record.peak_memory_mb for record in records),
        memory_growth_mb=_most(record.memory_growth_mb for record in records),
        cpu_seconds=_sum(record.cpu_seconds for record in records),
        load_per_core=_most(record.load_per_core for record in records),
        waited_seconds=round(sum(record.waited_seconds for record in records), 3),
        partly_reused=any(r.partly_reused for r in records)
        or len({record.reused for record in records}) > 1,
    )


def _most(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 3) if known else None


def raised(outcome: StageOutcome) -> Iterator[tuple[str, BaseException]]:
    """Processor and error of what went wrong in a stage, also where a fallback made it good."""
    failed = [] if outcome.error is None else [(outcome.run.processor, outcome.error)]
    first = _value(outcome.run.primary)
    if outcome.run.primary is not outcome.run.final and isinstance(first, BaseException):
        failed.insert(0, (outcome.run.processor, first))
    yield from failed


def _errors(outcome: StageOutcome) -> Iterator[ProcessingError]:
    for processor, error in raised(outcome):
        yield problem_of(error, stage=str(outcome.run.stage.name), processor=processor)
