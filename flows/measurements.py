"""What was measured of a run: into its context, into what is known of this machine."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from prefect.logging import get_run_logger

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.errors import FileSystemError
from ai_video_editor.operations.analytics import AnalyticsCollector
from ai_video_editor.operations.estimates import observations_of
from ai_video_editor.operations.meters import GB
from ai_video_editor.operations.outlook import Outlook
from ai_video_editor.operations.speeds import learn
from ai_video_editor.operations.workload import Recogniser, workload_of
from ai_video_editor.settings import Settings
from ai_video_editor.stages import WorkflowStage
from tasks.model_calls import run_ledger
from tasks.watching import run_watch

_RECOGNISERS: tuple[Recogniser, ...] = ("imported", "whisper", "sphinx", "speech_only")


def measured(settings: Settings, ahead: Outlook | None) -> dict[str, Any]:
    """Fields of the context's metrics that say what a run took and was expected to take."""
    watch, paid = run_watch(settings), run_ledger()
    fields: dict[str, Any] = {"failed_api_calls": paid.failed}
    if settings.monitoring.enable_monitoring:
        watch.monitor.look()
        watch.monitor.check_calls(paid.calls, paid.failed)
        fields["peak_memory_mb"] = round(watch.monitor.peak_memory / 1e6, 1)
        fields["alerts"] = tuple(alert.message for alert in watch.monitor.alerts)
        if watch.whole is not None:
            fields["cpu_seconds"] = round(watch.whole.cpu_seconds, 3)
    if ahead is not None:
        fields["estimate"] = ahead.estimate
    return fields


def told(settings: Settings, context: ContentContext, ahead: Outlook | None) -> list[str]:
    """Notes on what a run took, for its summary."""
    metrics = context.processing_metrics
    notes = list(ahead.changes) if ahead is not None else []
    watch = run_watch(settings)
    for alert in watch.monitor.alerts:
        get_run_logger().warning("%s", alert.message)
        if settings.monitoring.alert_on_high_usage or alert.kind == "limit":
            notes.append(alert.message)
    waited = [(r.stage, r.waited_seconds) for r in metrics.stages if r.waited_seconds >= 1]
    notes += [f"{stage} waited {seconds:.0f} s for memory." for stage, seconds in waited]
    peak = metrics.peak_memory_mb
    if ahead is not None and peak and peak * 1e6 > ahead.limit_gb * GB:
        notes.append(
            f"The run took {peak / 1000:.1f} GB of memory, {ahead.limit_gb:g} GB were allowed: "
            "one stage alone needs that much."
        )
    return list(dict.fromkeys(notes))


def remember(settings: Settings, context: ContentContext, ahead: Outlook | None) -> None:
    """Learn this machine's speed and keep the run's figures; a run is not lost over them.

    A run that is to leave nothing behind (`enable_recovery` off) leaves no figures either.
    """
    wanted = settings.monitoring.enable_monitoring and settings.run.enable_recovery
    if not wanted or not context.video_files:
        return
    collector = AnalyticsCollector(settings.paths.home)
    with suppress(FileSystemError):
        collector.keep(collector.collect_processing_analytics(context))
    if ahead is None:
        return
    work = workload_of(context.video_files, settings, _recogniser(context))
    with suppress(FileSystemError):
        learn(settings.paths.home, observations_of(context.processing_metrics, work, ahead.cores))


def _recogniser(context: ContentContext) -> Recogniser | None:
    """Who wrote the words."""
    for record in context.processing_metrics.stages:
        if record.stage == WorkflowStage.AUDIO_PROCESSING:
            return next((name for name in _RECOGNISERS if name == record.processor), None)
    return None
