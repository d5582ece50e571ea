"""Approval: a deployed run with `review` asks a person before it renders, and goes on as told."""

from __future__ import annotations

from collections.abc import Sequence
from types import GenericAlias
from typing import Any, Literal

from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import read_flow_run_input
from prefect.input.run_input import keyset_from_base_key
from prefect.runtime import deployment, flow_run
from pydantic import Field, create_model

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.files import whole_file
from ai_video_editor.intelligence.plan_operations import revert
from ai_video_editor.reporting.approval import offer
from ai_video_editor.reporting.documents import plan_json
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store
from flows.ending import Ending
from tasks.stage import Run

MOST_ROUNDS = 20
"""How often one run asks: each change of pace makes another plan to look at."""


def as_answered(run: Run, ending: Ending) -> Run | None:
    """The run as it goes on after it was concluded for review.

    Asking ends this process. When somebody answers, the flow starts again from its top in a new
    one, and comes here again with every stage reused.

    Args:
        run: as it was concluded.
        ending: how it was; keeps count of the questions.

    Returns:
        The run with what was answered, None where nothing is to be done any more.
    """
    context = ending.context
    if not (run.settings.run.review and deployment.id) or context is None:
        return None
    plan = context.ai_director_plan
    if ending.failed or plan is None or context.delivery is not None:
        return None
    answer = _answer(context, plan, run.settings, ending)
    if not answer["approve"]:
        ending.decline()
        return None
    settings = run.settings
    if answer["pace"] != settings.preferences.pace:
        preferences = settings.preferences.model_copy(update={"pace": answer["pace"]})
        director = settings.director.model_copy(
            update={"redecide": settings.director.plan is not None}
        )
        settings = settings.model_copy(update={"preferences": preferences, "director": director})
        return Run(run.base, settings, run.label)  # another plan: it is asked about in its turn
    return Run(run.base, _settled(settings, plan, answer, run.base.project_id), run.label)


def form_for(context: ContentContext, plan: AIDirectorPlan, settings: Settings) -> type[RunInput]:
    """The form: what can be changed before rendering, with what is decided now."""
    titles = context.metadata_variations.titles if context.metadata_variations else ()
    package = context.thumbnail_package
    images = [image.file_name for image in package.thumbnails] if package else []
    ids = [d.decision_id for d in plan.decisions if not d.locked and not d.reverted]
    fields: dict[str, Any] = {
        "approve": (bool, Field(True, description="Render it. Off: end the run without a film.")),
        "pace": (
            Literal["gentle", "normal", "tight"],
            Field(
                settings.preferences.pace,
                description="How tightly pauses are cut. Another pace makes another plan and asks "
                "again.",
            ),
        ),
        "drop": (
            GenericAlias(list, (_choice(ids),)),
            Field(
                default_factory=list,
                description="Decisions to take back, by id: what they cut is in the film again.",
            ),
        ),
    }
    if titles:
        fields["title"] = (_choice(titles), Field(titles[0], description="The title put first."))
    if images:
        fields["thumbnail"] = (
            _choice(images),
            Field(images[0], description="The thumbnail delivered as thumbnail.jpg."),
        )
    return create_model("Approval", __base__=RunInput, **fields)


def _choice(values: Sequence[str]) -> Any:
    return Literal[tuple(dict.fromkeys(values))] if values else str


def _answer(
    context: ContentContext, plan: AIDirectorPlan, settings: Settings, ending: Ending
) -> dict[str, Any]:
    """What was answered to this question; asks it, and ends the process, where nothing was.

    A question that timed out was asked and never answered: a retried run asks another one.
    """
    asked = form_for(context, plan, settings)
    while ending.questions < MOST_ROUNDS:
        key = f"approval-{ending.questions}"
        names = keyset_from_base_key(f"suspended-{key}")
        ending.questions += 1
        given = read_flow_run_input(names["response"])
        if given is not None:
            return asked.model_validate(given).model_dump(exclude_none=True)
        if read_flow_run_input(names["schema"]) is None:
            seconds = settings.run.review_timeout
            text = offer(context, plan, ending.store.media_path, answer_within=seconds)
            form = asked.with_initial_data(description=text)
            suspend_flow_run(wait_for_input=form, timeout=seconds, key=key)
    ending.decline()
    return {"approve": False}


def _settled(
    settings: Settings, plan: AIDirectorPlan, answer: dict[str, Any], project_id: str
) -> Settings:
    """The settings that render what was approved."""
    director = {"chosen_title": answer.get("title"), "chosen_thumbnail": answer.get("thumbnail")}
    changes: dict[str, Any] = dict(director)
    if answer["drop"]:
        for decision in dict.fromkeys(answer["drop"]):
            plan = revert(plan, decision)
        path = (
            Store(settings.paths.home).root / "projects" / f"{project_id}.{flow_run.id}.plan.json"
        )
        with whole_file(path) as partial:
            partial.write_text(plan_json(plan), encoding="utf-8")
        changes |= {"plan": path, "redecide": False}
    return settings.model_copy(
        update={
            "director": settings.director.model_copy(update=changes),
            "run": settings.run.model_copy(update={"review": False}),
        }
    )
