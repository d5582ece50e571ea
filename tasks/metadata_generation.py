"""`metadata_generation`: topics right after the analysis, the texts once the plan is there."""

from __future__ import annotations

from ai_video_editor.metadata.generator import MetadataGenerator, prepare
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from tasks.stage import Processor, StageTask


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


def _write(view: SectionView, _settings: Settings) -> None:
    package = MetadataGenerator().generate(
        view.read("ai_director_plan"),
        view.read("metadata_preparation"),
        view.read("trending_keywords"),
        view.read("key_concepts"),
        content_type=view.read("content_type"),
        summary=view.read("content_summary"),
        audio=view.read("audio_analysis"),
        metadata=view.read("video_metadata"),
    )
    view.fill("metadata_variations", package)


metadata_preparation = StageTask(
    stage("metadata_generation", "preparation"), (Processor("topics", _prepare),)
)
metadata_generation = StageTask(stage("metadata_generation"), (Processor("templates", _write),))
