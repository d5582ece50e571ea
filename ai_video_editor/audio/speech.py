"""Where the voice is, to 10 ms: a trained detector finds voice, the level says where it ends.

Silero alone answers every 32 ms, holds on after a word and swallows short pauses; the level alone
takes a slammed door for a word. Together: a region that the detector calls voice is cut and
trimmed where the sound falls to the room's own noise, and grown over the word endings (an *s*,
a breathy vowel) that the detector gives up on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ai_video_editor.audio.sound import SILENCE, STEP, Mask, Row, Sound
from ai_video_editor.timebase import SourceTime, TimeRange, source_time

Runs = list[tuple[int, int]]
"""Half-open ranges of rows."""

_VOICE_ON = 0.5
_VOICE_OFF = 0.3
"""Silero's own threshold, and a lower one to leave: faster-whisper's default is 0.15 less."""

_FLOOR_WINDOW = 10.0
"""Seconds over which the room's noise is looked for."""

_ABOVE_FLOOR = 7.0
"""dB over the room's noise at which something sounds."""

_UNDER_SPEECH = 42.0
"""dB under the speaker's loud moments at which a room without noise falls silent: tails of words
and reverberation end there."""

_SHORTEST_QUIET = 0.09
"""Seconds: a closure of *p*, *t*, *k* is silent for up to 0.08 s and is no pause."""

_LONGEST_TAIL = 0.30
"""Seconds a word ending may sound on after the detector gave up."""

_SHORTEST_VOICE = 0.07
"""Seconds: shorter is a click."""


@dataclass(frozen=True)
class SpeechMap:
    """Where voice is in one recording, on the rows of its `Sound`.

    Attributes:
        voice: runs of rows with voice.
        sounding: rows in which anything is heard over the room's noise.
        floor: the room's noise, dBFS.
        loud: level of the speaker's loud moments, dBFS; `SILENCE` where nobody speaks.
        probability: the detector's answer.
    """

    voice: Runs
    sounding: Mask
    floor: Row
    loud: float
    probability: Row

    @property
    def spans(self) -> list[TimeRange[SourceTime]]:
        """The voice as ranges of source time."""
        return [TimeRange(time_of(start), time_of(end)) for start, end in self.voice]

    @property
    def seconds(self) -> float:
        """How long there is voice."""
        return sum(end - start for start, end in self.voice) * STEP


def time_of(row: int) -> SourceTime:
    """The time of a row boundary."""
    return source_time(Fraction(row, 100))


def runs_of(mask: Mask) -> Runs:
    """The runs of true rows."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def joined(runs: Sequence[tuple[int, int]], gap: int) -> Runs:
    """Runs with those closer than `gap` rows made one."""
    result: Runs = []
    for start, end in runs:
        if result and start - result[-1][1] < gap:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def map_speech(sound: Sound, probability: Row) -> SpeechMap:
    """Find the voice.

    Args:
        sound: the recording's rows.
        probability: of voice in each row, 0 to 1.
    """
    voiced = _hysteresis(probability)
    held = sound.level[voiced & (sound.level > SILENCE)]
    loud = float(np.percentile(held, 95)) if held.size else SILENCE
    floor = noise_floor(sound.level)
    sounding = _over(sound.level, floor, loud) | _over(
        sound.bright, noise_floor(sound.bright), _loud(sound.bright, voiced)
    )
    quiet = round(_SHORTEST_QUIET / STEP)
    # single rows that flicker around the threshold are neither sound nor silence
    sounding = ~_without_short(~_without_short(sounding, 2), 3)
    heard = joined(runs_of(sounding), quiet)
    regions = _grown(runs_of(voiced), sounding)
    mask = np.zeros(sound.level.size, bool)
    for start, end in regions:
        mask[start:end] = True
    audible = np.zeros(sound.level.size, bool)
    for start, end in heard:
        audible[start:end] = True
    shortest = round(_SHORTEST_VOICE / STEP)
    voice = [(a, b) for a, b in joined(runs_of(mask & audible), quiet) if b - a >= shortest]
    return SpeechMap(voice, sounding, floor, loud, probability)


def noise_floor(level: Row) -> Row:
    """The room's noise at each row: the 10th percentile of the level over the 10 s around it.

    Falls with a fade at once and rises only as far as a second's worth of pauses allow.
    """
    if not level.size:
        return level
    second = round(1 / STEP)
    half = round(_FLOOR_WINDOW / 2 / STEP)
    places = np.arange(0, level.size + second, second)
    values = [
        np.percentile(level[max(0, place - half) : max(place + half, 1)], 10)
        if level[max(0, place - half) : max(place + half, 1)].size
        else level[-1]
        for place in places
    ]
    floor: Row = np.interp(np.arange(level.size), places, values).astype(np.float32)
    return floor


def _loud(level: Row, voiced: Mask) -> float:
    held = level[voiced & (level > SILENCE)]
    return float(np.percentile(held, 95)) if held.size else SILENCE


def _over(level: Row, floor: Row, loud: float) -> Mask:
    # in a window without a pause the 10th percentile is speech itself: never ask for more than
    # 20 dB under the loud moments
    wanted = np.minimum(np.maximum(floor + _ABOVE_FLOOR, loud - _UNDER_SPEECH), loud - 20)
    over: npt.NDArray[np.bool_] = level > np.maximum(wanted, -75.0)
    return over


def _hysteresis(probability: Row) -> Mask:
    on = probability >= _VOICE_ON
    mask = np.zeros(probability.size, bool)
    for start, end in runs_of(probability >= _VOICE_OFF):
        if on[start:end].any():
            mask[start:end] = True
    return mask


def _without_short(mask: Mask, shortest: int) -> Mask:
    result = mask.copy()
    for start, end in runs_of(mask):
        if end - start < shortest:
            result[start:end] = False
    return result


def _grown(regions: Runs, sounding: Mask) -> Runs:
    reach = round(_LONGEST_TAIL / STEP)
    grown = []
    for start, end in regions:
        first = start
        while first > max(0, start - reach) and sounding[first - 1]:
            first -= 1
        last = end
        while last < min(sounding.size, end + reach) and sounding[last]:
            last += 1
        grown.append((first, last))
    return joined(grown, 1)
