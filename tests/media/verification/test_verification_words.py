"""The film is heard once more where it is cut, and a film that lost words does not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.audio.transcription.engine import Transcript
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.outputs import Check
from ai_video_editor.errors import UnavailableError
from ai_video_editor.progress import Report
from ai_video_editor.timebase import SourceTime, TimeRange, source_time
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Rendered, Studio, counter

SAID = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
KEPT = [(0, 0.0, 2.05), (0, 2.85, 5.6), (0, 7.0, 9.0)]


def heard(quality: float = 0.9, engine: str = "whisper") -> AudioAnalysis:
    words = tuple(
        Word(text=text, start=source_time(0.1 + 0.7 * n), end=source_time(0.6 + 0.7 * n),
             confidence=0.9)
        for n, text in enumerate(SAID)
    )  # fmt: skip
    return AudioAnalysis(engine=engine, language="en", quality=quality, words=words)


@dataclass
class Listener:
    """Hears the same words in every span, evenly spread."""

    says: Sequence[Sequence[str]]
    name: str = "whisper"
    language: str | None = "en"

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        words = []
        for span, said in zip(spans, self.says, strict=True):
            step = span.duration / max(1, len(said))
            for number, text in enumerate(said):
                start = span.start + number * step
                words.append(
                    Word(text=text, start=SourceTime(start),
                         end=SourceTime(start + step * Fraction(1, 2)), confidence=0.9)
                )  # fmt: skip
        return Transcript(tuple(words), "en", 0.9)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("words")
    clip = counter(folder / "clip.mp4", seconds=9)
    return Studio(folder).render([clip], KEPT, audio=heard())


def line(film: Rendered, audio: AudioAnalysis, listener: Listener | None, why: str = "") -> Check:
    verification = verify(
        film.film, film.plan, film.composed, files=film.files, audio=audio,
        hear_again=None if listener is None else lambda: listener, not_heard=why,
    )  # fmt: skip
    return next(check for check in verification.checks if check.name == "words_at_cuts")


KEPT_WORDS = ["one", "two", "three", "five", "six", "seven", "eight", "eleven", "twelve"]


def test_words_that_are_understood_again_pass(film: Rendered) -> None:
    found = line(film, heard(), Listener([KEPT_WORDS, KEPT_WORDS]))
    assert (found.state, found.expected, found.measured) == ("passed", 8, 8)


def test_words_that_are_gone_at_a_cut_fail_and_are_named(film: Rendered) -> None:
    found = line(film, heard(), Listener([["one", "two", "six", "seven"], ["twelve"]]))
    assert found.state == "failed"
    assert "five" in found.reason and "three" in found.reason


def test_a_spelling_that_differs_is_the_same_word(film: Rendered) -> None:
    other = ["One,", "two", "three", "fives", "six", "sevens", "eight", "eleven", "twelfe"]
    assert line(film, heard(), Listener([other, other])).state == "passed"


def test_doubtful_words_are_not_looked_for(film: Rendered) -> None:
    found = line(film, heard(quality=0.4), Listener([[], []]))
    assert (found.state, found.reason) == ("skipped", "the words themselves are too doubtful")


def test_why_nobody_hears_again_is_told(film: Rendered) -> None:
    found = line(film, heard(), None, "the words are from a transcript that was given")
    assert found.state == "skipped" and "transcript" in found.reason


def test_a_recogniser_that_fails_skips_the_line(film: Rendered) -> None:
    class Broken(Listener):
        def transcribe(
            self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
        ) -> Transcript:
            raise UnavailableError("the model is gone")

    found = line(film, heard(), Broken([]))
    assert found.state == "skipped" and "the model is gone" in found.reason
