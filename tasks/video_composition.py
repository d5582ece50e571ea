"""`video_composition`: the film and its captions; plain cuts or a plain re-encode if need be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ai_video_editor.composition.composer import VideoComposer
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.outputs import BRollPackage
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView, hash_file
from tasks.files import input_files
from tasks.stage import Processor, StageTask


def _compose(
    method: Literal["film", "plain_cuts", "reencode"],
) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        composer = VideoComposer(
            settings.composition,
            quality=settings.processing_preferences.quality_level,
            audio_track=settings.audio.audio_track,
            parallel=settings.processing_preferences.parallel_processing,
        )
        with view.store.scratch_folder() as scratch:
            film = composer.compose_video(
                view.read("ai_director_plan"),
                input_files(view),
                view.read("video_metadata"),
                view.read("audio_analysis"),
                view.read("generated_broll") or BRollPackage(),
                method=method,
                style=view.read("content_type") or ContentType.GENERAL,
                video=view.read("video_analysis"),
                path_of=view.path,
                keep=view.keep,
                scratch=scratch,
                report=view.report,
                timeout=settings.run.stage_timeout,
            )
        view.fill("composed_video", film)

    return work


def _music(settings: Settings) -> Any:
    return hash_file(settings.composition.music) if settings.composition.music else None


video_composition = StageTask(
    stage("video_composition"),
    (
        Processor("film", _compose("film"), material=_music),
        Processor("plain_cuts", _compose("plain_cuts"), material=_music),
        Processor("reencode", _compose("reencode"), material=_music),
    ),
)
