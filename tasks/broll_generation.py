"""`broll_generation`: charts and cards for the places that the plan names, in film and shorts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ai_video_editor.broll.generator import BRollGenerator
from ai_video_editor.broll.presenter.blender import HOW, BlenderFigure, blender_command
from ai_video_editor.broll.presenter.flat import Figure
from ai_video_editor.broll.presenter.voice import Voice
from ai_video_editor.composition.film_shape import shaped
from ai_video_editor.composition.shorts import short_settings
from ai_video_editor.composition.steps import part_of
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.outputs import BRollPackage
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.intelligence.director.short_list import short_plans
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from tasks.stage import Processor, StageTask, Unavailable

_Method = Literal["blender", "movis", "still_card"]


def _draw(method: _Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        with view.store.scratch_folder() as scratch:
            captioned = settings.composition.burn_captions is not None
            plan: AIDirectorPlan = view.read("ai_director_plan")
            package = _generator(method, view, settings, foot_taken=captioned).generate(
                plan,
                shaped(view.read("video_metadata"), settings.composition.aspect),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
            )
        view.nothing_lost = not presented(plan)
        if method == "movis":
            package = _told(package, plan, settings)
        view.fill("generated_broll", package)

    return work


def _draw_shorts(method: _Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        aspect = short_settings(settings.composition).aspect
        plans = short_plans(view.read("ai_director_plan"), view.read("planned_shorts"))
        packages = []
        for index, plan in enumerate(plans):
            with view.store.scratch_folder() as scratch:
                package = _generator(method, view, settings, foot_taken=True).generate(
                    plan,
                    shaped(view.read("video_metadata"), aspect),
                    keep=view.keep,
                    scratch=scratch,
                    report=part_of(view.report, index / len(plans), (index + 1) / len(plans)),
                )
            packages.append(package)
        view.nothing_lost = not any(presented(plan) for plan in plans)
        view.fill("shorts_broll", tuple(packages))

    return work


def _generator(
    method: _Method, view: SectionView, settings: Settings, *, foot_taken: bool
) -> BRollGenerator:
    """Who draws: with the presenter's artist and the voice that its mouth moves with."""
    audio: AudioAnalysis | None = view.read("audio_analysis")
    sounds = audio.extracted if audio is not None else ()
    figure: Figure | None = None
    command = blender_command(settings.look.blender)
    if method == "blender" and command is not None:
        figure = BlenderFigure(command, settings.paths.home / "cache" / "characters")
    return BRollGenerator(
        "still_card" if method == "still_card" else "movis",
        foot_taken=foot_taken,
        figure=figure,
        voice=Voice({sound.input: view.path(sound.wav) for sound in sounds}),
    )


def presented(plan: AIDirectorPlan) -> bool:
    """Whether the presenter appears in a plan."""
    return any(opportunity.data.action for opportunity in plan.broll)


def _why_flat(settings: Settings) -> str:
    """Why there is no Blender, and what helps."""
    chosen = settings.look.blender
    if chosen is not None:
        return (
            f"The presenter is drawn flat: the setting blender names {chosen}, which is not there"
        )
    return f"The presenter is drawn flat: Blender is not set up here; {HOW}"


def _told(package: BRollPackage, plan: AIDirectorPlan, settings: Settings) -> BRollPackage:
    """With a note where the presenter of a plan is flat; asked for, it is a degradation instead."""
    flat = presented(plan) and not settings.look.characters
    notes = (f"{_why_flat(settings)}.",) if flat and _no_blender(settings) else ()
    return package.model_copy(update={"notes": notes})


def _no_blender(settings: Settings) -> Unavailable | None:
    """Why characters are not drawn in Blender; missed only where they were asked for."""
    if blender_command(settings.look.blender) is not None:
        return None
    return Unavailable(_why_flat(settings), wanted=settings.look.characters)


def _artist(settings: Settings) -> Any:
    """What drawings of the presenter depend on beside the stage's own settings."""
    return list(blender_command(settings.look.blender) or ())[:1]


def _draw_nothing(view: SectionView, _settings: Settings) -> None:
    view.fill("shorts_broll", ())


broll_generation = StageTask(
    stage("broll_generation"),
    (
        Processor("blender", _draw("blender"), _no_blender, material=_artist),
        Processor("movis", _draw("movis")),
        Processor("still_card", _draw("still_card")),
    ),
)
shorts_broll = StageTask(
    stage("broll_generation", "shorts"),
    (
        Processor("blender", _draw_shorts("blender"), _no_blender, material=_artist),
        Processor("movis", _draw_shorts("movis")),
        Processor("still_card", _draw_shorts("still_card")),
        Processor("none", _draw_nothing),
    ),
)
