"""Clips beside the film: one that fails takes no other with it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ai_video_editor.composition.composer import Method
from ai_video_editor.composition.shorts import (
    Clip,
    compose_shorts,
    salvaged_shorts,
    short_settings,
)
from ai_video_editor.context.base import MediaRef, SourceSpan
from ai_video_editor.context.outputs import BRollPackage, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, PlannedShort
from ai_video_editor.errors import MediaError, RunInterruptedError
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import film_time, source_time


def clip(number: int) -> Clip:
    planned = PlannedShort(
        short_id=f"short-{number}", title=f"Clip {number}", start=film_time(0), end=film_time(20),
        spans=(SourceSpan(start=source_time(0), end=source_time(20)),),
    )  # fmt: skip
    plan = AIDirectorPlan(director=f"{number}", film_frame_rate="25/1", inputs=(), kept=())
    return Clip(planned, plan, BRollPackage())


class Renderer:
    """Renders what it is told to be able to."""

    def __init__(self, *impossible: tuple[str, Method], error: Exception | None = None) -> None:
        self.impossible = set(impossible)
        self.error = error or MediaError("ffmpeg broke.")

    def __call__(
        self, plan: AIDirectorPlan, broll: BRollPackage, method: Method, report: Report
    ) -> ComposedVideo:
        if (plan.director, method) in self.impossible:
            raise self.error
        film = MediaRef(sha256="0" * 64, suffix=".mp4", size=1)
        return ComposedVideo(
            film=film, frames=500, frame_rate="25/1", width=720, height=1280,
            duration=Fraction(20), method=method,
        )  # fmt: skip


CLIPS = [clip(1), clip(2), clip(3)]


def test_all_clips_are_made_or_the_failure_is_told() -> None:
    assert len(compose_shorts(CLIPS, Renderer(), silent).shorts) == 3
    with pytest.raises(MediaError):
        compose_shorts(CLIPS, Renderer(("2", "film")), silent)


def test_what_can_be_made_is_made_and_the_rest_is_named() -> None:
    renderer = Renderer(("1", "film"), ("2", "film"), ("2", "plain_cuts"))
    package = salvaged_shorts(CLIPS, renderer, silent)
    made = [(s.planned.short_id, s.video.method) for s in package.shorts]
    assert made == [("short-1", "plain_cuts"), ("short-3", "film")]
    (reason,) = package.left_out
    assert reason.startswith("short-2") and "ffmpeg broke" in reason


def test_a_stopped_run_salvages_nothing() -> None:
    renderer = Renderer(("1", "film"), error=RunInterruptedError("The run was stopped."))
    with pytest.raises(RunInterruptedError):
        salvaged_shorts(CLIPS, renderer, silent)


def test_shorts_are_upright_with_burned_captions_unless_told_otherwise() -> None:
    own = short_settings(CompositionSettings())
    assert (own.aspect, own.burn_captions) == ("9:16", "bold")
    told = short_settings(CompositionSettings(aspect="1:1", burn_captions="pop"))
    assert (told.aspect, told.burn_captions) == ("1:1", "pop")
