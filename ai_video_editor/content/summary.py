"""A paragraph in the speaker's own sentences that says what the recording is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import sqrt

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import KeyConcept
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.transcript import (
    PrintedSentence,
    is_housekeeping,
    printed_sentences,
    punctuated,
    stands_alone,
)

LONGEST = 240
"""Characters of one sentence; longer ones are passages."""
SHORT_TALK, LONG_TALK = 180.0, 600.0
"""Seconds of speech up to which two sentences are enough, and from which four are wanted."""
SAME = 0.6
"""Shared words from which on a sentence repeats one that was chosen already."""
_EXPLETIVE = re.compile(r"^(?:it is|it's) (?:high )?(?:time|important|clear|true|best) ", re.I)
_ANNOUNCES = re.compile(r"\b(?:going to|will|gonna) (?:talk|show|look|learn|explain)\b", re.I)
_HANGS = re.compile(r"\b(?:the|a|an|of|to|and|or|but|that|one|two|following)[.]?$", re.I)


def summarised(audio: AudioAnalysis, concepts: Sequence[KeyConcept]) -> str:
    """Two to four sentences that say most about the concepts, in their order; may be empty.

    Args:
        audio: words and sentences.
        concepts: most central first.
    """
    if not audio.printable:
        return ""
    sentences = printed_sentences(audio)
    if not sentences:
        return ""
    ended = punctuated(audio)
    stems = [{wording.root(t) for t in wording.tokens(c.phrase)} for c in concepts[:6]]
    scored = [
        (_value(text, stems, at / len(sentences)), -at, text)
        for at, printed in enumerate(sentences)
        if (text := _fit(printed, audio.print_threshold, ended))
    ]
    spoken = float(sentences[-1].sentence.end - sentences[0].sentence.start)
    wanted = 2 if spoken < SHORT_TALK else 3 if spoken < LONG_TALK else 4
    chosen: list[tuple[int, str]] = []
    for value, place, text in sorted(scored, reverse=True):
        fresh = all(wording.overlap(text, other) < SAME for _, other in chosen)
        if value > 0 and fresh and len(chosen) < wanted:
            chosen.append((-place, text))
    return " ".join(text for _, text in sorted(chosen))


def _value(text: str, stems: Sequence[set[str]], place: float) -> float:
    inside = set(wording.content_words(text))
    value = float(sum((6 - rank) for rank, stem in enumerate(stems) if stem <= inside))
    # What is central is said early or at the end; dense sentences say more than long ones.
    value *= 1.15 if place < 0.2 or place > 0.85 else 1.0
    value *= 0.4 if _ANNOUNCES.search(text) else 1.0
    return value / sqrt(max(1.0, len(wording.tokens(text)) / 14))


def _fit(printed: PrintedSentence, threshold: float, ended: bool) -> str:
    """The sentence as it may stand in a paragraph, or nothing."""
    text = wording.without_opener(printed.text)
    words = wording.tokens(text)
    if printed.confidence < threshold or is_housekeeping(text) or len(text) > LONGEST:
        return ""
    if ended:
        good = printed.complete and not text.endswith("?") and len(text) <= 160
        return text if good and stands_alone(text) else ""
    # Without punctuation a breath is taken for a sentence, where a verb is in it.
    text = re.sub(r"^(?:\d|one|two|three) (?=(?:it|the|we|you) )", "", text, flags=re.I)
    text = wording.sentence_case(text).rstrip(",;:")
    verbs = lexicon.words("verbs") | {"is", "are", "was", "were", "has", "have", "can", "will"}
    whole = any(word.lower() in verbs for word in words[1:]) and not printed.sentence.question
    opening = " ".join(wording.tokens(text)[:8])
    alone = bool(_EXPLETIVE.match(text)) or stands_alone(opening)
    begins_well = not re.match(r"^(?:is|are|was|does|do|this|these|that)\b", text, re.I)
    long_enough = 6 <= len(words) <= 45
    return (
        f"{text}."
        if whole and alone and begins_well and long_enough and not _HANGS.search(text)
        else ""
    )
