"""`intelligence_layer`: the AI Director makes the plan, with Gemini or by rules."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.language_model import Budget
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import UnavailableError
from ai_video_editor.intelligence.director.gemini import GeminiDirector
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.settings import Settings, load_settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from tasks.files import input_files
from tasks.stage import Processor, StageTask, Unavailable

_NO_KEY = (
    "Planned by rules. With a Gemini key (GEMINI_API_KEY) the director also weighs the meaning "
    "of what is said: which passages to keep, hooks and titles in its own words."
)


def _material(view: SectionView) -> Material:
    files = input_files(view)
    return Material(
        files=tuple(file for file, _ in files),
        paths=tuple(str(path) for _, path in files),
        metadata=view.read("video_metadata"),
        preferences=view.read("user_preferences"),
        audio=view.read("audio_analysis"),
        video=view.read("video_analysis"),
        highlights=view.read("visual_highlights"),
        content_type=view.read("content_type"),
        summary=view.read("content_summary"),
        concepts=view.read("key_concepts"),
        themes=view.read("content_themes"),
        emotions=view.read("emotional_markers"),
        research=view.read("trending_keywords"),
    )


def _fill(view: SectionView, plan: AIDirectorPlan) -> None:
    view.fill("ai_director_plan", plan)
    view.fill("editing_decisions", plan.decisions)
    view.fill("broll_plans", plan.broll)
    view.fill("metadata_strategy", plan.metadata_strategy)


def _by_rules(view: SectionView, settings: Settings) -> None:
    view.report(None, "planning the edit by rules")
    plan = create_editing_plan(
        _material(view),
        pace=settings.preferences.pace,
        max_removed_share=settings.director.max_removed_share,
    )
    _fill(view, plan)


def _by_gemini(view: SectionView, settings: Settings) -> None:
    view.report(None, "asking Gemini for a plan")
    key = _key()
    if key is None:
        raise UnavailableError("The Gemini key was there when the run began and is gone now.")
    client = GeminiClient(
        key,
        timeout=settings.api.api_timeout,
        retries=settings.api.api_retries,
        budget=Budget(settings.director.max_cost),
    )
    plan = GeminiDirector(client, settings.director).create_editing_plan(
        _material(view),
        pace=settings.preferences.pace,
        max_removed_share=settings.director.max_removed_share,
    )
    _fill(view, plan)


def _key() -> SecretStr | None:
    """The key as this machine has it: never part of a task's parameters."""
    return load_settings().settings.api.gemini_api_key


def _no_gemini(settings: Settings) -> Unavailable | None:
    if settings.api.offline:
        return Unavailable("this run is offline")
    if _key() is None:
        return Unavailable(_NO_KEY, tell=True)
    return None


def _model(settings: Settings) -> Any:
    return settings.director.gemini_model


intelligence_layer = StageTask(
    stage("intelligence_layer"),
    (
        Processor("gemini", _by_gemini, _no_gemini, material=_model),
        Processor("rules", _by_rules),
    ),
)
