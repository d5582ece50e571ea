"""What is said at the cuts is in the film, whole, and when it is seen.

The words that are in danger stand at the cuts. So the film's sound is held there against the same
moments of the recordings: whether it is that sound at all, how far it is shifted, and whether a
stretch of voice that the plan keeps is missing. Time stamps cannot tell any of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.composition.joins import sound_offsets
from ai_video_editor.composition.samples import RAW, SAMPLE_RATE, Samples, from_bytes
from ai_video_editor.composition.sound_reading import Sound, chosen_tracks
from ai_video_editor.composition.timeline import Section, sample_at, sections_of
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import Check
from ai_video_editor.media.ffmpeg import input_arguments, stream
from ai_video_editor.verification.measurement import film_input
from ai_video_editor.verification.subject import Subject, check, skipped

MOST_PLACES = 48
"""Edges of kept ranges that are listened to, spread evenly over the film: a few seconds' work."""

INDEXED = frozenset({"mov", "matroska"})
"""Containers with an index, whose time stamps after a seek are true."""

_LENGTH = SAMPLE_RATE * 3 // 2
"""Samples that are compared at an edge: 1.5 s."""

_SHORTEST = SAMPLE_RATE // 4
_LONGEST_LAG = SAMPLE_RATE // 4
"""Samples by which sound is looked for elsewhere; more is another sound."""

_STEP = SAMPLE_RATE // 100
"""Samples of a row of the level: 10 ms."""

_ALIKE = 0.3
"""Correlation from which two sounds are the same, one of them cleaned, limited, under music."""

_AS_GOOD = 0.9
"""Share of the best correlation at which another shift explains the sound as well."""

_RECOGNISED = 0.9
"""Share of the places at which the sound must be recognised."""

OFFSET = 10.0
"""ms that sound may be shifted; EBU R37 allows 40 early, and nothing here moves it on purpose."""

_VOICE, _FLOOR = 25.0, -55.0
"""dB under the loudest rows that is still voice; dBFS under which nothing is."""

_GONE = 12.0
"""dB by which a row of voice must be quieter than its neighbours make expect."""

_ROWS = 5
"""Rows in a line that are a part of a word: 50 ms. The fade at an edge takes at most 30 ms."""

_HEARD = 20
"""Rows of voice without which a place tells nothing."""

Mono = NDArray[np.float32]


@dataclass(frozen=True)
class _Place:
    """One edge of a kept range: samples of an input and where they are in the film."""

    input: int
    source: int
    film: int
    length: int


@dataclass(frozen=True)
class _Heard:
    """What was found at a place.

    Attributes:
        place: the edge.
        alike: correlation at the best shift.
        lag: samples that the film's sound comes late.
        missing: film sample at which a stretch of voice is missing, if one is.
    """

    place: _Place
    alike: float
    lag: int
    missing: int | None


def checks(subject: Subject) -> list[Check]:
    """The sound at the cuts: recognised, in its place, whole."""
    names = ("sound_at_cuts", "sound_offset", "words_whole")
    if subject.film is None or subject.measured.audio is None or not subject.files:
        return [skipped(name, "there is no sound to compare") for name in names]
    heard = list(_listened(subject, subject.film))
    if not heard:
        return [skipped(name, "nothing is said at the cuts") for name in names]
    known = [one for one in heard if one.alike >= _ALIKE]
    foreign = [one.place.film for one in heard if one.alike < _ALIKE]
    recognised = check(
        "sound_at_cuts", len(heard), len(known), len(known) >= _RECOGNISED * len(heard),
        unit="places with the recording's sound",
        reason=f"The film has another sound than the recording at {_times(foreign)}.",
    )  # fmt: skip
    if not known:
        return [recognised, *(skipped(n, "the sound is not the recording's") for n in names[1:])]
    worst = max((one.lag for one in known), key=abs)
    shifted = [one.place.film for one in known if abs(_ms(one.lag)) > OFFSET]
    missing = [one.missing for one in known if one.missing is not None]
    return [
        recognised,
        check(
            "sound_offset", 0.0, _ms(worst), not shifted, unit="ms late at most",
            reason=f"What is heard and what is seen are apart at {_times(shifted)}.",
        ),
        check(
            "words_whole", 0, len(missing), not missing,
            unit=f"clipped at {len(known)} places",
            reason=f"A part of what is said and should stay is missing at {_times(missing)}.",
        ),
    ]  # fmt: skip


