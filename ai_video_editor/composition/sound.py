"""The film's sound, cut in one pass at the picture's frame boundaries.

Tracks are decoded to 48 kHz stereo on the container's clock and streamed through numpy in blocks of
a second, so memory does not grow with the film. Each run of sound is faded in and out where it
begins and ends; a run that simply goes on is left alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.composition.seeking import seek_to
from ai_video_editor.composition.timeline import Pass, Section, passes_over, sample_at
from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import input_arguments, stream
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import FrameRate

SAMPLE_RATE = 48_000
"""What YouTube asks for, and what every camera can be turned into without loss."""

CHANNELS = 2

RAW = ["-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", str(CHANNELS)]
"""Format of the files between the steps: 32-bit float cannot clip."""

_BLOCK = SAMPLE_RATE
_BYTES = 4 * CHANNELS
_REPORT_EVERY = 1.0

Samples = NDArray[np.float32]
"""Shape (samples, 2), full scale ±1."""


@dataclass(frozen=True)
class CutSound:
    """The film's sound before it is levelled.

    Attributes:
        path: raw 32-bit float samples, interleaved, 48 kHz stereo.
        samples: how many, each of two channels.
        audible: whether any source had sound at all.
        notes: what a user should know.
    """

    path: Path
    samples: int
    audible: bool
    notes: tuple[str, ...]


def cut_sound(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    rate: FrameRate,
    *,
    frames: int,
    audio_track: str,
    edge_fade: float,
    target: Path,
    timeout: float,
    report: Report = silent,
) -> CutSound:
    """Cut the sound of a film.

    Args:
        sections: the cut, in film order.
        files: the inputs.
        rate: frames a second.
        frames: length of the film.
        audio_track: number of the track to take, or "mix" for all of them together.
        edge_fade: seconds of the fade at every edge, 0.010 to 0.030.
        target: file to write.
        timeout: seconds.
        report: told the share done.

    Raises:
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    total = sample_at(frames, rate, SAMPLE_RATE)
    fade = round(edge_fade * SAMPLE_RATE)
    notes: list[str] = []
    audible = False
    written = 0
    told = time.monotonic()
    with ExitStack() as stack, target.open("wb") as out:
        readers = _readers(sections, files, rate, audio_track, timeout, stack, notes)
        for section in sections:
            start = sample_at(section.film, rate, SAMPLE_RATE)
            length = sample_at(section.film_end, rate, SAMPLE_RATE) - start
            reader = readers[section]
            audible = audible or reader.has_sound
            for block in _faded(reader, section, rate, length, fade):
                out.write(block.tobytes())
                written += len(block)
                if time.monotonic() - told >= _REPORT_EVERY:
                    told = time.monotonic()
                    report(written / max(1, total), "cutting the sound")
            reader.done_with(section)
        out.write(bytes(_BYTES * max(0, total - written)))
    return CutSound(target, total, audible, tuple(dict.fromkeys(notes)))


class _Reader:
    """Forward reading of one pass over one input's sound."""

    def __init__(
        self,
        arguments: list[str] | None,
        start: int,
        last: Section,
        name: str,
        timeout: float,
        notes: list[str],
    ) -> None:
        self.has_sound = arguments is not None
        self._arguments = arguments
        self._position = start
        self._last = last
        self._name = name
        self._timeout = timeout
        self._notes = notes
        self._stack = ExitStack()
        self._pipe: IO[bytes] | None = None

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, start: int, count: int) -> Samples:
        """`count` samples from sample `start` of the input's timeline; silence past its end."""
        while self._position < start:
            step = min(_BLOCK, start - self._position)
            if len(self._take(step)) < step:
                self._position = start
        samples = self._take(count)
        if len(samples) < count:
            missing = np.zeros((count - len(samples), CHANNELS), np.float32)
            samples = np.concatenate([samples, missing])
        return samples

    def done_with(self, section: Section) -> None:
        """End the reading after its last section."""
        if section == self._last:
            self._close()

    def _take(self, count: int) -> Samples:
        if self._arguments is None:
            self._position += count
            return np.zeros((0, CHANNELS), np.float32)
        if self._pipe is None:
            self._pipe = self._stack.enter_context(
                stream(self._arguments, timeout=self._timeout, what=self._name)
            )
        data = self._pipe.read(count * _BYTES)
        self._position += count
        whole = len(data) // _BYTES * _BYTES
        return np.frombuffer(data[:whole], np.float32).reshape(-1, CHANNELS)

    def _close(self) -> None:
        self._arguments = None
        try:
            self._stack.close()
        except MediaError as error:
            # What could be decoded is in the film; the rest is silence.
            self._notes.append(f"The sound of {self._name} is damaged ({error}).")


