"""Where every packet of an input stands: its place on the film's frame grid, and the GOPs."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import av
import av.error

from ai_video_editor.composition.smart.parameter_sets import (
    ParameterSets,
    changed_sets,
    is_entry,
    parameter_sets,
    tagged,
)
from ai_video_editor.media.clock import zero_of
from ai_video_editor.media.container import opened, video_stream
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import FrameRate

_REPORT_EVERY = 1.0


@dataclass(frozen=True)
class PacketIndex:
    """The picture packets of a file in the order in which they lie there.

    Attributes:
        numbers: number on the film's frame grid that each packet's picture has.
        stamps: each packet's presentation time in the stream's ticks.
        entries: packets that are IDR pictures, ascending; the first is 0. A GOP reaches from one
            to the next, whatever key frames of open GOPs lie between.
        keys: how many packets call themselves key frames.
        sets: the stream's parameter sets, with the film's colours.
    """

    numbers: Sequence[int]
    stamps: Sequence[int]
    entries: tuple[int, ...]
    keys: int
    sets: ParameterSets

    @property
    def frames(self) -> int:
        """How many packets there are."""
        return len(self.numbers)

    def gop_end(self, gop: int) -> int:
        """Packet after the last of a GOP."""
        return self.entries[gop + 1] if gop + 1 < len(self.entries) else self.frames

    def gop_of(self, packet: int) -> int:
        """The GOP in which a packet lies."""
        return bisect_right(self.entries, packet) - 1

    def gop_showing(self, number: int) -> int:
        """The GOP whose picture is shown at a place of the grid, held ones included."""
        return max(0, bisect_right(self.first_numbers, number) - 1)

    @cached_property
    def first_numbers(self) -> list[int]:
        """Grid number of each GOP's first picture."""
        return [self.numbers[entry] for entry in self.entries]

    @cached_property
    def delay(self) -> int:
        """Frames by which pictures are decoded ahead of being shown."""
        most = 0
        for gop, entry in enumerate(self.entries):
            base = self.numbers[entry]
            for place in range(entry, self.gop_end(gop)):
                most = max(most, place - entry - (self.numbers[place] - base))
        return most


@dataclass(frozen=True)
class Refused:
    """An input whose packets cannot be copied, and why."""

    reason: str


def index_packets(
    path: Path,
    container: str,
    stream_index: int,
    rate: FrameRate,
    *,
    report: Report = silent,
) -> PacketIndex | Refused:
    """Read all picture packets of an H.264 file, without decoding them.

    Args:
        path: the file.
        container: name of its demuxer.
        stream_index: the picture's stream.
        rate: the film's frame rate, on whose grid pictures are numbered as the full render does.
        report: told now and then.

    Raises:
        FileCorruptionError: it cannot be opened.
        InputError: it is not there.
    """
    with opened(path, container) as source:
        stream = video_stream(source, stream_index)
        sets = parameter_sets(stream.codec_context.extradata) if stream is not None else None
        if stream is None or sets is None or stream.time_base is None:
            return Refused("its H.264 header is unusual")
        number = _Grid(stream.time_base, zero_of(source), rate)
        numbers, stamps, entries = array("q"), array("q"), array("q")
        keys = 0
        told = time.monotonic()
        first = b""
        try:
            for packet in source.demux(stream):
                if packet.size == 0:
                    continue
                if packet.pts is None or packet.is_discard or packet.is_corrupt:
                    return Refused("an edit list or damage hides some of its frames")
                if packet.is_keyframe:
                    keys += 1
                    data = bytes(packet)
                    if changed_sets(data, sets.units):
                        return Refused("its format changes inside")
                    if is_entry(data):
                        entries.append(len(numbers))
                        first = first or data
                numbers.append(number.of(packet.pts))
                stamps.append(packet.pts)
                if time.monotonic() - told >= _REPORT_EVERY:
                    told = time.monotonic()
                    report(None, "indexing the recording")
        except av.error.FFmpegError:
            return Refused("it breaks off inside")
        if not entries or entries[0] != 0:
            return Refused("it does not begin with a key frame")
        if any(numbers[a] > numbers[b] for a, b in pairwise(entries)):
            return Refused("its time stamps run backwards")
        return PacketIndex(numbers, stamps, tuple(entries), keys, tagged(sets, stream, first))


class _Grid:
    """Presentation ticks to frame numbers, rounded as ffmpeg's `fps` filter does."""

    def __init__(self, time_base: Fraction, zero: Fraction, rate: FrameRate) -> None:
        # (ticks * time_base - zero) * rate + 1/2, with one common denominator.
        step = time_base * rate.fraction
        offset = Fraction(1, 2) - zero * rate.fraction
        self._denominator = step.denominator * offset.denominator
        self._step = step.numerator * offset.denominator
        self._offset = offset.numerator * step.denominator

    def of(self, ticks: int) -> int:
        return (ticks * self._step + self._offset) // self._denominator
