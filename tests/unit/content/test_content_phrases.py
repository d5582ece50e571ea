from __future__ import annotations

from typing import get_args

import pytest

from ai_video_editor.content.finance import FinancialContentAnalyzer, taxonomy
from ai_video_editor.content.numbers import find_numbers
from ai_video_editor.context.plan import Drawing
from benchmarks.content.evaluator import judged, phrases, score
from benchmarks.content.topics import compared, heard, starts, understood
from tests.talks import MONEY_TALK, talk
from tests.talks import understood as understood_talk


def test_at_least_ninety_seven_percent_of_the_phrases_are_read_exactly() -> None:
    wanted = phrases()
    answers = judged(wanted)
    assert len(wanted) >= 120
    wrong = [(answer.phrase.said, answer.read) for answer in answers if not answer.exact]
    assert score(answers).share >= 0.97, wrong


def test_a_phrase_that_is_read_wrongly_counts_against_the_score() -> None:
    answers = judged(phrases()[:10], lambda said: ((1.0, "count", None),))
    assert score(answers).exact == 0


def test_both_ends_of_a_range_have_the_unit_and_the_period() -> None:
    audio, _ = talk("You can save from 500 to 800 dollars a month over thirty years.")
    found = find_numbers(audio.words)
    assert [(n.value, n.unit, n.period) for n in found] == [
        (500.0, "usd", "month"),
        (800.0, "usd", "month"),
        (30.0, "years", None),
    ]


def test_the_taxonomy_says_of_every_concept_what_it_is_and_what_shows_it() -> None:
    table = taxonomy()
    assert len(table) >= 150
    assert all(concept.explanation.endswith(".") for concept in table.values())
    drawn = {concept.draw for concept in table.values()}
    assert drawn == set(get_args(Drawing)) - {"links"}, "every picture explains something"
    forms = [form for concept in table.values() for form in concept.forms]
    assert len(forms) == len(set(forms)), "no way of saying it means two things"


def test_a_gold_medal_is_not_about_money() -> None:
    audio, _ = talk("She won gold again. The gold medal hangs in her room. By default she smiles.")
    assert FinancialContentAnalyzer().analyze(audio).concepts == ()


def test_numbers_of_doubtful_words_are_marked() -> None:
    audio, duration = talk(MONEY_TALK)
    word = next(n for n, w in enumerate(audio.words) if w.text == "500")
    doubtful = [w.model_copy(update={"confidence": 0.3}) if n == word else w
                for n, w in enumerate(audio.words)]  # fmt: skip
    audio = audio.model_copy(update={"words": tuple(doubtful)})
    _, found = understood_talk(audio, duration)
    certain = {number.value: number.certain for number in found.summary.numbers}
    assert not certain[500.0] and certain[7.0]


def test_where_the_speaker_warns_the_viewer_is_marked() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood_talk(audio, duration)
    (warning,) = found.summary.spoken_disclaimers
    said = next(s for s in audio.sentences if "not financial advice" in s.text)
    assert (warning.start, warning.end) == (said.start, said.end)


def test_chapters_of_a_lesson_begin_where_its_author_changes_the_topic() -> None:
    found = understood(heard())
    borders = compared([float(theme.start) for theme in found.themes[1:]], starts()[1:])
    assert borders.f1 >= 0.8
    titles = [theme.title for theme in found.themes]
    assert len(set(titles)) == len(titles) and not any("Part" in title for title in titles)
    assert found.content_type.value == "educational"


@pytest.mark.parametrize("language", ["de", "xx"])
def test_a_language_without_lists_is_told_and_its_joining_words_are_no_concepts(
    language: str,
) -> None:
    text = (
        "Heute reden wir nicht ueber das Wetter. Der Garten braucht nicht viel Wasser. "
        "Ein Garten braucht aber Sonne und der Garten braucht Zeit. Nicht jeder Garten ist gross. "
        "Das Wasser kommt in den Garten und das Wasser bleibt nicht lange."
    )
    audio, duration = talk(text)
    _, found = understood_talk(audio.model_copy(update={"language": language}), duration)
    phrases_found = {concept.phrase.lower() for concept in found.concepts}
    assert "garten" in phrases_found
    assert language != "de" or not phrases_found & {"nicht", "aber", "der garten"}
    assert any(repr(language) in note for note in found.summary.notes)
