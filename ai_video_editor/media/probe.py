"""What an input holds, measured rather than believed.

The header is compared with a walk over all packets and with the first decoded frame; where they
differ the packets are right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import av.audio
import av.container
import av.error
import av.stream
import av.video

from ai_video_editor.context.inputs import AudioTrack, VideoFile, VideoMetadata, VideoTrack
from ai_video_editor.errors import FileCorruptionError, InputError
from ai_video_editor.media import colors
from ai_video_editor.media.claims import refuse_bomb
from ai_video_editor.media.clock import Clock, zero_of
from ai_video_editor.media.container import is_picture, opened, video_stream
from ai_video_editor.media.names import quoted, shown
from ai_video_editor.media.orientation import Orientation, pixel_shape, square
from ai_video_editor.media.rate import nominal_rate
from ai_video_editor.media.sniff import container_of
from ai_video_editor.media.walk import Track, Walk, walk
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import FrameRate, exact

MOST_STREAMS = 64
"""A recording has a handful; hundreds are an attack or an accident."""

LARGEST_SIDE = 8192
"""Pixels: 8K UHD is 7680 wide; libx264 stops at 16384."""

SMALLEST_SIDE = 16
"""Pixels: one macroblock of H.264; below it there is nothing to see."""

LONGEST = Fraction(36 * 3600)
"""Seconds: a WAV file of 16 kHz mono sound, which we make of each input, ends at 37 h (4 GiB)."""

_NOTABLE_START = Fraction(1, 10)
"""Seconds of black or silence at the start that a viewer would notice."""

_ROUNDED = Fraction(2, 1000)
"""Seconds: containers that count milliseconds cannot say an end more exactly."""

_DEFAULT_SIZE = (1920, 1080)
_DEFAULT_RATE = FrameRate(30)

_FIRST_FRAME_TRIES = 300
"""Packets decoded in search of a first frame that is whole."""

_HEADER_TRUST = Fraction(1, 10)
"""Seconds by which header and packets may differ at the end of a sound (encoder padding)."""

_SHORT = Fraction(1, 2)
"""Seconds missing against the header before a file is called cut off."""


@dataclass(frozen=True)
class _Facts:
    """All that the parts of a probe share."""

    path: Path
    container: str
    walk: Walk
    zero: Fraction
    promised: Fraction

    def track(self, stream: av.stream.Stream) -> Track:
        return self.walk.tracks[stream.index]

    def header_end(self, stream: av.stream.Stream) -> Fraction | None:
        if stream.duration is None or stream.time_base is None:
            return None
        start = (stream.start_time or 0) * stream.time_base - self.zero
        return start + stream.duration * stream.time_base


def probe(path: Path, sha256: str, report: Report = silent) -> VideoFile:
    """What a file holds, on the timeline that all other rooms use.

    Args:
        path: the file; its name and ending are not believed.
        sha256: digest of its content.
        report: told the share done.

    Raises:
        InputError: it is not there, no recording, has nothing to see or hear, or exceeds a limit.
        FilePermissionError: it may not be read.
        FileCorruptionError: it is damaged; the message says how.
    """
    container = container_of(path)
    size = path.stat().st_size
    if container == "mov":
        refuse_bomb(path)
    with opened(path, container) as source:
        _refuse_absurd(path, source)
        film = _film_streams(source)
        sound = list(source.streams.audio)
        if not film and not sound:
            raise InputError(
                f"{shown(path)} holds neither picture nor sound; give a recording that does."
            )
        zero = zero_of(source)
        clock = Clock(container, zero)
        promised = Fraction(source.duration or 0, av.time_base)
        walked = walk(
            source,
            [*film, *sound],
            clock,
            length=float(promised),
            report=report,
        )
        facts = _Facts(path, container, walked, zero, promised)
        notes: list[str] = []
        video = _video(facts, source, film, notes)
        audio = tuple(
            track for stream in sound if (track := _audio(facts, stream, notes)) is not None
        )
        pictures = sum(1 for stream in source.streams.video if is_picture(stream))
        subtitles = len(source.streams.subtitles)
    duration = _duration(path, video, audio, promised)
    if promised - duration > _SHORT and (walked.broken or container != "mpegts"):
        notes.append(
            f"The header promises {float(promised):.1f} s, the file holds {float(duration):.1f} s: "
            "it seems to be cut off."
        )
    if clock.jumped:
        notes.append("Its clock starts anew inside; the parts are taken as one recording.")
    if video is None:
        notes.append("There is no picture, only sound.")
    if not audio:
        notes.append("There is no sound.")
    return VideoFile(
        sha256=sha256,
        name=shown(Path(path.name)),
        size=size,
        container=container,
        duration=duration,
        start_offset=exact(zero),
        video=video,
        audio=audio,
        subtitles=subtitles,
        attached_pictures=pictures,
        clock_jumps=clock.jumped,
        notes=tuple(notes),
    )


def _refuse_absurd(path: Path, source: av.container.InputContainer) -> None:
    if len(source.streams) > MOST_STREAMS:
        raise InputError(
            f"{shown(path)} has {len(source.streams)} streams, more than the {MOST_STREAMS} "
            "allowed; keep one picture and the sound with `ffmpeg -i {quoted(path)} "
            "-map 0:v:0 -map 0:a -c copy smaller.mkv`."
        )


def _film_streams(source: av.container.InputContainer) -> list[av.video.stream.VideoStream]:
    """The streams with a moving picture of a codec that ffmpeg knows."""
    known = [stream for stream in source.streams.video if stream.codec_context is not None]
    return [stream for stream in known if not is_picture(stream)]


def _video(
    facts: _Facts,
    source: av.container.InputContainer,
    streams: Sequence[av.video.stream.VideoStream],
    notes: list[str],
) -> VideoTrack | None:
    moving = [stream for stream in streams if facts.track(stream).packets > 1]
    if not moving:
        if streams and not source.streams.audio:
            if sum(facts.track(stream).packets for stream in streams) == 0:
                raise FileCorruptionError(
                    f"{shown(facts.path)} promises a picture but holds no frame; it was not "
                    "copied to its end: copy it again."
                )
            raise InputError(
                f"{shown(facts.path)} is a single frame, not a film; give a recording with motion."
            )
        if streams:
            notes.append("The picture is a single still frame; only the sound is used.")
        return None
    stream = max(
        moving,
        key=lambda one: (
            bool(one.disposition & av.stream.Disposition.default),
            one.codec_context.width * one.codec_context.height,
            -one.index,
        ),
    )
    if len(moving) > 1:
        notes.append(f"It has {len(moving)} pictures; stream {stream.index} is used.")
    return _described(facts, stream, notes)


def _described(facts: _Facts, stream: av.video.stream.VideoStream, notes: list[str]) -> VideoTrack:
    frame = _first_frame(facts, stream)
    _refuse_size(facts.path, frame.width, frame.height)
    orientation = Orientation.of_frame(frame)
    aspect = pixel_shape(stream.sample_aspect_ratio)
    width, height = square(frame.width, frame.height, aspect)
    if orientation.sideways:
        width, height = height, width
    rate, variable = _rate(facts, stream)
    track = facts.track(stream)
    start, end = _span(track)
    end = max(end, Fraction(max(track.times), 1_000_000) + _last_gap(track, rate))
    if abs(end - facts.promised) <= _ROUNDED:
        end = facts.promised
    transfer = colors.transfer(frame.color_trc)
    video = VideoTrack(
        stream_index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        width=width,
        height=height,
        coded_width=frame.width,
        coded_height=frame.height,
        rotation=orientation.rotation,
        mirrored=orientation.mirrored,
        sample_aspect=f"{aspect.numerator}/{aspect.denominator}",
        frame_rate=str(rate),
        variable_frame_rate=variable,
        start=start,
        duration=end - start,
        frames=track.packets,
        pixel_format=frame.format.name,
        bit_depth=max((part.bits for part in frame.format.components), default=8),
        color_primaries=colors.primaries(frame.color_primaries),
        color_transfer=transfer,
        color_space=colors.space(frame.colorspace),
        color_range=colors.value_range(frame.color_range, frame.format.name),
        hdr=transfer in colors.HDR_TRANSFERS,
        interlaced=bool(frame.interlaced_frame),
    )
    notes.extend(_video_notes(video))
    return video


def _video_notes(video: VideoTrack) -> list[str]:
    notes = []
    if video.variable_frame_rate:
        notes.append(f"The frame rate varies; {_rate_words(video.rate)} is taken.")
    if video.rotation or video.mirrored:
        mirrored = " and mirrored" if video.mirrored else ""
        notes.append(f"The picture is turned by {video.rotation} degrees{mirrored}.")
    if video.hdr:
        kind = "PQ" if video.color_transfer == "smpte2084" else "HLG"
        notes.append(f"The picture is HDR ({kind}); the film will be SDR.")
    if video.interlaced:
        notes.append("The picture is interlaced; it will be deinterlaced.")
    if video.sample_aspect != "1/1":
        notes.append(
            f"Its pixels are not square; it is shown as {video.width}x{video.height} pixels."
        )
    if video.start >= _NOTABLE_START:
        notes.append(f"The picture starts at {float(video.start):.2f} s.")
    return notes


def _rate_words(rate: FrameRate) -> str:
    return f"{float(rate.fraction):.3f}".rstrip("0").rstrip(".") + " frames a second"


def _refuse_size(path: Path, width: int, height: int) -> None:
    if min(width, height) < SMALLEST_SIDE:
        raise InputError(
            f"{shown(path)} has a picture of {width}x{height} pixels; at least "
            f"{SMALLEST_SIDE}x{SMALLEST_SIDE} are needed."
        )
    if max(width, height) > LARGEST_SIDE:
        raise InputError(
            f"{shown(path)} has a picture of {width}x{height} pixels; at most {LARGEST_SIDE} a "
            f"side are allowed: make it smaller with `ffmpeg -i {quoted(path)} -vf scale=3840:-2 "
            "smaller.mp4`."
        )


def _first_frame(facts: _Facts, stream: av.video.stream.VideoStream) -> av.VideoFrame:
    _refuse_size(facts.path, stream.codec_context.width or 16, stream.codec_context.height or 16)
    damaged: av.VideoFrame | None = None
    # Opened anew: a short transport stream cannot be sought back to its front.
    with opened(facts.path, facts.container) as source:
        for frame in _frames(source, stream.index):
            if not frame.is_corrupt:
                return frame
            damaged = damaged or frame
    if damaged is not None:
        return damaged
    raise FileCorruptionError(
        f"{shown(facts.path)} holds no picture that can be decoded ({stream.codec_context.name}); "
        "copy it again or export it anew."
    )


def _frames(source: av.container.InputContainer, index: int) -> Iterator[av.VideoFrame]:
    """Frames of the first packets; damaged packets are passed over."""
    stream = video_stream(source, index)
    if stream is None:
        return
    try:
        for packet in islice(source.demux(stream), _FIRST_FRAME_TRIES):
            with suppress(av.error.FFmpegError):  # a damaged packet; a later one may be whole
                yield from packet.decode()
    except av.error.FFmpegError:
        return  # the container breaks off; what was decoded until then counts


def _rate(facts: _Facts, stream: av.video.stream.VideoStream) -> tuple[FrameRate, bool]:
    said = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    return nominal_rate(facts.track(stream).times, [Fraction(rate) for rate in said if rate])


def _last_gap(track: Track, rate: FrameRate) -> Fraction:
    last = max(track.times)
    before = max((time for time in track.times if time < last), default=None)
    if before is None:
        return rate.frame_duration
    return min(Fraction(last - before, 1_000_000), rate.frame_duration)


def _span(track: Track) -> tuple[Fraction, Fraction]:
    start = max(Fraction(track.start or 0, 1_000_000), Fraction(0))
    return start, max(Fraction(track.end or 0, 1_000_000), start)


def _audio(
    facts: _Facts, stream: av.audio.stream.AudioStream, notes: list[str]
) -> AudioTrack | None:
    track = facts.track(stream)
    context: Any = stream.codec_context  # None where ffmpeg does not know the codec
    if context is None or not track.packets or not context.sample_rate or not context.channels:
        notes.append(f"The sound of stream {stream.index} holds nothing that can be decoded.")
        return None
    start, end = _span(track)
    promised = facts.header_end(stream)
    if promised is not None and abs(promised - end) <= _HEADER_TRUST:
        end = promised
    language = (stream.language or "").lower()
    return AudioTrack(
        stream_index=stream.index,
        codec=context.codec.canonical_name,
        sample_rate=context.sample_rate,
        channels=context.channels,
        layout={1: "mono", 2: "stereo"}.get(context.channels, context.layout.name),
        start=start,
        duration=max(end - start, Fraction(0)),
        language="" if language == "und" else language[:16],
        default=bool(stream.disposition & av.stream.Disposition.default),
    )


def _duration(
    path: Path, video: VideoTrack | None, audio: Sequence[AudioTrack], promised: Fraction
) -> Fraction:
    ends = [track.start + track.duration for track in audio]
    if video is not None:
        ends.append(video.start + video.duration)
    duration = max(ends, default=Fraction(0))
    if duration <= 0:
        raise FileCorruptionError(
            f"{shown(path)} holds no sound and no picture that can be read; copy it again."
        )
    if max(duration, promised) > LONGEST:
        raise InputError(
            f"{shown(path)} is {float(max(duration, promised)) / 3600:.0f} h long; at most "
            f"{LONGEST // 3600} h are allowed: split it first."
        )
    return exact(duration)


def film_format(files: Sequence[VideoFile]) -> VideoMetadata:
    """What the film made of some inputs will be: size and rate of the first with a picture.

    Sides are rounded down to even numbers, which H.264 in 4:2:0 asks for; without any picture it
    is 1920x1080 at 30 frames a second.

    Raises:
        InputError: there are no inputs.
    """
    if not files:
        raise InputError("No input was given; name at least one recording.")
    video = next((file.video for file in files if file.video is not None), None)
    width, height = (video.width, video.height) if video else _DEFAULT_SIZE
    return VideoMetadata(
        duration=sum((file.duration for file in files), Fraction(0)),
        file_size=sum(file.size for file in files),
        format=files[0].container,
        width=width - width % 2,
        height=height - height % 2,
        frame_rate=video.frame_rate if video else str(_DEFAULT_RATE),
        has_audio=any(file.audio for file in files),
        has_video=video is not None,
        name=Path(files[0].name).stem.replace("_", " ").strip() or "film",
    )
