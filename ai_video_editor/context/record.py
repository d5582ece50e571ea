"""What happened: degradations, failures, timings and costs of a run."""

from __future__ import annotations

from typing import Literal

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
