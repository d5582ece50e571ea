"""Pictures of an input: all of them in one decode pass, small, or one at full size.

Pictures are as a player shows them: turned, mirrored and with square pixels. Their times are
presentation times on the input's timeline, whatever the frame rate does.
"""

from __future__ import annotations

import time as wall
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path

import av
import av.container
import av.error
import numpy as np
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream as _Video
from numpy.typing import NDArray

from ai_video_editor.context.inputs import VideoFile, VideoTrack
from ai_video_editor.errors import InputError, MediaError
from ai_video_editor.media.clock import Clock
from ai_video_editor.media.container import opened, video_stream
from ai_video_editor.media.painter import Painter
from ai_video_editor.media.sparing import Sparing
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import MICROSECOND, SourceTime, source_time

_LONGEST_SIDE = Fraction(16, 9)
"""The longer side over the height that was asked for: upright film gets as many pixels as wide."""

_DAMAGE_LIMIT = 0.5
_DAMAGE_SAMPLE = 100
"""Frames to look at before a film may be given up as damaged."""

_DAMAGE_LEAST = 10
"""Frames that a film must have before more than half of them can be called damaged at its end."""

_SPARED_FROM = 20
"""Frames a second from which some may be left out; of slower films all are needed."""

_REPORT_EVERY = 1.0
_SEEK_MARGIN = Fraction(1, 2)


@dataclass(frozen=True)
class Frame:
    """One picture.

    Attributes:
        time: when it is shown, on the input's timeline.
        image: shape (height, width, 3), blue-green-red, 0 to 255.
        index: its number among all decoded frames, in the order they are shown.
        key: whether it is a key frame.
        detail: the same picture larger, where a pass was asked for that and its turn has come.
        original: the picture at full size, beside `detail`; it is painted when it is asked for.
        left_out: whether frames right before it were not decoded.
    """

    time: SourceTime
    image: NDArray[np.uint8]
    index: int
    key: bool
    detail: NDArray[np.uint8] | None = None
    original: Original | None = None
    left_out: bool = False


class Original:
    """A decoded frame that may be wanted at full size later; holding it costs no decoding.

    Args:
        video: its track.
        decoded: the frame as the decoder gave it.
    """

    def __init__(self, video: VideoTrack, decoded: av.VideoFrame) -> None:
        """Keep the frame."""
        self._video = video
        self._decoded = decoded

    @property
    def size(self) -> int:
        """Bytes of memory that it holds."""
        return sum(plane.buffer_size for plane in self._decoded.planes)

    def picture(self) -> NDArray[np.uint8]:
        """As `frame_at` gives it, shape (height, width, 3), red-green-blue."""
        size = (self._video.width, self._video.height)
        return Painter(self._video, size, "rgb24", Interpolation.BICUBIC).paint(self._decoded)


