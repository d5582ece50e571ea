"""Recordings with everything planted in them known: words, fillers, pauses, retakes.

Speech is flite's, whose word times are exact; where a pause begins and ends is read from the clean
signal, before noise is laid over it.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.tts import SAMPLE_RATE, Flite, Spoken

VOICES = ("slt", "rms", "awb", "kal16")
PEAK = 0.5
"""Of every voice."""

_FADES = 42.0
"""dB under the loudest moment at which a word has ended: flite's own hiss between words lies 46 dB
under it (awb)."""

_OVER_NOISE = 6.0
"""dB over the noise at which the voice is heard."""

_FRAME = SAMPLE_RATE // 200
"""Samples over which the level is taken: 5 ms."""

FRAME_SECONDS = _FRAME / SAMPLE_RATE

_NEAR = 0.3
"""Seconds from the planned border of a word within which its sound begins or ends."""


@dataclass(frozen=True)
class Said:
    """One word and when it was said, seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Planted:
    """One event: when it is, and what.

    Attributes:
        start: seconds.
        end: seconds.
        text: what was said.
        release: of a pause, seconds behind `start` during which the last word still fades.
    """

    start: float
    end: float
    text: str = ""
    release: float = 0.0


@dataclass
class Recording:
    """Sound and all that is known of it.

    Attributes:
        name: for people.
        voice: flite's.
        noise: level of the noise, dBFS RMS.
        samples: mono, -1 to 1.
        clean: the same without noise.
        words: all that is said.
        fillers: filler events.
        pauses: silences that were planted, from sound to sound.
        retakes: abandoned passages, restart cue and all.
        numbers: sentences with a number that must stay.
        disclaimers: sentences that must stay.
        deliberate: pauses after questions.
    """

    name: str
    voice: str
    noise: float
    samples: NDArray[np.float32]
    clean: NDArray[np.float32]
    words: list[Said]
    fillers: list[Planted] = field(default_factory=list)
    pauses: list[Planted] = field(default_factory=list)
    retakes: list[Planted] = field(default_factory=list)
    numbers: list[Planted] = field(default_factory=list)
    disclaimers: list[Planted] = field(default_factory=list)
    deliberate: list[Planted] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Length."""
        return self.samples.size / SAMPLE_RATE

    def write(self, folder: Path) -> Path:
        """The recording as 16-bit WAV."""
        path = folder / f"{self.name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((np.clip(self.samples, -1, 1) * 32767).astype("<i2").tobytes())
        return path


@cache
def voice_of(name: str) -> Flite:
    """A voice, loaded once.

    Raises:
        FliteMissing: flite is not installed.
    """
    return Flite(name)


class Tape:
    """A recording while it is made.

    Args:
        voice: flite's name for it.
        stretch: above 1 is slower.
        rng: of the noise.
    """

    def __init__(self, voice: str, stretch: float, rng: np.random.Generator) -> None:
        """Begin with an empty tape."""
        self.voice, self.stretch, self._rng = voice, stretch, rng
        self.position = 0
        self.words: list[Said] = []
        self._parts: list[NDArray[np.float32]] = []

    @property
    def seconds(self) -> float:
        """Length up to now."""
        return self.position / SAMPLE_RATE

    def silence(self, seconds: float) -> None:
        """Add silence."""
        self._add(np.zeros(round(seconds * SAMPLE_RATE), np.float32))

    def say(self, text: str) -> list[Said]:
        """Add speech; its words with their times."""
        spoken: Spoken = voice_of(self.voice).say(text, stretch=self.stretch)
        begin = self.seconds
        words = [Said(word, begin + start, begin + end) for word, start, end in spoken.words]
        self.words += words
        self._add(
            spoken.samples * np.float32(PEAK / max(1e-6, float(np.abs(spoken.samples).max())))
        )
        return words

    def finish(self, name: str, noise: float) -> Recording:
        """The recording with noise over all of it."""
        clean = np.concatenate(self._parts)
        hiss = self._rng.standard_normal(clean.size).astype(np.float32) * 10 ** (noise / 20)
        return Recording(
            name, self.voice, noise, (clean + hiss).astype(np.float32), clean, self.words
        )

    def _add(self, samples: NDArray[np.float32]) -> None:
        self._parts.append(samples)
        self.position += samples.size


def levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Level of every 5 ms, dBFS."""
    whole = samples[: samples.size // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    level: NDArray[np.float64] = 10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-12))
    return level


def sounding(recording: Recording) -> NDArray[np.bool_]:
    """Every 5 ms of the recording in which the voice is heard over its noise."""
    level = levels(recording.clean)
    least = max(float(level.max()) - _FADES, recording.noise + _OVER_NOISE)
    heard: NDArray[np.bool_] = level > least
    return heard


def on_sound(recording: Recording, pause: Planted) -> Planted:
    """A planted pause with its borders where the voice really falls silent and sets in.

    A word that ends in the release of a *t* or a *th* sinks under the noise before it is over: its
    burst, 5 dB over the noise in the whole band, is plainly heard in the upper one, and the
    synthesiser's own time for the word's end lies behind it. Anywhere from the last sound over the
    noise to that time the word has ended; `release` is how long that is.
    """
    heard = np.flatnonzero(sounding(recording)) * _FRAME / SAMPLE_RATE
    middle = (pause.start + pause.end) / 2
    before = heard[heard < middle]
    after = heard[heard >= middle]
    start = float(before[-1]) + _FRAME / SAMPLE_RATE if before.size else pause.start
    end = float(after[0]) if after.size else pause.end
    if abs(start - pause.start) > _NEAR:
        start = pause.start
    if abs(end - pause.end) > _NEAR:
        end = pause.end
    return Planted(start, end, pause.text, max(0.0, pause.start - start))
