"""Sentences out of words, pauses out of speech."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.audio.pauses import find_pauses, kind_of
from ai_video_editor.audio.sentences import as_sentences, sentence_runs
from ai_video_editor.context.audio import Word
from ai_video_editor.timebase import SourceTime, TimeRange, source_time


def say(text: str) -> list[Word]:
    """Words of 0.3 s; `|` is a pause of 0.7 s."""
    words, position = [], 0.0
    for token in text.split():
        if token == "|":
            position += 0.7
            continue
        words.append(
            Word(
                text=token,
                start=source_time(position),
                end=source_time(position + 0.3),
                confidence=0.9,
            )
        )
        position += 0.3
    return words


def sentences_in(text: str) -> list[str]:
    words = say(text)
    return [sentence.text for sentence in as_sentences(words, sentence_runs(words))]


def test_full_stops_end_sentences_and_abbreviations_do_not() -> None:
    assert sentences_in("Dr. Smith pays 3.5 percent. Is it much? Yes!") == [
        "Dr. Smith pays 3.5 percent.",
        "Is it much?",
        "Yes!",
    ]


def test_a_recogniser_without_full_stops_breaks_at_pauses() -> None:
    assert sentences_in("we save money | what is a fund | it grows") == [
        "we save money",
        "what is a fund",
        "it grows",
    ]


def test_a_question_is_known_with_and_without_its_mark() -> None:
    marked, bare = say("It is late. Is it late?"), say("what is a fund | it grows")
    assert [s.question for s in as_sentences(marked, sentence_runs(marked))] == [False, True]
    assert [s.question for s in as_sentences(bare, sentence_runs(bare))] == [True, False]


def test_an_endless_sentence_is_cut() -> None:
    words = say("word " * 100)
    runs = sentence_runs(words)
    assert runs[0].first == 0
    assert runs[-1].last == 100
    assert all(run.last - run.first <= 45 for run in runs)
    assert all(a.last == b.first for a, b in itertools.pairwise(runs))


@pytest.mark.parametrize(
    ("length", "kind"), [("0.2", "breath"), ("0.35", "beat"), ("0.8", "beat"), ("0.81", "dead_air")]
)
def test_pauses_are_named_by_their_length(length: str, kind: str) -> None:
    assert kind_of(Fraction(length)) == kind


def test_a_pause_after_a_question_is_deliberate() -> None:
    words = say("What is a fund? | | It is a basket of stocks. | | It grows.")
    sentences = as_sentences(words, sentence_runs(words))
    pauses = find_pauses([word.range for word in words], words, sentences)
    assert [(pause.kind, pause.reason) for pause in pauses] == [
        ("dead_air", "after a question"),
        ("dead_air", ""),
    ]


times = st.integers(0, 400).map(lambda n: source_time(Fraction(n, 20)))
ranges = (
    st.tuples(times, times)
    .filter(lambda p: p[0] != p[1])
    .map(lambda p: TimeRange[SourceTime](min(p), max(p)))
)


@given(st.lists(ranges, max_size=12), st.lists(ranges, max_size=12))
def test_no_pause_ever_contains_a_word_or_voice(
    speech: list[TimeRange[SourceTime]], said: list[TimeRange[SourceTime]]
) -> None:
    words = [
        Word(text="word", start=span.start, end=span.end, confidence=1.0) for span in sorted(said)
    ]
    for pause in find_pauses(speech, words, []):
        assert not any(pause.range.overlaps(span) for span in [*speech, *said])
