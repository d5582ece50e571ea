"""Texts by a model: only what is lacking, only what holds, a bounded number of tries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.language_model import ScriptedModel
from ai_video_editor.clients.ledger import Ledger
from ai_video_editor.clients.loopback_gemini import Fault, LoopbackGemini, Step
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, MetadataCopy, PromiseCopy
from ai_video_editor.errors import (
    APIIntegrationError,
    APIRateLimitError,
    EditorError,
    GeminiAPIError,
    ProcessingTimeoutError,
    UnavailableError,
)
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.copywriter import GeminiCopywriter, WrittenCopy, lacking
from ai_video_editor.settings import DirectorSettings
from tests.talks import MONEY_TALK, talk, understood


def material(quality: float = 0.85, times: int = 1) -> Material:
    audio, duration = talk(MONEY_TALK * times, quality=quality)
    return understood(audio, duration, name="Money Talk")[0]


MATERIAL = material()
PLAN = create_editing_plan(MATERIAL, pace="normal", max_removed_share=0.6)


def with_copy(*promises: PromiseCopy) -> AIDirectorPlan:
    return PLAN.model_copy(update={"metadata_copy": MetadataCopy(promises=promises)})


def promise(strategy: str, **texts: object) -> dict[str, object]:
    return {
        "strategy": strategy,
        "description": {
            "emotional": "Compound interest is incredibly powerful. Start today, with any amount.",
            "curiosity": "What does a small amount a month become? The market gives the answer.",
            "authority": "Interest on your interest, explained with real returns and fees.",
        }[strategy],
        "tags": ["compound interest", "index fund"],
        "pinned_comment": "What is your biggest mistake with fees?",
        **texts,
    }


ALL = [promise(s) for s in STRATEGIES]


def answer(promises: Sequence[object] = ALL, titles: Sequence[str] = ()) -> str:
    return json.dumps({"promises": list(promises), "titles": list(titles)})


def written(model: Any, plan: AIDirectorPlan = PLAN, repairs: int = 1) -> WrittenCopy:
    return GeminiCopywriter(model, DirectorSettings(repairs=repairs)).write(MATERIAL, plan)


def test_a_complete_plan_asks_nothing() -> None:
    whole = with_copy(
        *(PromiseCopy(strategy=s, description="d", pinned_comment="c") for s in STRATEGIES)
    )
    model = ScriptedModel([answer()])
    assert lacking(whole) == () and written(model, whole).copy == whole.metadata_copy
    assert model.asked == []


def test_only_what_is_lacking_is_asked_for_and_taken() -> None:
    mine = PromiseCopy(strategy="emotional", description="Mine.", pinned_comment="Mine?")
    part = PromiseCopy(strategy="curiosity", description="Mine as well.")
    plan = with_copy(mine, part)
    model = ScriptedModel([answer()])
    found = written(model, plan)
    assert "Wanted: curiosity, authority\n" in model.asked[0].prompt
    assert found.copy.of("emotional") == mine
    curiosity = found.copy.of("curiosity")
    assert curiosity is not None and curiosity.description == "Mine as well."
    assert curiosity.pinned_comment == "What is your biggest mistake with fees?"
    assert found.notes == () and len(model.asked) == 1


BAD = {
    "an invented number": ({"description": "Compound interest made 987,654 dollars."}, "987"),
    "a name nobody said": (
        {"description": "Compound interest, as Elon Musk has explained it to investors."}, "Elon",
    ),
    "a first sentence that search cuts off": (
        {"description": "Compound interest " + "and the fees of the market " * 5 + "matter."},
        "are shown",
    ),
    "a description of something else": (
        {"description": "You pick the winners of every company in the market today."}, "shares no",
    ),
    "an address": ({"pinned_comment": "Fees? See https://fees.example.com"}, "https:"),
    "angle brackets": ({"pinned_comment": "Which fees <b>do</b> you pay?"}, ""),
    "an endless comment": ({"pinned_comment": "What fees do you pay? " * 20}, "200 are allowed"),
    "a tag with a comma": ({"tags": ["fees, returns"]}, "comma"),
}  # fmt: skip


@pytest.mark.parametrize(("texts", "reason"), BAD.values(), ids=BAD.keys())
def test_what_does_not_hold_goes_back_and_its_correction_is_taken(
    texts: dict[str, object], reason: str
) -> None:
    model = ScriptedModel([answer([promise("emotional", **texts), *ALL[1:]]), answer()])
    found = written(model)
    emotional = found.copy.of("emotional")
    assert emotional is not None and emotional.description and emotional.pinned_comment
    assert all("<" not in t for t in (emotional.description, emotional.pinned_comment))
    assert found.notes == ()
    if reason:
        assert len(model.asked) == 2 and reason in model.asked[1].prompt


def test_what_stays_wrong_is_left_to_the_templates_alone() -> None:
    bad = promise("emotional", description="Warren Buffett paid 987,654 dollars of interest.")
    model = ScriptedModel([answer([bad, *ALL[1:]])])
    found = written(model, repairs=2)
    assert len(model.asked) == 3, "a bounded number of times"
    emotional, curiosity = found.copy.of("emotional"), found.copy.of("curiosity")
    assert emotional is not None and not emotional.description and emotional.pinned_comment
    assert curiosity is not None and curiosity.description
    assert any("987" in note for note in found.notes)


def test_over_long_and_repeated_titles_are_refused() -> None:
    standing = PLAN.thumbnail_concepts[0].title_idea
    titles = ["Compound interest " * 5, standing]
    found = written(ScriptedModel([answer(titles=titles), answer(titles=["The Fees You Pay"])]))
    assert found.copy.titles == ("The Fees You Pay",)


def test_a_promise_that_is_left_out_is_asked_for_again() -> None:
    model = ScriptedModel([answer(ALL[:2]), answer()])
    assert lacking(with_copy(*written(model).copy.promises)) == ()
    assert "authority: has no texts" in model.asked[1].prompt


@pytest.mark.parametrize("nonsense", ["Sure!", '{"promises": 3}', "", "[]"])
def test_nonsense_is_refused_after_as_many_tries_as_set(nonsense: str) -> None:
    model = ScriptedModel([nonsense])
    with pytest.raises(GeminiAPIError, match="holds no texts, 2 times"):
        written(model)
    assert len(model.asked) == 2


def test_an_answer_of_which_nothing_holds_is_an_error_with_the_first_reason() -> None:
    with pytest.raises(GeminiAPIError, match="Nothing of Gemini's texts holds"):
        written(ScriptedModel([answer([])]))


def test_an_error_while_correcting_keeps_what_holds() -> None:
    bad = promise("emotional", description="Paid 987,654 dollars of compound interest.")
    error = GeminiAPIError("The service went away.")
    found = written(ScriptedModel([answer([bad, *ALL[1:]]), error]))
    assert found.copy.of("curiosity") is not None
    assert any("went away" in note for note in found.notes)


def test_uncertain_words_are_not_sent() -> None:
    model = ScriptedModel([answer()])
    with pytest.raises(UnavailableError):
        GeminiCopywriter(model, DirectorSettings()).write(material(quality=0.3), PLAN)
    assert model.asked == []


def test_a_long_talk_is_summed_up_in_one_request() -> None:
    small, long = DirectorSettings(max_request_tokens=2000), material(times=5)
    request = GeminiCopywriter(ScriptedModel([]), small).request(long, PLAN, STRATEGIES)
    assert "The best sentences:" in request.prompt and "Transcript (sentence" not in request.prompt
    assert "Wanted: emotional, curiosity, authority" in request.prompt


def served(
    monkeypatch: pytest.MonkeyPatch, *script: Step, max_cost: float | None = None
) -> tuple[WrittenCopy | EditorError, int]:
    """What comes of a real request over HTTP, and how many were paid."""
    with LoopbackGemini(script) as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        client = GeminiClient(
            SecretStr("key-1234"), timeout=1.0, retries=1, ledger=Ledger(max_cost),
            wait=(0.01, 0.02),
        )  # fmt: skip
        try:
            return written(client), server.asked
        except EditorError as error:
            return error, server.asked


def test_over_http_a_model_that_reads_the_talk_fills_every_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, asked = served(monkeypatch, Step())
    assert isinstance(found, WrittenCopy) and asked == 1
    assert lacking(with_copy(*found.copy.promises)) == ()
    assert all(limits.title_faults(t) == [] for t in found.copy.titles)


FAULTS: dict[Fault, type[EditorError]] = {
    Fault.BAD_JSON: GeminiAPIError,
    Fault.WRONG_SHAPE: GeminiAPIError,
    Fault.MAX_TOKENS: APIIntegrationError,
    Fault.DAILY_QUOTA: APIRateLimitError,
    Fault.BLOCKED_ANSWER: GeminiAPIError,
    Fault.INVENTED: GeminiAPIError,
    Fault.HANG: ProcessingTimeoutError,
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.items(), ids=FAULTS.keys())
def test_over_http_every_fault_is_an_error_of_ours_after_few_tries(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, error: type[EditorError]
) -> None:
    found, asked = served(monkeypatch, Step(fault))
    assert isinstance(found, error), found
    assert asked <= 2 and "key-1234" not in str(found)
    assert "Zanzibar" not in str(found) or fault is Fault.INVENTED


def test_the_cap_of_the_run_holds_for_the_texts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = served(monkeypatch, Step(), max_cost=0.000001)
    assert isinstance(found, GeminiAPIError) and "--max-cost" in str(found) and asked == 0
