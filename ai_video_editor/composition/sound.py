"""The film's sound, cut in one pass at the picture's frame boundaries.

Sound is streamed through numpy in blocks of a second, so memory does not grow with the film. Each
run is faded where it begins and ends (`joins`), over the recording's own room tone where it has
some (`room_tone`); a run that simply goes on is left alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

from ai_video_editor.composition.gaps import Gaps
from ai_video_editor.composition.joins import Edge, Take, takes_of
from ai_video_editor.composition.room_tone import RoomTones
from ai_video_editor.composition.samples import (
    BLOCK,
    SAMPLE_RATE,
    Curve,
    Samples,
    equal_power,
    nothing,
)
from ai_video_editor.composition.sound_reading import Reader, Sound, passes_over
from ai_video_editor.composition.sound_reading import chosen_tracks as chosen_tracks
from ai_video_editor.composition.timeline import Section, sample_at
from ai_video_editor.composition.voices import Voices
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import FrameRate

_REPORT_EVERY = 1.0

_JUMP = 10 ** (3 / 20)
"""Ratio of two rooms' noise from which the change is heard: 3 dB."""

_BRIDGE = round(0.35 * SAMPLE_RATE)
"""Samples in which the louder room's noise goes away on the quieter side of a join."""


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
    audio: AudioAnalysis | None = None,
    offsets: Mapping[int, Fraction] | None = None,
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
        audio: what was heard; without it every edge has a plain fade.
        offsets: film frame of a join to the seconds that the sound changes after it; negative
            before it.
        report: told the share done.

    Raises:
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    total = sample_at(frames, rate, SAMPLE_RATE)
    notes: list[str] = []
    source = Sound(files, audio_track, timeout, notes)
    takes = takes_of(
        sections,
        rate,
        lengths=[file.duration for file, _ in files],
        fade=round(edge_fade * SAMPLE_RATE),
        voices=Voices(audio),
        offsets=offsets or {},
    )
    tones = RoomTones(source, audio)
    bridges = _bridges(takes, tones)
    audible = False
    told = time.monotonic()
    with ExitStack() as stack, target.open("wb") as out:
        film = _Film(out)
        readers, last = _readers(takes, source, stack)
        for number, take in enumerate(takes):
            reader = readers[number]
            audible = audible or reader.has_sound
            film.flush(take.film)
            later = takes[number + 1].film if number + 1 < len(takes) else total
            position = take.film
            for block in _played(reader, take, tones, bridges.get(number, ())):
                film.add(position, block)
                position += len(block)
                film.flush(min(position, later))
                if time.monotonic() - told >= _REPORT_EVERY:
                    told = time.monotonic()
                    report(position / max(1, total), "cutting the sound")
            if number in last:
                reader.close()
        film.flush(total)
    return CutSound(target, total, audible, tuple(dict.fromkeys(notes)))


