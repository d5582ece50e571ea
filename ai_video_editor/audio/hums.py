"""Um and uh by their sound: voiced, steady in colour and pitch, dull.

While people look for a word they hold one vowel or nasal; a real word changes colour every few
hundredths of a second. Measured on real and synthetic fillers: the coarse spectrum moves by
2.8-4.2 dB a band in 40 ms in the middle, real words by 5-8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ai_video_editor.audio.sound import STEP, Sound
from ai_video_editor.audio.speech import Runs, SpeechMap, runs_of

_SHORTEST = 0.2
_LONGEST = 1.3
"""Seconds: fillers last 0.15-0.8 s in PodcastFillers (arXiv 2203.15135), rarely over a second."""

_ONSET = 4
_VOICED = 0.8
_STEADY = 4.5
_STEADY_MOST = 6.2
"""dB a band in 40 ms: the middle and the 80th percentile over a filler."""

_DULL = -8.0
"""dB of the differenced sound under the plain one: an open vowel has -13, an *s* +2."""

_PITCH_SPREAD = 4.0
"""Semitones between quartiles: fillers are level or fall a little."""

_QUIET_LONG = 15
_QUIET_SHORT = 7
"""Rows of silence on the two sides of a hum that stands alone."""


@dataclass(frozen=True)
class Hum:
    """How like a filler a stretch of sound is.

    Attributes:
        likely: whether it passes for one.
        confidence: 0 to 1.
    """

    likely: bool
    confidence: float


def judge(sound: Sound, start: int, end: int, *, leniency: float = 1.0) -> Hum:
    """Whether rows `start` to `end` sound like a filler.

    Args:
        sound: the recording's rows.
        start: first row.
        end: row after the last.
        leniency: what the limits of steadiness are multiplied by where words speak for a filler.
    """
    seconds = (end - start) * STEP
    # the first rows differ from what was before it, however steady it is itself
    change = sound.change[start + _ONSET : end - 2]
    if not _SHORTEST / leniency <= seconds <= _LONGEST or not change.size:
        return Hum(False, 0.0)
    pitch = sound.pitch[start:end]
    voiced = pitch > 0
    share = float(voiced.mean())
    middle, most = (float(value) for value in np.percentile(change, [50, 80]))
    dull = float(np.median((sound.bright - sound.level)[start:end]))
    spread = 0.0
    if voiced.any():
        # slips of an octave are the estimator's, not the voice's
        middle_pitch = np.median(pitch[voiced])
        near = voiced & (pitch > middle_pitch / 1.5) & (pitch < middle_pitch * 1.5)
        low, high = np.percentile(pitch[near], [25, 75])
        spread = float(12 * np.log2(high / low))
    likely = (
        share >= _VOICED / leniency
        and middle <= _STEADY * leniency
        and most <= _STEADY_MOST * leniency
        and dull <= _DULL
        and spread <= _PITCH_SPREAD * leniency
    )
    steadiness = max(0.0, 1 - most / (2 * _STEADY_MOST * leniency))
    return Hum(likely, round(min(0.85, 0.45 + 0.5 * steadiness * share), 3))


def alone(sound: Sound, speech: SpeechMap) -> Runs:
    """Stretches of voice that stand alone between silences and sound like a filler."""
    found: Runs = []
    voice = speech.voice
    for index, (start, end) in enumerate(voice):
        before = start - voice[index - 1][1] if index else start
        after = voice[index + 1][0] - end if index + 1 < len(voice) else sound.level.size - end
        enough = max(before, after) >= _QUIET_LONG and min(before, after) >= _QUIET_SHORT
        if enough and judge(sound, start, end).likely:
            found.append((start, end))
    return found


def steady_part(sound: Sound, start: int, end: int) -> tuple[int, int] | None:
    """The longest stretch inside a word that sounds like a filler, behind a dip in the level.

    None where there is no such stretch of at least 0.3 s.
    """
    steady = (sound.change[start:end] <= _STEADY) & (sound.pitch[start:end] > 0)
    runs = [(a, b) for a, b in runs_of(steady) if (b - a) * STEP >= 0.3]
    if not runs:
        return None
    first, last = max(runs, key=lambda run: run[1] - run[0])
    level = sound.level[start:end]
    held = float(np.median(level[first:last]))
    dips = level[max(0, first - 8) : first + 2], level[last - 2 : last + 8]
    deep = any(dip.size and held - float(dip.min()) >= 6.0 for dip in dips)
    if not deep or not judge(sound, start + first, start + last).likely:
        return None
    return start + first, start + last
