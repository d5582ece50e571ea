"""`video_processing`: shots, faces, quality, motion and highlights in one decode pass."""

from __future__ import annotations

from collections.abc import Callable

from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from ai_video_editor.video.analyzer import VideoAnalyzer
from tasks.files import input_files
from tasks.stage import Processor, StageTask


def _see(*, sparse: bool) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        with view.store.scratch_folder() as scratch:
            analysis, highlights = VideoAnalyzer(settings.video).analyze_video(
                input_files(view),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
                sparse=sparse,
            )
        view.fill("video_analysis", analysis)
        view.fill("visual_highlights", highlights)

    return work


video_processing = StageTask(
    stage("video_processing"),
    (Processor("full", _see(sparse=False)), Processor("sparse", _see(sparse=True))),
)