def _readers(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    rate: FrameRate,
    audio_track: str,
    timeout: float,
    stack: ExitStack,
    notes: list[str],
) -> dict[Section, _Reader]:
    even = [section for section in sections if section.speed == 1]
    passes = passes_over(even)
    passes += [Pass(s.input, (s,)) for s in sections if s.speed != 1]
    readers: dict[Section, _Reader] = {}
    for one in passes:
        file, path = files[one.input]
        tracks, note = chosen_tracks(file, audio_track)
        if note:
            notes.append(note)
        start = sample_at(one.sections[0].source, rate, SAMPLE_RATE)
        speed = one.sections[0].speed
        seek = seek_to(file, start // SAMPLE_RATE)
        if speed == 1 and not seek:
            start = 0
        arguments = _decoding(file, path, tracks, start, seek, speed) if tracks else None
        reader = stack.enter_context(
            _Reader(arguments, start, one.sections[-1], file.name, timeout, notes)
        )
        for section in one.sections:
            readers[section] = reader
    return readers


def chosen_tracks(file: VideoFile, audio_track: str) -> tuple[list[AudioTrack], str]:
    """The tracks to take, and a note where it is not what was asked for."""
    if not file.audio:
        return [], ""
    if audio_track == "mix":
        return list(file.audio), ""
    wanted = int(audio_track)
    if wanted < len(file.audio):
        return [file.audio[wanted]], ""
    return [file.audio[0]], (
        f"{file.name} has no sound track {wanted}: track 0 of {len(file.audio)} was taken."
    )


def _decoding(
    file: VideoFile,
    path: Path,
    tracks: Sequence[AudioTrack],
    start: int,
    seek: int,
    speed: Fraction,
) -> list[str]:
    before = ["-ss", str(seek)] if seek else []
    chains: list[str] = []
    for index, track in enumerate(tracks):
        chains.append(
            f"[0:{track.stream_index}]asetpts=PTS+{seek}/TB,"
            f"aresample={SAMPLE_RATE}:async=1:first_pts={start},"
            f"aformat=sample_fmts=flt:channel_layouts=stereo[t{index}]"
        )
    if len(tracks) > 1:
        labels = "".join(f"[t{index}]" for index in range(len(tracks)))
        chains.append(f"{labels}amix=inputs={len(tracks)}:normalize=0:duration=longest[mix]")
        last = "mix"
    else:
        last = "t0"
    chains.append(f"[{last}]{_tempo(speed)}[out]")
    return [
        *before, *input_arguments(file, path), "-filter_complex", ";".join(chains),
        "-map", "[out]", "-c:a", "pcm_f32le", *RAW, "pipe:1",
    ]  # fmt: skip


def _tempo(speed: Fraction) -> str:
    """`atempo` keeps the pitch; one of it does between a half and twice well."""
    if speed == 1:
        return "anull"
    steps = []
    left = float(speed)
    while left > 2.0:
        steps.append("atempo=2.0")
        left /= 2.0
    while left < 0.5:
        steps.append("atempo=0.5")
        left /= 0.5
    return ",".join([*steps, f"atempo={left:.6f}"])


def _faded(
    reader: _Reader, section: Section, rate: FrameRate, length: int, fade: int
) -> Iterator[Samples]:
    start = sample_at(section.source, rate, SAMPLE_RATE)
    ramp = min(fade, length // 2)
    position = 0
    while position < length:
        count = min(_BLOCK, length - position)
        block = reader.read(start + position, count).copy()
        at = np.arange(position, position + count)
        edge = np.minimum(at, length - 1 - at)
        if ramp and edge.min() < ramp:
            # Half a cosine: no corner at either end.
            share = np.clip((edge + 0.5) / ramp, 0.0, 1.0)
            block *= (0.5 - 0.5 * np.cos(np.pi * share)).astype(np.float32)[:, None]
        yield block
        position += count
