"""`video_processing`: shots, faces, quality, motion and highlights in one decode pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ai_video_editor.digests import hash_file
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.video.analyzer import VideoAnalyzer
from ai_video_editor.video.face_models import cached_face_model
from tasks.files import input_files
from tasks.stage import Processor, StageTask


def _see(*, sparse: bool) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        model, note = _face_model(settings)
        seeing = settings.video.model_copy(update={"face_model": model})
        with view.store.scratch_folder() as scratch:
            analysis, highlights = VideoAnalyzer(seeing).analyze_video(
                input_files(view),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
                sparse=sparse,
            )
        if note:
            analysis = analysis.model_copy(update={"notes": (*analysis.notes, note)})
        view.fill("video_analysis", analysis)
        view.fill("visual_highlights", highlights)

    return work


def _face_model(settings: Settings) -> tuple[Path | None, str]:
    """The face model to use, and what to tell of one that cannot be used."""
    if settings.video.face_model is not None:
        return settings.video.face_model, ""
    return cached_face_model(settings.paths.home / "models")


def _content(settings: Settings) -> str | None:
    """Hash of the face model: what is seen depends on it."""
    model, _ = _face_model(settings)
    return hash_file(model) if model is not None and model.is_file() else None


video_processing = StageTask(
    stage("video_processing"),
    (
        Processor("full", _see(sparse=False), material=_content),
        Processor("sparse", _see(sparse=True), material=_content),
    ),
)
