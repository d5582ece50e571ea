"""A recording as numbers, one row every 10 ms: level, pitch, how voiced, how steady, how new.

Everything else in this room reads these rows and never the samples, so an hour of sound is some
megabytes. Rows are made from blocks of samples as they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Row = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

RATE = 16_000
"""Samples a second of every analysis WAV."""

HOP = 160
"""Samples between rows."""

STEP = HOP / RATE
"""Seconds between rows: 10 ms."""

SILENCE = -120.0
"""Level written for digital silence, dBFS."""

LOWEST_PITCH = 60.0
HIGHEST_PITCH = 420.0
"""Fundamentals of speaking voices from a low male to a high female one, Hz."""

BANDS = 24
"""Bands of the coarse spectrum, spaced like the mel scale from 80 Hz to 8 kHz."""

_PITCH_WINDOW = 640
_SPECTRUM_WINDOW = 512
_REACH = _PITCH_WINDOW // 2
_STEADY_STEPS = 4
_FLOOR = 1e-12


@dataclass(frozen=True)
class Sound:
    """Rows of one recording; row `i` is centred on `(i + 0.5) * STEP` seconds.

    Attributes:
        level: power mean over 20 ms, dBFS, `SILENCE` at the least.
        bright: the same after a first difference, which lifts hiss and fricatives out of hum.
        pitch: fundamental, Hz; 0 where nothing is voiced.
        voicing: height of the autocorrelation's peak, 0 to 1.
        change: distance of the coarse spectrum from that of 40 ms before, dB a band.
        novelty: energy that newly appears over all bands, dB a band (the onset strength).
        tone: how far the spectrum is from noise, 0 (flat) to 1 (pure tones).
        bands: mean coarse spectrum of every half second, dB; shape (n, BANDS).
        peak: largest absolute sample.
        samples: how many samples there were.
    """

    level: Row
    bright: Row
    pitch: Row
    voicing: Row
    change: Row
    novelty: Row
    tone: Row
    bands: npt.NDArray[np.float32]
    peak: float
    samples: int

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples / RATE

    @property
    def peak_level(self) -> float:
        """Largest sample, dBFS; `SILENCE` for digital silence."""
        return decibels(self.peak**2)

    @property
    def noise_floor(self) -> float:
        """10th percentile of the level, dBFS."""
        return float(np.percentile(self.level, 10)) if self.level.size else SILENCE


def decibels(power: float) -> float:
    """Level of a mean power, dBFS."""
    return max(SILENCE, 10.0 * float(np.log10(max(power, _FLOOR))))


def row_at(seconds: float) -> int:
    """Number of the row boundary nearest to a time."""
    return max(0, round(seconds / STEP))


class SoundReader:
    """Makes rows out of blocks of mono samples (float32, -1 to 1, 16 kHz)."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._pending: Samples = np.zeros(_REACH - HOP // 2, np.float32)
        self._parts: list[tuple[Row, ...]] = []
        self._spectrum: npt.NDArray[np.float32] = np.zeros((0, BANDS), np.float32)
        self._half_seconds: list[npt.NDArray[np.float32]] = []
        self._left_over: npt.NDArray[np.float32] = np.zeros((0, BANDS), np.float32)
        self._peak = 0.0
        self._samples = 0

    def feed(self, block: Samples) -> None:
        """Hear the next block."""
        if block.size:
            self._peak = max(self._peak, float(np.max(np.abs(block))))
            self._samples += block.size
            self._hear(np.concatenate((self._pending, block.astype(np.float32, copy=False))))

    def finish(self) -> Sound:
        """All rows of what was heard."""
        rows = -(-self._samples // HOP)
        self._hear(np.concatenate((self._pending, np.zeros(2 * _PITCH_WINDOW, np.float32))))
        columns = [np.concatenate(parts)[:rows] for parts in zip(*self._parts, strict=True)]
        if self._left_over.size:
            self._half_seconds.append(self._left_over.mean(axis=0, keepdims=True))
        bands = (
            np.concatenate(self._half_seconds)
            if self._half_seconds
            else np.zeros((0, BANDS), np.float32)
        )
        level, bright, pitch, voicing, change, novelty, tone = columns
        return Sound(
            level, bright, pitch, voicing, change, novelty, tone, bands, self._peak, self._samples
        )

    def _hear(self, samples: Samples) -> None:
        count = max(0, (samples.size - _PITCH_WINDOW) // HOP + 1)
        self._pending = samples[count * HOP :]
        if not count:
            return
        frames = np.lib.stride_tricks.sliding_window_view(samples, _PITCH_WINDOW)[::HOP][:count]
        middle = frames[:, _REACH - HOP : _REACH + HOP]
        level = 10 * np.log10(np.maximum(np.mean(middle**2, axis=1), _FLOOR))
        sharp = np.diff(middle, axis=1)
        bright = 10 * np.log10(np.maximum(np.mean(sharp**2, axis=1), _FLOOR))
        pitch, voicing = _pitch(frames)
        bands, tone = _spectrum(frames)
        change, novelty = self._changes(bands)
        columns = (level, bright, pitch, voicing, change, novelty, tone)
        self._parts.append(tuple(column.astype(np.float32) for column in columns))
        self._average(bands)

    def _changes(self, bands: npt.NDArray[np.float32]) -> tuple[Row, Row]:
        before = self._spectrum if self._spectrum.size else np.repeat(bands[:1], _STEADY_STEPS, 0)
        joined = np.concatenate((before, bands))
        self._spectrum = joined[-_STEADY_STEPS:]
        shape = joined - joined.mean(axis=1, keepdims=True)
        distance = shape[_STEADY_STEPS:] - shape[:-_STEADY_STEPS]
        change = np.sqrt(np.mean(distance**2, axis=1))
        step = joined[_STEADY_STEPS:] - joined[_STEADY_STEPS - 1 : -1]
        return change, np.maximum(step, 0).mean(axis=1)

    def _average(self, bands: npt.NDArray[np.float32]) -> None:
        rows = np.concatenate((self._left_over, bands))
        whole = len(rows) // 50
        if whole:
            self._half_seconds.append(rows[: whole * 50].reshape(whole, 50, BANDS).mean(axis=1))
        self._left_over = rows[whole * 50 :]


def hear(blocks: Iterable[Samples]) -> Sound:
    """All rows of a recording that comes in blocks."""
    reader = SoundReader()
    for block in blocks:
        reader.feed(block)
    return reader.finish()


def _pitch(frames: Samples) -> tuple[Row, Row]:
    """Fundamental and voicing: the autocorrelation over the window's own (Boersma 1993)."""
    size = 2048
    window = np.hanning(_PITCH_WINDOW).astype(np.float32)
    taper = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2, size)
    centred = (frames - frames.mean(axis=1, keepdims=True)) * window
    power = np.abs(np.fft.rfft(centred, size, axis=1)) ** 2
    correlation = np.fft.irfft(power, size, axis=1)
    shortest, longest = int(RATE / HIGHEST_PITCH), int(RATE / LOWEST_PITCH)
    energy = np.maximum(correlation[:, :1], _FLOOR)
    lags = correlation[:, shortest:longest] / energy * (taper[0] / taper[shortest:longest])
    # an octave too low looks as good as the right lag: a slight favour for short lags decides
    favoured = lags - 0.03 * np.log2(np.arange(shortest, longest) / shortest)
    best = np.argmax(favoured, axis=1)
    voicing = np.clip(np.take_along_axis(lags, best[:, None], axis=1)[:, 0], 0, 1)
    loud = np.mean(frames**2, axis=1) > 1e-8
    voicing = np.where(loud, voicing, 0)
    pitch = np.where(voicing > 0.5, RATE / (best + shortest), 0)
    return pitch.astype(np.float32), voicing.astype(np.float32)


def _filters() -> npt.NDArray[np.float32]:
    edges = 700 * (10 ** (np.linspace(_mel(80.0), _mel(RATE / 2), BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_SPECTRUM_WINDOW, 1 / RATE)
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    weights: npt.NDArray[np.float32] = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return weights


def _mel(frequency: float) -> float:
    return float(2595 * np.log10(1 + frequency / 700))


_BAND_FILTERS = _filters()


def _spectrum(frames: Samples) -> tuple[npt.NDArray[np.float32], Row]:
    edge = (_PITCH_WINDOW - _SPECTRUM_WINDOW) // 2
    window = np.hanning(_SPECTRUM_WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(frames[:, edge:-edge] * window, axis=1)) ** 2
    bands = 10 * np.log10(np.maximum(power @ _BAND_FILTERS, 1e-8))
    useful = power[:, 3:] + 1e-9
    flatness = np.exp(np.mean(np.log(useful), axis=1)) / np.mean(useful, axis=1)
    return bands.astype(np.float32), (1 - np.clip(flatness, 0, 1)).astype(np.float32)
