"""One input's sound as it is kept: the analysis WAV, its rows, and where its voice is.

Everything that is measured on samples is measured here, once; what comes later reads the rows. A
`Listened` names files by their content and goes through JSON, so it can be a result of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ai_video_editor.audio.gaps import changed_form, notes_on
from ai_video_editor.audio.loudness import LoudnessMeter
from ai_video_editor.audio.music import Character, characterise
from ai_video_editor.audio.sound import RATE, Row, Sound, SoundReader
from ai_video_editor.audio.speech import SpeechMap, map_speech, time_of, unbroken
from ai_video_editor.audio.voice import VoiceDetector
from ai_video_editor.context.audio import ExtractedAudio
from ai_video_editor.context.base import MediaRef, Model, Seconds, SourceSpan
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import FileCorruptionError
from ai_video_editor.media.audio import chosen_tracks, extract, read_blocks
from ai_video_editor.progress import Report, silent

Keep = Callable[[Path], MediaRef]
"""Takes a finished file into the store."""

OpenMedia = Callable[[MediaRef], Path]
"""Where a kept file lies."""

_COLUMNS = ("level", "bright", "pitch", "voicing", "change", "novelty", "tone")

_EXTRACTING = 0.4
"""Share of listening that extracting the sound takes."""


class Listened(Model):
    """One input's sound before any word is known.

    Attributes:
        input: index of the file.
        sound: its analysis WAV and what was measured on it.
        rows: its rows and voice probabilities.
        kind: what dominates it: speech, music, mixed or silent.
        certainty: of `kind`.
        noise: whether something sounds that is neither voice nor music.
        voice_seconds: how long there is voice.
        voice: ranges with voice; a long one is parted at its quietest moments, so that ranges
            can be gathered into stretches of a bounded length.
        notes: what is missing of the sound, and what was done.
    """

    input: int
    sound: ExtractedAudio
    rows: MediaRef
    kind: str
    certainty: float
    noise: bool
    voice_seconds: float
    voice: tuple[SourceSpan, ...]
    notes: tuple[str, ...] = ()

    @property
    def duration(self) -> Seconds:
        """Seconds of the input."""
        return self.sound.duration


@dataclass(frozen=True)
class Heard:
    """The rows of one input, read again.

    Attributes:
        listened: what is known of it.
        sound: its rows.
        speech: its voice.
    """

    listened: Listened
    sound: Sound
    speech: SpeechMap


def listen_to(
    index: int,
    file: VideoFile,
    path: Path,
    *,
    track: str,
    keep: Keep,
    scratch: Path,
    report: Report = silent,
) -> Listened:
    """Extract one input's sound and find its voice, block by block.

    Args:
        index: of the input.
        file: what its container holds.
        path: where it lies.
        track: number of the sound track, or "mix".
        keep: takes the WAV and the rows into the store.
        scratch: folder for both while they are made.
        report: told the share done.

    Raises:
        MediaError: the sound track cannot be read.
        InputError: there is no such track.
        UnavailableError: the voice detector is missing.
    """
    wav = scratch / f"sound-{index}.wav"

    def extracting(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else fraction * _EXTRACTING, "extracting sound")

    forms: list[str] = []
    duration = extract(file, path, wav, track=track, report=extracting, changes=forms)
    reader, meter, detector = SoundReader(), LoudnessMeter(), VoiceDetector()
    heard = Fraction(0)
    for block in read_blocks(wav):
        reader.feed(block)
        meter.feed(block)
        detector.feed(block)
        heard += Fraction(block.size, RATE)
        share = float(min(heard / duration, Fraction(1))) if duration else 1.0
        report(_EXTRACTING + share * (1 - _EXTRACTING), "finding speech")
    sound = reader.finish()
    probability = detector.finish(sound.level.size)
    speech = map_speech(sound, probability)
    character: Character = characterise(sound, speech)
    rows = scratch / f"rows-{index}.npz"
    _write_rows(rows, sound, probability)
    return Listened(
        input=index,
        sound=ExtractedAudio(
            input=index,
            wav=keep(wav),
            duration=duration,
            peak=round(sound.peak_level, 2),
            loudness=meter.integrated(),
            noise_floor=round(sound.noise_floor, 2),
        ),
        rows=keep(rows),
        kind=character.kind,
        certainty=character.confidence,
        noise=character.noise,
        voice_seconds=round(speech.seconds, 2),
        voice=tuple(
            SourceSpan(start=time_of(start), end=time_of(end), input=index)
            for start, end in unbroken(speech, sound)
        ),
        notes=(
            *changed_form(file, forms),
            *notes_on(file, path, chosen_tracks(file, track), sound, probability),
        ),
    )


def heard_again(listened: Listened, open_media: OpenMedia) -> Heard:
    """The rows of an input out of the store.

    Raises:
        FileCorruptionError: the file is not what was kept.
    """
    path = open_media(listened.rows)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            columns = [np.ascontiguousarray(column) for column in arrays["columns"]]
            level, bright, pitch, voicing, change, novelty, tone, probability = columns
            sound = Sound(
                level=level,
                bright=bright,
                pitch=pitch,
                voicing=voicing,
                change=change,
                novelty=novelty,
                tone=tone,
                bands=arrays["bands"],
                peak=float(arrays["peak"]),
                samples=int(arrays["samples"]),
            )
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise FileCorruptionError(
            f"{path} cannot be read again ({error}); run with --fresh to hear the recording anew."
        ) from error
    return Heard(listened, sound, map_speech(sound, probability))


def _write_rows(target: Path, sound: Sound, probability: Row) -> None:
    columns = np.stack([*(getattr(sound, name) for name in _COLUMNS), probability])
    np.savez(
        target,
        columns=columns.astype(np.float32),
        bands=sound.bands,
        peak=np.float64(sound.peak),
        samples=np.int64(sound.samples),
    )
