"""Quality that fits the memory that is free when a run begins."""

from __future__ import annotations

from typing import Any

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.operations.meters import GB, MachineMeter, Meter
from ai_video_editor.operations.resources import Adaptation

_LITTLE_GB = 4.0
_SOME_GB = 8.0
_QUALITIES = ("low", "medium", "high", "ultra")


class QualityManager:
    """Chooses preferences for this machine.

    Under 4 GB of free memory: batches of one, thumbnails of 1280x720, aggressive caching, nothing
    side by side. Under 8 GB: batches of two, nothing side by side, medium quality at most. Else
    thumbnails of 1920x1080 and everything as asked for. It only ever lowers.

    Args:
        meter: reads the machine; this machine where None.
    """

    def __init__(self, meter: Meter | None = None) -> None:
        """Read nothing yet."""
        self._meter = meter or MachineMeter()

    def adjust_for_constraints(self, context: ContentContext) -> ContentContext:
        """The context with preferences that fit, and every change noted as a degradation."""
        adapted = self.adapt(context.processing_preferences)
        metrics = context.processing_metrics
        for reason in adapted.reasons:
            metrics = metrics.add_degradation_applied(reason)
        return context.model_copy(
            update={"processing_preferences": adapted.preferences, "processing_metrics": metrics}
        )

    def adapt(self, preferences: ProcessingPreferences) -> Adaptation:
        """Preferences that fit the memory that is free now, or may be used if that is less."""
        free = self._meter.usage().available_memory / GB
        allowed = min(free, preferences.max_memory_gb)
        wanted = _for_memory(allowed)
        told = f"{free:.1f} GB of memory are free"
        if preferences.max_memory_gb < free:
            told = f"{preferences.max_memory_gb:g} GB of memory may be used"
        update = {
            name: value
            for name, value in wanted.items()
            if _is_less(name, value, getattr(preferences, name))
        }
        reasons = tuple(f"{_told(name, value)}: {told}." for name, value in update.items())
        return Adaptation(preferences.model_copy(update=update), reasons)


def _for_memory(free_gb: float) -> dict[str, Any]:
    if free_gb < _LITTLE_GB:
        return {
            "quality_level": "medium",
            "batch_size": 1,
            "thumbnail_resolution": "1280x720",
            "enable_aggressive_caching": True,
            "parallel_processing": False,
        }
    if free_gb < _SOME_GB:
        return {"quality_level": "medium", "batch_size": 2, "parallel_processing": False}
    return {}


def _is_less(name: str, value: Any, asked: Any) -> bool:
    if name == "quality_level":
        return _QUALITIES.index(value) < _QUALITIES.index(asked)
    if name == "batch_size":
        return bool(value < asked)
    return bool(value != asked)


def _told(name: str, value: Any) -> str:
    return {
        "quality_level": f"The film's quality is {value}",
        "batch_size": f"Batches hold {value}",
        "thumbnail_resolution": f"Thumbnails are {value}",
        "enable_aggressive_caching": "More is kept for the next run",
        "parallel_processing": "Stages run one after the other",
    }[name]
