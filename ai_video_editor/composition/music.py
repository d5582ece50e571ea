"""A music bed: looped or cut to the film's length, and ducked under the voice.

The bed is set against the voice as it was measured, before the whole is brought to its loudness,
so that voice and music keep their distance whatever the target.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.composition.loudness import measured, raw_input
from ai_video_editor.composition.samples import (
    BLOCK,
    FRAME_BYTES,
    RAW,
    SAMPLE_RATE,
    Samples,
    crossed,
    from_bytes,
    nothing,
)
from ai_video_editor.composition.sound import CutSound
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import InputError, MediaError
from ai_video_editor.media.ffmpeg import input_arguments, stream
from ai_video_editor.media.names import shown
from ai_video_editor.media.probe import probe
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import FilmTime, TimeRange

UNDER_VOICE = -18.0
"""LU of the bed against the voice while somebody speaks: 15 to 20 is what broadcasters ask for, so
that words stay clear to those who hear badly (BBC and EBU advice on background sound)."""

IN_GAPS = -12.0
"""LU of the bed against the voice where nobody speaks for a while."""

LEAST_GAP = Fraction(3, 2)
"""Seconds: in shorter gaps the bed stays down, or it would pump with every breath."""

ATTACK, RELEASE = 0.25, 0.6
"""Seconds in which the bed goes down, ending where the voice begins, and comes back after it."""

SHORTEST = 1.0
"""Seconds of music: a shorter loop is a buzz."""

_SEAM = 2.0
"""Seconds over which the music's end goes into its beginning where it is looped."""

_FADE_IN, _FADE_OUT = 1.5, 3.0
"""Seconds at the film's ends; at most a quarter of the film each."""

_MOST_GAIN = 30.0
"""dB: beyond it a bed is hiss."""

_REMEMBERED = 60.0
"""Seconds: shorter music is kept decoded between its rounds."""

_STEREO = f"aresample={SAMPLE_RATE},aformat=sample_fmts=flt:channel_layouts=stereo"
"""What is measured is what is heard: two channels, however many the music has."""

_NOT_HASHED = "0" * 64
_REPORT_EVERY = 1.0


def music_file(path: Path) -> VideoFile:
    """What a file that is to lie under the film holds; its first sound track is taken.

    Raises:
        InputError: it is not there, of no accepted kind, without sound, or shorter than
            `SHORTEST`.
        FilePermissionError: it may not be read.
        FileCorruptionError: it is damaged.
    """
    file = probe(path, _NOT_HASHED)
    if not file.audio:
        raise InputError(f"{shown(path)} has no sound; give --music a file that has.")
    if file.audio[0].duration < SHORTEST:
        raise InputError(
            f"{shown(path)} has {float(file.audio[0].duration):.1f} s of sound; "
            f"--music needs at least {SHORTEST:.0f} s."
        )
    return file


@dataclass(frozen=True)
class Ducking:
    """The bed's gain over the film.

    Attributes:
        voice: where somebody speaks, in order.
        down: dB under the voice.
        up: dB in gaps of at least `LEAST_GAP`.
        length: samples of the film.
    """

    voice: Sequence[TimeRange[FilmTime]]
    down: float
    up: float
    length: int
    _points: tuple[NDArray[np.float64], NDArray[np.float64]] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out where the bed goes down and where it comes back."""
        spans: list[tuple[float, float]] = []
        for one in self.voice:
            start, end = float(one.start), float(one.end)
            if spans and start - spans[-1][1] < LEAST_GAP:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        times = [t for start, end in spans for t in (start - ATTACK, start, end, end + RELEASE)]
        shares = [0.0, 1.0, 1.0, 0.0] * len(spans)
        assert all(a <= b for a, b in pairwise(times))  # LEAST_GAP holds both ramps
        object.__setattr__(self, "_points", (np.array(times), np.array(shares)))

    def gain(self, start: int, count: int) -> NDArray[np.float32]:
        """Factor for each of `count` samples from film sample `start`."""
        at = np.arange(start, start + count)
        seconds = at / SAMPLE_RATE
        times, shares = self._points
        down = np.interp(seconds, times, shares) if times.size else np.zeros(count)
        decibel = self.up + (self.down - self.up) * _smooth(down)
        quarter = self.length / SAMPLE_RATE / 4
        into = np.clip(seconds / min(_FADE_IN, quarter), 0.0, 1.0)
        out = np.clip((self.length / SAMPLE_RATE - seconds) / min(_FADE_OUT, quarter), 0.0, 1.0)
        factor = 10 ** (decibel / 20) * _smooth(into) * _smooth(out)
        return factor.astype(np.float32)


def _smooth(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 to 1 without a corner at either end."""
    smoothed: NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * share)
    return smoothed


