"""How loud the speaker is, for a mouth that moves with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.broll.presenter.acting import CELS_A_SECOND
from ai_video_editor.media.audio import read_range
from ai_video_editor.timebase import FilmTime, TimeMap, film_time

RANGE = 24.0
"""dB between a closed mouth and a wide open one; the syllables of speech differ by about as much
(the level of 80 ms windows, 10th to 95th percentile)."""

_QUIETEST = -58.0
"""dBFS under which what is loudest is no voice."""


class Voice:
    """The sound of the inputs, as the analysis extracted it.

    Args:
        sounds: WAV file of each input that has sound.
    """

    def __init__(self, sounds: Mapping[int, Path]) -> None:
        """Nothing is read yet."""
        self._sounds = dict(sounds)

    def levels(self, time_map: TimeMap, start: FilmTime, count: int) -> tuple[float, ...]:
        """Loudness in each cel of a stretch of film, 0 to 1.

        Args:
            time_map: the film's.
            start: film time of the first cel.
            count: how many cels.

        Raises:
            MediaError: a WAV cannot be read.
        """
        step = Fraction(1, CELS_A_SECOND)
        decibels = [
            self._loudness(time_map, film_time(start + step * at), step) for at in range(count)
        ]
        return levels_of(decibels)

    def _loudness(self, time_map: TimeMap, at: FilmTime, step: Fraction) -> float | None:
        """Level of one cel, dBFS; None where nothing is heard of the inputs."""
        there = time_map.to_source(at)
        if there is None or there[0] not in self._sounds:
            return None
        source, begins = there
        samples = read_range(self._sounds[source], Fraction(begins), Fraction(begins) + step)
        return decibels_of(samples)


def decibels_of(samples: NDArray[np.float32]) -> float | None:
    """RMS level, dBFS; None for no samples."""
    if not len(samples):
        return None
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10 * float(np.log10(max(power, 1e-12)))


def levels_of(decibels: Sequence[float | None]) -> tuple[float, ...]:
    """Loudness 0 to 1, relative to the loudest twentieth of what is given; 0 for silence."""
    heard = [level for level in decibels if level is not None]
    if not heard:
        return (0.0,) * len(decibels)
    loud = float(np.percentile(heard, 95))
    if loud < _QUIETEST:
        return (0.0,) * len(decibels)
    quiet = loud - RANGE
    return tuple(
        0.0 if level is None else round(min(max((level - quiet) / RANGE, 0.0), 1.0), 3)
        for level in decibels
    )
