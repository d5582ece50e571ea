"""What runs took and how people liked the result: kept on this machine, sent nowhere."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from ai_video_editor.context.base import Model
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.files import translated

_MOST_BYTES = 2_000_000
"""Of the file; then it becomes the older half, and the one before that goes."""

Signal = Literal["reverted", "restored", "locked", "unlocked", "changed", "approved"]


class ProcessingAnalytics(Model):
    """One finished run."""

    kind: Literal["run"] = "run"
    when: float
    """Seconds since 1970."""
    project_id: str
    media_seconds: float
    seconds: float
    stage_seconds: dict[str, float] = Field(default_factory=dict)
    """Of the stages that were not reused."""
    peak_memory_mb: float | None = None
    cpu_seconds: float | None = None
    estimated_seconds: float | None = None
    api_calls: int = 0
    failed_api_calls: int = 0
    dollars: float = 0.0
    cache_hit_rate: float
    """Share of the stages that ran whose result was taken from an earlier run, 0 to 1."""
    fallbacks: int = 0
    transcript_quality: float | None = None
    """Of the recogniser, 0 to 1."""
    picture_quality: float | None = None
    """Mean over the inputs, 0 to 1."""
    checks_passed: int | None = None
    checks_failed: int | None = None


class SatisfactionSignal(Model):
    """What somebody did with decisions of a plan."""

    kind: Literal["signal"] = "signal"
    when: float
    signal: Signal
    decisions: dict[str, int] = Field(default_factory=dict)
    """How many, by their type."""


_Entry = Annotated[ProcessingAnalytics | SatisfactionSignal, Field(discriminator="kind")]
_ENTRY: TypeAdapter[ProcessingAnalytics | SatisfactionSignal] = TypeAdapter(_Entry)


class AnalyticsCollector:
    """Writes and reads the file of a work folder.

    Args:
        home: the work folder.
    """

    _lock = threading.Lock()

    def __init__(self, home: Path) -> None:
        """Nothing is made before something is written."""
        self.path = home / "analytics" / "runs.jsonl"

    def collect_processing_analytics(
        self, context: ContentContext, *, when: float | None = None
    ) -> ProcessingAnalytics:
        """What a run took, and how good its material and its film are.

        Args:
            context: at the end of the run.
            when: seconds since 1970; now where None.
        """
        metrics = context.processing_metrics
        ran = [r for r in metrics.stages if r.state in ("done", "degraded")]
        verification = context.delivery.verification if context.delivery else None
        states = Counter(check.state for check in verification.checks) if verification else None
        audio = context.audio_analysis
        estimate = metrics.estimate
        return ProcessingAnalytics(
            when=time.time() if when is None else when,
            project_id=context.project_id,
            media_seconds=float(context.video_metadata.duration) if context.video_metadata else 0.0,
            seconds=metrics.seconds,
            stage_seconds={r.stage: r.seconds for r in ran if not r.reused},
            peak_memory_mb=metrics.peak_memory_mb,
            cpu_seconds=metrics.cpu_seconds,
            estimated_seconds=estimate.minutes * 60 if estimate else None,
            api_calls=metrics.api_calls,
            failed_api_calls=metrics.failed_api_calls,
            dollars=metrics.dollars,
            cache_hit_rate=sum(r.reused for r in ran) / len(ran) if ran else 0.0,
            fallbacks=len(metrics.fallbacks_used),
            transcript_quality=audio.quality if audio is not None and audio.words else None,
            picture_quality=_picture_quality(context),
            checks_passed=states["passed"] if states is not None else None,
            checks_failed=states["failed"] if states is not None else None,
        )

    def keep(self, entry: ProcessingAnalytics | SatisfactionSignal) -> None:
        """Add a line.

        Raises:
            FileSystemError: the work folder cannot be written.
        """
        with self._lock, translated(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size > _MOST_BYTES:
                os.replace(self.path, self._older)
            line = entry.model_dump_json() + "\n"
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(handle, line.encode())  # one write, so that lines of two runs stay whole
            finally:
                os.close(handle)

    def keep_signal(self, signal: Signal, decision_types: Iterable[str]) -> None:
        """Add what somebody did with decisions.

        Raises:
            FileSystemError: the work folder cannot be written.
        """
        counts = dict(Counter(decision_types))
        self.keep(SatisfactionSignal(when=time.time(), signal=signal, decisions=counts))

    def entries(self) -> Iterator[ProcessingAnalytics | SatisfactionSignal]:
        """Everything that is kept, the oldest first; lines that cannot be read are passed over."""
        for path in (self._older, self.path):
            with suppress(OSError), path.open("rb") as lines:
                for line in lines:
                    with suppress(ValidationError):
                        yield _ENTRY.validate_json(line)

    def report(self) -> AnalyticsReport:
        """Everything that is kept, summed up."""
        entries = list(self.entries())
        runs = [entry for entry in entries if isinstance(entry, ProcessingAnalytics)]
        signals: dict[str, Counter[str]] = {}
        for entry in entries:
            if isinstance(entry, SatisfactionSignal):
                signals.setdefault(entry.signal, Counter()).update(entry.decisions)
        stages = sorted({stage for run in runs for stage in run.stage_seconds})
        return AnalyticsReport(
            runs=len(runs),
            seconds=_middle(run.seconds for run in runs),
            seconds_per_media_second=_middle(
                run.seconds / run.media_seconds
                for run in runs
                if run.media_seconds > 0 and run.cache_hit_rate == 0
            ),
            estimate_ratio=_middle(
                run.seconds / run.estimated_seconds
                for run in runs
                if run.estimated_seconds and run.cache_hit_rate == 0
            ),
            stage_seconds={
                stage: _middle(r.stage_seconds[stage] for r in runs if stage in r.stage_seconds)
                or 0.0
                for stage in stages
            },
            peak_memory_mb=max((r.peak_memory_mb or 0.0 for r in runs), default=None),
            api_calls=sum(run.api_calls for run in runs),
            failed_api_calls=sum(run.failed_api_calls for run in runs),
            dollars=round(sum(run.dollars for run in runs), 6),
            cache_hit_rate=_mean(run.cache_hit_rate for run in runs),
            transcript_quality=_mean(r.transcript_quality for r in runs),
            picture_quality=_mean(r.picture_quality for r in runs),
            runs_with_failed_checks=sum(bool(run.checks_failed) for run in runs),
            signals={signal: dict(counts) for signal, counts in signals.items()},
        )

    @property
    def _older(self) -> Path:
        return self.path.with_suffix(".1.jsonl")


class AnalyticsReport(Model):
    """All runs of a work folder together."""

    runs: int
    seconds: float | None
    """Median wall time of a run."""
    seconds_per_media_second: float | None
    """Median, of runs that reused nothing."""
    estimate_ratio: float | None
    """Median of what was taken over what was expected, of runs that reused nothing."""
    stage_seconds: dict[str, float]
    """Median of each stage."""
    peak_memory_mb: float | None
    api_calls: int
    failed_api_calls: int
    dollars: float
    cache_hit_rate: float | None
    transcript_quality: float | None
    picture_quality: float | None
    runs_with_failed_checks: int
    signals: dict[str, dict[str, int]]
    """What was done with decisions: signal, then decision type, to how many."""

    def lines(self) -> list[str]:
        """For people."""
        if not self.runs and not self.signals:
            return ["Nothing is known yet: no run has ended in this work folder."]
        lines = [f"runs: {self.runs}, {self.runs_with_failed_checks} with a failed check"]
        lines += _line("median time", self.seconds, "{:.0f} s")
        lines += _line("for a second of recording", self.seconds_per_media_second, "{:.2f} s")
        lines += _line("time taken over time expected", self.estimate_ratio, "{:.2f}")
        lines += _line("most memory", self.peak_memory_mb, "{:.0f} MB")
        lines += _line("stages taken from earlier runs", _percent(self.cache_hit_rate), "{:.0f} %")
        lines += _line("transcript quality", self.transcript_quality, "{:.2f}")
        lines += _line("picture quality", self.picture_quality, "{:.2f}")
        if self.api_calls:
            lines.append(
                f"calls to services: {self.api_calls}, {self.failed_api_calls} failed, "
                f"${self.dollars:.4f}"
            )
        lines += [f"  {stage}: {seconds:.1f} s" for stage, seconds in self.stage_seconds.items()]
        for signal, counts in sorted(self.signals.items()):
            told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
            lines.append(f"decisions {signal}: {told}")
        return lines

    def as_json(self) -> str:
        """For scripts."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False)


def _picture_quality(context: ContentContext) -> float | None:
    video = context.video_analysis
    return _mean(sample.score for sample in video.quality) if video is not None else None


def _line(name: str, value: float | None, form: str) -> list[str]:
    return [] if value is None else [f"{name}: {form.format(value)}"]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _middle(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(median(known), 3) if known else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
