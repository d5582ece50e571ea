from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.shorts import Short, find_shorts, short_plan
from ai_video_editor.intelligence.plan_operations import kept_from_decisions
from ai_video_editor.timebase import SourceTime
from tests.talks import MONEY_TALK, talk, understood


def planned(material: Material) -> AIDirectorPlan:
    return create_editing_plan(material, pace="normal", max_removed_share=0.5)


@pytest.fixture(scope="module")
def money() -> tuple[Material, AIDirectorPlan]:
    audio, duration = talk(MONEY_TALK)
    material, _ = understood(audio, duration)
    return material, planned(material)


def words_of(material: Material, short: Short) -> str:
    """What is heard in a short."""
    assert material.audio is not None
    return " ".join(
        word.text
        for kept in short.ranges
        for word in material.audio.words
        if kept.start <= (word.start + word.end) / 2 < kept.end
    )


def test_shorts_last_a_quarter_of_a_minute_to_a_minute_and_do_not_overlap(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    shorts = find_shorts(*money, 5)
    assert len(shorts) >= 2
    for short in shorts:
        assert 15 <= short.end - short.start <= 60
    ordered = sorted(shorts, key=lambda short: short.start)
    assert all(a.end <= b.start for a, b in pairwise(ordered))
    assert [s.score for s in shorts] == sorted((s.score for s in shorts), reverse=True)


def test_a_short_holds_whole_sentences_only(money: tuple[Material, AIDirectorPlan]) -> None:
    for short in find_shorts(*money, 5):
        text = words_of(money[0], short)
        assert text[0].isupper()
        assert text[-1] == "."


def test_a_short_has_no_greeting_and_no_farewell(money: tuple[Material, AIDirectorPlan]) -> None:
    heard = " ".join(words_of(money[0], short) for short in find_shorts(*money, 9)).lower()
    assert "welcome back" not in heard
    assert "thanks for watching" not in heard


def test_a_short_has_a_title_from_its_words_and_reasons(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    for short in find_shorts(*money, 5):
        assert 8 <= len(short.title) <= 70
        first_words = short.title.lower().rstrip("?!").split()[-2:]
        assert all(word.strip(",.") in words_of(money[0], short).lower() for word in first_words)
        assert short.reasons


def test_the_plan_of_a_short_shows_it_alone(money: tuple[Material, AIDirectorPlan]) -> None:
    _, plan = money
    for short in find_shorts(*money, 5):
        derived = short_plan(plan, short)
        assert derived.time_map().duration == pytest.approx(short.end - short.start, abs=1e-5)
        assert derived.chapters == ()
        # Working it out anew from the decisions gives the same film.
        again = kept_from_decisions(derived)
        assert again.time_map().pieces == derived.time_map().pieces


def test_a_question_is_not_left_open(money: tuple[Material, AIDirectorPlan]) -> None:
    assert not any(words_of(money[0], short).endswith("?") for short in find_shorts(*money, 9))


def test_a_short_does_not_end_with_what_comes_next(
    money: tuple[Material, AIDirectorPlan],
) -> None:
    endings = [words_of(money[0], short)[-40:] for short in find_shorts(*money, 9)]
    assert not any("let's talk about" in ending for ending in endings)


def test_what_was_cut_is_not_in_a_short(money: tuple[Material, AIDirectorPlan]) -> None:
    material, plan = money
    assert material.audio is not None
    for short in find_shorts(*money, 5):
        for word in material.audio.words:
            middle = SourceTime((word.start + word.end) / 2)
            inside = any(k.start <= middle < k.end for k in short.ranges)
            assert not inside or plan.time_map().to_film(0, middle) is not None


def test_a_weak_or_missing_transcript_and_a_count_of_none_give_none() -> None:
    weak, duration = talk(MONEY_TALK, quality=0.3)
    material, _ = understood(weak, duration)
    plan = planned(material)
    assert find_shorts(material, plan, 3) == []
    silent, _ = understood(None, Fraction(60))
    assert find_shorts(silent, planned(silent), 3) == []
    good, duration = talk(MONEY_TALK)
    material, _ = understood(good, duration)
    assert find_shorts(material, planned(material), 0) == []


def test_a_talk_shorter_than_a_short_gives_none() -> None:
    audio, duration = talk("Compound interest is the eighth wonder of the world. Believe it.")
    material, _ = understood(audio, duration)
    assert find_shorts(material, planned(material), 3) == []
