"""The clips of a plan: chosen, written into it, and taken from it again."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.short_list import plan_shorts, short_of, short_plans
from ai_video_editor.intelligence.director.shorts import find_shorts
from ai_video_editor.intelligence.plan_operations import kept_from_decisions
from tests.talks import MONEY_TALK, talk, understood


def planned(material: Material) -> AIDirectorPlan:
    return create_editing_plan(material, pace="normal", max_removed_share=0.5)


@pytest.fixture(scope="module")
def money() -> tuple[Material, AIDirectorPlan]:
    audio, duration = talk(MONEY_TALK)
    material, _ = understood(audio, duration)
    return material, planned(material)


def test_a_clip_that_was_written_down_is_found_again_frame_for_frame(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    found = find_shorts(*money, 2)
    chosen = plan_shorts(*money, 2).shorts
    assert [s.short_id for s in chosen] == ["short-1", "short-2"]
    for short, written in zip(found, chosen, strict=True):
        again = short_of(money[1], written)
        assert again is not None
        assert again.ranges == short.ranges
        assert (again.start, again.title) == (short.start, short.title)
        assert again.end - short.end == pytest.approx(0, abs=1e-5)


def test_the_clips_of_a_given_plan_are_made_and_not_others(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    material, plan = money
    second = plan_shorts(material, plan, 2).shorts[1]
    given = plan.model_copy(update={"shorts": (second.model_copy(update={"title": "Mine"}),)})
    chosen = plan_shorts(material, given, 1)
    assert [s.title for s in chosen.shorts] == ["Mine"]
    assert chosen.notes == ()
    (note,) = plan_shorts(material, given, 2).notes
    assert "1 of the 2 shorts" in note


def test_a_cut_that_is_taken_back_is_back_in_the_clip_as_well(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    material, plan = money
    short = plan_shorts(material, plan, 1).shorts[0]
    (span,) = short.spans
    cut = next(
        d for d in plan.decisions
        if d.decision_type == "cut" and span.start < d.start and d.end < span.end
    )  # fmt: skip
    decisions = tuple(
        d.model_copy(update={"reverted": True}) if d is cut else d for d in plan.decisions
    )
    back = kept_from_decisions(plan.model_copy(update={"decisions": decisions, "shorts": (short,)}))
    (fresh,) = plan_shorts(material, back, 1).shorts
    (own,) = short_plans(back, plan_shorts(material, back, 1))
    assert fresh.end - fresh.start > short.end - short.start
    assert own.time_map().duration == pytest.approx(fresh.end - fresh.start, abs=1e-5)


def test_fewer_clips_than_asked_for_come_with_the_reason(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    few = plan_shorts(*money, 20)
    assert 2 <= len(few.shorts) < 20
    assert f"{len(few.shorts)} of the 20" in few.notes[0]
    weak, duration = talk(MONEY_TALK, quality=0.3)
    material, _ = understood(weak, duration)
    (note,) = plan_shorts(material, planned(material), 3).notes
    assert "None of the 3" in note and "--transcript" in note
    silent, _ = understood(None, Fraction(60))
    assert "no words" in plan_shorts(silent, planned(silent), 1).notes[0]


def test_without_full_stops_a_clip_begins_and_ends_at_pauses() -> None:
    said = "money grows when you leave it alone because every year the interest earns interest"
    more = "people who wait ten years pay for it with half of what they could have had in the end"
    spoken, duration = talk(
        f"welcome back. [1.0] {said} {said}. [0.9] {more} {more}. [1.2] thanks for watching."
    )
    audio = spoken.model_copy(
        update={
            name: tuple(
                one.model_copy(update={"text": one.text.rstrip(".")})
                for one in getattr(spoken, name)
            )
            for name in ("words", "sentences")
        }
    )
    material, _ = understood(audio, duration)
    (short,) = find_shorts(material, planned(material), 1)
    heard = [w.text for w in audio.words if short.ranges[0].start <= w.start < short.ranges[-1].end]
    assert heard[0] in ("money", "people")
    assert heard[-1] in ("interest", "end")
    assert "welcome" not in heard and "thanks" not in heard
