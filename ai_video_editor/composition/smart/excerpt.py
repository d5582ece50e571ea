"""The GOPs of an input that a piece decodes, in a small file beside it.

An input of hours is read for a piece only where the piece needs it, however many places that are:
packets are copied with their time stamps, and the picture graph lays them on the frame grid as it
does with the whole input.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import av.error

from ai_video_editor.composition.passes import Excerpt
from ai_video_editor.composition.smart.piece import Excerpted
from ai_video_editor.composition.smart.reading import PacketReader
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import file_url


def write_excerpt(wanted: Excerpted, file: VideoFile, path: Path, target: Path) -> Excerpt:
    """Write an excerpt.

    Args:
        wanted: which packets.
        file: the input.
        path: where it lies.
        target: the file to write, NUT: it takes any clock and any gap as they are.

    Raises:
        MediaError: the input is not what it was when it was indexed.
        DiskSpaceError: the disk is full.
    """
    if file.video is None:
        raise MediaError(f"{file.name} has no picture to take frames of.")
    start = wanted.reaches[0].stamp
    with PacketReader(path, file.container, file.video.stream_index) as reader:
        stream = reader.stream()
        base = stream.time_base or Fraction(1)
        with av.open(file_url(target), "w", format="nut") as out:
            picture = out.add_stream_from_template(stream)
            # Decoding times only have to rise and to lie before the frames' own: they count
            # packets, and the frames' times begin above them. ffmpeg takes the first for zero.
            begin = sum(reach.count for reach in wanted.reaches)
            decoded = 0
            for reach in wanted.reaches:
                for packet in reader.run(reach):
                    packet.pts = (packet.pts or 0) - start + begin
                    packet.dts = decoded
                    packet.stream = picture
                    out.mux(packet)
                    decoded += 1
    return Excerpt(target, start * base - file.start_offset, wanted.whole)
