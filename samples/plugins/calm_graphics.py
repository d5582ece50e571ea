"""A processor: graphics too short to be read, and those nobody is sure of, leave the plan."""

from __future__ import annotations

from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity
from ai_video_editor.plugins.base import BaseProcessor, StageCall
from ai_video_editor.plugins.manager import PluginManager

__version__ = "1.0"

SHORTEST = 2.5
"""Seconds that a graphic must stay."""

LEAST_CONFIDENCE = 0.5


class CalmGraphics(BaseProcessor):
    """Follows the director and takes graphics out of his plan."""

    stage = "intelligence_layer"
    role = "follow"
    name = "calm_graphics"

    def validate_input(self, call: StageCall) -> bool:
        """Only plans that have graphics are looked at."""
        plan: AIDirectorPlan | None = call.sections["ai_director_plan"]
        return plan is not None and bool(plan.broll)

    def process(self, call: StageCall) -> dict[str, AIDirectorPlan] | None:
        """The plan with the graphics that a viewer has time for."""
        plan: AIDirectorPlan = call.sections["ai_director_plan"]
        kept = tuple(graphic for graphic in plan.broll if stays(graphic))
        if kept == plan.broll:
            return None
        left = f"The plugin {self.name} left out {len(plan.broll) - len(kept)} graphics."
        update = {"broll": kept, "warnings": (*plan.warnings, left)}
        return {"ai_director_plan": plan.model_copy(update=update)}


def stays(graphic: BRollOpportunity) -> bool:
    """Whether a graphic is long enough and sure enough."""
    long_enough = float(graphic.end - graphic.start) >= SHORTEST
    return long_enough and graphic.confidence >= LEAST_CONFIDENCE


def register(plugins: PluginManager) -> None:
    """Take part after the director."""
    plugins.register_plugin(CalmGraphics())
