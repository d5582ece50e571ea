"""`broll_generation`: charts and cards for the places that the plan names, in film and shorts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ai_video_editor.broll.generator import BRollGenerator
from ai_video_editor.composition.film_shape import shaped
from ai_video_editor.composition.shorts import short_settings
from ai_video_editor.composition.steps import part_of
from ai_video_editor.intelligence.director.short_list import short_plans
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from tasks.stage import Processor, StageTask

_Method = Literal["movis", "still_card"]


def _draw(method: _Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        with view.store.scratch_folder() as scratch:
            captioned = settings.composition.burn_captions is not None
            package = BRollGenerator(method, foot_taken=captioned).generate(
                view.read("ai_director_plan"),
                shaped(view.read("video_metadata"), settings.composition.aspect),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
            )
        view.fill("generated_broll", package)

    return work


def _draw_shorts(method: _Method) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        aspect = short_settings(settings.composition).aspect
        plans = short_plans(view.read("ai_director_plan"), view.read("planned_shorts"))
        packages = []
        for index, plan in enumerate(plans):
            with view.store.scratch_folder() as scratch:
                package = BRollGenerator(method, foot_taken=True).generate(
                    plan,
                    shaped(view.read("video_metadata"), aspect),
                    keep=view.keep,
                    scratch=scratch,
                    report=part_of(view.report, index / len(plans), (index + 1) / len(plans)),
                )
            packages.append(package)
        view.fill("shorts_broll", tuple(packages))

    return work


def _draw_nothing(view: SectionView, _settings: Settings) -> None:
    view.fill("shorts_broll", ())


broll_generation = StageTask(
    stage("broll_generation"),
    (Processor("movis", _draw("movis")), Processor("still_card", _draw("still_card"))),
)
shorts_broll = StageTask(
    stage("broll_generation", "shorts"),
    (
        Processor("movis", _draw_shorts("movis")),
        Processor("still_card", _draw_shorts("still_card")),
        Processor("none", _draw_nothing),
    ),
)