class _Film:
    """The film's sound as it is written; what overlaps is added up."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._written = 0
        self._waiting = nothing()

    def add(self, at: int, block: Samples) -> None:
        """Lay samples at a film sample that is not written yet."""
        offset = at - self._written
        missing = offset + len(block) - len(self._waiting)
        if missing > 0:
            self._waiting = np.concatenate([self._waiting, nothing(missing)])
        self._waiting[offset : offset + len(block)] += block

    def flush(self, until: int) -> None:
        """Write all before a film sample; silence where nothing was laid."""
        count = until - self._written
        if count <= 0:
            return
        ready, self._waiting = self._waiting[:count], self._waiting[count:]
        self._out.write(ready.tobytes())
        self._out.write(nothing(count - len(ready)).tobytes())
        self._written = until


def _readers(
    takes: Sequence[Take], source: Sound, stack: ExitStack
) -> tuple[dict[int, Reader], set[int]]:
    """A reader for each take, and the takes after which theirs is not needed any more."""
    readers: dict[int, Reader] = {}
    last = set()
    for numbers in passes_over(takes):
        first = takes[numbers[0]]
        reader = stack.enter_context(
            source.reader(first.section.input, first.source, first.section.speed)
        )
        readers.update(dict.fromkeys(numbers, reader))
        last.add(numbers[-1])
    return readers, last


@dataclass(frozen=True)
class _Bridge:
    """The louder neighbour's room tone on the quieter side of a join.

    Attributes:
        input: whose tone.
        gain: at the join; together with the quieter room it is as loud as the louder one.
        head: whether the join is at the take's head, else at its tail.
    """

    input: int
    gain: float
    head: bool

    def over(self, start: int, count: int, take: Take) -> Curve | None:
        """Factor of the tone for samples of a take; None where it is not heard."""
        length = min(_BRIDGE, take.length // 2)
        at = np.arange(start, start + count)
        away = (at if self.head else take.length - 1 - at) / max(1, length)
        if away.min() >= 1:
            return None
        near = np.clip(1 - away, 0.0, 1.0)
        curve: Curve = (self.gain * (0.5 - 0.5 * np.cos(np.pi * near))).astype(np.float32)
        return curve


def _bridges(takes: Sequence[Take], tones: RoomTones) -> dict[int, list[_Bridge]]:
    """Where two rooms of unlike noise meet without an overlap."""
    found: dict[int, list[_Bridge]] = {}
    for number, (before, after) in enumerate(pairwise(takes)):
        one, other = before.section.input, after.section.input
        if one == other or before.tail.overlaps:
            continue
        levels = tones.level(one), tones.level(other)
        if not min(levels) or max(levels) <= _JUMP * min(levels):
            continue  # of a room without a pause nobody knows how loud it is
        quieter, louder = min(levels), max(levels)
        gain = float(np.sqrt(1 - (quieter / louder) ** 2))
        if levels[0] > levels[1]:
            found.setdefault(number + 1, []).append(_Bridge(one, gain, head=True))
        else:
            found.setdefault(number, []).append(_Bridge(other, gain, head=False))
    return found


def _played(
    reader: Reader, take: Take, tones: RoomTones, bridges: Sequence[_Bridge]
) -> Iterator[Samples]:
    """A take as it is heard: faded, with room tone where its own sound is missing."""
    number = take.section.input
    gaps = Gaps()
    position = 0
    while position < take.length:
        count = min(BLOCK, take.length - position)
        block = reader.read(take.source + position, count).copy()
        film = take.film + position
        missing = gaps.share(block) if reader.has_sound else None
        if missing is not None:
            block += tones.at(number, film, count) * missing[:, None]
        weight = _weight(take, position, count)
        if weight is not None:
            block *= weight[0][:, None]
            if weight[1] is not None:
                block += tones.at(number, film, count) * weight[1][:, None]
        for bridge in bridges:
            curve = bridge.over(position, count, take)
            if curve is not None:
                block += tones.at(bridge.input, film, count) * curve[:, None]
        yield block
        position += count


def _weight(take: Take, position: int, count: int) -> tuple[Curve, Curve | None] | None:
    """Factor of a take's own sound and of the tone under it; None where it is simply heard."""
    at = np.arange(position, position + count)
    own = np.ones(count, np.float32)
    tone = np.zeros(count, np.float32)
    touched = False
    for edge, away in ((take.head, at), (take.tail, take.length - 1 - at)):
        if edge.fade and away.min() < edge.fade:
            touched = True
            curve = _rising(edge)[np.minimum(away, edge.fade - 1)]
            own *= np.where(away < edge.fade, curve, np.float32(1))
            if edge.joined and not edge.overlaps:
                under = np.sqrt(np.maximum(0, 1 - curve**2))
                tone = np.where(away < edge.fade, under, tone)
    if not touched:
        return None
    return own, tone if tone.any() else None


def _rising(edge: Edge) -> Curve:
    if edge.overlaps:
        return equal_power(edge.fade)
    # Half a cosine: no corner at either end.
    share = (np.arange(edge.fade, dtype=np.float32) + 0.5) / edge.fade
    rising: Curve = (0.5 - 0.5 * np.cos(np.pi * share)).astype(np.float32)
    return rising
