"""`video_composition`: the film and its captions; plain cuts or a plain re-encode if need be.

Shorts are rendered after it, by tasks of their own: whatever befalls them, the film stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.outputs import BRollPackage, ComposedVideo, ShortsPackage
from ai_video_editor.context.plan import AIDirectorPlan, ShortsPlan
from ai_video_editor.digests import hash_file
from ai_video_editor.intelligence.director.short_list import short_plans
from ai_video_editor.look.brand import worn_brand
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import CompositionSettings, Settings
from ai_video_editor.stages import stage
from tasks.files import input_files
from tasks.picture_pieces import encoded_as_tasks
from tasks.stage import Processor, StageTask, Unavailable

if TYPE_CHECKING:
    from ai_video_editor.composition.composer import Method


def _composing(
    view: SectionView, settings: Settings, composition: CompositionSettings
) -> Callable[[AIDirectorPlan, BRollPackage, Method, Report], ComposedVideo]:
    """How this run renders one plan."""
    # a run that reuses its film need not load what renders
    from ai_video_editor.composition.composer import VideoComposer
    from ai_video_editor.composition.disk_room import disk_room, room_needed

    composer = VideoComposer(
        composition,
        quality=settings.processing_preferences.quality_level,
        audio_track=settings.audio.audio_track,
        parallel=settings.processing_preferences.parallel_processing,
        piece_seconds=min(
            settings.run.checkpoint_interval,
            settings.run.segment or settings.run.checkpoint_interval,
        ),
    )
    files = input_files(view)

    def compose(
        plan: AIDirectorPlan, broll: BRollPackage, method: Method, report: Report
    ) -> ComposedVideo:
        metadata = view.read("video_metadata")
        with (
            view.store.scratch_folder() as scratch,
            disk_room(scratch, room_needed(plan, metadata)),
        ):
            film = composer.compose_video(
                plan,
                files,
                metadata,
                view.read("audio_analysis"),
                broll,
                method=method,
                style=view.read("content_type") or ContentType.GENERAL,
                video=view.read("video_analysis"),
                path_of=view.path,
                keep=view.keep,
                scratch=scratch,
                report=report,
                timeout=settings.run.stage_timeout,
                encode_pieces=encoded_as_tasks(view, settings, files),
            )
        return film.model_copy(update={"notes": (*film.notes, *worn_brand().notes)})

    return compose


def _compose(method: Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        plan, broll = view.read("ai_director_plan"), view.read("generated_broll")
        compose = _composing(view, settings, settings.composition)
        film = compose(plan, broll or BRollPackage(), method, view.report)
        view.fill("composed_video", film)

    return work


def _shorts(*, salvage: bool) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        from ai_video_editor.composition.shorts import (
            Clip,
            compose_shorts,
            salvaged_shorts,
            short_settings,
        )

        chosen = view.read("planned_shorts") or ShortsPlan()
        plans = short_plans(view.read("ai_director_plan"), chosen)
        graphics = view.read("shorts_broll") or (BRollPackage(),) * len(plans)
        clips = [Clip(*parts) for parts in zip(chosen.shorts, plans, graphics, strict=True)]
        compose = _composing(view, settings, short_settings(settings.composition))
        composed = salvaged_shorts if salvage else compose_shorts
        view.fill("composed_shorts", composed(clips, compose, view.report))

    return work


def _no_shorts(view: SectionView, _settings: Settings) -> None:
    view.fill("composed_shorts", ShortsPackage())


def _music(settings: Settings) -> Any:
    return hash_file(settings.composition.music) if settings.composition.music else None


def _only_plain(settings: Settings) -> Unavailable | None:
    if settings.processing_preferences.skip_optional_stages:
        return Unavailable("this run makes plain cuts and captions only")
    return None


video_composition = StageTask(
    stage("video_composition"),
    (
        Processor("film", _compose("film"), _only_plain, material=_music),
        Processor("plain_cuts", _compose("plain_cuts"), material=_music),
        Processor("reencode", _compose("reencode"), material=_music),
    ),
)
shorts_composition = StageTask(
    stage("video_composition", "shorts"),
    (
        Processor("all", _shorts(salvage=False), material=_music),
        Processor("possible", _shorts(salvage=True), material=_music),
        Processor("none", _no_shorts),
    ),
)
