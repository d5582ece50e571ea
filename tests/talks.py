"""Talks for the tests: transcripts with word times, written as text with marks.

`[1.2]` is a pause of that many seconds; um, uh and you_know are fillers.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

from ai_video_editor.content.analyzer import ContentAnalyzer, ContentFindings
from ai_video_editor.context.audio import AudioAnalysis, Filler, Pause, Sentence, Word
from ai_video_editor.context.inputs import UserPreferences, VideoFile, VideoMetadata
from ai_video_editor.context.video import Shot, VideoAnalysis
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.timebase import SourceTime, source_time

MONEY_TALK = """
Hi everyone, welcome back. So, um, what is compound interest? [0.9] Compound interest is the
eighth wonder of the world. [0.4] It is interest on your interest, and it's incredibly powerful.
[1.6] Let me show you an example. If you invest 500 dollars a month at 7 percent for 30 years,
uh, you end up with more than 600,000 dollars. [1.2] You only put in 180,000 dollars yourself.
Isn't that amazing? [2.0] Now, let's talk about index funds. [0.7] An index fund owns a small
piece of every company in the market. You don't have to pick winners. [1.4] Most fund managers
fail to beat the market, and that is a scary number. The expense ratio of an index fund is often
below 0.1 percent. [2.5] But what about fees? A fee of 2 percent sounds small, you_know, but it
can eat half of your returns over 30 years. [1.0] Fees are the silent killer of your portfolio.
Don't let fees eat your future. [2.2] The biggest mistake is waiting. Start today, even with a
small amount. [1.1] Time in the market beats timing the market. [1.5] Remember, this is not
financial advice, it's for educational purposes. Thanks for watching. [1.0]
"""


def talk(
    text: str, *, quality: float = 0.85, confidence: float = 0.93, start: float = 1.4
) -> tuple[AudioAnalysis, Fraction]:
    """The analysis of a written talk, and its length in seconds."""
    words: list[Word] = []
    fillers: list[Filler] = []
    pauses: list[Pause] = []
    sentences: list[Sentence] = []
    now, first = start, 0
    for token in text.split():
        pause = re.fullmatch(r"\[([\d.]+)\]", token)
        if pause:
            seconds = float(pause[1])
            asked = bool(words) and words[-1].text.endswith("?")
            pauses.append(
                Pause(
                    start=source_time(now),
                    end=source_time(now + seconds),
                    kind="dead_air" if seconds > 0.8 else "beat",
                    deliberate=asked,
                )
            )
            now += seconds
            continue
        filler = token.strip(",.").lower() in {"um", "uh", "you_know"}
        now += 0.3 if filler else 0.03
        before = len(words)
        for part in token.replace("_", " ").split():
            end = now + 0.12 + 0.045 * len(part)
            words.append(
                Word(
                    start=source_time(now),
                    end=source_time(end),
                    text=part,
                    confidence=confidence,
                    filler=filler,
                )
            )
            now = end
        if filler:
            fillers.append(
                Filler(
                    start=words[before].start,
                    end=words[-1].end,
                    text=token.strip(",").replace("_", " "),
                    confidence=0.9,
                    evidence="word list",
                    first_word=before,
                    last_word=len(words),
                )
            )
            now += 0.3
        if token[-1] in ".?!":
            sentences.append(
                Sentence(
                    start=words[first].start,
                    end=words[-1].end,
                    text=" ".join(w.text for w in words[first:]),
                    first_word=first,
                    last_word=len(words),
                    confidence=confidence,
                    question=token.endswith("?"),
                )
            )
            first = len(words)
    analysis = AudioAnalysis(
        engine="imported",
        language="en",
        quality=quality,
        words=tuple(words),
        sentences=tuple(sentences),
        fillers=tuple(fillers),
        pauses=tuple(pauses),
    )
    return analysis, Fraction(round((now + 0.5) * 100), 100)


def from_word_times(path: Path) -> AudioAnalysis:
    """A transcript without punctuation: `[{"words": [{"word", "start", "end", "conf"}]}]`."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    for segment in json.loads(path.read_text()):
        first = len(words)
        words.extend(
            Word(start=w["start"], end=w["end"], text=w["word"], confidence=w["conf"])
            for w in segment["words"]
        )
        sentences.append(
            Sentence(
                start=segment["start"],
                end=segment["end"],
                text=segment["content"],
                first_word=first,
                last_word=len(words),
                confidence=0.9,
            )
        )
    return AudioAnalysis(
        engine="imported",
        language="en",
        quality=0.9,
        words=tuple(words),
        sentences=tuple(sentences),
    )


def film(duration: Fraction, *, name: str = "My Recording", rate: str = "25/1") -> VideoMetadata:
    """What holds for a film of one input."""
    return VideoMetadata(
        duration=duration,
        file_size=1000,
        format="mov",
        width=1280,
        height=720,
        frame_rate=rate,
        has_audio=True,
        has_video=True,
        name=name,
    )


def understood(
    audio: AudioAnalysis | None,
    duration: Fraction,
    *,
    name: str = "My Recording",
    rate: str = "25/1",
    video: VideoAnalysis | None = None,
    shot: str = "talking_head",
) -> tuple[Material, ContentFindings]:
    """A director's material for one input, analysed."""
    seen = video or VideoAnalysis(
        shots=(Shot(start=source_time(0), end=SourceTime(duration), kind=shot),)
    )
    metadata = film(duration, name=name, rate=rate)
    found = ContentAnalyzer().analyze(audio, seen, (), metadata, UserPreferences())
    file = VideoFile(
        sha256="0" * 64,
        name="talk.mp4",
        size=1,
        container="mov",
        duration=duration,
        start_offset=Fraction(0),
    )
    material = Material(
        files=(file,),
        paths=("talk.mp4",),
        metadata=metadata,
        preferences=UserPreferences(),
        audio=audio,
        video=seen,
        highlights=(),
        content_type=found.content_type,
        summary=found.summary,
        concepts=found.concepts,
        themes=found.themes,
        emotions=found.emotions,
    )
    return material, found
