"""What people do with plans, noted on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ai_video_editor.errors import EditorError
from ai_video_editor.operations.analytics import AnalyticsCollector, Signal
from ai_video_editor.settings_sources import load_settings


def keep_signal(signal: Signal, decision_types: Iterable[str]) -> None:
    """Note what was done with decisions; a plan is not refused because that cannot be noted.

    Args:
        signal: what was done.
        decision_types: of each of them.
    """
    with suppress(EditorError):
        settings = load_settings().settings
        if settings.monitoring.enable_monitoring:
            AnalyticsCollector(settings.paths.home).keep_signal(signal, decision_types)
