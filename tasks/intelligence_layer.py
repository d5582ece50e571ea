"""`intelligence_layer`: the AI Director makes the plan, with Gemini or by rules."""

from __future__ import annotations

import os
from typing import Any

from ai_video_editor.context.plan import AIDirectorPlan, ShortsPlan
from ai_video_editor.intelligence.director.pictures import small_pictures
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.short_list import plan_shorts
from ai_video_editor.intelligence.director.templates import PromptTemplates
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from tasks import given_plan
from tasks.material import material_of
from tasks.model_calls import gemini, key
from tasks.stage import Processor, StageTask, Unavailable

_NO_KEY = (
    "Planned by rules. With a Gemini key (GEMINI_API_KEY) the director also weighs the meaning "
    "of what is said: which passages to keep, hooks and titles in its own words."
)


def _fill(view: SectionView, plan: AIDirectorPlan) -> None:
    view.fill("ai_director_plan", plan)
    view.fill("editing_decisions", plan.decisions)
    view.fill("broll_plans", plan.broll)
    view.fill("metadata_strategy", plan.metadata_strategy)


def _by_rules(view: SectionView, settings: Settings) -> None:
    view.report(None, "planning the edit by rules")
    plan = create_editing_plan(
        material_of(view, characters=settings.look.characters),
        pace=settings.preferences.pace,
        max_removed_share=settings.director.max_removed_share,
    )
    _fill(view, given_plan.with_locked(plan, view, settings))


def _as_given(view: SectionView, settings: Settings) -> None:
    _fill(view, given_plan.as_given(view, settings))


def _by_gemini(view: SectionView, settings: Settings) -> None:
    from ai_video_editor.intelligence.director.gemini import GeminiDirector  # 0.1 s

    view.report(None, "asking Gemini for a plan")
    director = settings.director
    material = material_of(view, characters=settings.look.characters)
    frames = small_pictures(material.highlights, director.highlight_frames, view.path)
    with gemini(settings, view.ref.project_id) as model:
        plan = GeminiDirector(model, director, frames=frames).create_editing_plan(
            material,
            pace=settings.preferences.pace,
            max_removed_share=director.max_removed_share,
        )
    _fill(view, given_plan.with_locked(plan, view, settings))


def _best_shorts(view: SectionView, settings: Settings) -> None:
    view.report(None, "choosing shorts")
    plan: AIDirectorPlan = view.read("ai_director_plan")
    view.fill("planned_shorts", plan_shorts(material_of(view), plan, settings.composition.shorts))


def _no_shorts(view: SectionView, _settings: Settings) -> None:
    view.fill("planned_shorts", ShortsPlan())


def _no_gemini(settings: Settings) -> Unavailable | None:
    if (reason := given_plan.given(settings)) is not None:
        return reason
    if settings.api.offline:
        return Unavailable("this run is offline")
    preferences = settings.processing_preferences
    if not preferences.enable_ai_analysis or preferences.use_cached_data_only:
        return Unavailable("this run does without Gemini")
    if key() is None:
        return Unavailable(_NO_KEY, tell=True)
    return None


def _model(settings: Settings) -> Any:
    """What Gemini's plan depends on beside the stage's own settings."""
    director = settings.director
    told = ("gemini_temperature", "gemini_safety", "max_request_tokens", "max_output_tokens",
            "repairs", "highlight_frames")  # fmt: skip
    return [
        director.gemini_model,
        given_plan.content(settings),
        {name: getattr(director, name) for name in told},
        PromptTemplates().fingerprint,
        os.environ.get("GOOGLE_GEMINI_BASE_URL", ""),
    ]


intelligence_layer = StageTask(
    stage("intelligence_layer"),
    (
        Processor("given", _as_given, given_plan.not_given, material=given_plan.content),
        Processor("gemini", _by_gemini, _no_gemini, material=_model, uses=("api",)),
        Processor("rules", _by_rules, given_plan.given, material=given_plan.content),
    ),
)

shorts_choice = StageTask(
    stage("intelligence_layer", "shorts"),
    (Processor("best", _best_shorts), Processor("none", _no_shorts)),
)
"""The clips beside the film; the plan is made without them."""
