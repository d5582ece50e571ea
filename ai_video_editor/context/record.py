"""What happened: degradations, failures, timings and costs of a run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_video_editor.context.base import Model

StageState = Literal["done", "degraded", "failed", "skipped", "not_run"]

ErrorKind = Literal[
    "memory", "disk", "processor", "timeout",
    "file", "permission", "library",
    "key", "quota", "service",
    "media", "record", "usage", "interrupted", "internal",
]  # fmt: skip
"""What went wrong, by what would help: this machine, files, services, the rest."""


class Degradation(Model):
    """Something was wanted and could not be had."""

    stage: str
    used: str
    instead_of: str
    reason: str


class StageRecord(Model):
    """How one stage went in one run."""

    stage: str
    state: StageState
    seconds: float = 0.0
    started: float | None = None
    """Seconds since 1970; None where it was reused or did not run."""
    reused: bool = False
    processor: str = ""
    peak_memory_mb: float | None = None
    """Most memory that the program and its children held while it ran, with what else ran then;
    None where it was reused or nobody measured."""
    memory_growth_mb: float | None = None
    """How much more that was than when it began."""
    cpu_seconds: float | None = None
    """Processor time of the program and its children while it ran; shared evenly among stages
    that ran at the same time."""
    load_per_core: float | None = None
    """What all programs of the machine wanted of each core while it ran; above 1 they got in each
    other's way."""
    waited_seconds: float = 0.0
    """Time it stood back until there was memory for it; not part of `seconds`."""
    partly_reused: bool = False
    """Whether some of its pieces were made by an earlier run, so that `seconds` is no measure."""


class ResourceEstimate(Model):
    """What a run was expected to take, said before it began and from nothing reused."""

    memory_gb: float
    """Most memory of the program and its children, GB of 10^9 bytes."""
    disk_gb: float
    """Room in the work folder and the output folder together, GB."""
    minutes: float
    """Wall time."""
    measured_runs: int = 0
    """Finished runs of this machine that it rests on; 0: on what such machines usually do."""
    stage_seconds: dict[str, float] = Field(default_factory=dict)


class ModuleMetrics(Model):
    """Measurements of one module in one run."""

    module: str
    seconds: float
    started: float | None = None
    """Seconds since 1970; None where its result was reused."""
    memory_mb: float = 0.0
    api_calls: int = 0


class ProcessingMetrics(Model):
    """What a run took. Every `add_` returns a new value; nothing is changed in place."""

    stages: tuple[StageRecord, ...] = ()
    modules: tuple[ModuleMetrics, ...] = ()
    fallbacks_used: tuple[Degradation, ...] = ()
    recovery_actions: tuple[str, ...] = ()
    degradations_applied: tuple[str, ...] = ()
    api_calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    seconds: float = 0.0
    peak_memory_mb: float | None = None
    """Most memory that the program and its children held; None where nobody measured."""
    cpu_seconds: float | None = None
    failed_api_calls: int = 0
    estimate: ResourceEstimate | None = None
    alerts: tuple[str, ...] = ()
    """What was above a threshold of memory, time, failed calls, load or heat, in words."""

    def add_fallback_used(
        self, stage: str, used: str, instead_of: str, reason: str
    ) -> ProcessingMetrics:
        """With one more fallback."""
        entry = Degradation(stage=stage, used=used, instead_of=instead_of, reason=reason)
        return self.model_copy(update={"fallbacks_used": (*self.fallbacks_used, entry)})

    def add_recovery_action(self, action: str) -> ProcessingMetrics:
        """With one more recovery action, in words."""
        return self.model_copy(update={"recovery_actions": (*self.recovery_actions, action)})

    def add_degradation_applied(self, degradation: str) -> ProcessingMetrics:
        """With one more step down the ladder, in words."""
        return self.model_copy(
            update={"degradations_applied": (*self.degradations_applied, degradation)}
        )

    def add_module_metrics(self, metrics: ModuleMetrics) -> ProcessingMetrics:
        """With one more module's measurements."""
        return self.model_copy(update={"modules": (*self.modules, metrics)})


class ProcessingError(Model):
    """One error of a run, kept for the report; secrets are already out of it."""

    stage: str
    processor: str = ""
    type: str
    message: str
    retryable: bool = False
    kind: ErrorKind = "internal"
    """What ran out or broke, which decides what helps."""
    retry_after: float | None = None
    """Seconds that a service asks to wait."""
    file: str = ""
    """The file that it is about, as it was given; empty where it is about none."""
    advice: tuple[str, ...] = ()
    """What the error itself knows would help, beside what its kind suggests."""
