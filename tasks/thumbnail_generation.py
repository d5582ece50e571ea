"""`thumbnail_generation`: cut-outs after the analysis, the thumbnails once the plan is there."""

from __future__ import annotations

from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from ai_video_editor.thumbnails.generator import ThumbnailGenerator
from ai_video_editor.thumbnails.preparation import prepare
from tasks.stage import Processor, StageTask


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


def _draw(view: SectionView, settings: Settings) -> None:
    generator = ThumbnailGenerator(settings.processing_preferences.thumbnail_resolution)
    with view.store.scratch_folder() as scratch:
        package = generator.generate_thumbnail_package(
            view.read("ai_director_plan"),
            view.read("visual_highlights"),
            view.read("thumbnail_preparation"),
            content_type=view.read("content_type") or "general",
            path_of=view.path,
            keep=view.keep,
            scratch=scratch,
            report=view.report,
        )
    view.fill("thumbnail_package", package)


thumbnail_preparation = StageTask(
    stage("thumbnail_generation", "preparation"), (Processor("cutouts", _prepare),)
)
thumbnail_generation = StageTask(stage("thumbnail_generation"), (Processor("procedural", _draw),))
