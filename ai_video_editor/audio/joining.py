"""All pieces and inputs made one `AudioAnalysis`: words put on the sound, and what is in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

import numpy as np

from ai_video_editor.audio.alignment import align, mask_of
from ai_video_editor.audio.edges import can_part, is_sure
from ai_video_editor.audio.filler_lexicon import lexicon
from ai_video_editor.audio.fillers import find_fillers
from ai_video_editor.audio.fitting import UNFITTING, fit_of
from ai_video_editor.audio.inventions import without_echoes
from ai_video_editor.audio.listening import Heard, Listened, OpenMedia, heard_again
from ai_video_editor.audio.music import find_rhythm
from ai_video_editor.audio.pauses import as_spans, find_pauses, with_meaning
from ai_video_editor.audio.pieces import PieceWords
from ai_video_editor.audio.prosody import measured, with_emphasis
from ai_video_editor.audio.retakes import find_retakes
from ai_video_editor.audio.sentences import as_sentences, sentence_runs
from ai_video_editor.audio.sound import row_at
from ai_video_editor.audio.speech import SpeechMap, runs_of, time_of
from ai_video_editor.audio.transcription.engine import UNKNOWN_LANGUAGE
from ai_video_editor.audio.vocabulary import spelled
from ai_video_editor.context.audio import (
    AudioAnalysis,
    Filler,
    Music,
    Pause,
    Retake,
    Sentence,
    Word,
)
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import SourceTime, TimeRange

_Indexed = TypeVar("_Indexed", Sentence, Filler, Retake)

_TRUSTED = 0.6
"""Quality under which words lead to no cut: `AudioAnalysis.print_threshold`."""

_UNDER_MIXED, _UNDER_SPEECH = 12.0, 6.0
"""dB under the speaker's loud moments that a pause must lie; in a talk hardly any noise is as loud,
where there is music the gaps between words are full of it."""

_WORDLESS = {
    "music": "Music without speech: no words were looked for.",
    "silent": "Nothing was heard: no words were looked for.",
}


@dataclass
class _Said:
    """What was found in all inputs; indices count over all of them."""

    words: list[Word] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    fillers: list[Filler] = field(default_factory=list)
    retakes: list[Retake] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    speech: list[SourceSpan] = field(default_factory=list)
    music: list[Music] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    weights: list[tuple[float, float]] = field(default_factory=list)

    @property
    def quality(self) -> float:
        """Mean quality of the inputs' transcripts, by seconds of voice."""
        seconds = sum(weight for weight, _ in self.weights)
        return round(sum(w * q for w, q in self.weights) / seconds, 3) if seconds else 0.0