def _ms(samples: int) -> float:
    return round(samples / SAMPLE_RATE * 1000, 1)


def _times(samples: Sequence[int]) -> str:
    return ", ".join(f"{sample / SAMPLE_RATE:.2f} s" for sample in samples[:5])


def _listened(subject: Subject, film: Path) -> Iterator[_Heard]:
    gone = _GONE + subject.composed.denoise_db
    places = _places(subject)
    for number in sorted({place.input for place in places}):
        mine = sorted((p for p in places if p.input == number), key=lambda place: place.source)
        for place, said in _said(subject, number, mine):
            if _voice(_level(said)).sum() >= _HEARD:
                yield _compared(place, said, _played(film, place, subject.timeout), gone)


def _said(subject: Subject, number: int, places: Sequence[_Place]) -> Iterator[tuple[_Place, Mono]]:
    """The recording's sound at places of one input, in its order."""
    file, path = subject.files[number]
    if file.container in INDEXED and not file.clock_jumps:
        for place in places:
            yield place, _excerpt(file, path, place, subject)
        return
    # Where a seek is not to be trusted, one reading goes through the whole file.
    sound = Sound(subject.files, subject.audio_track, subject.timeout, [])
    end = places[0].source
    with ExitStack() as stack:
        reader = stack.enter_context(sound.reader(number, end))
        for place in places:
            if place.source < end:
                reader = stack.enter_context(sound.reader(number, place.source))
            yield place, _mono(reader.read(place.source, place.length))
            end = place.source + place.length


