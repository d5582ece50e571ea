"""Whether the words at the cuts can be understood in the film: they are recognised once more.

The same recogniser hears the finished film around its most endangered cuts, and what it hears is
held against what the plan keeps there. It errs now and then, so single misses are no failure.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.composition.captions import FilmWord, words_on_film
from ai_video_editor.context.outputs import Check
from ai_video_editor.errors import EditorError, RunInterruptedError
from ai_video_editor.media.audio import RATE
from ai_video_editor.media.ffmpeg import stream
from ai_video_editor.progress import silent
from ai_video_editor.timebase import SourceTime, TimeRange
from ai_video_editor.verification.measurement import film_input
from ai_video_editor.verification.subject import Subject, check, skipped

HearAgain = Callable[[], Transcriber]
"""Gives the recogniser that wrote the words."""

MOST_CUTS = 10
"""Cuts that are heard again: those whose words stand nearest, about a minute and a half of film."""

_AROUND = Fraction(9, 2)
"""Seconds of film that are heard before and after a cut: a recogniser needs a sentence."""

_BESIDE = 2
"""Words on either side of a cut that are looked for."""

_APART = RATE
"""Samples of silence between two places."""

UNDERSTOOD = 0.75
"""Share of the words that must be recognised again. On untouched films the recognisers reached
0.9 and more; half of the words clipped at the cuts gives under 0.6."""

_SAME = 0.7
"""Likeness of two spellings of one word."""


@dataclass(frozen=True)
class _Place:
    """A cut that is heard again: a window of the film, its words, and those beside the cut.

    Attributes:
        start: of the window, seconds of the film.
        end: the same.
        said: words that the plan keeps in it.
        beside: which of them stand beside the cut.
    """

    start: Fraction
    end: Fraction
    said: tuple[FilmWord, ...]
    beside: tuple[int, ...]


def checks(subject: Subject) -> list[Check]:
    """The words at the cuts, recognised again."""
    audio, name = subject.audio, "words_at_cuts"
    if subject.hear_again is None or subject.film is None or audio is None:
        return [skipped(name, subject.not_heard or "nobody can hear the film again")]
    if not audio.printable:
        return [skipped(name, "the words themselves are too doubtful")]
    places = _places(subject)
    if not places:
        return [skipped(name, "no words stand at a cut")]
    try:
        heard = _heard(subject.film, places, subject.hear_again(), subject.timeout)
    except RunInterruptedError:
        raise
    except (EditorError, OSError) as error:
        return [skipped(name, f"the film could not be heard again: {error}")]
    wanted = sum(len(place.beside) for place in places)
    missing = [
        word for place, words in zip(places, heard, strict=True) for word in _missing(place, words)
    ]
    named = ", ".join(f"{float(word.start):.1f} s ({word.text})" for word in missing[:6])
    return [
        check(
            name, wanted, wanted - len(missing), wanted - len(missing) >= UNDERSTOOD * wanted,
            unit=f"words recognised beside {len(places)} cuts",
            reason=f"Words at cuts were not understood in the film: {named}.",
        )
    ]  # fmt: skip


def _places(subject: Subject) -> list[_Place]:
    words = words_on_film(subject.plan, subject.audio)
    film = subject.duration
    found: list[tuple[Fraction, _Place]] = []
    for piece in subject.time_map.pieces[1:]:
        cut = subject.time_map.rate.time_of(piece.film_frame)
        after = next((n for n, word in enumerate(words) if word.start + word.end > 2 * cut), None)
        if after is None:
            after = len(words)
        near = range(max(0, after - _BESIDE), min(len(words), after + _BESIDE))
        near_words = [n for n in near if abs(words[n].start - cut) < _AROUND - 1]
        if not near_words:
            continue
        inside = [
            n for n, word in enumerate(words)
            if cut - _AROUND < word.start and word.end < cut + _AROUND
        ]  # fmt: skip
        first, last = inside[0], inside[-1]
        start = _between(words[first - 1].end if first else Fraction(0), words[first].start)
        following = words[last + 1].start if last + 1 < len(words) else film
        end = _between(words[last].end, following)
        gap = min(abs(words[n].end - cut if n < after else words[n].start - cut)
                  for n in near_words)  # fmt: skip
        place = _Place(
            start, end, tuple(words[first : last + 1]), tuple(n - first for n in near_words)
        )
        found.append((Fraction(gap), place))
    nearest = sorted(found, key=lambda one: one[0])[:MOST_CUTS]
    return sorted((place for _, place in nearest), key=lambda place: place.start)


def _between(before: Fraction, after: Fraction) -> Fraction:
    """The middle of a pause, at most a second from the word that is wanted."""
    return max(min((before + after) / 2, before + 1), after - 1)


def _heard(
    film: Path, places: Sequence[_Place], transcriber: Transcriber, timeout: float
) -> list[list[str]]:
    """The words that are recognised in each place's window."""
    with TemporaryDirectory() as folder:
        wav = Path(folder) / "cuts.wav"
        spans: list[TimeRange[SourceTime]] = []
        with wave.open(str(wav), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            position = 0
            for place in places:
                samples = _samples(film, place, timeout)
                begin, length = position + _APART, len(samples)
                sound.writeframes(bytes(2 * _APART) + samples.tobytes())
                position = begin + length
                spans.append(
                    TimeRange(
                        SourceTime(Fraction(begin, RATE)), SourceTime(Fraction(position, RATE))
                    )
                )
            sound.writeframes(bytes(2 * _APART))
        transcript = transcriber.transcribe(wav, spans, silent)
    found: list[list[str]] = [[] for _ in places]
    for word in transcript.words:
        middle = (word.start + word.end) / 2
        for span, words in zip(spans, found, strict=True):
            if span.start - Fraction(1, 2) <= middle < span.end + Fraction(1, 2):
                words.append(_plain(word.text))
                break
    return found


def _samples(film: Path, place: _Place, timeout: float) -> np.ndarray:
    arguments = [
        *(["-ss", f"{float(place.start):.6f}"] if place.start else []), *film_input(film),
        "-map", "0:a:0", "-t", f"{float(place.end - place.start):.6f}",
        "-ar", str(RATE), "-ac", "1", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1",
    ]  # fmt: skip
    with stream(arguments, timeout=timeout, what=film.name) as pipe:
        data = pipe.read()
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _missing(place: _Place, heard: Sequence[str]) -> list[FilmWord]:
    """Words beside the cut that were not recognised where they belong."""
    said = [_plain(word.text) for word in place.said]
    known: set[int] = set()
    for tag, a, b, c, d in SequenceMatcher(None, said, list(heard), autojunk=False).get_opcodes():
        if tag == "equal":
            known |= set(range(a, b))
        elif tag == "replace":
            known |= {n for n in range(a, b) if _like_any(said[n], heard[c:d])}
    return [place.said[n] for n in place.beside if n not in known and said[n]]


def _like_any(word: str, others: Sequence[str]) -> bool:
    whole = "".join(others)
    return (len(word) > 2 and word in whole) or any(
        SequenceMatcher(None, word, other).ratio() >= _SAME for other in others
    )
