"""How something was said: loudness, pitch and pace, and what stands out for this speaker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ai_video_editor.audio.sound import SILENCE, Sound, row_at
from ai_video_editor.context.audio import Sentence

_FEWEST = 4
"""Sentences a speaker must have said before one of them can stand out."""

_SHORTEST = 0.3
"""Seconds under which a rate means nothing."""

_WEIGHTS = {"loudness": 0.4, "pitch": 0.25, "range": 0.25, "slow": 0.1}
"""Stress in English is first loudness and length, then pitch (Kochanski et al. 2005, JASA 118)."""


def measured(sentences: Sequence[Sentence], sound: Sound) -> list[Sentence]:
    """Sentences of one input with loudness, pitch and rate.

    Args:
        sentences: of the input.
        sound: its rows.
    """
    return [_measured(sentence, sound) for sentence in sentences]


def with_emphasis(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Measured sentences with how much each stands out against the others.

    Args:
        sentences: of all inputs.
    """
    if len(sentences) < _FEWEST:
        return list(sentences)
    marks = (
        _WEIGHTS["loudness"] * _standing([s.loudness for s in sentences])
        + _WEIGHTS["pitch"] * _standing([s.pitch for s in sentences], logarithm=True)
        + _WEIGHTS["range"] * _standing([s.pitch_range for s in sentences])
        - _WEIGHTS["slow"] * _standing([s.rate for s in sentences])
    )
    return [
        sentence.model_copy(update={"emphasis": round(float(1 / (1 + np.exp(-2.2 * mark))), 3)})
        for sentence, mark in zip(sentences, marks, strict=True)
    ]


def _measured(sentence: Sentence, sound: Sound) -> Sentence:
    rows = slice(row_at(float(sentence.start)), row_at(float(sentence.end)))
    level, pitch = sound.level[rows], sound.pitch[rows]
    seconds = float(sentence.end - sentence.start)
    update: dict[str, float | None] = {}
    if level.size:
        power = float(np.mean(10 ** (level / 10)))
        update["loudness"] = round(max(SILENCE, 10 * float(np.log10(max(power, 1e-12)))), 2)
    voiced = pitch[pitch > 0]
    if voiced.size >= 5:
        update["pitch"] = round(float(np.median(voiced)), 1)
        # octave slips of the estimator are outside an octave around the median
        near = voiced[(voiced > np.median(voiced) / 1.9) & (voiced < np.median(voiced) * 1.9)]
        low, high = np.percentile(near, [10, 90])
        update["pitch_range"] = round(float(12 * np.log2(high / low)), 2)
    if seconds >= _SHORTEST:
        update["rate"] = round((sentence.last_word - sentence.first_word) * 60 / seconds, 1)
    return sentence.model_copy(update=update)


def _standing(values: Sequence[float | None], *, logarithm: bool = False) -> np.ndarray:
    """How many spreads each value lies above the middle, held to three; 0 where unknown."""
    numbers = np.array([np.nan if value is None else value for value in values], float)
    if logarithm:
        numbers = np.log2(np.maximum(numbers, 1e-6))
    known = numbers[~np.isnan(numbers)]
    if known.size < _FEWEST:
        return np.zeros(len(values))
    middle = float(np.median(known))
    spread = max(1.4826 * float(np.median(np.abs(known - middle))), 1e-3 + 0.02 * abs(middle))
    return np.clip(np.nan_to_num((numbers - middle) / spread), -3, 3)