def _excerpt(file: VideoFile, path: Path, place: _Place, subject: Subject) -> Mono:
    # An early stop of a running ffmpeg takes seconds; one that is told its length ends at once.
    begin = max(0, place.source // SAMPLE_RATE - 2)
    skipped_samples = place.source - begin * SAMPLE_RATE
    wanted = skipped_samples + place.length
    tracks, _ = chosen_tracks(file, subject.audio_track)
    chains = [
        f"[0:{track.stream_index}]aresample={SAMPLE_RATE}:async=1:first_pts=0,"
        f"aformat=sample_fmts=flt:channel_layouts=stereo[t{index}]"
        for index, track in enumerate(tracks)
    ]
    labels = "".join(f"[t{index}]" for index in range(len(tracks)))
    chains.append(f"{labels}amix=inputs={len(tracks)}:normalize=0:duration=longest[out]")
    arguments = [
        *(["-ss", str(begin)] if begin else []), "-t", str(wanted // SAMPLE_RATE + 1),
        *input_arguments(file, path), "-filter_complex", ";".join(chains),
        "-map", "[out]", "-c:a", "pcm_f32le", *RAW, "pipe:1",
    ]  # fmt: skip
    with stream(arguments, timeout=subject.timeout, what=file.name) as pipe:
        samples = _mono(from_bytes(pipe.read()))[skipped_samples:wanted]
    return np.pad(samples, (0, place.length - len(samples)))


def _places(subject: Subject) -> list[_Place]:
    """Both edges of every run of the film, or as many of them as there is time for."""
    time_map = subject.time_map
    shifted = sound_offsets(subject.plan, time_map)
    found: list[_Place] = []
    for section in sections_of(time_map):
        if section.speed != 1 or not subject.files[section.input][0].audio:
            continue
        if {section.film, section.film_end} & set(shifted):
            continue  # there the plan lets the sound change before or after the picture
        found += _edges(section, subject)
    if len(found) <= MOST_PLACES:
        return found
    return [found[i * (len(found) - 1) // (MOST_PLACES - 1)] for i in range(MOST_PLACES)]


def _edges(section: Section, subject: Subject) -> list[_Place]:
    rate = subject.time_map.rate
    first = sample_at(section.source, rate, SAMPLE_RATE)
    film = sample_at(section.film, rate, SAMPLE_RATE)
    whole = sample_at(section.film_end, rate, SAMPLE_RATE) - film
    length = min(whole, _LENGTH)
    if length < _SHORTEST:
        return []
    places = [_Place(section.input, first, film, length)]
    if whole > _LENGTH:
        later = whole - length
        places.append(_Place(section.input, first + later, film + later, length))
    return places


def _played(film: Path, place: _Place, timeout: float) -> Mono:
    """The film's sound at a place, with `_LONGEST_LAG` samples before and after it."""
    before = _LONGEST_LAG + SAMPLE_RATE // 4  # a decoder needs a moment to be exact
    begin = max(0, place.film - before)
    wanted = place.film - _LONGEST_LAG
    length = place.length + 2 * _LONGEST_LAG
    arguments = [
        *(["-ss", f"{begin / SAMPLE_RATE:.6f}"] if begin else []), *film_input(film),
        "-map", "0:a:0", "-af", f"aresample={SAMPLE_RATE}:async=1:first_pts=0",
        "-t", f"{(wanted + length - begin) / SAMPLE_RATE:.6f}", "-c:a", "pcm_f32le", *RAW, "pipe:1",
    ]  # fmt: skip
    with stream(arguments, timeout=timeout, what=film.name) as pipe:
        samples = _mono(from_bytes(pipe.read()))
    lead = max(0, -wanted)
    samples = samples[max(0, wanted - begin) :][: length - lead]
    return np.pad(samples, (lead, length - lead - len(samples)))


def _compared(place: _Place, said: Mono, played: Mono, gone: float) -> _Heard:
    alike, shift = _best_shift(said, played)
    here = played[shift : shift + len(said)]
    row = _missing_row(_level(said), _level(here), gone)
    missing = None if row is None else place.film + row * _STEP
    return _Heard(place, alike, shift - _LONGEST_LAG, missing)


def _best_shift(said: Mono, played: Mono) -> tuple[float, int]:
    """Normalised correlation of the sound with where it is found, and where that begins."""
    size = 1 << (len(played) + len(said)).bit_length()
    spectrum = np.fft.rfft(played, size) * np.conj(np.fft.rfft(said, size))
    product = np.fft.irfft(spectrum, size)[: 2 * _LONGEST_LAG + 1]
    energy = np.concatenate([[0.0], np.cumsum(played.astype(np.float64) ** 2)])
    windows = (energy[len(said) :] - energy[: -len(said)])[: 2 * _LONGEST_LAG + 1]
    # Where nearly nothing is heard, rounding errors would look like a likeness.
    windows = np.maximum(windows, max(0.01 * float(windows.max()), 1e-9))
    norm = np.sqrt(windows * max(float(np.sum(said.astype(np.float64) ** 2)), 1e-9))
    found = product / norm
    best = float(found.max())
    # A steady tone is alike at many shifts: the nearest is meant. Speech is not, 2 ms away.
    candidates = np.flatnonzero(found >= _AS_GOOD * best)
    nearest = int(candidates[np.argmin(np.abs(candidates - _LONGEST_LAG))])
    return best, nearest


def _missing_row(said: Mono, heard: Mono, gone: float) -> int | None:
    """First row of a stretch of voice that is far quieter than the rest is."""
    voice = _voice(said)
    change = heard - said
    usual = float(np.median(change[voice]))
    run = 0
    for row, missing in enumerate(voice & (change < usual - gone)):
        run = run + 1 if missing else 0
        if run >= _ROWS:
            return row - _ROWS + 1
    return None


def _mono(samples: Samples) -> Mono:
    mixed: Mono = samples.mean(axis=1, dtype=np.float32)
    return mixed


def _level(sound: Mono) -> Mono:
    """Level of every 10 ms, dBFS."""
    rows = sound[: len(sound) // _STEP * _STEP].reshape(-1, _STEP)
    power = np.mean(np.square(rows), axis=1) + 1e-12
    level: Mono = (10 * np.log10(power)).astype(np.float32)
    return level


def _voice(level: Mono) -> NDArray[np.bool_]:
    if not len(level):
        return np.zeros(0, np.bool_)
    loud = float(np.percentile(level, 95))
    voiced: NDArray[np.bool_] = level > max(loud - _VOICE, _FLOOR)
    return voiced
