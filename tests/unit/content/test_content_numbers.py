from __future__ import annotations

import pytest

from ai_video_editor.content.finance import FinancialContentAnalyzer, taxonomy
from ai_video_editor.content.numbers import find_numbers
from ai_video_editor.context.audio import Word
from tests.talks import MONEY_TALK, talk


def said(text: str) -> list[Word]:
    return [
        Word(start=0.3 * i, end=0.3 * i + 0.25, text=word, confidence=0.9)
        for i, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("invest $500 a month at 7%", [(500.0, "usd", "month"), (7.0, "percent", None)]),
        ("five hundred dollars every single month", [(500.0, "usd", "month")]),
        ("seven and a half percent a year", [(7.5, "percent", "year")]),
        ("one point two million dollars", [(1.2e6, "usd", None)]),
        ("half a million dollars", [(5e5, "usd", None)]),
        ("a hundred thousand euros", [(1e5, "eur", None)]),
        ("one hundred and five bucks", [(105.0, "usd", None)]),
        ("$1.2 million", [(1.2e6, "usd", None)]),
        ("a thirty-year mortgage", [(30.0, "years", None)]),
        ("twenty-five percent return per year", [(25.0, "percent", "year")]),
        ("ten times more, or 10x", [(10.0, "times", None), (10.0, "times", None)]),
        ("12,500 dollars per year", [(12500.0, "usd", "year")]),
        ("300 pounds monthly", [(300.0, "gbp", "month")]),
    ],
)
def test_a_quantity_is_read_as_it_was_said(
    text: str, expected: list[tuple[float, str, str | None]]
) -> None:
    assert [(n.value, n.unit, n.period) for n in find_numbers(said(text))] == expected


@pytest.mark.parametrize(
    "text",
    ["the S&P 500 fell", "in 1990", "nineteen ninety nine", "my 401k", "the 1st", "one of them"],
)
def test_a_name_that_holds_a_number_is_no_quantity(text: str) -> None:
    assert find_numbers(said(text)) == []


def test_the_taxonomy_has_at_least_sixty_explained_concepts() -> None:
    assert len(taxonomy()) >= 60
    assert all(c.explanation.endswith(".") and c.forms for c in taxonomy().values())


def test_numbers_belong_to_the_concept_they_were_said_near() -> None:
    audio, _ = talk(MONEY_TALK)
    found = FinancialContentAnalyzer().analyze(audio)
    tied = {(n.value, n.unit): n.concept for n in found.numbers}
    assert tied[(500.0, "usd")] == "compound interest"
    assert tied[(0.1, "percent")] in {"expense ratio", "index funds", "index fund"}
    assert "not financial advice" in found.disclaimers[0]


def test_a_talk_on_something_else_is_not_financial() -> None:
    audio, _ = talk("We walked to the river. The water was cold and the sky was grey. " * 5)
    found = FinancialContentAnalyzer().analyze(audio)
    assert found.density == 0.0 and found.concepts == () and found.disclaimers == ()
