"""The form in which the film's sound goes from step to step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
"""What YouTube asks for, and what every camera can be turned into without loss."""

CHANNELS = 2

RAW = ["-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", str(CHANNELS)]
"""Format of the files between the steps: 32-bit float cannot clip."""

BLOCK = SAMPLE_RATE
"""Samples that are worked on at once."""

FRAME_BYTES = 4 * CHANNELS
"""Bytes of one sample of both channels."""

Samples = NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""

Curve = NDArray[np.float32]
"""A factor for each sample, shape (samples,)."""


def from_bytes(data: bytes) -> Samples:
    """Samples of raw bytes; a part of a sample at the end is left out."""
    whole = len(data) // FRAME_BYTES * FRAME_BYTES
    return np.frombuffer(data[:whole], np.float32).reshape(-1, CHANNELS)


def nothing(count: int = 0) -> Samples:
    """Digital silence."""
    return np.zeros((count, CHANNELS), np.float32)


def equal_power(count: int) -> Curve:
    """The rising side of a crossfade whose two sides keep the power of unrelated sounds."""
    angle = (np.arange(count, dtype=np.float32) + 0.5) / max(1, count) * (np.pi / 2)
    rising: Curve = np.sin(angle).astype(np.float32)
    return rising


def crossed(before: Samples, after: Samples) -> Samples:
    """One sound going into another of the same length."""
    rising = equal_power(len(before))
    mixed: Samples = before * rising[::-1, None] + after * rising[:, None]
    return mixed
