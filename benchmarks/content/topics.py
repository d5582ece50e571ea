"""Where topics begin in a lesson whose author marked them, against where chapters would."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pysubs2

from ai_video_editor.content.analyzer import ContentAnalyzer, ContentFindings
from ai_video_editor.context.audio import AudioAnalysis, Pause, Sentence, Word
from ai_video_editor.context.inputs import UserPreferences, VideoMetadata
from ai_video_editor.timebase import SourceTime, source_time

LESSON = Path(__file__).with_name("lesson.srt")
CLOSE = 7.0
"""Seconds by which a border may miss the author's: one short sentence."""


@dataclass(frozen=True)
class Borders:
    """Borders of topics, the start of the film left out.

    Attributes:
        hits: the author's borders that were found.
        missed: those that were not.
        extra: borders where the author has none.
    """

    hits: int
    missed: int
    extra: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        wrong = self.missed + self.extra
        return 1.0 if not wrong else 2 * self.hits / (2 * self.hits + wrong)


def starts(path: Path = LESSON) -> list[float]:
    """Where the author's topics begin, seconds; the first is the start of the talk."""
    truth = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    return [float(start) for start in truth["starts"]]


def heard(path: Path = LESSON) -> AudioAnalysis:
    """A subtitle file as if it had been recognised: a sentence a line, words of equal length."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    pauses: list[Pause] = []
    for line in pysubs2.load(str(path)):
        start, end = Fraction(line.start, 1000), Fraction(line.end, 1000)
        texts = line.plaintext.split()
        step = (end - start) / max(1, len(texts))
        if sentences and start > sentences[-1].end:
            pauses.append(Pause(start=sentences[-1].end, end=source_time(start), kind="beat"))
        first = len(words)
        words += [
            Word(start=start + n * step, end=start + (n + 1) * step, text=text, confidence=0.95)
            for n, text in enumerate(texts)
        ]
        sentences.append(
            Sentence(
                start=start, end=end, text=line.plaintext, first_word=first, last_word=len(words),
                question=line.plaintext.endswith("?"), confidence=0.95,
            )
        )  # fmt: skip
    return AudioAnalysis(
        engine="imported", language="en", quality=0.95, words=tuple(words),
        sentences=tuple(sentences), pauses=tuple(pauses),
    )  # fmt: skip


def understood(audio: AudioAnalysis, name: str = "lesson") -> ContentFindings:
    """What the whole content analysis makes of it, without a picture."""
    end = audio.sentences[-1].end if audio.sentences else SourceTime(Fraction(0))
    metadata = VideoMetadata(
        duration=end,
        file_size=1,
        format="mov",
        width=1920,
        height=1080,
        frame_rate="25/1",
        has_audio=True,
        has_video=False,
        name=name,
    )
    return ContentAnalyzer().analyze(audio, None, (), metadata, UserPreferences())


def compared(found: Sequence[float], true: Sequence[float]) -> Borders:
    """Borders against the author's; each explains one at most."""
    left = sorted(found)
    hits = 0
    for border in sorted(true):
        near = [time for time in left if abs(time - border) <= CLOSE]
        if near:
            left.remove(min(near, key=lambda time: abs(time - border)))
            hits += 1
    return Borders(hits, len(true) - hits, len(left))
