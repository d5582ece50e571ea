"""Reading every packet's time stamp, without decoding: what a container really holds.

Headers promise; packets tell. One walk finds true starts and ends, the number of frames, whether
they come at a steady rate, and whether the file was cut off.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import av
import av.container
import av.error
import av.stream

from ai_video_editor.media.clock import Clock
from ai_video_editor.progress import Report, silent

CAP = 4_000_000
"""Packets after which the header is believed: 14 h of 30 fps picture and AAC sound."""

_REPORT_EVERY = 1.0
_CHECK_EVERY = 4096


@dataclass
class Track:
    """What the packets of one stream say; times in microseconds of the input's timeline.

    Attributes:
        packets: how many there are.
        start: when the first is presented.
        end: when the last has been presented, as far as packets tell their length.
        times: presentation times of video packets, in the order they were read.
    """

    packets: int = 0
    start: int | None = None
    end: int | None = None
    times: array[int] = field(default_factory=lambda: array("q"))

    def add(self, start: int, end: int, *, keep: bool) -> None:
        """Count one packet."""
        self.packets += 1
        self.start = start if self.start is None else min(self.start, start)
        self.end = end if self.end is None else max(self.end, end)
        if keep:
            self.times.append(start)


@dataclass(frozen=True)
class Walk:
    """The result of one walk.

    Attributes:
        tracks: stream index to what its packets say.
        complete: whether it reached the end of the file.
        broken: whether the container broke off with an error.
    """

    tracks: dict[int, Track]
    complete: bool
    broken: bool


def walk(
    source: av.container.InputContainer,
    streams: Sequence[av.stream.Stream],
    clock: Clock,
    *,
    length: float = 0.0,
    report: Report = silent,
) -> Walk:
    """Read all packets of some streams.

    Args:
        source: an open container, at its start.
        streams: those to look at.
        clock: the container's.
        length: seconds that the header promises, for the report.
        report: told the share done.
    """
    tracks = {stream.index: Track() for stream in streams}
    video = {stream.index for stream in streams if stream.type == "video"}
    told = time.monotonic()
    count = 0
    try:
        for packet in source.demux(*streams):
            clock.rebase(packet)
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is None or packet.size == 0 or packet.time_base is None:
                continue
            count += 1
            at = _microseconds(clock.time(stamp, packet.time_base))
            if not packet.is_discard:
                index = packet.stream_index
                end = clock.time(stamp + (packet.duration or 0), packet.time_base)
                tracks[index].add(at, _microseconds(end), keep=index in video)
            if count % _CHECK_EVERY == 0:
                if count >= CAP:
                    return Walk(tracks, complete=False, broken=False)
                if time.monotonic() - told >= _REPORT_EVERY:
                    told = time.monotonic()
                    report(min(at / 1e6 / length, 1.0) if length > 0 else None, "reading")
    except av.error.FFmpegError:
        return Walk(tracks, complete=True, broken=True)
    return Walk(tracks, complete=True, broken=False)


def _microseconds(time: Fraction) -> int:
    return round(time * 1_000_000)
