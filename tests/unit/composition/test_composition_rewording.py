"""Captions read as if the fillers had never been said."""

from __future__ import annotations

from ai_video_editor.composition.captions import captions_of
from ai_video_editor.context.audio import AudioAnalysis, Sentence, Word
from ai_video_editor.context.plan import AIDirectorPlan, Kept
from ai_video_editor.timebase import source_time

FILLERS = {"um,", "uh,", "so,", "like,"}


def captioned(*sentences: str) -> str:
    words: list[Word] = []
    found: list[Sentence] = []
    kept: list[Kept] = []
    for sentence in sentences:
        first = len(words)
        for text in sentence.split():
            start = 0.4 * len(words)
            filler = text.lower() in FILLERS
            words.append(
                Word(
                    text=text, start=source_time(start), end=source_time(start + 0.4),
                    confidence=0.9, filler=filler,
                )
            )  # fmt: skip
            if not filler:
                kept.append(Kept(input=0, start=words[-1].start, end=words[-1].end))
        found.append(
            Sentence(
                start=words[first].start, end=words[-1].end, text=sentence, first_word=first,
                last_word=len(words), confidence=0.9,
            )
        )  # fmt: skip
    audio = AudioAnalysis(
        engine="whisper", language="en", quality=0.9, words=tuple(words), sentences=tuple(found)
    )
    plan = AIDirectorPlan(director="rules", film_frame_rate="25/1", inputs=(), kept=tuple(kept))
    return " ".join(line for caption in captions_of(plan, audio) for line in caption.lines)


def test_the_comma_that_set_a_filler_off_goes_with_it() -> None:
    assert captioned("We talk about, um, compound interest.") == "We talk about compound interest."


def test_a_comma_of_the_sentence_stays() -> None:
    assert captioned("Number two, like, automate it.") == "Number two, automate it."


def test_a_sentence_that_began_with_a_filler_begins_with_a_capital() -> None:
    assert captioned("Hello.", "So, um, what is it?") == "Hello. What is it?"
