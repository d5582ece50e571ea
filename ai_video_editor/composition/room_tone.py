"""Room tone: the recording's own quiet, taken from its pauses, to lie where there would be none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.composition.samples import SAMPLE_RATE, Samples, crossed, nothing
from ai_video_editor.composition.sound_reading import Sound
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import SourceSpan

_MARGIN = 0.08
"""Seconds left out at either side of a pause: the last of one word, the breath before the next."""

_SHORTEST = 0.2
"""Seconds: of less a loop would be heard as a flutter."""

_LONGEST = 1.5
"""Seconds taken of one pause."""

_PAUSES = 6
_NEAR = 300
"""Seconds behind the first pause up to which others are taken: one short reading finds them."""

_FRAME = SAMPLE_RATE // 50
_STEADY = 4.0
"""dB over the quiet up to which a moment still is the room and not a breath or a chair."""

_AUDIBLE = 10 ** (-90 / 20)
"""Full scale; what is quieter was recorded by nobody: a gate or an editor put it there."""

_LEAST_AUDIBLE = 0.8
"""Share of the pauses that must be above it: a gated recording is silent in its pauses on
purpose, and has no room to give."""

_CROSSFADE = SAMPLE_RATE * 3 // 100


class RoomTones:
    """The room tone of each input, looped, taken when it is first asked for.

    Args:
        sound: the inputs' sound.
        audio: what was heard; without it, or where music plays, there is no tone.
    """

    def __init__(self, sound: Sound, audio: AudioAnalysis | None) -> None:
        """Take nothing yet."""
        self._sound = sound
        self._pauses: dict[int, list[SourceSpan]] = {}
        if audio is not None and audio.kind not in ("music", "mixed", "none"):
            for pause in audio.pauses:
                self._pauses.setdefault(pause.input, []).append(pause)
        self._tones: dict[int, Samples] = {}

    def level(self, number: int) -> float:
        """RMS of an input's tone, full scale 1; 0 where it has none."""
        tone = self._of(number)
        return float(np.sqrt(np.mean(tone**2))) if len(tone) else 0.0

    def at(self, number: int, film: int, count: int) -> Samples:
        """`count` samples of an input's tone to lie at a film sample; silence where it has none.

        The loop runs on the film's clock, so that it goes on from one piece into the next.
        """
        tone = self._of(number)
        if not len(tone):
            return nothing(count)
        here: Samples = tone[np.arange(film, film + count) % len(tone)]
        return here

    def _of(self, number: int) -> Samples:
        if number not in self._tones:
            self._tones[number] = _looped(self._quiet(number))
        return self._tones[number]

    def _quiet(self, number: int) -> list[Samples]:
        spans = [
            (round(start * SAMPLE_RATE), round((end - start) * SAMPLE_RATE))
            for start, end in _best(self._pauses.get(number, ()))
        ]
        if not spans:
            return []
        with self._sound.reader(number, spans[0][0]) as reader:
            if not reader.has_sound:
                return []
            return _steady([reader.read(start, count) for start, count in spans])


def _best(pauses: Sequence[SourceSpan]) -> list[tuple[float, float]]:
    """The longest pauses without their edges, in the recording's order."""
    found = [(float(p.start) + _MARGIN, float(p.end) - _MARGIN) for p in pauses]
    found = [(start, end) for start, end in found if end - start >= _SHORTEST]
    first = min((start for start, _ in found), default=0.0)
    near = [one for one in found if one[0] < first + _NEAR]
    found = sorted(near, key=lambda one: one[0] - one[1])[:_PAUSES]
    middles = [((start + end) / 2, min(end - start, _LONGEST) / 2) for start, end in sorted(found)]
    return [(middle - half, middle + half) for middle, half in middles]


def _steady(parts: Sequence[Samples]) -> list[Samples]:
    """The stretches in which only the room is heard, none louder than its quiet."""
    levels = [_levels(part) for part in parts]
    together = np.concatenate([np.zeros(0), *levels])
    if not together.size or float(np.mean(together > _AUDIBLE)) < _LEAST_AUDIBLE:
        return []
    floor = float(np.percentile(together, 30))
    stretches = []
    for part, level in zip(parts, levels, strict=True):
        quiet = np.concatenate(([0], (level < floor * 10 ** (_STEADY / 20)).astype(int), [0]))
        edges = np.flatnonzero(np.diff(quiet))
        for start, end in zip(edges[::2] * _FRAME, edges[1::2] * _FRAME, strict=True):
            stretch = part[start:end]
            if end - start >= _SHORTEST * SAMPLE_RATE:
                loud = float(np.sqrt(np.mean(stretch**2)))
                stretches.append(stretch * np.float32(min(1.0, floor / loud)))
    return stretches


def _levels(part: Samples) -> NDArray[np.float64]:
    frames = len(part) // _FRAME
    power = np.mean(part[: frames * _FRAME].reshape(frames, -1).astype(float) ** 2, axis=1)
    levels: NDArray[np.float64] = np.sqrt(power)
    return levels


def _looped(stretches: Sequence[Samples]) -> Samples:
    """Stretches joined, and the end into the beginning, with crossfades."""
    if not stretches:
        return nothing()
    tone = stretches[0]
    for stretch in stretches[1:]:
        tone = _joined(tone, stretch)
    around = _joined(tone, tone[: 2 * _CROSSFADE])
    # The loop begins behind its own beginning, which has gone into the end.
    return around[_CROSSFADE : len(tone)].copy()


def _joined(before: Samples, after: Samples) -> Samples:
    middle = crossed(before[-_CROSSFADE:], after[:_CROSSFADE])
    return np.concatenate([before[:-_CROSSFADE], middle, after[_CROSSFADE:]])
