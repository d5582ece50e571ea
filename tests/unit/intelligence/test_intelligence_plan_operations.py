"""Choosing another take, and keeping what was locked when the edit is decided anew."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ai_video_editor.context.audio import AudioAnalysis, Retake, Sentence, Word
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.plan_operations import (
    choose,
    diff,
    lock,
    merge_plans,
    restore,
    revert,
)
from ai_video_editor.timebase import source_time
from tests.talks import MONEY_TALK, talk, understood


def planned(material: Material, pace: str = "normal") -> AIDirectorPlan:
    return create_editing_plan(material, pace=pace, max_removed_share=0.9)


def said(text: str, start: float, first: int) -> tuple[list[Word], Sentence]:
    parts = text.split()
    words = [
        Word(
            start=source_time(start + 0.4 * n),
            end=source_time(start + 0.4 * n + 0.35),
            text=part,
            confidence=0.9,
        )
        for n, part in enumerate(parts)
    ]
    sentence = Sentence(
        start=words[0].start,
        end=words[-1].end,
        text=text,
        first_word=first,
        last_word=first + len(words),
        confidence=0.9,
    )
    return words, sentence


@pytest.fixture
def twice_said() -> Material:
    first, one = said("Imagine you invest five dollars.", 1.0, 0)
    again, two = said("Sorry, once more.", 4.0, 5)
    second, three = said("Imagine you invest six dollars.", 6.0, 8)
    rest, four = said("It grows every year.", 9.0, 13)
    retake = Retake(
        start=first[0].start,
        end=again[-1].end,
        text="Imagine you invest five dollars. Sorry, once more.",
        confidence=0.9,
        kept_start=second[0].start,
        kept_end=second[-1].end,
        kept_text=three.text,
        first_word=0,
        last_word=8,
    )
    audio = AudioAnalysis(
        engine="imported",
        language="en",
        quality=0.9,
        words=(*first, *again, *second, *rest),
        sentences=(one, two, three, four),
        retakes=(retake,),
    )
    return understood(audio, Fraction(12))[0]


def heard_in(plan: AIDirectorPlan, material: Material) -> list[str]:
    assert material.audio is not None
    film = plan.time_map()
    return [w.text for w in material.audio.words if film.to_film(0, w.start) is not None]


def test_the_other_take_can_stay_and_the_choice_be_taken_back(twice_said: Material) -> None:
    plan = planned(twice_said)
    decision = next(d for d in plan.decisions if d.alternatives)
    assert "six" in heard_in(plan, twice_said) and "five" not in heard_in(plan, twice_said)
    (other,) = decision.alternatives
    assert other.text == "Imagine you invest five dollars."

    swapped = choose(plan, decision.decision_id, 1)
    words = heard_in(swapped, twice_said)
    assert words == [
        "Imagine",
        "you",
        "invest",
        "five",
        "dollars.",
        "It",
        "grows",
        "every",
        "year.",
    ]
    chosen = next(d for d in swapped.decisions if d.decision_id == decision.decision_id)
    assert chosen.decided_by == "user"

    back = choose(swapped, decision.decision_id, 1)
    assert heard_in(back, twice_said) == heard_in(plan, twice_said)
    assert back.kept == plan.kept


def test_there_is_no_alternative_number_nine(twice_said: Material) -> None:
    plan = planned(twice_said)
    decision = next(d for d in plan.decisions if d.alternatives)
    with pytest.raises(InputError, match="no number 9"):
        choose(plan, decision.decision_id, 9)
    with pytest.raises(InputError, match="locked"):
        choose(lock(plan, decision.decision_id), decision.decision_id, 1)


def test_what_is_locked_survives_another_pace() -> None:
    material, _ = understood(*talk(MONEY_TALK))
    plan = planned(material)
    cuts = [d.decision_id for d in plan.decisions if d.decision_type == "cut"]
    kept_back = lock(revert(plan, cuts[0]), cuts[0])
    held = lock(kept_back, cuts[1])
    merged = merge_plans(planned(material, "tight"), held)

    assert merged.time_map().duration != plan.time_map().duration
    film = merged.time_map()
    first = next(d for d in plan.decisions if d.decision_id == cuts[0])
    second = next(d for d in plan.decisions if d.decision_id == cuts[1])
    assert film.range_to_film(0, first.range)[0].duration == first.end - first.start
    assert not film.range_to_film(0, second.range)
    assert len({d.decision_id for d in merged.decisions}) == len(merged.decisions)


def test_a_difference_names_what_was_taken_back_and_the_seconds() -> None:
    material, _ = understood(*talk(MONEY_TALK))
    plan = planned(material)
    cut = next(d for d in plan.decisions if d.decision_type == "cut")
    less = revert(plan, cut.decision_id)
    found = diff(plan, less)
    assert found.reverted == (cut.decision_id,) and not found.added and not found.removed
    assert found.seconds == cut.end - cut.start
    assert diff(less, restore(less, cut.decision_id)).restored == (cut.decision_id,)
