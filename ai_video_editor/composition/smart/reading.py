"""Packets of a file by their number, with as few seeks and as little reading as may be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

from ai_video_editor.errors import MediaError
from ai_video_editor.media.container import opened, video_stream

_NEAR = 500
"""Packets that are read over rather than sought past: a seek costs about as much."""

_SEARCHED = 2000
"""Packets after a seek in which the wanted one must turn up."""


@dataclass(frozen=True)
class Reach:
    """A run of packets that begins with an IDR picture.

    Attributes:
        first: number of its first packet in the file.
        count: how many.
        stamp: presentation time of the first, in the stream's ticks.
    """

    first: int
    count: int
    stamp: int

    @property
    def end(self) -> int:
        """Packet after the last."""
        return self.first + self.count


class PacketReader:
    """Reads runs of one file's picture; forwards is cheap, backwards costs a seek.

    Args:
        path: the file.
        container: name of its demuxer.
        stream_index: the picture's stream.
    """

    def __init__(self, path: Path, container: str, stream_index: int) -> None:
        """Open nothing yet."""
        self._path = path
        self._container = container
        self._stream_index = stream_index
        self._stack = ExitStack()
        self._source: InputContainer | None = None
        self._packets: Iterator[av.Packet[VideoStream]] = iter(())
        self._position = 0

    def __enter__(self) -> PacketReader:
        """The reader itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stack.close()

    def stream(self) -> VideoStream:
        """The picture's stream.

        Raises:
            MediaError: there is none.
            FileCorruptionError: the file cannot be opened.
        """
        if self._source is None:
            self._reopen()
        stream = None if self._source is None else video_stream(self._source, self._stream_index)
        if stream is None:
            raise MediaError(f"{self._path.name} has lost its picture since it was indexed.")
        return stream

    def run(self, reach: Reach) -> Iterator[av.Packet[VideoStream]]:
        """The packets of a run, in the file's order.

        Raises:
            MediaError: they are not there any more.
        """
        try:
            yield from self._run(reach)
        except av.error.FFmpegError as error:
            raise MediaError(f"{self._path.name} cannot be read: {error}.") from error

    def _run(self, reach: Reach) -> Iterator[av.Packet[VideoStream]]:
        packet = self._find(reach)
        for number in range(reach.first, reach.end):
            if packet is None:
                raise MediaError(f"{self._path.name} ends earlier than when it was indexed.")
            yield packet
            if number + 1 < reach.end:
                packet = self._next()

    def _find(self, reach: Reach) -> av.Packet[VideoStream] | None:
        stream = self.stream()
        if not 0 <= reach.first - self._position <= _NEAR and self._source is not None:
            self._source.seek(reach.stamp, stream=stream, backward=True)
            self._packets = self._demuxed()
            for _ in range(_SEARCHED):
                packet = self._next()
                if packet is None:
                    break
                if packet.pts == reach.stamp:
                    self._position = reach.first + 1
                    return packet
            self._reopen()  # the container's index misleads; counting from the front does not
        packet = self._next()
        while packet is not None and self._position <= reach.first:
            packet = self._next()
        return packet if packet is not None and packet.pts == reach.stamp else None

    def _next(self) -> av.Packet[VideoStream] | None:
        packet = next(self._packets, None)
        self._position += 1
        return packet

    def _reopen(self) -> None:
        self._stack.close()
        self._source = self._stack.enter_context(opened(self._path, self._container))
        self._packets = self._demuxed()
        self._position = 0

    def _demuxed(self) -> Iterator[av.Packet[VideoStream]]:
        source = self._source
        if source is None:
            return
        for packet in source.demux(self.stream()):
            if packet.size:
                yield packet
