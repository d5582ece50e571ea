"""Whether a container really holds sound at a time, or only silence that was put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from math import floor
from pathlib import Path

import av
import av.audio.stream
import av.container
import av.error

from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.media.container import opened

_BEFORE = Fraction(1)
"""Seconds before a stretch at which reading begins: decoders need a run-up."""

_MOST_FRAMES = 20_000
"""Frames decoded for one stretch: over three minutes of AAC."""


def missing(
    file: VideoFile,
    path: Path,
    tracks: Sequence[AudioTrack],
    spans: Sequence[tuple[Fraction, Fraction]],
) -> list[tuple[Fraction, Fraction]]:
    """Those of some silent stretches in which no track has sound that can be decoded.

    Args:
        file: what `probe` found.
        path: where it lies.
        tracks: sound tracks that are heard.
        spans: stretches in seconds of the input's timeline.

    Raises:
        FileSystemError: the file cannot be opened any more.
    """
    found = []
    for start, end in spans:
        covered = Fraction(0)
        for track in tracks:
            with opened(path, file.container) as source:
                covered = max(covered, _decoded(source, file, track, start, end))
        if covered < (end - start) / 2:
            found.append((start, end))
    return found


def _decoded(
    source: av.container.InputContainer,
    file: VideoFile,
    track: AudioTrack,
    start: Fraction,
    end: Fraction,
) -> Fraction:
    """Seconds of a stretch for which decoding gives samples."""
    stream = next((s for s in source.streams.audio if s.index == track.stream_index), None)
    if stream is None:
        return Fraction(0)
    covered = Fraction(0)
    with suppress(av.error.FFmpegError):  # some containers cannot seek: then from the start
        source.seek(floor(max(Fraction(0), start - _BEFORE + file.start_offset) * av.time_base))
    frames = 0
    for packet in source.demux(stream):
        with suppress(av.error.InvalidDataError):
            for frame in packet.decode():
                if frame.pts is None or frame.time_base is None:
                    continue
                begin = frame.pts * frame.time_base - file.start_offset
                length = Fraction(frame.samples, frame.sample_rate)
                covered += max(Fraction(0), min(begin + length, end) - max(begin, start))
                frames += 1
                if begin >= end or frames >= _MOST_FRAMES:
                    return covered
    return covered
