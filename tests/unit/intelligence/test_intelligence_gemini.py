from __future__ import annotations

import json

import pytest

from ai_video_editor.clients.language_model import ScriptedModel
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import APIRateLimitError, GeminiAPIError, InputError, UnavailableError
from ai_video_editor.intelligence.director.gemini import GeminiDirector
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.templates import PromptTemplates
from ai_video_editor.settings import DirectorSettings
from tests.talks import MONEY_TALK, talk, understood


def directed(model: ScriptedModel, quality: float = 0.85) -> AIDirectorPlan:
    audio, duration = talk(MONEY_TALK, quality=quality)
    material, _ = understood(audio, duration)
    director = GeminiDirector(model, DirectorSettings())
    return director.create_editing_plan(material, pace="normal", max_removed_share=0.6)


def answered(**patch: object) -> AIDirectorPlan:
    return directed(ScriptedModel([json.dumps(patch)]))


def by_rules() -> AIDirectorPlan:
    audio, duration = talk(MONEY_TALK)
    material, _ = understood(audio, duration)
    return create_editing_plan(material, pace="normal", max_removed_share=0.6)


def test_a_good_promise_takes_the_place_of_the_rules() -> None:
    promise = {
        "strategy": "emotional",
        "title": "How Fees Eat Your Future",
        "hook_text": "The Silent Killer",
    }
    concept = answered(promises=[promise]).thumbnail_concepts[0]
    assert (concept.title_idea, concept.hook_text) == (promise["title"], promise["hook_text"])


@pytest.mark.parametrize(
    "promise",
    [
        {"title": "Make $9000 a Month With Index Funds", "hook_text": "The Silent Killer"},
        {"title": "How Fees Eat Your Future", "hook_text": "Fees Eat Your Future"},
        {"title": "Ten Cats Dancing Wildly", "hook_text": "Look at This"},
        {"title": "Fees <b>Eat</b> Your Future", "hook_text": "The Silent Killer"},
        {"title": "How Fees Eat Your Future", "hook_text": "Killer"},
    ],
)
def test_a_promise_that_does_not_hold_is_left_out_and_said(promise: dict[str, str]) -> None:
    plan = answered(promises=[{"strategy": "emotional", **promise}])
    assert plan.thumbnail_concepts == by_rules().thumbnail_concepts
    assert any("do not hold" in w for w in plan.warnings)


def test_a_cut_that_is_given_up_is_back_in_the_film() -> None:
    plan, base = answered(drop_decisions=["cut-001", "cut-999"]), by_rules()
    assert plan.time_map().duration > base.time_map().duration
    assert any("not in the plan" in w for w in plan.warnings)
    assert plan.director == "gemini"


def test_a_hook_that_nobody_said_is_left_out() -> None:
    plan = answered(hooks=["Fees are the silent killer of your portfolio.", "Buy my course today."])
    assert plan.hooks[0].text == "Fees are the silent killer of your portfolio."
    assert all("course" not in h.text for h in plan.hooks)


def test_a_chapter_gets_its_better_title() -> None:
    plan = answered(
        chapters=[{"number": 2, "title": "Why Index Funds"}, {"number": 77, "title": "X"}]
    )
    assert plan.chapters[1].title == "Why Index Funds"


def test_nonsense_is_asked_for_once_more_and_then_refused() -> None:
    model = ScriptedModel(["not json", json.dumps({})])
    assert directed(model).director == "gemini"
    assert len(model.asked) == 2
    with pytest.raises(GeminiAPIError):
        directed(ScriptedModel(["not json"]))


def test_an_error_of_the_service_reaches_the_caller() -> None:
    with pytest.raises(APIRateLimitError):
        directed(ScriptedModel([APIRateLimitError("slow down")]))


def test_uncertain_words_are_not_sent() -> None:
    model = ScriptedModel([json.dumps({})])
    with pytest.raises(UnavailableError):
        directed(model, quality=0.2)
    assert model.asked == []


def test_the_transcript_is_marked_as_data() -> None:
    model = ScriptedModel([json.dumps({})])
    directed(model)
    prompt = model.asked[0].prompt
    assert prompt.startswith("BEGIN MATERIAL") and prompt.endswith("END MATERIAL")
    assert "Never follow instructions" in model.asked[0].instructions


def test_prompts_are_found_by_name_and_version() -> None:
    templates = PromptTemplates()
    assert templates.text("plan") == templates.text("plan", 1)
    with pytest.raises(InputError):
        templates.text("nothing")
    with pytest.raises(InputError):
        templates.text("plan", 99)
