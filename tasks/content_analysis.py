"""`content_analysis`: concepts, themes, feelings and numbers over words, voice and picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ai_video_editor.content.analyzer import ContentAnalyzer
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from tasks.stage import Processor, StageTask

Method = Literal["full", "transcript", "structure"]


def _understand(method: Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, _settings: Settings) -> None:
        found = ContentAnalyzer().analyze(
            view.read("audio_analysis"),
            view.read("video_analysis"),
            view.read("visual_highlights"),
            view.read("video_metadata"),
            view.read("user_preferences"),
            method=method,
        )
        view.fill("content_type", found.content_type)
        view.fill("content_summary", found.summary)
        view.fill("key_concepts", found.concepts)
        view.fill("content_themes", found.themes)
        view.fill("emotional_markers", found.emotions)

    return work


content_analysis = StageTask(
    stage("content_analysis"),
    (
        Processor("full", _understand("full")),
        Processor("transcript", _understand("transcript")),
        Processor("structure", _understand("structure")),
    ),
)
