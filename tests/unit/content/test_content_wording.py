from __future__ import annotations

import pytest

from ai_video_editor.language import wording
from ai_video_editor.language.transcript import printed_sentences, stands_alone
from tests.talks import talk


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("what is compound interest?", "What Is Compound Interest?"),
        ("a roth ira and the s&p 500", "A Roth IRA and the S&P 500"),
        ("i don't know why", "I Don't Know Why"),
        ("buy low-cost index funds", "Buy Low-Cost Index Funds"),
        ("the biggest mistake: the waiting", "The Biggest Mistake: The Waiting"),
    ],
)
def test_titles_are_written_as_titles(text: str, title: str) -> None:
    assert wording.title_case(text) == title
    assert wording.title_case(title) == title


def test_a_sentence_loses_its_opener_and_its_fillers() -> None:
    audio, _ = talk("So, um, money is, you_know, a tool that works.")
    (printed,) = printed_sentences(audio)
    assert wording.without_opener(printed.text) == "Money is a tool that works."


def test_so_much_keeps_its_so() -> None:
    assert wording.without_opener("So much money is lost.") == "So much money is lost."


def test_a_text_is_shortened_at_a_clause_or_not_at_all() -> None:
    text = "Fees are the silent killer of portfolios; they work every single day of the year."
    assert wording.shorten(text, 50) == "Fees are the silent killer of portfolios"
    assert wording.shorten("word " * 30, 50) is None


@pytest.mark.parametrize(
    "text", ["Isn't that amazing?", "It is cheap and good.", "Thanks for watching."]
)
def test_a_sentence_that_points_back_does_not_stand_alone(text: str) -> None:
    assert not stands_alone(text)


@pytest.mark.parametrize(
    ("value", "text"), [(500, "$500"), (1.2e6, "$1.2 Million"), (0.5, "$0.50")]
)
def test_money_is_printed_as_people_write_it(value: float, text: str) -> None:
    assert wording.money(value) == text


def test_a_counted_noun_is_printed_in_the_plural() -> None:
    assert wording.best_form(["index fund", "index fund", "index funds"]) == "index funds"
    assert wording.best_form(["interest", "interest"]) == "interest"
