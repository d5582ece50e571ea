"""The sound of an input as 16 kHz mono, sample 0 at time 0 of its timeline.

ffmpeg decodes and fills holes from the time stamps; here two channels become one in such a way
that nothing is lost: dialogue in the centre channel stays, and where the two sides cancel each
other or one is empty, the louder one is taken.
"""

from __future__ import annotations

import errno
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.errors import DiskSpaceError, InputError, MediaError
from ai_video_editor.media.audio_forms import forms_of
from ai_video_editor.media.ffmpeg import input_arguments, stream
from ai_video_editor.media.timed_samples import NUT, TimedSamples
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import exact

RATE = 16_000
"""Samples a second: what Whisper, PocketSphinx and the voice detector take."""

_BLOCK = RATE * 4
_CANCELLED = 0.35
"""Power of the mix over that of the louder side: independent sides give 0.5, one empty side 0.25,
opposed sides 0."""

_REPORT_EVERY = 1.0
_LEAST_TIMEOUT = 120.0
_TIMEOUT_PER_SECOND = 1.0
"""Seconds allowed for a second of sound; decoding runs at 100 times real time and more."""

_ToMono = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def extract(
    file: VideoFile,
    path: Path,
    target: Path,
    *,
    track: str = "0",
    report: Report = silent,
    changes: list[str] | None = None,
) -> Fraction:
    """Write an input's sound as 16 kHz mono 16-bit WAV on the input's timeline.

    Sound that starts late is preceded by silence, holes are filled with it, and the end is padded
    or cut to the input's length, so that a sample's number is its time.

    Args:
        file: what `probe` found.
        path: where the input lies.
        target: WAV file to write.
        track: number of the sound track, counted from 0 among sound tracks, or "mix" for all.
        report: told the share done.
        changes: filled with the forms that the sound has one after the other, such as
            "48000 Hz, stereo", where it has several.

    Returns:
        Length of the WAV in seconds.

    Raises:
        InputError: there is no such track.
        MediaError: nothing could be decoded.
        DiskSpaceError: the disk is full.
        ProcessingTimeoutError: it took far too long.
    """
    tracks = chosen_tracks(file, track)
    total = round(file.duration * RATE)
    arguments = [
        # ffmpeg calls it a failure when most packets are damaged; what is whole is worth hearing.
        *("-max_error_rate", "1"),
        *input_arguments(file, path),
        "-filter_complex",
        _graph(tracks),
        "-map",
        "[out]",
        *NUT,
    ]
    nothing = (
        f"{file.name}: nothing of its sound could be decoded; choose another track with "
        "--audio-track or export the recording anew."
    )
    remarks: list[str] = []
    try:
        levels = _write(arguments, target, total, _mean, file, report, remarks)
    except MediaError as error:
        raise MediaError(nothing) if "nothing was encoded" in str(error) else error from error
    if levels.samples == 0:
        raise MediaError(nothing)
    if changes is not None:
        changes.extend(forms_of(remarks, file, path, tracks))
    louder = levels.louder_side()
    if louder is not None:
        _write(arguments, target, total, _SIDES[louder], file, report)
    return exact(Fraction(total, RATE))


def chosen_tracks(file: VideoFile, track: str) -> Sequence[AudioTrack]:
    """The sound tracks that are heard: one by its number, or all for "mix".

    Raises:
        InputError: there is no such track.
    """
    if not file.audio:
        raise InputError(f"{file.name} has no sound; give a recording that has.")
    if track == "mix":
        return file.audio
    if not track.isdigit() or int(track) >= len(file.audio):
        count = len(file.audio)
        raise InputError(
            f"{file.name} has {count} sound track{'s' if count > 1 else ''}; --audio-track "
            f"{track} is not one of 0 to {count - 1} or mix."
        )
    return (file.audio[int(track)],)


def _graph(tracks: Sequence[AudioTrack]) -> str:
    """A filter graph from the tracks to two channels of 32-bit float named [out]."""
    parts = []
    for number, track in enumerate(tracks):
        parts.append(
            f"[0:{track.stream_index}]aresample={RATE}:async=1:osf=flt,"
            f"{_layout(track)}{_two_sides(track)},aformat=sample_fmts=flt:channel_layouts=stereo[t{number}]"
        )
    names = "".join(f"[t{number}]" for number in range(len(tracks)))
    if len(tracks) == 1:
        return parts[0].replace("[t0]", "[out]")
    # Equal weights that sum to one: a mix cannot clip, and a track that ends early changes nothing.
    share = f"volume={1 / len(tracks):.6f}"
    mixed = f"{names}amix=inputs={len(tracks)}:duration=longest:normalize=0,{share}[out]"
    return ";".join([*parts, mixed])


_NAMED = ("mono", "stereo", "quad", "5.0", "5.0(side)", "5.1", "5.1(side)", "7.1")
_SURROUND = ("3.0", "4.0", "5.0", "5.1", "6.0", "6.1", "7.0", "7.1")


def _layout(track: AudioTrack) -> str:
    """Holds the channels that the track begins with, where it has others later."""
    named = track.layout in _NAMED
    return f"aformat=channel_layouts={track.layout}," if named else ""


