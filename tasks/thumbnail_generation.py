"""`thumbnail_generation`: cut-outs after the analysis, the thumbnails once the plan is there."""

from __future__ import annotations

import os
from typing import Any

from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.thumbnails.generator import ThumbnailGenerator
from ai_video_editor.thumbnails.imagery import Imagery, Library
from ai_video_editor.thumbnails.preparation import prepare, unprepared
from tasks.model_calls import key, painter
from tasks.stage import Processor, StageTask, Unavailable


def _prepare(view: SectionView, _settings: Settings) -> None:
    with view.store.scratch_folder() as scratch:
        preparation = prepare(
            view.read("visual_highlights"),
            view.read("emotional_markers"),
            path_of=view.path,
            keep=view.keep,
            scratch=scratch,
            report=view.report,
        )
    view.fill("thumbnail_preparation", preparation)


def _draw(view: SectionView, settings: Settings, imagery: Imagery | None = None) -> None:
    generator = ThumbnailGenerator(settings.processing_preferences.thumbnail_resolution)
    highlights = view.read("visual_highlights")
    prepared = view.read("thumbnail_preparation")  # the run goes on without it
    with view.store.scratch_folder() as scratch:
        package = generator.generate_thumbnail_package(
            view.read("ai_director_plan"),
            highlights,
            unprepared(highlights) if prepared is None else prepared,
            content_type=view.read("content_type") or "general",
            path_of=view.path,
            keep=view.keep,
            scratch=scratch,
            imagery=imagery,
            report=view.report,
        )
    view.fill("thumbnail_package", package)
    if package.unpainted:
        view.fell_back = ("procedural", " ".join(package.unpainted))
        view.again = package.paint_again


def _paint(view: SectionView, settings: Settings) -> None:
    project = view.ref.project_id
    with painter(settings) as (client, cache):
        library = Library(cache, project=project, fresh=settings.run.fresh)
        _draw(view, settings, Imagery(client, library, settings.api.imagen_model))


def _no_imagen(settings: Settings) -> Unavailable | None:
    if settings.api.offline:
        return Unavailable("this run is offline")
    if settings.processing_preferences.use_procedural_generation:
        return Unavailable("backgrounds are to be drawn, not painted")
    return Unavailable("no Gemini key") if key() is None else None


def _model(settings: Settings) -> Any:
    """What painted backgrounds depend on beside the stage's own settings."""
    return [settings.api.imagen_model, os.environ.get("GOOGLE_GEMINI_BASE_URL", "")]


thumbnail_preparation = StageTask(
    stage("thumbnail_generation", "preparation"), (Processor("cutouts", _prepare),)
)
thumbnail_generation = StageTask(
    stage("thumbnail_generation"),
    (Processor("imagen", _paint, _no_imagen, material=_model), Processor("procedural", _draw)),
)
