"""The two sets: talks with everything planted that an editor looks for, and fresh sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from benchmarks.speech.recordings import VOICES, Planted, Recording, Said, Tape, on_sound, voice_of
from benchmarks.speech.sentences import sentences, with_filler

NOISES = (-60.0, -46.0)
"""Levels of white noise, dBFS RMS: a quiet room and a bad microphone (speech is at about -22)."""

_TALKS = 12
"""Of the planted set; each lasts a little over a minute."""

_SECONDS = 70.0

_PATTERN = (
    "filler", "plain", "retake", "filler", "question", "filler", "number", "filler", "filler",
)  # fmt: skip
"""What the utterances of a talk are, over and over."""


def planted_set(quick: bool = False) -> Iterator[Recording]:
    """Talks in four voices and two noise levels.

    Args:
        quick: two talks instead of twelve.
    """
    for number in range(2 if quick else _TALKS):
        voice = VOICES[number % len(VOICES)]
        noise = NOISES[(number // len(VOICES) + number) % len(NOISES)]
        yield _talk(number, voice, noise)


def fresh_set(quick: bool = False) -> Iterator[Recording]:
    """Short recordings of under 26 s, then long ones of 60 to 120 s.

    Args:
        quick: five and one instead of twenty-one and six.
    """
    rng = random.Random(20_240)
    for number in range(5 if quick else 21):
        yield _fresh(f"short-{number:02}", VOICES[number % 4], rng, rng.uniform(9, 24))
    for number in range(1 if quick else 6):
        yield _fresh(f"long-{number:02}", VOICES[number % 4], rng, rng.uniform(64, 112))


def _fresh(name: str, voice: str, rng: random.Random, seconds: float) -> Recording:
    tape = Tape(voice, rng.uniform(0.92, 1.1), np.random.default_rng(rng.getrandbits(32)))
    tape.silence(rng.uniform(0.3, 0.8))
    fillers: list[Planted] = []
    while tape.seconds < seconds - 4:
        pattern = rng.choices(("templates", "numbers", "questions"), (7, 2, 1))[0]
        try:
            text = sentences().make(rng, pattern)
            if rng.random() < 0.45:
                _say_with_filler(tape, text, rng, fillers)
            else:
                tape.say(text)
        except ValueError:  # flite spells a letter that stands alone
            continue
        tape.silence(rng.uniform(0.25, 1.6))
    recording = tape.finish(name, -60.0)
    recording.fillers = fillers
    return recording


def _talk(number: int, voice: str, noise: float) -> Recording:
    rng = random.Random(7_000 + number)
    tape = Tape(voice, rng.uniform(0.94, 1.08), np.random.default_rng(number))
    tape.silence(0.6)
    found: dict[str, list[Planted]] = {
        key: [] for key in ("fillers", "pauses", "retakes", "numbers", "disclaimers", "deliberate")
    }
    turn = 0
    while tape.seconds < _SECONDS:
        kind = _PATTERN[turn % len(_PATTERN)]
        try:
            _utter(tape, kind, rng, found)
        except ValueError:  # flite spells a letter that stands alone
            continue
        begin = tape.seconds
        long = turn % 3 != 1 or kind == "question"
        tape.silence(rng.uniform(0.9, 1.9) if long else rng.uniform(0.3, 0.6))
        gap = Planted(begin, tape.seconds)
        found["pauses"].append(gap)
        if kind == "question":
            found["deliberate"].append(gap)
        turn += 1
    _say(tape, sentences().make(rng, "disclaimers"), found["disclaimers"])
    tape.silence(0.9)
    recording = tape.finish(f"talk-{number:02}-{voice}", noise)
    recording.fillers = found["fillers"]
    recording.retakes = found["retakes"]
    recording.numbers = found["numbers"]
    recording.disclaimers = found["disclaimers"]
    recording.pauses = [on_sound(recording, pause) for pause in found["pauses"]]
    recording.deliberate = [on_sound(recording, pause) for pause in found["deliberate"]]
    return recording


def _utter(tape: Tape, kind: str, rng: random.Random, found: dict[str, list[Planted]]) -> None:
    if kind == "filler":
        _say_with_filler(tape, sentences().make(rng), rng, found["fillers"], twice=True)
    elif kind == "number":
        _say(tape, sentences().make(rng, "numbers"), found["numbers"])
    elif kind == "question":
        tape.say(sentences().make(rng, "questions"))
    elif kind == "retake":
        _begin_again(tape, rng, found)
    else:
        tape.say(sentences().make(rng))


def _say(tape: Tape, text: str, into: list[Planted]) -> None:
    words = tape.say(text)
    into.append(Planted(words[0].start, words[-1].end, text))


def _say_with_filler(
    tape: Tape, text: str, rng: random.Random, into: list[Planted], twice: bool = False
) -> None:
    """A sentence with a filler in it, and with `twice` often another in front."""
    count = len(text.split())
    filler = sentences().filler(rng)
    place = rng.randrange(1, count) if rng.random() < 0.65 else 0
    spans = [(place, filler)]
    said = with_filler(text, filler, place)
    if twice and place > 1 and rng.random() < 0.7:
        first = rng.choice(("um", "uh"))
        said = with_filler(said, first, 0)
        spans = [(0, first), (place + 1, filler)]
    words = tape.say(said)
    into.extend(_event(words, at, what) for at, what in spans)


def _event(words: list[Said], first: int, filler: str) -> Planted:
    inside = words[first : first + len(filler.split())]
    return Planted(inside[0].start, inside[-1].end, filler)


def _begin_again(tape: Tape, rng: random.Random, found: dict[str, list[Planted]]) -> None:
    """A sentence broken off, or said to its end, and then again."""
    while True:
        text = sentences().make(rng)
        words = text.split()
        if len(words) >= 7:
            break
    broken = rng.random() < 0.7
    head = (
        " ".join(words[: rng.randint(4, len(words) - 2)]).rstrip(".,!?") + "," if broken else text
    )
    voice_of(tape.voice).say(text)
    first = tape.say(head)
    end = first[-1].end
    begin = tape.seconds
    tape.silence(rng.uniform(0.5, 1.1))
    found["pauses"].append(Planted(begin, tape.seconds))
    if rng.random() < 0.6:
        end = tape.say(sentences().make(rng, "restarts"))[-1].end
        begin = tape.seconds
        tape.silence(rng.uniform(0.4, 0.8))
        found["pauses"].append(Planted(begin, tape.seconds))
    found["retakes"].append(Planted(first[0].start, end, head))
    tape.say(text)
