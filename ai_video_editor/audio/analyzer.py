"""Everything that is heard in the inputs, as one `AudioAnalysis`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np

from ai_video_editor.audio.alignment import align
from ai_video_editor.audio.filler_lexicon import lexicon
from ai_video_editor.audio.fillers import find_fillers
from ai_video_editor.audio.loudness import LoudnessMeter
from ai_video_editor.audio.music import Character, characterise, find_rhythm
from ai_video_editor.audio.pauses import as_spans, find_pauses
from ai_video_editor.audio.prosody import with_prosody
from ai_video_editor.audio.retakes import find_retakes
from ai_video_editor.audio.sentences import as_sentences, sentence_runs
from ai_video_editor.audio.sound import Sound, SoundReader, row_at
from ai_video_editor.audio.speech import SpeechMap, map_speech
from ai_video_editor.audio.transcription.engine import (
    UNKNOWN_LANGUAGE,
    PerInput,
    Transcriber,
    Transcript,
)
from ai_video_editor.audio.voice import VoiceDetector
from ai_video_editor.context.audio import (
    AudioAnalysis,
    ExtractedAudio,
    Filler,
    Music,
    Pause,
    Retake,
    Sentence,
    Word,
)
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.media.audio import extract, read_blocks
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import AudioSettings

_Indexed = TypeVar("_Indexed", Sentence, Filler, Retake)

_TRUSTED = 0.6
"""Quality under which words lead to no cut: `AudioAnalysis.print_threshold`."""

_SUNG = 0.02
"""Share of a recording with voice from which words are looked for."""

_UNDER_MIXED, _UNDER_SPEECH = 12.0, 6.0
"""dB under the speaker's loud moments that a pause must lie; in a talk hardly any noise is as loud,
where there is music the gaps between words are full of it."""

_EXTRACTING, _HEARING, _RECOGNISING = 0.15, 0.3, 0.95
"""Share of an input's work that is done after each step (measured with a small Whisper)."""


@dataclass(frozen=True)
class Listened:
    """One input's sound before any word is known.

    Attributes:
        input: index of the file.
        wav: the analysis sound, while it lies in the scratch folder.
        duration: seconds.
        sound: its rows.
        speech: its voice.
        loudness: LUFS, None for silence.
        character: what dominates it.
    """

    input: int
    wav: Path
    duration: Fraction
    sound: Sound
    speech: SpeechMap
    loudness: float | None
    character: Character


@dataclass
class _Said:
    """Words of all inputs and what was found in them; indices count over all inputs."""

    words: list[Word] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    fillers: list[Filler] = field(default_factory=list)
    retakes: list[Retake] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    weights: list[tuple[float, float]] = field(default_factory=list)

    @property
    def quality(self) -> float:
        """Mean quality of the inputs' transcripts, by seconds of voice."""
        seconds = sum(weight for weight, _ in self.weights)
        return round(sum(w * q for w, q in self.weights) / seconds, 3) if seconds else 0.0