def _two_sides(track: AudioTrack) -> str:
    """Left and right; for surround sound the centre, where people talk, and the two fronts."""
    if track.channels == 1:
        return "pan=stereo|c0=c0|c1=c0"
    if track.channels >= 3 and track.layout.startswith(_SURROUND):
        return "pan=stereo|c0=FC|c1=0.5*FL+0.5*FR"
    if track.channels == 6:
        # without a named layout six channels are 5.1 in the order of WAV: the centre is the third
        return "pan=stereo|c0=c2|c1=0.5*c0+0.5*c1"
    return "pan=stereo|c0=c0|c1=c1"


@dataclass
class _Levels:
    samples: int = 0
    energy: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def add(self, sides: NDArray[np.float32], mono: NDArray[np.float32]) -> None:
        self.samples += len(sides)
        for number, signal in enumerate((sides[:, 0], sides[:, 1], mono)):
            self.energy[number] += float(np.dot(signal, signal))

    def louder_side(self) -> int | None:
        """The side to take alone where the mix loses too much; None where it does not."""
        left, right, mixed = self.energy
        if mixed >= _CANCELLED * max(left, right):
            return None
        return 0 if left >= right else 1


def _mean(sides: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(sides.mean(axis=1, dtype=np.float32))


def _left(sides: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(sides[:, 0])


def _right(sides: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(sides[:, 1])


_SIDES = (_left, _right)


def _write(
    arguments: Sequence[str],
    target: Path,
    total: int,
    to_mono: _ToMono,
    file: VideoFile,
    report: Report,
    remarks: list[str] | None = None,
) -> _Levels:
    levels = _Levels()
    timeout = max(_LEAST_TIMEOUT, _TIMEOUT_PER_SECOND * total / RATE)
    told = time.monotonic()
    try:
        with (
            stream(arguments, timeout=timeout, what=file.name, remarks=remarks) as pipe,
            wave.open(str(target), "wb") as wav,
        ):
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(RATE)
            for sides in _sides(pipe):
                mono = to_mono(sides)
                room = max(0, total - levels.samples)
                levels.add(sides, mono)
                wav.writeframesraw(_pcm(mono[:room]))
                if time.monotonic() - told >= _REPORT_EVERY:
                    told = time.monotonic()
                    report(min(levels.samples / max(total, 1), 1.0), "extracting the sound")
            _pad(wav, total - levels.samples)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskSpaceError(
                f"{file.name}: the disk is full; free {total * 2 // 2**20 + 1} MiB for its sound."
            ) from error
        raise
    return levels


def _sides(pipe: IO[bytes]) -> Iterator[NDArray[np.float32]]:
    """Blocks of shape (samples, 2)."""
    timed = TimedSamples(pipe, rate=RATE)
    while len(block := timed.read(_BLOCK)):
        yield np.nan_to_num(block)


def _pcm(mono: NDArray[np.float32]) -> bytes:
    return np.clip(np.rint(mono * 32768), -32768, 32767).astype("<i2").tobytes()


def _pad(wav: wave.Wave_write, samples: int) -> None:
    while samples > 0:
        wav.writeframesraw(bytes(2 * min(samples, _BLOCK)))
        samples -= _BLOCK


def read_blocks(wav: Path, seconds: float = 30) -> Iterator[NDArray[np.float32]]:
    """The samples of a WAV that `extract` wrote, block by block.

    Args:
        wav: 16-bit WAV; several channels are averaged.
        seconds: length of a block; the last is shorter.

    Yields:
        Mono samples from -1 to 1.

    Raises:
        MediaError: it is no such WAV.
    """
    with _opened(wav) as sound:
        block = max(1, round(seconds * sound.getframerate()))
        while data := sound.readframes(block):
            yield _mono(data, sound.getnchannels())


def read_range(wav: Path, start: Fraction, end: Fraction) -> NDArray[np.float32]:
    """The samples from `start` to `end`, in seconds; what lies outside the file is left out.

    Raises:
        MediaError: it is no WAV that `extract` wrote.
    """
    with _opened(wav) as sound:
        rate, length = sound.getframerate(), sound.getnframes()
        first = min(max(0, round(start * rate)), length)
        last = min(max(first, round(end * rate)), length)
        sound.setpos(first)
        return _mono(sound.readframes(last - first), sound.getnchannels())


def _mono(data: bytes, channels: int) -> NDArray[np.float32]:
    samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768)
    if channels == 1:
        return samples
    return np.ascontiguousarray(samples.reshape(-1, channels).mean(axis=1, dtype=np.float32))


@contextmanager
def _opened(wav: Path) -> Iterator[wave.Wave_read]:
    try:
        with wave.open(str(wav), "rb") as sound:
            if sound.getsampwidth() != 2:
                raise wave.Error(f"{sound.getsampwidth() * 8}-bit samples where 16 are expected")
            yield sound
    except (OSError, EOFError, wave.Error) as error:
        raise MediaError(f"{wav} is no WAV file that can be read here: {error}.") from error
