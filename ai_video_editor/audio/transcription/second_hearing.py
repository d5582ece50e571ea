"""Where a first hearing is in doubt, what is heard again, and at what price.

A decoder loses the thread in two ways: it passes over a phrase, which leaves voice without words,
and it guesses, which leaves words of low probability. Both are seen without knowing the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from ai_video_editor.audio.transcription.engine import decode_windows
from ai_video_editor.context.audio import Word
from ai_video_editor.timebase import SourceTime, TimeRange, subtract

_DOUBTFUL = 0.5
"""A word under this probability counts as a guess."""

_GUESSES = 0.15
"""Share of guesses from which a stretch is heard a second time, in halves."""

_WORTH_HALVING = 8
HOPELESS = 0.45
"""Seconds a stretch has at least for that, and the quality under which it would not help."""

_SURER = 0.02
"""How much better the second hearing must be to be taken."""

_UNWRITTEN = Fraction(35, 100)
_SLIVER = Fraction(1, 10)
"""Seconds of voice without a word from which a phrase is heard again; shorter pieces of it than
the second are the recogniser's times being off."""

_EDGE = Fraction(14, 100)
"""Seconds of silence around a phrase that is heard alone: phrases are parted by twice as much."""

_LEAST_CONTEXT = 10
"""Seconds the encoder is given in a second hearing at least: with much less published models lose
their footing (whisper.cpp, `audio_ctx`)."""


@contextmanager
def narrowed(pipeline: Any) -> Iterator[None]:
    """Let faster-whisper's batched pipeline encode no more than the sound there is.

    It fills every stretch up to 30 s with silence, and encoding that is most of the work for a
    phrase of 4 s. For a first hearing the silence stays, because models are trained with it; a
    second one is only taken where it comes out better than the first.
    """
    whole = pipeline.forward

    def forward(features: Any, tokenizer: Any, chunks: Any, options: Any) -> Any:
        longest = ceil(max(chunk["duration"] for chunk in chunks)) + 1
        frames = max(longest, _LEAST_CONTEXT) * pipeline.model.frames_per_second
        return whole(np.ascontiguousarray(features[..., :frames]), tokenizer, chunks, options)

    pipeline.forward = forward
    try:
        yield
    finally:
        del pipeline.forward  # the instance's own attribute: the class's method shows again


def quality_of(words: Sequence[Word], written: int) -> float:
    """How far the words can be trusted, 0 to 1.

    Args:
        words: those that are kept.
        written: how many the decoder wrote, loops and all.
    """
    if not words:
        return 0.0
    probabilities = np.array([word.confidence for word in words])
    guesses = float(np.mean(probabilities < _DOUBTFUL))
    kept = len(words) / max(written, len(words))
    return round(float(probabilities.mean()) * (1 - guesses / 2) * kept, 3)


def is_doubtful(said: Sequence[Word], window: TimeRange[SourceTime]) -> bool:
    """Whether so many words of a stretch are guesses that it is worth hearing it in halves."""
    unsure = sum(word.confidence < _DOUBTFUL for word in said)
    return (
        window.duration >= _WORTH_HALVING
        and quality_of(said, len(said)) >= HOPELESS
        and unsure >= _GUESSES * len(said)
    )


def is_better(second: Sequence[Word], first: Sequence[Word]) -> bool:
    """Whether a second hearing of the same stretch is surer and not much shorter."""
    surer = quality_of(second, len(second)) > quality_of(first, len(first)) + _SURER
    return surer and 2 * len(second) > len(first)


def unwritten(
    words: Sequence[Word], spans: Sequence[TimeRange[SourceTime]]
) -> list[TimeRange[SourceTime]]:
    """Stretches of voice that the words do not account for, `_UNWRITTEN` seconds and longer.

    A word accounts for as long as it can last, however long it was stretched.

    Args:
        words: of a window.
        spans: where there is voice in it.
    """
    claimed = []
    for word in words:
        most = Fraction(2 + 3 * sum(map(str.isalnum, word.text)), 20)
        length = min(word.end - word.start, most)
        claimed.append(TimeRange(word.start, SourceTime(word.start + length)))
    free = [part for span in spans for part in subtract(span, claimed)]
    groups = at_pauses([part for part in free if part.duration >= _SLIVER])
    return [
        _range(group)
        for group in groups
        if sum((part.duration for part in group), Fraction(0)) >= _UNWRITTEN
    ]


def phrases_around(
    stretch: TimeRange[SourceTime], groups: Sequence[list[TimeRange[SourceTime]]]
) -> list[TimeRange[SourceTime]]:
    """The phrases that a stretch touches, and one on either side, each padded into its pauses."""
    touched = [i for i, group in enumerate(groups) if _range(group).overlaps(stretch)]
    if not touched:
        return []
    chosen = groups[max(0, touched[0] - 1) : touched[-1] + 2]
    return [window for group in chosen for window in decode_windows(group, 30.0, padding=_EDGE)]


def with_phrases(
    said: Sequence[Word], phrases: Sequence[TimeRange[SourceTime]], found: Sequence[Word]
) -> list[Word]:
    """The words, those of the phrases replaced where hearing them alone has found more."""
    before = [word for word in said if _middle(word) < phrases[0].start]
    after = [word for word in said if _middle(word) >= phrases[-1].end]
    replaced = len(said) - len(before) - len(after)
    if len(found) > replaced and quality_of(found, len(found)) >= HOPELESS:
        return [*before, *found, *after]
    return list(said)


def at_pauses(
    spans: Sequence[TimeRange[SourceTime]], pause: Fraction = Fraction(3, 10)
) -> list[list[TimeRange[SourceTime]]]:
    """Spans in groups that silences of at least `pause` seconds part."""
    groups: list[list[TimeRange[SourceTime]]] = []
    for span in spans:
        if groups and span.start - groups[-1][-1].end < pause:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _range(group: Sequence[TimeRange[SourceTime]]) -> TimeRange[SourceTime]:
    return TimeRange(group[0].start, group[-1].end)


def _middle(word: Word) -> Fraction:
    return (word.start + word.end) / 2