class AudioAnalyzer:
    """Hears recordings.

    Args:
        settings: which sound track to hear.
    """

    def __init__(self, settings: AudioSettings) -> None:
        """Keep the settings; nothing is loaded yet."""
        self.settings = settings

    def analyze_audio(
        self,
        files: Sequence[tuple[VideoFile, Path]],
        transcriber: Transcriber | None,
        *,
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report = silent,
    ) -> AudioAnalysis:
        """Words, voice, pauses, fillers, retakes, prosody and music of all inputs.

        Args:
            files: each input and where it lies, in film order.
            transcriber: recognises the words; None finds speech and silence only.
            keep: takes a finished file into the store.
            scratch: folder for files while they are made.
            report: told the share done.

        Raises:
            MediaError: a sound track cannot be read.
            UnavailableError: the recogniser cannot run here.
            InputError: there is no such track, or an imported transcript cannot be used.
        """
        heard = [index for index, (file, _) in enumerate(files) if file.audio]
        if not heard:
            return AudioAnalysis(
                engine="none",
                language=UNKNOWN_LANGUAGE,
                quality=0.0,
                kind="none",
                notes=("The recording has no sound.",),
            )
        said = _Said()
        listened: list[Listened] = []
        for turn, index in enumerate(heard):
            file, path = files[index]
            part = _part(report, turn, len(heard))
            one = self.listen(index, file, path, scratch, part)
            listened.append(one)
            _add(said, one, self._transcript(one, transcriber, said, part))
        sentences = with_prosody(said.sentences, {one.input: one.sound for one in listened})
        extracted = []
        for one in listened:
            extracted.append(
                ExtractedAudio(
                    input=one.input,
                    wav=keep(one.wav),
                    duration=one.duration,
                    peak=round(one.sound.peak_level, 2),
                    loudness=one.loudness,
                    noise_floor=round(one.sound.noise_floor, 2),
                )
            )
        silent_files = [file.name for file, _ in files if not file.audio]
        notes = [*dict.fromkeys(said.notes), *(f"{name} has no sound." for name in silent_files)]
        report(1.0, "sound analysed")
        return AudioAnalysis(
            engine=transcriber.name if transcriber and said.weights else "none",
            language=_language(said),
            quality=said.quality if said.words else 0.0,
            kind=_overall(listened),
            words=tuple(said.words),
            sentences=tuple(sentences),
            pauses=tuple(
                pause for one in listened for pause in _pauses(one, said.words, sentences)
            ),
            fillers=tuple(said.fillers),
            retakes=tuple(said.retakes),
            speech=tuple(
                span for one in listened for span in as_spans(one.speech.spans, one.input)
            ),
            music=tuple(_rhythms(listened)),
            extracted=tuple(extracted),
            notes=tuple(notes),
        )

    def listen(
        self, index: int, file: VideoFile, path: Path, scratch: Path, report: Report = silent
    ) -> Listened:
        """Extract one input's sound and find its voice; no words yet."""
        wav = scratch / f"sound-{index}.wav"

        def extracting(fraction: float | None, doing: str = "") -> None:
            report(None if fraction is None else fraction * _EXTRACTING, "extracting sound")

        duration = extract(file, path, wav, track=self.settings.audio_track, report=extracting)
        reader, meter, detector = SoundReader(), LoudnessMeter(), VoiceDetector()
        heard = Fraction(0)
        for block in read_blocks(wav):
            reader.feed(block)
            meter.feed(block)
            detector.feed(block)
            heard += Fraction(block.size, 16_000)
            share = float(min(heard / duration, Fraction(1))) if duration else 1.0
            report(_EXTRACTING + share * (_HEARING - _EXTRACTING), "finding speech")
        sound = reader.finish()
        speech = map_speech(sound, detector.finish(sound.level.size))
        character = characterise(sound, speech)
        return Listened(index, wav, duration, sound, speech, meter.integrated(), character)

    def _transcript(
        self, one: Listened, transcriber: Transcriber | None, said: _Said, report: Report
    ) -> Transcript | None:
        """Words of one input; None where nobody was asked."""
        imported = isinstance(transcriber, PerInput)
        if transcriber is None:
            return None
        voiced = one.speech.seconds > float(one.duration) * _SUNG
        if not imported and (not voiced or one.character.kind == "silent"):
            said.notes.append(_WORDLESS.get(one.character.kind, "No voice was found."))
            return None

        def recognising(fraction: float | None, doing: str = "") -> None:
            span = _RECOGNISING - _HEARING
            report(None if fraction is None else _HEARING + fraction * span, doing)

        asked = (
            transcriber.for_input(one.input) if isinstance(transcriber, PerInput) else transcriber
        )
        return asked.transcribe(one.wav, one.speech.spans, recognising)


_WORDLESS = {
    "music": "Music without speech: no words were looked for.",
    "silent": "Nothing was heard: no words were looked for.",
}