def join_all(
    files: Sequence[VideoFile],
    listened: Sequence[Listened],
    recognised: Sequence[PieceWords],
    open_media: OpenMedia,
    *,
    asked: bool,
    vocabulary: Sequence[str] = (),
    report: Report = silent,
) -> AudioAnalysis:
    """Everything that is heard in the inputs.

    Only one input's rows are in memory at a time.

    Args:
        files: all inputs in film order, also those without sound.
        listened: those with sound.
        recognised: the words of their pieces, in any order.
        open_media: where kept files lie.
        asked: whether words were looked for at all.
        vocabulary: names and terms with their spelling.
        report: told the share done.
    """
    if not listened:
        return AudioAnalysis(
            engine="none",
            language=UNKNOWN_LANGUAGE,
            quality=0.0,
            kind="none",
            notes=("The recording has no sound.",),
        )
    said = _Said()
    inputs = sorted(listened, key=lambda one: one.input)
    for turn, one in enumerate(inputs):
        report(turn / len(inputs), "finding fillers, pauses and retakes")
        own = sorted(
            (piece for piece in recognised if piece.input == one.input),
            key=lambda piece: piece.number,
        )
        heard = heard_again(one, open_media)
        _add(said, heard, own, asked, _Known(files[one.input].name, tuple(vocabulary)))
    sentences = with_emphasis(said.sentences)
    silent_files = [file.name for file in files if not file.audio]
    notes = [*dict.fromkeys(said.notes), *(f"{name} has no sound." for name in silent_files)]
    report(1.0, "sound analysed")
    return AudioAnalysis(
        engine=recognised[0].engine if recognised else "none",
        language=_language(said),
        quality=said.quality if said.words else 0.0,
        kind=_overall(inputs),
        words=tuple(said.words),
        sentences=tuple(sentences),
        pauses=tuple(
            pause
            for one in inputs
            for pause in with_meaning(
                [pause for pause in said.pauses if pause.input == one.input],
                [sentence for sentence in sentences if sentence.input == one.input],
            )
        ),
        fillers=tuple(said.fillers),
        retakes=tuple(said.retakes),
        speech=tuple(said.speech),
        music=tuple(said.music),
        extracted=tuple(one.sound for one in inputs),
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class _Known:
    """What is known of an input beside its sound: its name, and how terms are spelt."""

    name: str
    vocabulary: tuple[str, ...]


def _add(
    said: _Said, heard: Heard, pieces: Sequence[PieceWords], asked: bool, known_of: _Known
) -> None:
    """One input: its words on its sound, and what is found in them."""
    listened = heard.listened
    said.notes.extend(listened.notes)
    if listened.noise:
        said.notes.append("There is neither voice nor music in the sound, only noise.")
    if asked and not pieces:
        said.notes.append(_WORDLESS.get(listened.kind, "No voice was found."))
    words, quality, language = _words(said, heard, pieces, known_of)
    if listened.kind == "music":
        fillers: list[Filler] = []
        retakes: list[Retake] = []
    else:
        known = lexicon(language if language != UNKNOWN_LANGUAGE else "en")
        words, fillers = find_fillers(
            words, known, quality, heard.sound, heard.speech, listened.input
        )
        retakes = [
            take
            for take in (find_retakes(words, known) if quality >= _TRUSTED else ())
            if all(
                can_part(words, edge, heard.sound) and is_sure(words, edge)
                for edge in (take.first_word, take.last_word)
            )
        ]
    if words and quality < _TRUSTED:
        said.notes.append(
            f"The words are doubtful (quality {quality:.2f}, {_TRUSTED:.2f} needed): cuts follow "
            "the sound, and no word is shown in titles, thumbnails or charts. A larger Whisper "
            "model (--whisper-model) or a transcript (--transcript) would help."
        )
    sentences = measured(as_sentences(words, sentence_runs(words)), heard.sound)
    said.pauses += _pauses(heard, words)
    before = len(said.words)
    said.sentences += [_moved(sentence, before) for sentence in sentences]
    said.fillers += [_moved(filler, before) for filler in fillers]
    said.retakes += [_moved(retake, before) for retake in retakes]
    said.words += words
    said.speech += as_spans(_parted(heard.speech, words, fillers), listened.input)
    said.music += _rhythm(heard)


def _words(
    said: _Said, heard: Heard, pieces: Sequence[PieceWords], known: _Known
) -> tuple[list[Word], float, str]:
    """Aligned words of one input, how far they can be trusted, and their language."""
    if not pieces:
        return [], 0.0, UNKNOWN_LANGUAGE
    spoken = sorted(
        (word for piece in pieces for word in piece.words), key=lambda word: (word.start, word.end)
    )
    fits = True
    if pieces[0].engine == "imported":
        fit = fit_of(spoken, heard, known.name, timed=pieces[0].timed)
        fits, spoken = fit.fits, list(fit.words)
        said.notes.extend(fit.notes)
    aligned = align(spoken, heard.sound, heard.speech)
    for piece in pieces:
        said.notes.extend(piece.notes)
    words = spelled(without_echoes(aligned.words), known.vocabulary)
    left_out = sum(piece.left_out for piece in pieces) + len(aligned.words) - len(words)
    if left_out:
        said.notes.append(
            f"{pieces[0].engine.capitalize()} wrote more than was said; "
            f"{left_out} word{'s were' if left_out > 1 else ' was'} left out."
        )
    if aligned.dropped:
        said.notes.append(f"Words written where nobody speaks were left out: {aligned.dropped}.")
    count = sum(len(piece.words) for piece in pieces)
    quality = sum(p.quality * len(p.words) for p in pieces) / count if count else 0.0
    quality = quality if fits else min(quality, UNFITTING)
    languages = [
        piece.language
        for piece in pieces
        for _ in range(max(1, len(piece.words)))
        if piece.language != UNKNOWN_LANGUAGE
    ]
    language = _commonest(languages)
    said.languages.append(language)
    said.weights.append(
        (max(heard.listened.voice_seconds, 0.01), round(quality, 3) if words else 0.0)
    )
    return words, round(quality, 3), language


def _pauses(heard: Heard, words: Sequence[Word]) -> list[Pause]:
    """Pauses of one input; where music or applause goes on nobody is waiting for the speaker."""
    listened = heard.listened
    if listened.kind == "music":
        return []
    under = _UNDER_MIXED if listened.kind == "mixed" else _UNDER_SPEECH
    limit = heard.speech.loud - under

    def is_quiet(pause: Pause) -> bool:
        rows = heard.sound.level[row_at(float(pause.start)) : row_at(float(pause.end))]
        return not rows.size or float(np.median(rows)) < limit

    found = find_pauses(heard.speech.spans, words, (), listened.input)
    return [pause for pause in found if is_quiet(pause)]


def _parted(
    speech: SpeechMap, words: Sequence[Word], fillers: Sequence[Filler]
) -> list[TimeRange[SourceTime]]:
    """The voice, without the short silences beside fillers.

    The map takes silences as short as the closure of a consonant for a part of the voice; beside
    a filler they are where it can be cut out.
    """
    mask = mask_of(speech.voice, speech.sounding.size)
    starts, ends = [word.start for word in words], [word.end for word in words]
    for filler in fillers:
        before, after = bisect_right(ends, filler.start), bisect_left(starts, filler.end)
        first = row_at(float(ends[before - 1])) if before else 0
        last = row_at(float(starts[after])) if after < len(starts) else mask.size
        for gap in (
            slice(first, row_at(float(filler.start))),
            slice(row_at(float(filler.end)), last),
        ):
            mask[gap] &= speech.sounding[gap]
    return [TimeRange(time_of(start), time_of(end)) for start, end in runs_of(mask)]


def _rhythm(heard: Heard) -> Iterator[Music]:
    if heard.listened.kind == "music":
        rhythm = find_rhythm(heard.sound, heard.listened.input)
        if rhythm is not None:
            yield rhythm


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


def _language(said: _Said) -> str:
    return _commonest([language for language in said.languages if language != UNKNOWN_LANGUAGE])


def _commonest(languages: Sequence[str]) -> str:
    if not languages:
        return UNKNOWN_LANGUAGE
    return max(dict.fromkeys(languages), key=languages.count)


def _overall(listened: Sequence[Listened]) -> str:
    """What dominates all inputs together, by their length."""
    lengths: dict[str, Fraction] = {}
    for one in listened:
        lengths[one.kind] = lengths.get(one.kind, Fraction(0)) + one.duration
    sounding = {kind: length for kind, length in lengths.items() if kind != "silent"}
    if not sounding:
        return "silent"
    total = sum(sounding.values())
    kind, length = max(sounding.items(), key=lambda item: item[1])
    return kind if length * 5 >= total * 4 else "mixed"
