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

_LEAST_ABOVE = 4.0
"""The same over an even noise, whose 20 ms means stay within a decibel."""

_NOBODY = 0.1
_ENOUGH = 25
"""Voice probability under which nobody speaks, and rows of that from which the room is known."""

_NO_ROOM = -95.0
"""dBFS under which nothing was recorded: 16 bits with dither have -93."""

_UNDER_SPEECH = 42.0
"""dB under the speaker's loud moments at which a room without noise falls silent: tails of words
and reverberation end there."""

_SHORTEST_QUIET = 0.09
"""Seconds: a closure of *p*, *t*, *k* is silent for up to 0.08 s and is no pause."""

_LONGEST_TAIL = 0.30
"""Seconds a word ending may sound on after the detector gave up."""

_BURST = 10.0
"""dB over the room's noise at which even 20 ms are heard: the release of a final *t*."""

_LONGEST_CLOSURE = 0.2
"""Seconds between a word's vowel and the burst of the *t* or *k* that ends it."""

_SHORTEST_VOICE = 0.07
"""Seconds: shorter is a click."""

_UNBROKEN = 8.0
"""Seconds of voice without a silence that are parted where they are quietest: people breathe every
3-4 s, so only noise or music hides a pause for longer."""

_DIP = 7
"""Rows over which the level is averaged where the quietest moment is looked for."""


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
    room = room_of(sound.level, probability)
    sounding = _over(sound.level, room, loud) | _over(
        sound.bright, room_of(sound.bright, probability), _loud(sound.bright, voiced)
    )
    quiet = round(_SHORTEST_QUIET / STEP)
    # single rows that flicker around the threshold are neither sound nor silence
    sounding = ~_without_short(~_without_short(sounding, 2), 3)
    least = max(loud - _UNDER_SPEECH, -75.0)
    sounding |= _without_short(sound.level > np.maximum(room.floor + _BURST, least), 2)
    heard = joined(runs_of(sounding), quiet)
    regions = _grown(runs_of(voiced), sounding)
    mask = np.zeros(sound.level.size, bool)
    for start, end in regions:
        mask[start:end] = True
    audible = np.zeros(sound.level.size, bool)
    for start, end in heard:
        audible[start:end] = True
    voice = _without_clicks(joined(runs_of(mask & audible), quiet))
    return SpeechMap(voice, sounding, room.floor, loud, probability)


def unbroken(speech: SpeechMap, sound: Sound) -> Runs:
    """The voice, with every run longer than 8 s parted at its quietest moments."""
    waiting = list(reversed(speech.voice))
    longest = round(_UNBROKEN / STEP)
    parts: Runs = []
    while waiting:
        start, end = waiting.pop()
        if end - start <= longest:
            parts.append((start, end))
            continue
        edge = (end - start) // 4
        level = sound.level[start + edge - _DIP : end - edge + _DIP]
        mean = np.convolve(level, np.full(2 * _DIP + 1, 1 / (2 * _DIP + 1)), "valid")
        cut = start + edge + int(np.argmin(mean))
        waiting += [(cut, end), (start, cut)]
    return parts


@dataclass(frozen=True)
class Room:
    """What is heard where nobody speaks, at each row.

    Attributes:
        floor: level, dBFS.
        margin: dB over it at which something sounds; small where the noise is even.
        known: whether there is a silence near from which it is read; elsewhere the floor may be
            speech itself.
    """

    floor: Row
    margin: Row
    known: Mask


def room_of(level: Row, probability: Row) -> Room:
    """The room's noise over the 10 s around each row, read where the detector hears no voice."""
    if not level.size:
        return Room(level, level, np.zeros(0, bool))
    second = round(1 / STEP)
    half = round(_FLOOR_WINDOW / 2 / STEP)
    places = np.arange(0, level.size + second, second)
    floors, margins, known = [], [], []
    for place in places:
        rows = slice(max(0, place - half), max(place + half, 1))
        near = level[rows] if level[rows].size else level[-1:]
        quiet = level[rows][probability[rows] < _NOBODY]
        # a hole or a late start is no room: where there is both, the room is what is heard
        noisy = quiet[quiet > _NO_ROOM]
        quiet = noisy if noisy.size >= _ENOUGH else quiet
        known.append(quiet.size >= _ENOUGH)
        if known[-1]:
            low, high = np.percentile(quiet, [25, 90])
            audible = near[near > _NO_ROOM]
            lowest = float(np.percentile(audible if noisy.size >= _ENOUGH else near, 10))
            floors.append(min(low, lowest + _ABOVE_FLOOR))
            margins.append(float(np.clip(high - low + 2.0, _LEAST_ABOVE, _ABOVE_FLOOR)))
        else:
            floors.append(float(np.percentile(near, 10)))
            margins.append(_ABOVE_FLOOR)
    every = np.arange(level.size)
    return Room(
        np.interp(every, places, floors).astype(np.float32),
        np.interp(every, places, margins).astype(np.float32),
        np.interp(every, places, np.array(known, float)) >= 0.5,
    )


def _loud(level: Row, voiced: Mask) -> float:
    held = level[voiced & (level > SILENCE)]
    return float(np.percentile(held, 95)) if held.size else SILENCE


def _over(level: Row, room: Room, loud: float) -> Mask:
    # where no silence is near, the floor may be speech itself: there, never ask for more than
    # 20 dB under the loud moments
    wanted = np.maximum(room.floor + room.margin, loud - _UNDER_SPEECH)
    wanted = np.where(room.known, wanted, np.minimum(wanted, loud - 20))
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


def _without_clicks(runs: Runs) -> Runs:
    """Runs without short ones, except that the burst behind a closure ends the run before it."""
    shortest, closure = round(_SHORTEST_VOICE / STEP), round(_LONGEST_CLOSURE / STEP)
    kept: Runs = []
    for start, end in runs:
        if end - start >= shortest:
            kept.append((start, end))
        elif kept and start - kept[-1][1] <= closure:
            kept[-1] = (kept[-1][0], end)
    return kept


def _grown(regions: Runs, sounding: Mask) -> Runs:
    reach = round(_LONGEST_TAIL / STEP)
    closure = round(_LONGEST_CLOSURE / STEP)
    grown = []
    for start, end in regions:
        first = start
        while first > max(0, start - reach) and sounding[first - 1]:
            first -= 1
        last = end
        limit = min(sounding.size, end + reach)
        while last < limit:
            # the burst of a final *t* or *k* comes after a closure
            ahead = np.flatnonzero(sounding[last : min(limit, last + closure)])
            if not ahead.size:
                break
            last += int(ahead[0]) + 1
        grown.append((first, last))
    return joined(grown, 1)
