"""Which frames need not be decoded to see where shots begin.

Between two frames that others are predicted from lie frames that nobody needs; decoding costs a
third less without them. Where the picture may change (a key frame, or a packet much larger than
its neighbours: a new scene has to be coded whole) all of them are decoded, so that a cut is seen
at its own frame. Whoever finds a cut where frames were left out can tell, and look again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from statistics import quantiles
from typing import TypeAlias

import av
from av.video.stream import VideoStream

CODECS = frozenset({"h264", "hevc"})
"""Decoders that tell frames nobody needs by their headers alone, and of which that was tried."""
AROUND = 6
"""Packets before and after a likely change that are decoded in full: a group of frames that are
predicted from both sides has three as a rule, and the next one may belong to it."""
LARGE = 1.6
"""Size of a packet over the ninth decile of those before, from which it may begin a new scene."""
REMEMBERED = 48
"""Packets that a new one is compared with."""

Packet: TypeAlias = "av.Packet[VideoStream]"


class Sparing:
    """Passes packets on in order and tells the decoder before each whether it may leave it out.

    Args:
        stream: whose decoder is told; not opened yet.
    """

    def __init__(self, stream: VideoStream) -> None:
        """Leave nothing out before there is something to compare with."""
        self._codec = stream.codec_context
        self._sizes: deque[int] = deque(maxlen=REMEMBERED)
        self._in_full = 2 * REMEMBERED
        self._spared: set[int] = set()

    @staticmethod
    def possible(stream: VideoStream) -> bool:
        """Whether frames of this stream can be left out."""
        return stream.codec_context.name in CODECS

    def packets(self, packets: Iterator[Packet]) -> Iterator[Packet]:
        """The same packets; the decoder is set for each just before it is passed on."""
        waiting: deque[Packet] = deque()
        for packet in packets:
            if self._may_change(packet):
                self._in_full = len(waiting) + 1 + AROUND
            waiting.append(packet)
            if len(waiting) > AROUND:
                yield self._set(waiting.popleft())
        while waiting:
            yield self._set(waiting.popleft())

    def left_out(self, frame: av.VideoFrame) -> bool:
        """Whether frames right before this one were left out; to be asked for every frame."""
        if frame.pts is None:
            return False
        before = {stamp for stamp in self._spared if stamp < frame.pts}
        self._spared -= before
        self._spared.discard(frame.pts)
        return bool(before)

    def _may_change(self, packet: Packet) -> bool:
        size, sizes = packet.size, self._sizes
        if packet.is_keyframe or not size or packet.pts is None:
            return True
        usual = quantiles(sizes, n=10)[8] if len(sizes) >= REMEMBERED // 2 else 0.0
        sizes.append(size)
        return size > LARGE * usual

    def _set(self, packet: Packet) -> Packet:
        in_full = self._in_full > 0
        self._in_full -= 1
        self._codec.skip_frame = "DEFAULT" if in_full else "NONREF"
        if not in_full and packet.pts is not None:
            self._spared.add(packet.pts)
        return packet
