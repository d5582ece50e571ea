"""Which graphics the rules propose: those that help, made of what was surely said, no others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity
from ai_video_editor.context.video import Shot, VideoAnalysis
from ai_video_editor.intelligence.director.broll import (
    MOST_A_MINUTE,
    SHORTEST,
    find_broll,
    proposals,
)
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.timebase import SourceTime, merge, source_time
from tests.talks import talk, understood

OPENING = "Hello and welcome to this lesson about many things. Let us look at it closely. [1] "
CLOSING = (
    " [1] That was the part which people remember least. They think about it much later. "
    "I hear it from so many of you when we talk. [1] "
)

SAID = {
    "growth": "If you invest 500 dollars a month at 7 percent for 30 years, you can retire early.",
    "allocation": "Put 60 percent in stocks, 30 percent in bonds and the rest in cash.",
    "before_after": "My savings went from 500 to 800 dollars a month.",
    "bars": "An index fund charges 0.1 percent a year, while a managed fund charges 2 percent.",
    "formula": "A fee of 2 percent of 100,000 dollars is 2,000 dollars every year.",
    "timeline": "In 1848, the book was printed in London. In 1871, Paris rose and fell. "
    "In 1917, the revolution took Russia.",
    "list": "There are three ways to save money. Number one, spend less than you earn. "
    "Number two, automate your savings. Number three, invest your money.",
    "quote": "Albert Einstein once said that imagination is more important than knowledge.",
    "definition": "Photosynthesis is the process by which plants turn light into food. "
    "Photosynthesis happens in the leaves. Without photosynthesis we have no photosynthesis.",
    "big_number": "He still owes the bank more than 250,000 dollars today, and he is young.",
}

NOT_TO_BE_DRAWN = {
    "a fee is no return": "You pay 500 dollars a month in rent, a fee of 7 percent, for 30 years.",
    "parts that are no whole": "He put 60 percent in stocks and 30 percent in bonds.",
    "a range is no change": "It costs anywhere from 500 to 800 dollars a month.",
    "two things with other verbs": "A fund charges 1 percent, and a house needs 2 percent.",
    "a wrong product": "A fee of 2 percent of 100,000 dollars is 3,000 dollars every year.",
    "years out of order": "In 1917, the war went on. In 1848, the book came. In 1871, Paris rose.",
    "a list that is not counted off": "There are three ways to save money. I like them all.",
    "words of nobody": "He once said that imagination is more important than knowledge.",
}


def planned(
    text: str, *, confidence: float = 0.93, quality: float = 0.85, shot: str = "talking_head"
) -> AIDirectorPlan:
    audio, duration = talk(text, confidence=confidence, quality=quality)
    material, _ = understood(audio, duration, shot=shot)
    return create_editing_plan(material, pace="normal", max_removed_share=0.6)


def kinds(plan: AIDirectorPlan) -> list[str]:
    return [graphic.data.kind for graphic in plan.broll]


@pytest.mark.parametrize("kind", sorted(SAID))
def test_what_is_said_is_drawn_as_what_it_is(kind: str) -> None:
    plan = planned(OPENING + SAID[kind] + CLOSING)
    assert kinds(plan)[:1] == [kind]
    graphic = plan.broll[0]
    assert graphic.rationale
    assert 0.6 <= graphic.confidence <= 1
    assert graphic.data.source_line.startswith("as said at 0:")


@pytest.mark.parametrize("why", sorted(NOT_TO_BE_DRAWN))
def test_what_does_not_belong_together_is_not_drawn(why: str) -> None:
    plan = planned(OPENING + NOT_TO_BE_DRAWN[why] + CLOSING)
    assert set(kinds(plan)) <= {"big_number", "definition"}, why


def test_a_talk_with_nothing_to_show_gets_nothing() -> None:
    assert planned(OPENING + "We walked to the market and it rained all day." + CLOSING).broll == ()


@pytest.mark.parametrize("kind", sorted(set(SAID)))
def test_weak_evidence_is_never_drawn(kind: str) -> None:
    text = OPENING + SAID[kind] + CLOSING
    assert planned(text, confidence=0.59).broll == ()
    assert planned(text, quality=0.4).broll == ()


def test_one_number_that_was_not_understood_leaves_its_chart_out() -> None:
    audio, duration = talk(OPENING + SAID["growth"] + CLOSING)
    words = tuple(
        word.model_copy(update={"confidence": 0.55}) if word.text == "7" else word
        for word in audio.words
    )
    material, _ = understood(audio.model_copy(update={"words": words}), duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    assert "growth" not in kinds(plan)


@pytest.mark.parametrize("shot", ["slide", "title_card", "broll"])
def test_nothing_stands_over_a_picture_that_shows_it(shot: str) -> None:
    assert planned(OPENING + SAID["list"] + CLOSING, shot=shot).broll == ()


@pytest.mark.parametrize("kind", ["growth", "list", "timeline", "allocation"])
def test_a_chart_never_hides_the_speaker_at_a_stressed_sentence(kind: str) -> None:
    audio, duration = talk(OPENING + SAID[kind] + CLOSING + CLOSING)
    drawn = planned(OPENING + SAID[kind] + CLOSING + CLOSING).broll[0]
    stressed = tuple(
        sentence.model_copy(update={"emphasis": 0.9})
        if sentence.range.overlaps(drawn.range)
        else sentence
        for sentence in audio.sentences
    )
    material, _ = understood(audio.model_copy(update={"sentences": stressed}), duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    for graphic in plan.broll:
        if graphic.placement == "full_screen":
            assert not any(
                sentence.emphasis >= 0.6 and sentence.range.overlaps(graphic.range)
                for sentence in stressed
            )


def test_graphics_begin_and_end_with_words_and_leave_room() -> None:
    text = OPENING + " [1] ".join(SAID.values()) + CLOSING
    audio, duration = talk(text)
    material, _ = understood(audio, duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    assert len(plan.broll) >= 3
    starts = {word.start for word in audio.words}
    ends = {word.end for word in audio.words}
    time_map = plan.time_map()
    films = []
    for graphic in plan.broll:
        if graphic.data.kind != "lower_third":
            assert graphic.start in starts
            assert graphic.end in ends
        (film,) = merge(time_map.range_to_film(graphic.input, graphic.range))
        films.append(film)
    for film in films:
        assert film.duration >= min(SHORTEST, Fraction(5, 2))
        assert sum(0 <= other.start - film.start < 60 for other in films) <= MOST_A_MINUTE


def test_the_most_important_come_first() -> None:
    plan = planned(OPENING + SAID["big_number"] + " [1] " + SAID["growth"] + CLOSING)
    assert "growth" in kinds(plan)


def test_no_number_is_shown_twice() -> None:
    plan = planned(OPENING + SAID["growth"] + CLOSING + CLOSING + CLOSING)
    assert kinds(plan).count("growth") == 1
    assert "big_number" not in kinds(plan)


def test_items_come_in_when_they_are_said() -> None:
    plan = planned(OPENING + SAID["list"] + CLOSING)
    (graphic,) = (g for g in plan.broll if g.data.kind == "list")
    assert graphic.data.labels == (
        "Spend less than you earn", "Automate your savings", "Invest your money",
    )  # fmt: skip
    assert graphic.description == "List: Three ways to save money"
    assert len(graphic.data.moments) == 3
    assert graphic.start <= graphic.data.moments[0] < graphic.data.moments[2] < graphic.end


@settings(max_examples=25, deadline=None)
@given(
    money=st.integers(2, 40).map(lambda n: n * 50),
    rate=st.integers(1, 12),
    years=st.integers(2, 45),
)
def test_every_growth_curve_has_the_numbers_of_its_sentence(
    money: int, rate: int, years: int
) -> None:
    said = f"If you invest {money} dollars a month at {rate} percent for {years} years, you win."
    audio, duration = talk(OPENING + said + CLOSING)
    found = [
        p.opportunity.data
        for p in proposals(understood(audio, duration)[0])
        if p.opportunity.data.kind == "growth"
    ]
    assert [(d.contribution, d.annual_rate, d.years) for d in found] == [(money, rate, years)]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 97), st.integers(1, 97))
def test_an_allocation_is_drawn_only_of_a_whole(first: int, second: int) -> None:
    third = 100 - first - second
    said = f"Put {first} percent in stocks, {second} percent in bonds and {abs(third)} percent in "
    audio, duration = talk(OPENING + said + "cash." + CLOSING)
    found = [
        p.opportunity.data
        for p in proposals(understood(audio, duration)[0])
        if p.opportunity.data.kind == "allocation"
    ]
    if third > 0:
        assert [d.values for d in found] == [(first, second, third)]
        assert found[0].labels == ("Stocks", "Bonds", "Cash")
    else:
        assert found == []


def test_what_a_filler_leaves_is_one_place() -> None:
    audio, duration = talk(OPENING + SAID["allocation"].replace("30", "um, 30") + CLOSING)
    plan = create_editing_plan(understood(audio, duration)[0], pace="normal", max_removed_share=0.6)
    assert kinds(plan)[:1] == ["allocation"]


def test_a_graphic_may_stand_beside_a_slide() -> None:
    audio, duration = talk(OPENING + SAID["allocation"] + CLOSING)
    end = audio.sentences[2].end
    video = VideoAnalysis(
        shots=(
            Shot(start=source_time(0), end=end, kind="talking_head"),
            Shot(start=end, end=SourceTime(duration), kind="slide"),
        )
    )
    material, _ = understood(audio, duration, video=video)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    found: list[BRollOpportunity]
    found, told = find_broll(material, plan.time_map())
    assert told == []
    assert all(graphic.end <= end for graphic in found)


def test_the_parts_of_a_long_film_are_counted_on_cards() -> None:
    part = (
        "[2.5] Now let's talk about {0}. [0.7] {1} are what this part is about. {1} matter a lot "
        "to you. Many people never think about {0} until late. I was one of them for years. [0.6] "
    )
    text = OPENING
    for name in ("index funds", "bond ladders", "tax brackets", "emergency savings"):
        text += part.format(name, name.capitalize()) + (
            f"You can learn the rules of {name} in an evening, and {name} stay the same. [0.5] " * 9
        )
    audio, duration = talk(text)
    plan = create_editing_plan(understood(audio, duration)[0], pace="normal", max_removed_share=0.6)
    assert plan.time_map().duration > 240
    cards = [graphic for graphic in plan.broll if graphic.data.kind == "topic"]
    assert len(plan.chapters) >= 3
    assert cards
    for card in cards:
        number, count = (round(value) for value in card.data.values)
        assert plan.chapters[number - 1].title == card.data.labels[0]
        assert count == len(plan.chapters)
        assert 2 <= card.end - card.start <= 5