def _add(said: _Said, one: Listened, transcript: Transcript | None) -> None:
    """Words of one input, put on its sound, and what is found in them."""
    if one.character.noise:
        said.notes.append("There is neither voice nor music in the sound, only noise.")
    if transcript is None:
        words: list[Word] = []
        quality, language = 0.0, UNKNOWN_LANGUAGE
    else:
        aligned = align(transcript.words, one.sound, one.speech)
        words = [word.model_copy(update={"input": one.input}) for word in aligned.words]
        quality, language = transcript.quality, transcript.language
        said.notes.extend(transcript.notes)
        if aligned.dropped:
            said.notes.append(
                f"Words written where nobody speaks were left out: {aligned.dropped}."
            )
        said.languages.append(language)
        said.weights.append((max(one.speech.seconds, 0.01), quality if words else 0.0))
    if one.character.kind == "music":
        fillers: list[Filler] = []
        retakes: list[Retake] = []
    else:
        known = lexicon(language if language != UNKNOWN_LANGUAGE else "en")
        words, fillers = find_fillers(words, known, quality, one.sound, one.speech, one.input)
        retakes = find_retakes(words, known) if quality >= _TRUSTED else []
    if transcript is not None and words and quality < _TRUSTED:
        said.notes.append(
            "The words are doubtful: cuts follow the sound, and no word is shown. A larger "
            "Whisper model (--whisper-model) or a transcript (--transcript) would help."
        )
    before = len(said.words)
    said.sentences += [
        _moved(sentence, before) for sentence in as_sentences(words, sentence_runs(words))
    ]
    said.fillers += [_moved(filler, before) for filler in fillers]
    said.retakes += [_moved(retake, before) for retake in retakes]
    said.words += words


def _pauses(one: Listened, words: Sequence[Word], sentences: Sequence[Sentence]) -> list[Pause]:
    """Pauses of one input; where music or applause goes on nobody is waiting for the speaker."""
    if one.character.kind == "music":
        return []
    under = _UNDER_MIXED if one.character.kind == "mixed" else _UNDER_SPEECH
    limit = one.speech.loud - under

    def is_quiet(pause: Pause) -> bool:
        rows = one.sound.level[row_at(float(pause.start)) : row_at(float(pause.end))]
        return not rows.size or float(np.median(rows)) < limit

    found = find_pauses(
        one.speech.spans,
        [word for word in words if word.input == one.input],
        [sentence for sentence in sentences if sentence.input == one.input],
        one.input,
    )
    return [pause for pause in found if is_quiet(pause)]


def _moved(item: _Indexed, offset: int) -> _Indexed:
    """The same with word indices that count over all inputs."""
    if item.first_word is None or item.last_word is None:
        return item
    return item.model_copy(
        update={
            "first_word": item.first_word + offset,
            "last_word": item.last_word + offset,
        }
    )


def _part(report: Report, turn: int, turns: int) -> Report:
    """The report of one input's share of the work."""

    def told(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else (turn + fraction) / turns, doing)

    return told


def _language(said: _Said) -> str:
    known = [language for language in said.languages if language != UNKNOWN_LANGUAGE]
    return max(dict.fromkeys(known), key=known.count) if known else UNKNOWN_LANGUAGE


def _overall(listened: Sequence[Listened]) -> str:
    """What dominates all inputs together, by their length."""
    lengths: dict[str, Fraction] = {}
    for one in listened:
        kind = one.character.kind
        lengths[kind] = lengths.get(kind, Fraction(0)) + one.duration
    sounding = {kind: length for kind, length in lengths.items() if kind != "silent"}
    if not sounding:
        return "silent"
    total = sum(sounding.values())
    kind, length = max(sounding.items(), key=lambda item: item[1])
    return kind if length * 5 >= total * 4 else "mixed"


def _rhythms(listened: Sequence[Listened]) -> Iterator[Music]:
    for one in listened:
        if one.character.kind == "music":
            rhythm = find_rhythm(one.sound, one.input)
            if rhythm is not None:
                yield rhythm
