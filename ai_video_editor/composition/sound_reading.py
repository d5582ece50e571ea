"""Reading the inputs' sound forwards, decoded to 48 kHz stereo on the container's clock."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from ai_video_editor.composition.joins import Take
from ai_video_editor.composition.samples import (
    BLOCK,
    CHANNELS,
    SAMPLE_RATE,
    Samples,
    nothing,
)
from ai_video_editor.composition.seeking import seek_to
from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import input_arguments, stream
from ai_video_editor.media.timed_samples import NUT, TimedSamples


class Reader:
    """Forward reading of one pass over one input's sound.

    Args:
        file: what `probe` found.
        path: where the input lies.
        tracks: sound tracks to take; none gives silence.
        start: first sample that will be asked for, on the input's timeline.
        speed: how fast it is played; the pitch stays.
        timeout: seconds.
        notes: takes what a user should know.
    """

    def __init__(
        self,
        file: VideoFile,
        path: Path,
        tracks: Sequence[AudioTrack],
        start: int,
        speed: Fraction,
        timeout: float,
        notes: list[str],
    ) -> None:
        """Prepare; ffmpeg is started when the first sample is read."""
        self.has_sound = bool(tracks)
        seek = seek_to(file, start // SAMPLE_RATE)
        if speed == 1 and not seek:
            start = 0
        self._arguments = _decoding(file, path, tracks, seek, speed) if tracks else None
        self._position = start
        self._name = file.name
        self._timeout = timeout
        self._notes = notes
        self._stack = ExitStack()
        self._first, self._speed = start, speed
        self._timed: TimedSamples | None = None

    def __enter__(self) -> Reader:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the reading."""
        self.close()

    def read(self, start: int, count: int) -> Samples:
        """`count` samples from sample `start` of the input's timeline; silence past its end."""
        while self._position < start:
            step = min(BLOCK, start - self._position)
            if len(self._take(step)) < step:
                self._position = start
        samples = self._take(count)
        if len(samples) < count:
            samples = np.concatenate([samples, nothing(count - len(samples))])
        return samples

    def close(self) -> None:
        """End the reading early or late; damage is noted, not raised."""
        self._arguments = None
        try:
            self._stack.close()
        except MediaError as error:
            # What could be decoded is in the film; the rest is silence.
            self._notes.append(f"The sound of {self._name} is damaged ({error}).")

    def _take(self, count: int) -> Samples:
        if self._arguments is None:
            self._position += count
            return nothing()
        if self._timed is None:
            pipe = self._stack.enter_context(
                stream(self._arguments, timeout=self._timeout, what=self._name)
            )
            self._timed = TimedSamples(pipe, rate=SAMPLE_RATE, start=self._first, speed=self._speed)
        self._position += count
        return self._timed.read(count)


@dataclass(frozen=True)
class Sound:
    """The inputs' sound.

    Attributes:
        files: the inputs and where they lie.
        audio_track: number of the track to take, or "mix" for all of them together.
        timeout: seconds for one reading.
        notes: collects what a user should know.
    """

    files: Sequence[tuple[VideoFile, Path]]
    audio_track: str
    timeout: float
    notes: list[str]

    def reader(self, number: int, start: int, speed: Fraction = Fraction(1)) -> Reader:
        """Reads one input forwards from a sample of its timeline."""
        file, path = self.files[number]
        tracks, note = chosen_tracks(file, self.audio_track)
        if note:
            self.notes.append(note)
        return Reader(file, path, tracks, start, speed, self.timeout, self.notes)


def passes_over(takes: Sequence[Take]) -> list[list[int]]:
    """The fewest forward readings that yield the takes, as numbers of takes.

    Takes at another speed go through a filter of their own and are read alone.
    """
    open_passes: dict[int, list[list[int]]] = {}
    order: list[list[int]] = []
    for number, take in enumerate(takes):
        if take.section.speed != 1:
            order.append([number])
            continue
        mine = open_passes.setdefault(take.section.input, [])
        # The pass that was used last comes first: it is the one that is near.
        fitting = next((p for p in mine if _end(takes[p[-1]]) <= take.source), None)
        if fitting is None:
            fitting = []
            order.append(fitting)
        else:
            mine.remove(fitting)
        fitting.append(number)
        mine.insert(0, fitting)
    return order


def _end(take: Take) -> int:
    return take.source + take.length


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
    seek: int,
    speed: Fraction,
) -> list[str]:
    before = ["-ss", str(seek)] if seek else []
    chains: list[str] = []
    for index, track in enumerate(tracks):
        chains.append(
            f"[0:{track.stream_index}]asetpts=PTS+{seek}/TB,"
            f"aresample={SAMPLE_RATE}:async=1,"
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
        "-map", "[out]", "-ar", str(SAMPLE_RATE), "-ac", str(CHANNELS), *NUT,
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
