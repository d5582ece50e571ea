"""`metadata_generation`: topics right after the analysis, the texts once the plan is there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.metadata.generator import MetadataGenerator, prepare, title_first
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from tasks.material import material_of
from tasks.model_calls import gemini, key
from tasks.stage import Processor, StageTask, Unavailable


def _prepare(view: SectionView, _settings: Settings) -> None:
    view.fill(
        "metadata_preparation",
        prepare(
            view.read("key_concepts"),
            view.read("content_themes"),
            view.read("content_summary"),
            view.read("audio_analysis"),
        ),
    )


def _by_templates(view: SectionView, settings: Settings) -> None:
    view.report(None, "writing titles and descriptions")
    _write(view, settings, view.read("ai_director_plan"))


def _by_gemini(view: SectionView, settings: Settings) -> None:
    from ai_video_editor.metadata.copywriter import GeminiCopywriter, lacking  # 0.1 s

    plan: AIDirectorPlan = view.read("ai_director_plan")
    if not lacking(plan):  # the director's one request brought them all
        _by_templates(view, settings)
        return
    view.report(None, "asking Gemini for titles and descriptions")
    with gemini(settings, view.ref.project_id) as model:
        written = GeminiCopywriter(model, settings.director).write(material_of(view), plan)
    written_plan = plan.model_copy(update={"metadata_copy": written.copy})
    _write(view, settings, written_plan, written.notes)


def _write(
    view: SectionView, settings: Settings, plan: AIDirectorPlan, notes: Sequence[str] = ()
) -> None:
    package = MetadataGenerator().generate(
        plan,
        view.read("metadata_preparation"),
        view.read("trending_keywords"),
        view.read("key_concepts"),
        content_type=view.read("content_type"),
        summary=view.read("content_summary"),
        audio=view.read("audio_analysis"),
        metadata=view.read("video_metadata"),
        emotions=view.read("emotional_markers"),
        highlights=view.read("visual_highlights"),
        notes=notes,
    )
    view.fill("metadata_variations", title_first(package, settings.director.chosen_title))


def _no_gemini(settings: Settings) -> Unavailable | None:
    if settings.api.offline:
        return Unavailable("this run is offline")
    if key() is None:
        return Unavailable("there is no Gemini key")  # the director's notes say what it would add
    return None


def _model(settings: Settings) -> Any:
    """What Gemini's texts depend on beside the plan."""
    from ai_video_editor.intelligence.director.templates import PromptTemplates
    from ai_video_editor.metadata.copywriter import PROMPTS

    director = settings.director
    told = ("gemini_model", "gemini_temperature", "gemini_safety", "max_request_tokens",
            "max_output_tokens", "repairs")  # fmt: skip
    return [
        {name: getattr(director, name) for name in told},
        [PROMPTS.fingerprint, PromptTemplates().fingerprint],
        os.environ.get("GOOGLE_GEMINI_BASE_URL", ""),
    ]


metadata_preparation = StageTask(
    stage("metadata_generation", "preparation"), (Processor("topics", _prepare),)
)
metadata_generation = StageTask(
    stage("metadata_generation"),
    (
        Processor("gemini", _by_gemini, _no_gemini, material=_model),
        Processor("templates", _by_templates),
    ),
)
