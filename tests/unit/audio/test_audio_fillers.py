"""Fillers by their words and places."""

from __future__ import annotations

import numpy as np
import pytest

from ai_video_editor.audio.filler_lexicon import lexicon
from ai_video_editor.audio.fillers import find_fillers
from ai_video_editor.audio.sound import RATE, Samples, Sound, hear
from ai_video_editor.audio.speech import SpeechMap, map_speech
from ai_video_editor.context.audio import Filler, Word
from ai_video_editor.timebase import source_time


def say(text: str, confidence: float = 0.95) -> list[Word]:
    """Words of 0.3 s each, with 0.1 s of silence at every comma and 0.5 s after a sentence."""
    words, position = [], 0.2
    for token in text.split():
        words.append(
            Word(
                text=token,
                start=source_time(position),
                end=source_time(position + 0.3),
                confidence=confidence,
            )
        )
        position += 0.3 + {",": 0.1, ".": 0.5, "?": 0.5}.get(token[-1], 0.0)
    return words


def room(words: list[Word]) -> tuple[Sound, SpeechMap]:
    """Hissing sound wherever there is a word, voiced as far as the detector says."""
    size = int((float(words[-1].end) + 0.5) * RATE)
    samples = np.zeros(size, np.float32)
    noise = np.random.default_rng(1).normal(0, 0.1, size).astype(np.float32)
    for word in words:
        a, b = int(word.start * RATE), int(word.end * RATE)
        samples[a:b] = noise[a:b]
    sound = hear([samples])
    voice = np.zeros(sound.level.size, np.float32)
    for word in words:
        voice[int(word.start * 100) : int(word.end * 100)] = 1
    return sound, map_speech(sound, voice)


def fillers_in(
    text: str, *, confidence: float = 0.95, quality: float = 0.9
) -> tuple[list[Word], list[Filler]]:
    words = say(text, confidence)
    return find_fillers(words, lexicon("en"), quality, *room(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We talk about, um, compound interest.", ["um,"]),
        ("Uhhh, this is a very good idea.", ["Uhhh,"]),
        ("So, what is compound interest?", ["So,"]),
        ("Okay so, there are three ways.", ["Okay so,"]),
        ("Think of it as, you know, money.", ["you know,"]),
        ("I mean, that is really amazing.", ["I mean,"]),
        ("Number two, like, automate your savings.", ["like,"]),
        ("It is, sort of, a basket.", ["sort of,"]),
        ("Um, you know, it works.", ["Um,", "you know,"]),
    ],
)
def test_a_filler_is_found_where_it_means_nothing(text: str, expected: list[str]) -> None:
    assert [filler.text for filler in fillers_in(text)[1]] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Do you know what an index fund is?",
        "Did you know that the price goes up?",
        "As you know, money grows.",
        "I like this simple plan.",
        "It looks like a mistake.",
        "This is so simple.",
        "So far it works.",
        "That is what I mean.",
        "What kind of fund is this?",
        "It works well.",
        "Actually, there are five ways.",
        "This is right, and that is wrong.",
        "In other words, it is a basket of stocks.",
        "He said yeah. So what happens next?",
    ],
)
def test_an_ordinary_word_is_left_alone(text: str) -> None:
    assert fillers_in(text)[1] == []


def test_filler_words_are_marked_and_indexed() -> None:
    words, fillers = fillers_in("Think of it as, you know, money.")
    assert [word.text for word in words if word.filler] == ["you", "know,"]
    assert (fillers[0].first_word, fillers[0].last_word) == (4, 6)
    assert fillers[0].start == words[4].start
    assert fillers[0].end == words[5].end


def test_no_filler_reaches_into_a_neighbouring_word() -> None:
    words, fillers = fillers_in("We talk um about, uh, money and er stocks.")
    for filler in fillers:
        for word in words:
            if not word.filler:
                assert not filler.range.overlaps(word.range)


def test_words_of_a_poor_transcript_cut_nothing() -> None:
    assert fillers_in("And, um, uh, you know, the hand.", quality=0.3)[1] == []


def test_a_doubtful_hesitation_needs_the_sound_on_its_side() -> None:
    assert fillers_in("We talk about, um, money.", confidence=0.3)[1] == []


def test_answers_are_no_fillers() -> None:
    assert fillers_in("Mhm, that is right.")[1] == []


def test_a_language_without_a_list_has_no_filler_words() -> None:
    assert lexicon("xx") is None
    words = say("Ja, um, gut.")
    assert find_fillers(words, None, 0.9, *room(words))[1] == []


def hum(seconds: float) -> Samples:
    """A held vowel: harmonics of 120 Hz under two formants."""
    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(
        np.sin(2 * np.pi * 120 * k * time) / (1 + ((120 * k - 600) / 250) ** 2)
        for k in range(1, 30)
    )
    samples = np.asarray(wave, np.float64)
    vowel: Samples = (0.3 * samples / np.abs(samples).max()).astype(np.float32)
    return vowel


def test_a_hum_that_nobody_wrote_is_found_in_a_gap() -> None:
    words = say("The plan, works today.")
    late = [
        word
        if index < 2
        else word.model_copy(update={"start": word.start + 1, "end": word.end + 1})
        for index, word in enumerate(words)
    ]
    samples = np.zeros(int(3.5 * RATE), np.float32)
    noise = np.random.default_rng(1).normal(0, 0.1, samples.size).astype(np.float32)
    for word in late:
        a, b = int(word.start * RATE), int(word.end * RATE)
        samples[a:b] = noise[a:b]
    start = int(1.1 * RATE)
    samples[start : start + int(0.45 * RATE)] = hum(0.45)
    sound = hear([samples])
    speech = map_speech(sound, np.ones(sound.level.size, np.float32))
    fillers = find_fillers(late, lexicon("en"), 0.9, sound, speech)[1]
    assert [filler.evidence for filler in fillers] == ["hum in a gap between words"]
    assert abs(float(fillers[0].start) - 1.1) < 0.04
    assert abs(float(fillers[0].end) - 1.55) < 0.04
    assert fillers[0].first_word is None
