"""Passages begun again."""

from __future__ import annotations

import pytest

from ai_video_editor.audio.filler_lexicon import lexicon, plain
from ai_video_editor.audio.retakes import find_retakes
from ai_video_editor.context.audio import Retake, Word
from ai_video_editor.timebase import source_time


def say(text: str) -> list[Word]:
    """Words of 0.3 s; `|` is a pause of 0.6 s, um and uh are marked as fillers."""
    words, position = [], 0.0
    for token in text.split():
        if token == "|":
            position += 0.6
            continue
        words.append(
            Word(
                text=token,
                start=source_time(position),
                end=source_time(position + 0.3),
                confidence=0.95,
                filler=plain(token) in {"um", "uh"},
            )
        )
        position += 0.3
    return words


def retakes_in(text: str) -> list[Retake]:
    return find_retakes(say(text), lexicon("en"))


def test_a_sentence_begun_again_after_an_apology_keeps_the_last_take() -> None:
    found = retakes_in(
        "Let me give you an example. | Imagine you invest five hundred dollars. | Sorry, let me "
        "try that again. | Imagine you invest five hundred dollars every month. | It grows."
    )
    assert [take.kind for take in found] == ["retake"]
    assert found[0].text == "Imagine you invest five hundred dollars. Sorry, let me try that again."
    assert found[0].kept_text == "Imagine you invest five hundred dollars every month."
    assert found[0].end <= found[0].kept_start


def test_a_broken_off_sentence_is_abandoned() -> None:
    found = retakes_in("An index fund is a | An index fund is a basket of stocks.")
    assert [take.text for take in found] == ["An index fund is a"]


def test_fillers_inside_a_take_do_not_hide_it() -> None:
    found = retakes_in("An index um fund is a | An index fund is uh a basket of stocks.")
    assert [take.text for take in found] == ["An index um fund is a"]


def test_three_takes_leave_the_last() -> None:
    found = retakes_in(
        "The expense ratio is the | The expense ratio is | The expense ratio is the yearly fee."
    )
    words = say(
        "The expense ratio is the | The expense ratio is | The expense ratio is the yearly fee."
    )
    gone = {i for take in found for i in range(take.first_word, take.last_word)}
    left = " ".join(word.text for i, word in enumerate(words) if i not in gone)
    assert left == "The expense ratio is the yearly fee."


def test_the_same_sentence_said_twice_keeps_the_second() -> None:
    found = retakes_in(
        "Compound interest is interest on interest. | Compound interest is interest on interest."
    )
    assert [take.first_word for take in found] == [0]
    assert found[0].last_word == 6


def test_a_word_said_twice_is_a_repeat() -> None:
    found = retakes_in("This is the the best plan for for you.")
    assert [(take.kind, take.text) for take in found] == [("repeat", "the"), ("repeat", "for")]


def test_an_opening_said_twice_is_a_false_start() -> None:
    found = retakes_in("You need to, you need to start a budget.")
    assert [(take.kind, take.text) for take in found] == [("false_start", "You need to,")]


@pytest.mark.parametrize(
    "text",
    [
        "You can save money. | You can save time. | You can save your future.",
        "It is very very good.",
        "It costs five dollars every month. | It costs six dollars every month.",
        "An index fund is a basket of stocks. | An index fund is cheap.",
        "The number is five five two.",
        "I think that that is fine.",
        "Save money. | Save money.",
        "Number one, spend less. | Number two, save more. | Number three, invest the rest.",
    ],
)
def test_repetition_on_purpose_is_left_alone(text: str) -> None:
    assert retakes_in(text) == []
