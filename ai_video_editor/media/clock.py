"""The timeline of a container: time stamps as seconds from its first presented sample.

ffmpeg counts a file's time from the container's first time stamp, and in transport streams and
their kin it closes jumps. The same is done here, so that times from PyAV and from ffmpeg agree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import av
import av.container
import av.stream

DISCONTINUOUS = frozenset({"mpegts", "flv", "ogg"})
"""Containers of ours that ffmpeg marks AVFMT_TS_DISCONT: their clock may be set anew inside."""

JUMP = Fraction(10)
"""ffmpeg's `-dts_delta_threshold`: a gap longer than this, in seconds, is a new clock."""

BACK = Fraction(1, 10)
"""A step back by more than this, in seconds, is a new clock (ffmpeg_demux.c)."""


def zero_of(source: av.container.InputContainer) -> Fraction:
    """Container time, in seconds, that is time 0 of the input's timeline."""
    return Fraction(source.start_time or 0, av.time_base)


_Stream = TypeVar("_Stream", bound=av.stream.Stream)


class Clock:
    """The timeline of one container, for its packets in the order they are read.

    Args:
        container: name of the demuxer.
        zero: container time that is time 0, in seconds.
    """

    def __init__(self, container: str, zero: Fraction) -> None:
        """Start at the container's first time stamp."""
        self._may_jump = container in DISCONTINUOUS
        self._zero = zero
        self._shift = Fraction(0)
        self._next: dict[int, Fraction] = {}
        self._last: dict[int, Fraction] = {}
        self.jumped = False
        """Whether the clock was set anew somewhere before the last packet."""

    def rebase(self, packet: av.Packet[_Stream]) -> None:
        """Undo the jumps in a packet's time stamps, before it is decoded or read."""
        if not self._may_jump or packet.dts is None or packet.time_base is None:
            return
        time = packet.dts * packet.time_base + self._shift
        index = packet.stream_index
        expected = self._next.get(index)
        if expected is not None:
            delta = time - expected
            if abs(delta) > JUMP or time + BACK < self._last[index]:
                self._shift -= delta
                self.jumped = True
                time = expected
        self._last[index] = time
        self._next[index] = time + (packet.duration or 0) * packet.time_base
        ticks = round(self._shift / packet.time_base)
        packet.dts += ticks
        if packet.pts is not None:
            packet.pts += ticks

    def time(self, stamp: int, time_base: Fraction) -> Fraction:
        """Seconds on the timeline for a time stamp of a rebased packet or of its frames."""
        return stamp * time_base - self._zero
