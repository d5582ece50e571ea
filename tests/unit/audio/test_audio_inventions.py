"""What recognisers make up or leave out, and terms in their spelling."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ai_video_editor.audio.inventions import without_echoes
from ai_video_editor.audio.transcription.second_hearing import at_pauses, phrases_around, unwritten
from ai_video_editor.audio.vocabulary import spelled
from ai_video_editor.context.audio import Word
from ai_video_editor.timebase import SourceTime, TimeRange, source_time


def words(text: str, start: float, step: float) -> list[Word]:
    return [
        Word(
            text=word,
            start=source_time(start + i * step),
            end=source_time(start + (i + 1) * step),
            confidence=0.9,
        )
        for i, word in enumerate(text.split())
    ]


def span(start: float, end: float) -> TimeRange[SourceTime]:
    return TimeRange(source_time(start), source_time(end))


def texts(found: list[Word]) -> str:
    return " ".join(word.text for word in found)


def test_a_phrase_written_twice_in_the_time_of_one_is_written_once() -> None:
    kept = without_echoes([*words("You have to", 1.0, 0.06), *words("You have to save", 1.18, 0.2)])
    assert texts(kept) == "You have to save"
    assert kept[0].start == Fraction(1)


def test_a_phrase_said_twice_stays_twice() -> None:
    spoken = [*words("You have to", 1.0, 0.2), *words("You have to save", 1.6, 0.2)]
    assert without_echoes(spoken) == spoken


def test_a_take_without_words_is_found_though_its_neighbour_was_stretched() -> None:
    voice = [span(1.0, 2.0), span(3.0, 5.0)]
    heard = words("the second idea is", 1.0, 0.25)
    heard += [*words("to", 3.0, 1.2), *words("buy it", 4.2, 0.4)]
    missing = unwritten(heard, voice)
    assert len(missing) == 1
    assert missing[0].start >= source_time(3.1)
    around = phrases_around(missing[0], at_pauses(voice))
    assert len(around) == 2
    assert around[0].end <= around[1].start


def test_words_that_cover_the_voice_leave_nothing_out() -> None:
    assert unwritten(words("all of it is here", 1.0, 0.4), [span(1.0, 3.0)]) == []


@pytest.mark.parametrize(
    ("said", "vocabulary", "expected"),
    [
        ("I like voo.", ["VOO"], "I like VOO."),
        ("buy s&p 500, now", ["S&P 500"], "buy S&P 500, now"),
        ("roth iras and a roth ira's fee", ["Roth IRA"], "roth iras and a Roth IRA's fee"),
        ("nothing here", ["VOO", " "], "nothing here"),
    ],
)
def test_a_term_takes_the_spelling_it_was_given(
    said: str, vocabulary: list[str], expected: str
) -> None:
    assert texts(spelled(words(said, 0.0, 0.3), vocabulary)) == expected
