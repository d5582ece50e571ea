"""Decoded sound read from ffmpeg by its time stamps, so that a sample's number is its time.

Raw PCM has no clock: where a stream changes its rate or its channels in the middle, ffmpeg builds
its filters anew and what comes after would lie wherever the bytes happen to fall. NUT carries the
times along.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import IO

import av
import av.error
import numpy as np
from numpy.typing import NDArray

NUT = ["-c:a", "pcm_f32le", "-f", "nut", "pipe:1"]
"""Output arguments of a command whose `pipe:1` a `TimedSamples` reads."""

CHANNELS = 2

_JUMP = 1024
"""Samples by which times must differ from what was counted to be a new beginning."""

_ZEROS = 1 << 18
"""Samples of silence that are made at once."""

Samples = NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""


class TimedSamples:
    """Stereo samples one after the other; holes are silence, what comes twice is heard once.

    Args:
        pipe: NUT with one stream of 32-bit float stereo.
        rate: samples a second.
        start: number of the first sample that is given; earlier ones are left out.
        speed: how fast the sound was played by a filter that kept the time of its beginning.
    """

    def __init__(
        self, pipe: IO[bytes], *, rate: int, start: int = 0, speed: Fraction = Fraction(1)
    ) -> None:
        """Nothing is read yet."""
        self._blocks = _blocks(pipe, rate, start, speed)
        self._rest = np.zeros((0, CHANNELS), np.float32)

    def read(self, count: int) -> Samples:
        """The next `count` samples; fewer at the end, none after it."""
        parts = [self._rest]
        length = len(self._rest)
        while length < count:
            block = next(self._blocks, None)
            if block is None:
                break
            parts.append(block)
            length += len(block)
        whole = np.concatenate(parts) if len(parts) > 1 else parts[0]
        self._rest = whole[count:]
        return whole[:count]


def _blocks(pipe: IO[bytes], rate: int, start: int, speed: Fraction) -> Iterator[Samples]:
    """Blocks without a hole between them from sample `start` on."""
    reached = start
    counted: int | None = None
    shift = 0
    for stamp, samples in _packets(pipe, rate):
        if counted is None or abs(stamp - counted) > _JUMP:
            shift = start + round((stamp - start) / speed) - stamp
        counted = stamp + len(samples)
        place = stamp + shift
        while reached < place:
            silence = min(place - reached, _ZEROS)
            yield np.zeros((silence, CHANNELS), np.float32)
            reached += silence
        new = samples[reached - place :]
        if len(new):
            yield new
            reached += len(new)


def _packets(pipe: IO[bytes], rate: int) -> Iterator[tuple[int, Samples]]:
    """Number of the first sample of each packet, and its samples."""
    try:
        source = av.open(pipe, mode="r", format="nut")
    except (av.error.EOFError, av.error.InvalidDataError):
        return  # nothing was decoded: whoever ran ffmpeg says why
    with source:
        for packet in source.demux():
            if packet.size == 0 or packet.pts is None or packet.time_base is None:
                continue
            data = bytes(packet)
            whole = len(data) // (4 * CHANNELS) * (4 * CHANNELS)
            samples = np.frombuffer(data[:whole], dtype="<f4").reshape(-1, CHANNELS)
            yield round(packet.pts * packet.time_base * rate), samples
