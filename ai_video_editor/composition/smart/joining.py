"""Copied and encoded runs become one track, counted in frames, beside the finished sound."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.video.stream import VideoStream

from ai_video_editor.composition.caption_track import EMPTY, CaptionTrack, switch_off_captions
from ai_video_editor.composition.encoder import timescale
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.smart.parameter_sets import is_entry, led_by
from ai_video_editor.composition.smart.reading import PacketReader, Reach
from ai_video_editor.errors import DiskSpaceError, MediaError
from ai_video_editor.media.container import opened
from ai_video_editor.media.ffmpeg import file_url

_IN_HEADER, _AMONG_PICTURES = "avc1", "avc3"
"""Sample entries of H.264, by where the parameter sets are (ISO/IEC 14496-15). Apple's players know
the first only, so that it is taken wherever all runs have the same sets."""

_MOVFLAGS = "+faststart+negative_cts_offsets"


@dataclass(frozen=True)
class Material:
    """A file that packets are taken from.

    Attributes:
        path: the file.
        container: name of its demuxer.
        stream_index: the picture's stream.
        index: its packets.
    """

    path: Path
    container: str
    stream_index: int
    index: PacketIndex


@dataclass(frozen=True)
class Strip:
    """A run of the film and where its packets lie.

    Attributes:
        material: number of the file.
        first: first packet there, an IDR picture.
        count: packets, and film frames.
        film: first film frame.
    """

    material: int
    first: int
    count: int
    film: int


@dataclass(frozen=True)
class _Timed:
    """A packet, and when it is due in the file: seconds, then the order of the tracks."""

    at: tuple[Fraction, int]
    packet: av.Packet[Any]


def join(
    strips: Sequence[Strip],
    materials: Sequence[Material],
    sound: Path,
    shape: FilmShape,
    target: Path,
    captions: CaptionTrack | None = None,
) -> None:
    """Write the film.

    Every packet's times are counted anew in film frames. Where runs have different parameter sets,
    each begins with its own. The index stands first, and there is no edit list.

    Args:
        strips: all runs in film order, together the whole film.
        materials: files that the runs are in.
        sound: MP4 file with the finished sound.
        shape: the film.
        target: file to write.
        captions: a track that viewers can switch on.

    Raises:
        MediaError: a file is not what it was.
        DiskSpaceError: the disk is full.
    """
    delay = max(_ahead(strip, materials[strip.material].index) for strip in strips)
    try:
        with ExitStack() as stack:
            options = {
                "movflags": _MOVFLAGS, "use_editlist": "0",
                "video_track_timescale": str(timescale(shape)),
            }  # fmt: skip
            out = stack.enter_context(av.open(file_url(target), "w", format="mp4", options=options))
            readers = {
                number: stack.enter_context(PacketReader(one.path, one.container, one.stream_index))
                for number, one in enumerate(materials)
                if any(strip.material == number for strip in strips)
            }
            heard = stack.enter_context(opened(sound, "mov"))
            first = strips[0].material
            picture = out.add_stream_from_template(readers[first].stream())
            used = {strip.material for strip in strips}
            alike = len({materials[number].index.sets.units for number in used}) == 1
            picture.codec_context.codec_tag = _IN_HEADER if alike else _AMONG_PICTURES
            level = max(materials[strip.material].index.sets.level for strip in strips)
            picture.codec_context.extradata = materials[first].index.sets.header_for(level)
            track = out.add_stream_from_template(heard.streams.audio[0])
            seen = _pictures(strips, materials, readers, picture, shape, delay, led=not alike)
            rows = [seen, _copied(heard.demux(heard.streams.audio[0]), track, 1)]
            if captions is not None:
                rows.append(_captions(captions, stack, out))
            for timed in heapq.merge(*rows, key=lambda timed: timed.at):
                out.mux(timed.packet)
        switch_off_captions(target)
    except OSError as error:  # PyAV's errors are OSErrors too
        if error.errno == 28:
            raise DiskSpaceError(
                "The disk is full; free some space and run the same command again."
            ) from error
        raise MediaError(f"The film cannot be joined: {error}.") from error


def _ahead(strip: Strip, index: PacketIndex) -> int:
    """Frames by which a strip is decoded ahead of being shown."""
    base = index.numbers[strip.first]
    numbers = index.numbers[strip.first : strip.first + strip.count]
    return max(place - (number - base) for place, number in enumerate(numbers))


def _pictures(
    strips: Sequence[Strip],
    materials: Sequence[Material],
    readers: Mapping[int, PacketReader],
    picture: VideoStream,
    shape: FilmShape,
    delay: int,
    *,
    led: bool,
) -> Iterator[_Timed]:
    clock = shape.rate.frame_duration
    for strip in strips:
        index = materials[strip.material].index
        reach = Reach(strip.first, strip.count, index.stamps[strip.first])
        base = strip.film - index.numbers[strip.first]
        for place, found in enumerate(readers[strip.material].run(reach)):
            packet: av.Packet[Any] = found
            entry = found.is_keyframe and is_entry(bytes(found))
            if entry and led:
                packet = av.Packet(led_by(index.sets, bytes(found)))
            packet.is_keyframe = entry
            packet.time_base = clock
            packet.pts = index.numbers[strip.first + place] + base
            packet.dts = strip.film + place - delay
            packet.duration = 1
            packet.stream = picture
            yield _Timed(((strip.film + place) * clock, 0), packet)


def _captions(
    captions: CaptionTrack, stack: ExitStack, out: av.container.OutputContainer
) -> Iterator[_Timed]:
    written = stack.enter_context(opened(captions.path, "mov"))
    track = out.add_stream_from_template(written.streams.subtitles[0])
    track.metadata.update(captions.tags)
    packets = written.demux(written.streams.subtitles[0])
    # Empty ones fill the gaps; the muxer writes its own, and two for one gap make copies drift.
    return _copied((packet for packet in packets if packet.size > EMPTY), track, 2)


def _copied(packets: Iterable[av.Packet[Any]], track: Any, order: int) -> Iterator[_Timed]:
    for packet in packets:
        if packet.size and packet.pts is not None and packet.time_base is not None:
            packet.stream = track
            yield _Timed((packet.pts * packet.time_base, order), packet)