class FramePass:
    """One decode pass over an input's picture.

    Args:
        file: what `probe` found.
        path: where the input lies.
        height: pixels that the shorter side may have; the longer one may have 16/9 of it.
        rate: frames a second to give out at most; None gives all.
        detail_height: as `height`, for a second, larger picture of some frames; None for none.
            Scaling costs as much as decoding: every frame small and a few large is what keeps a
            pass near the time of decoding alone.
        detail_rate: how many frames a second have that second picture.
        quick: take the small picture from a few of the pixels it stands for, and not from their
            mean: less than half the time of scaling HD, good enough to compare neighbours.
        key_frames: decode key frames only.
        sparing: leave out frames that no other needs, wherever the picture does not seem to change.
        report: told the share done.

    Raises:
        InputError: the input has no picture.
    """

    def __init__(
        self,
        file: VideoFile,
        path: Path,
        *,
        height: int,
        rate: float | None = None,
        detail_height: int | None = None,
        detail_rate: float = 5.0,
        quick: bool = False,
        key_frames: bool = False,
        sparing: bool = False,
        report: Report = silent,
    ) -> None:
        """Decide the size; nothing is opened before `frames`."""
        self._file = file
        self._video = _picture_of(file)
        self._path = path
        self._rate = rate
        self._detail_height = detail_height
        self._detail_rate = detail_rate
        self._scaling = Interpolation.FAST_BILINEAR if quick else Interpolation.AREA
        self._key_frames = key_frames
        quick_enough = self._video.rate.frame_duration * _SPARED_FROM <= 1
        self._sparing = sparing and not key_frames and quick_enough
        self._report = report
        self.size = fitted(self._video, height)
        """Width and height of the pictures given out."""
        self.decoded = 0
        """Whole frames decoded so far."""
        self.damaged = 0
        """Frames and packets that could not be decoded."""

    def frames(self) -> Iterator[Frame]:
        """The pictures in the order they are shown.

        Raises:
            MediaError: more than half of the frames are damaged, or none could be decoded.
        """
        told = wall.monotonic()
        turn = _Turns(self._rate)
        detail_turn = _Turns(self._detail_rate)
        painter = Painter(self._video, self.size, "bgr24", self._scaling)
        large = self._large_painter()
        for time, decoded, left_out in self._decode():
            index = self.decoded
            self.decoded += 1
            if wall.monotonic() - told >= _REPORT_EVERY:
                told = wall.monotonic()
                self._report(min(float(time / self._file.duration), 1.0), "looking at the picture")
            if turn.has_come(time):
                detail = large.paint(decoded) if large and detail_turn.has_come(time) else None
                original = Original(self._video, decoded) if detail is not None else None
                image, key = painter.paint(decoded), bool(decoded.key_frame)
                yield Frame(time, image, index, key, detail, original, left_out)
        seen = self.decoded + self.damaged
        if self.decoded and seen >= _DAMAGE_LEAST and self.damaged > seen * _DAMAGE_LIMIT:
            raise MediaError(_damage_message(self._file.name, self.damaged, seen))
        if not self.decoded:
            raise MediaError(f"{self._file.name}: none of its frames could be decoded.")

    def _large_painter(self) -> Painter | None:
        if self._detail_height is None:
            return None
        size = fitted(self._video, self._detail_height)
        return Painter(self._video, size, "bgr24", Interpolation.AREA)

    def _decode(self) -> Iterator[tuple[SourceTime, av.VideoFrame, bool]]:
        last = SourceTime(Fraction(-1))
        with opened(self._path, self._file.container) as source:
            stream = _threaded(source, self._file, self._video)
            if self._key_frames:
                stream.codec_context.skip_frame = "NONKEY"
            clock = Clock(self._file.container, self._file.start_offset)
            packets = _rebased(_packets(source, stream), clock)
            sparing = Sparing(stream) if self._sparing and Sparing.possible(stream) else None
            for packet in sparing.packets(packets) if sparing else packets:
                for frame in self._whole(packet):
                    time = _time(frame, clock, last, self._video)
                    if time > last:
                        left_out = sparing is not None and sparing.left_out(frame)
                        last = time
                        yield time, frame, left_out

    def _whole(self, packet: av.Packet[_Video]) -> Iterator[av.VideoFrame]:
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            frames = []
            self._count_damage()
        for frame in frames:
            if not isinstance(frame, av.VideoFrame):
                continue
            if frame.is_corrupt:
                self._count_damage()
            else:
                yield frame

    def _count_damage(self) -> None:
        self.damaged += 1
        seen = self.damaged + self.decoded
        if seen >= _DAMAGE_SAMPLE and self.damaged > seen * _DAMAGE_LIMIT:
            raise MediaError(_damage_message(self._file.name, self.damaged, seen))


