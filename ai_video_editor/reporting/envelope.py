"""The outline of a recording's sound: the loudest sample of every hundredth of a second."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.media.audio import RATE, read_blocks

STEP = 0.01
"""Seconds a peak stands for."""

_FULL = 99.5
"""Percentile of the peaks that fills the height: a single click must not flatten the talk."""

_LIFT = 0.7
"""Exponent of the amplitude: below 1 lifts quiet endings out of the line without a second scale."""


@dataclass(frozen=True)
class Envelope:
    """The outline of one input.

    Attributes:
        peaks: largest absolute sample of every `STEP` seconds, 0 to 1; shape (steps,).
    """

    peaks: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """Length."""
        return self.peaks.size * STEP

    def heights(self, start: float, end: float, bars: int) -> NDArray[np.float32]:
        """Heights of bars that cover a range, 0 to 1; 0 past the end of the sound.

        Args:
            start: seconds.
            end: seconds, after `start`.
            bars: how many, at least 1.
        """
        edges = np.rint(np.linspace(start, end, bars + 1) / STEP).astype(int)
        found = np.zeros(bars, np.float32)
        for number, (first, last) in enumerate(pairwise(edges)):
            part = self.peaks[max(0, first) : max(first + 1, last)]
            found[number] = part.max() if part.size else 0.0
        heights: NDArray[np.float32] = np.minimum(found / self._full, 1.0) ** np.float32(_LIFT)
        return heights

    @property
    def _full(self) -> np.float32:
        if not self.peaks.size:
            return np.float32(1.0)
        return np.float32(max(float(np.percentile(self.peaks, _FULL)), 1e-4))


def envelope_of(wav: Path) -> Envelope:
    """The outline of an analysis WAV (16 kHz mono), read block by block.

    Raises:
        MediaError: it is no such WAV.
    """
    step = round(STEP * RATE)
    parts: list[NDArray[np.float32]] = []
    for block in read_blocks(wav):
        whole = -(-block.size // step) * step
        padded = np.zeros(whole, np.float32)
        padded[: block.size] = np.abs(block)
        parts.append(padded.reshape(-1, step).max(axis=1))
    return Envelope(np.concatenate(parts) if parts else np.zeros(0, np.float32))
