"""A plan that the user gave: rendered as it stands, or kept where it is locked."""

from __future__ import annotations

from typing import Any

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.digests import hash_file
from ai_video_editor.intelligence.plan_file import fitting, read_plan_file
from ai_video_editor.intelligence.plan_operations import merge_plans
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from tasks.stage import Unavailable


def as_given(view: SectionView, settings: Settings) -> AIDirectorPlan:
    """The plan of `--plan`, on the frame grid.

    Raises:
        InputError: it is not about these recordings, or cannot be read.
    """
    assert settings.director.plan is not None  # `not_given` left this processor out otherwise
    view.report(None, "taking the given plan")
    return fitting(read_plan_file(settings.director.plan), view.ref.inputs)


def with_locked(plan: AIDirectorPlan, view: SectionView, settings: Settings) -> AIDirectorPlan:
    """A fresh plan in which what is locked in the given one holds."""
    if settings.director.plan is None:
        return plan
    return merge_plans(plan, fitting(read_plan_file(settings.director.plan), view.ref.inputs))


def content(settings: Settings) -> Any:
    """Hash of the given plan, None without one: part of the key of what is made from it."""
    return hash_file(settings.director.plan) if settings.director.plan is not None else None


def not_given(settings: Settings) -> Unavailable | None:
    """Why no given plan is rendered, or None."""
    if settings.director.plan is None or settings.director.redecide:
        return Unavailable("no plan was given")
    return None


def given(settings: Settings) -> Unavailable | None:
    """Why nobody decides in this run, or None."""
    if not_given(settings) is None:
        return Unavailable("a plan was given")
    return None