class _Turns:
    """Thins frames out to so many a second, on a fixed grid of time."""

    def __init__(self, rate: float | None) -> None:
        self._step = None if rate is None else 1 / Fraction(rate)
        self._due: Fraction | None = None

    def has_come(self, time: SourceTime) -> bool:
        if self._step is None:
            return True
        if self._due is not None and time < self._due:
            return False
        # A frame a microsecond early counts as on the grid: times are rounded to that.
        self._due = ((time + MICROSECOND) // self._step + 1) * self._step - MICROSECOND
        return True


def decode(
    file: VideoFile,
    path: Path,
    *,
    height: int,
    rate: float | None = None,
    report: Report = silent,
) -> Iterator[Frame]:
    """The pictures of an input in one pass; see `FramePass`, which also counts damage.

    Raises:
        InputError: the input has no picture.
        MediaError: more than half of the frames are damaged.
    """
    return FramePass(file, path, height=height, rate=rate, report=report).frames()


def frame_at(file: VideoFile, path: Path, time: SourceTime) -> NDArray[np.uint8]:
    """The picture shown at a moment, full size, shape (height, width, 3), red-green-blue.

    Before the first frame it is the first, after the last it is the last.

    Raises:
        InputError: the input has no picture.
        MediaError: nothing could be decoded there.
    """
    video = _picture_of(file)
    best = _shown_at(file, path, video, time, seek=not file.clock_jumps)
    if best is None:
        best = _shown_at(file, path, video, time, seek=False)
    if best is None:
        raise MediaError(
            f"{file.name}: no frame could be decoded at {float(time):.2f} s; copy the file again."
        )
    size = (video.width, video.height)
    return Painter(video, size, "rgb24", Interpolation.BICUBIC).paint(best)


def _shown_at(
    file: VideoFile, path: Path, video: VideoTrack, time: SourceTime, *, seek: bool
) -> av.VideoFrame | None:
    shown: av.VideoFrame | None = None
    last = SourceTime(Fraction(-1))
    with opened(path, file.container) as source:
        stream = _threaded(source, file, video)
        if seek and time > video.start + _SEEK_MARGIN:
            target = time + file.start_offset
            try:
                source.seek(floor(target * av.time_base), backward=True)
            except av.error.FFmpegError:
                return None
        clock = Clock(file.container, file.start_offset)
        for packet in _packets(source, stream):
            clock.rebase(packet)
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue  # a damaged packet; its neighbour is nearly as good
            for frame in frames:
                at = _time(frame, clock, last, video)
                if at > time + 2 * MICROSECOND:
                    # After a seek that landed too late the caller starts over from the front.
                    return shown if shown is not None or seek else frame
                if not frame.is_corrupt or shown is None:
                    shown, last = frame, at
    return shown


def frames_between(
    file: VideoFile, path: Path, start: SourceTime, end: SourceTime, *, height: int
) -> list[Frame]:
    """Every frame shown from one moment to another, both included, as `FramePass` gives them.

    Decoding begins at the key frame before. Empty where the file cannot be sought in.

    Raises:
        InputError: the input has no picture.
    """
    video = _picture_of(file)
    painter = Painter(video, fitted(video, height), "bgr24", Interpolation.FAST_BILINEAR)
    found: list[Frame] = []
    if file.clock_jumps:
        return found
    with opened(path, file.container) as source:
        stream = _threaded(source, file, video)
        clock = Clock(file.container, file.start_offset)
        try:
            source.seek(floor((start + file.start_offset) * av.time_base), backward=True)
            for decoded in source.decode(stream):
                time = _time(decoded, clock, start, video)
                if time > end:
                    break
                if time >= start:
                    key = bool(decoded.key_frame)
                    found.append(Frame(time, painter.paint(decoded), len(found), key))
        except av.error.FFmpegError:
            return found  # what could be decoded is better than nothing
    return found


def _damage_message(name: str, damaged: int, seen: int) -> str:
    return (
        f"{name}: {damaged} of the first {seen} frames are damaged; copy the file again or export "
        "it anew."
    )


def fitted(video: VideoTrack, height: int) -> tuple[int, int]:
    """Size for analysis: as shown, the shorter side at most `height`, the longer 16/9 of that."""
    longer, shorter = max(video.width, video.height), min(video.width, video.height)
    scale = min(Fraction(1), Fraction(height, shorter), Fraction(height) * _LONGEST_SIDE / longer)
    return max(2, round(video.width * scale)), max(2, round(video.height * scale))


def _picture_of(file: VideoFile) -> VideoTrack:
    if file.video is None:
        raise InputError(f"{file.name} has no picture, only sound.")
    return file.video


def _threaded(source: av.container.InputContainer, file: VideoFile, video: VideoTrack) -> _Video:
    stream = video_stream(source, video.stream_index)
    if stream is None:
        raise MediaError(
            f"{file.name}: the picture found before is not there any more; the file was changed "
            "meanwhile: run the same command again."
        )
    stream.thread_type = "AUTO"
    return stream


def _packets(source: av.container.InputContainer, stream: _Video) -> Iterator[av.Packet[_Video]]:
    """Packets until the end, or until the container breaks off."""
    try:
        yield from source.demux(stream)
    except av.error.FFmpegError:
        return


def _rebased(packets: Iterator[av.Packet[_Video]], clock: Clock) -> Iterator[av.Packet[_Video]]:
    for packet in packets:
        clock.rebase(packet)
        yield packet


def _time(frame: av.VideoFrame, clock: Clock, last: SourceTime, video: VideoTrack) -> SourceTime:
    if frame.pts is None or frame.time_base is None:
        return source_time(max(last, Fraction(0)) + video.rate.frame_duration)
    return source_time(clock.time(frame.pts, frame.time_base))
