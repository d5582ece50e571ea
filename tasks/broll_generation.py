"""`broll_generation`: charts and cards for the places that the plan names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ai_video_editor.broll.generator import BRollGenerator
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView
from tasks.stage import Processor, StageTask


def _draw(method: Literal["movis", "still_card"]) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        with view.store.scratch_folder() as scratch:
            captioned = settings.composition.burn_captions is not None
            package = BRollGenerator(method, foot_taken=captioned).generate(
                view.read("ai_director_plan"),
                view.read("video_metadata"),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
            )
        view.fill("generated_broll", package)

    return work


broll_generation = StageTask(
    stage("broll_generation"),
    (Processor("movis", _draw("movis")), Processor("still_card", _draw("still_card"))),
)