def with_music(
    sound: CutSound,
    music: Path,
    voice: Sequence[TimeRange[FilmTime]],
    *,
    alone: float,
    target: Path,
    timeout: float,
    report: Report = silent,
) -> CutSound:
    """The film's sound with music under it; its length does not change.

    Args:
        sound: the film's sound before it is levelled.
        music: file whose first sound track is the bed.
        voice: where somebody speaks in the film, in order.
        alone: LUFS of the music where the film has no sound of its own.
        target: raw file to write.
        timeout: seconds for each step.
        report: told the share done.

    Raises:
        InputError: the music cannot be used.
        MediaError: it cannot be decoded.
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    file = music_file(music)
    notes: list[str] = []
    seconds = sound.samples / SAMPLE_RATE
    report(0.0, "measuring the music")
    opened = ["-t", f"{seconds:.3f}", *input_arguments(file, music)]
    bed = measured(opened, timeout=timeout, filters=_STEREO).integrated
    if bed is None:
        note = f"{file.name} is silent: there is no music under the film."
        return CutSound(sound.path, sound.samples, sound.audible, (*sound.notes, note))
    own = measured(raw_input(sound.path), timeout=timeout).integrated if sound.audible else None
    down, up = (alone, alone) if own is None else (own + UNDER_VOICE, own + IN_GAPS)
    ducking = Ducking(voice, min(down - bed, _MOST_GAIN), min(up - bed, _MOST_GAIN), sound.samples)
    source = _looped(_Music(file, music, timeout, notes), _seam(file))
    _mix(sound, source, ducking, target, report)
    return CutSound(target, sound.samples, True, (*sound.notes, *dict.fromkeys(notes)))


def _mix(
    sound: CutSound, source: Iterator[Samples], ducking: Ducking, target: Path, report: Report
) -> None:
    told = time.monotonic()
    waiting: Samples = nothing()
    position = 0
    with sound.path.open("rb") as own, target.open("wb") as out:
        while position < sound.samples:
            count = min(BLOCK, sound.samples - position)
            film = from_bytes(own.read(count * FRAME_BYTES))
            while len(waiting) < count and (block := next(source, None)) is not None:
                waiting = np.concatenate([waiting, block])
            music, waiting = waiting[:count], waiting[count:]
            mixed = film.copy()
            mixed[: len(music)] += music * ducking.gain(position, len(music))[:, None]
            out.write(mixed.tobytes())
            position += count
            if time.monotonic() - told >= _REPORT_EVERY:
                told = time.monotonic()
                report(position / sound.samples, "laying the music")


def _seam(file: VideoFile) -> int:
    return int(min(_SEAM, float(file.audio[0].duration) / 4) * SAMPLE_RATE)


class _Music:
    """The music from its beginning, as often as it is asked for."""

    def __init__(self, file: VideoFile, path: Path, timeout: float, notes: list[str]) -> None:
        self._file = file
        self._path = path
        self._timeout = timeout
        self._notes = notes
        self._short = file.audio[0].duration <= _REMEMBERED
        self._kept: list[Samples] = []

    def blocks(self) -> Iterator[Samples]:
        """All of it once."""
        if self._kept:
            yield from self._kept
            return
        kept: list[Samples] = []
        try:
            for block in self._decoded():
                if self._short:
                    kept.append(block)
                yield block
        except MediaError as error:
            # What could be decoded is the bed.
            self._notes.append(f"The music {self._file.name} is damaged ({error}).")
        self._kept = kept

    def _decoded(self) -> Iterator[Samples]:
        arguments = [
            *input_arguments(self._file, self._path), "-map", "0:a:0",
            "-af", _STEREO,
            "-c:a", "pcm_f32le", *RAW, "pipe:1",
        ]  # fmt: skip
        with stream(arguments, timeout=self._timeout, what=self._file.name) as pipe:
            while data := pipe.read(BLOCK * FRAME_BYTES):
                yield from_bytes(data)


def _looped(music: _Music, seam: int) -> Iterator[Samples]:
    """The music without end; each round's last samples go into the next one's first."""
    held: Samples | None = None
    while True:
        data: Samples = nothing()
        for block in music.blocks():
            data = np.concatenate([data, block])
            if held is not None:
                if len(data) < len(held):
                    continue
                data[: len(held)] = crossed(held, data[: len(held)])
                held = None
            if len(data) > seam:
                yield data[:-seam]
                data = data[-seam:]
        if held is not None:
            yield held
            return
        if not len(data):
            return
        held = data
