"""Silences between stretches of speech: how long each is, and whether it was meant."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.audio import Pause, Sentence, Word
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.timebase import SourceTime, TimeRange, merge, source_time

BREATH = Fraction(35, 100)
BEAT = Fraction(8, 10)
"""Seconds: a breath is under the first, a beat up to the second, dead air above."""

SHORTEST = Fraction(12, 100)
"""Seconds: under it lies the closure of a consonant."""

_MEANT = Fraction(3)
"""Seconds: nobody lets a question hang longer on purpose."""

_PUNCH_WORDS = 7
_PUNCH_EMPHASIS = 0.6
_PUNCH_LEAST = Fraction(5, 10)


def find_pauses(
    speech: Sequence[TimeRange[SourceTime]],
    words: Sequence[Word],
    sentences: Sequence[Sentence],
    source_input: int = 0,
) -> list[Pause]:
    """Pauses of one input; no word lies in any.

    Args:
        speech: where voice was found.
        words: of the same input; they count as speech, whatever the detector said.
        sentences: of the same input, with their emphasis.
        source_input: the input's index.
    """
    spoken = merge([*speech, *(word.range for word in words)])
    pauses = []
    for before, after in itertools.pairwise(spoken):
        length = after.start - before.end
        if length < SHORTEST:
            continue
        pauses.append(
            Pause(start=before.end, end=after.start, input=source_input, kind=kind_of(length))
        )
    return with_meaning(pauses, sentences)


def with_meaning(pauses: Sequence[Pause], sentences: Sequence[Sentence]) -> list[Pause]:
    """Pauses of one input with the deliberate ones marked.

    Args:
        pauses: of the input.
        sentences: of the same input, with their emphasis.
    """
    told = []
    for pause in pauses:
        short = pause.end - pause.start <= _MEANT
        reason = _meaning(pause.start, pause.end, sentences) if short else ""
        told.append(pause.model_copy(update={"deliberate": bool(reason), "reason": reason}))
    return told


def kind_of(length: Fraction) -> str:
    """Name of a pause by its length in seconds."""
    if length < BREATH:
        return "breath"
    return "beat" if length <= BEAT else "dead_air"


def _meaning(start: SourceTime, end: SourceTime, sentences: Sequence[Sentence]) -> str:
    """Why a pause was made on purpose; empty where nothing says so."""
    slack = Fraction(15, 100)
    before = next((s for s in reversed(sentences) if s.end <= start + slack), None)
    after = next((s for s in sentences if s.start >= end - slack), None)
    if before is not None and before.question and start - before.end <= slack:
        return "after a question"
    inside = next((s for s in sentences if s.start < start and s.end > end), None)
    if inside is not None or before is None or after is None:
        return ""
    short = after.last_word - after.first_word <= _PUNCH_WORDS
    if end - start >= _PUNCH_LEAST and short and after.emphasis >= _PUNCH_EMPHASIS:
        opens_last = not after.question and before.last_word - before.first_word > _PUNCH_WORDS
        if opens_last and before.text.rstrip("\"'”").endswith((":", "—", "-", "…", ",")):
            return "before a punch line"
        if opens_last and after.text.endswith("!"):
            return "before a punch line"
    return ""


def as_spans(ranges: Sequence[TimeRange[SourceTime]], source_input: int) -> list[SourceSpan]:
    """Ranges of one input as they stand in the context."""
    return [
        SourceSpan(start=source_time(r.start), end=source_time(r.end), input=source_input)
        for r in ranges
    ]
