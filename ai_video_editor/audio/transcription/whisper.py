"""Whisper through faster-whisper, told to write what was really said.

Speech is decoded in stretches cut at silences (`decode_window`), several at once, with word times,
beam 5, temperature 0 (above it the decoder samples at random) and no text carried over from
stretch to stretch (which makes it repeat itself). Our own speech map takes the place of its VAD,
whose defaults swallow short pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ai_video_editor.audio.sound import RATE
from ai_video_editor.audio.transcription.engine import Transcript, decode_windows
from ai_video_editor.audio.transcription.whisper_model import (
    HUB_NAMES,
    identity,
    local_folder,
    unavailable,
)
from ai_video_editor.context.audio import Word
from ai_video_editor.errors import MediaError, UnavailableError
from ai_video_editor.media.audio import read_range
from ai_video_editor.progress import Report
from ai_video_editor.settings import AudioSettings
from ai_video_editor.timebase import SourceTime, TimeRange, source_time

__all__ = ["WhisperTranscriber", "identity", "unavailable"]

_VERBATIM = "Um, uh, so, er, like, you know, I mean, I- I was, hmm, going to, uh, say this."
"""A prompt with disfluencies in it keeps Whisper from leaving them out: it writes in the manner
of what it believes came before (OpenAI's prompting guide; faster-whisper issues 319 and 901)."""

_FULL_VOCABULARY = 50_000
"""Tokens of every published Whisper. A model with fewer was trained for one purpose and knows no
such prompt: our test model hears worse with it."""

_TOGETHER = 4
"""Stretches decoded at once: two minutes of sound in memory."""

_LOOP = 4
"""A run of up to three words said more often than this in a row is the decoder's, not the
speaker's."""

_DOUBTFUL = 0.5
"""A word under this probability counts as a guess."""

_FASTEST = 8
"""Words a second that nobody speaks: auctioneers reach seven."""

_GUESSES = 0.05
"""Share of guesses from which a stretch is heard a second time, in halves."""

_WORTH_HALVING = 8
_HOPELESS = 0.45
"""Seconds a stretch has at least for that, and the quality under which it would not help."""

_SURER = 0.02
"""How much better the second hearing must be to be taken."""


@dataclass
class WhisperTranscriber:
    """Recognises with one Whisper model, loaded when first needed.

    Args:
        settings: model, device, number format, vocabulary and decode window.
        models: our own model cache; a model that is named and not there is downloaded into it.
        offline: no network is allowed.
        language: ISO 639-1 code; None lets the model find out.
    """

    settings: AudioSettings
    models: Path
    offline: bool
    language: str | None = None
    name: str = "whisper"
    _pipeline: Any = field(default=None, repr=False)
    _notes: list[str] = field(default_factory=list, repr=False)

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        """Words of the spans; see `Transcriber.transcribe`.

        `quality` is the words' mean probability, less where many of them are guesses. Measured:
        0.80-0.93 on speech the model knows, under 0.45 on speech it does not.
        """
        windows = decode_windows(spans, self.settings.decode_window)
        language = self._known_language()
        if not windows:
            return Transcript((), language or "und", 0.0)
        report(0.0, f"loading Whisper {self.settings.whisper_model}")
        pipeline = self._loaded(report)
        words: list[Word] = []
        written = 0
        for first in range(0, len(windows), _TOGETHER):
            report(first / len(windows), "recognising words")
            group = windows[first : first + _TOGETHER]
            heard, language = self._decode(pipeline, wav, group, language, report)
            for window, said in zip(group, heard, strict=True):
                hearing = self._again(pipeline, wav, window, said, spans, language, report)
                written += len(hearing)
                words.extend(_plausible(hearing, spans))
        report(1.0, "recognising words")
        notes = list(self._notes)
        kept = without_loops(words)
        if len(kept) < written:
            notes.append(
                f"Whisper wrote more than was said; {written - len(kept)} words were left out."
            )
        return Transcript(tuple(kept), language or "und", quality_of(kept, written), tuple(notes))

    def _known_language(self) -> str | None:
        return self.language.split("-")[0].lower() if self.language else None

    def _decode(
        self,
        pipeline: Any,
        wav: Path,
        windows: Sequence[TimeRange[SourceTime]],
        language: str | None,
        report: Report,
    ) -> tuple[list[list[Word]], str | None]:
        """Words of each stretch, all heard at once out of one piece of sound laid end to end."""
        pieces = [read_range(wav, window.start, window.end) for window in windows]
        starts = np.cumsum([0] + [piece.size for piece in pieces]) / RATE
        clips = [
            {"start": float(starts[i]), "end": float(starts[i + 1])} for i in range(len(pieces))
        ]
        try:
            segments, info = pipeline.transcribe(
                np.concatenate(pieces),
                language=language,
                task="transcribe",
                beam_size=5,
                temperature=0.0,
                condition_on_previous_text=False,
                word_timestamps=True,
                without_timestamps=False,
                vad_filter=False,
                clip_timestamps=clips,
                batch_size=_TOGETHER,
                initial_prompt=self._prompt(pipeline, language),
                hotwords=", ".join(self.settings.vocabulary) or None,
            )
            words: list[list[Word]] = [[] for _ in windows]
            for segment in segments:
                report(None, "recognising words")
                for index, word in _words_of(segment, starts, windows):
                    words[index].append(word)
        except (RuntimeError, ValueError, IndexError) as error:
            raise MediaError(
                f"Whisper {self.settings.whisper_model} failed on {wav.name}: {error}"
            ) from error
        return words, str(info.language)

    def _again(
        self,
        pipeline: Any,
        wav: Path,
        window: TimeRange[SourceTime],
        said: list[Word],
        spans: Sequence[TimeRange[SourceTime]],
        language: str | None,
        report: Report,
    ) -> list[Word]:
        """The words, or those of a second hearing in halves where some were guesses.

        A decoder that loses the thread in a long stretch leaves words of low probability; in a
        shorter one it often finds it. The surer hearing is taken.
        """
        first = quality_of(said, len(said))
        unsure = sum(word.confidence < _DOUBTFUL for word in said)
        if window.duration < _WORTH_HALVING or first < _HOPELESS or unsure < _GUESSES * len(said):
            return said
        inside = [part for span in spans if (part := span.intersection(window))]
        halves = decode_windows(inside, float(window.duration) * 0.6)
        report(None, "listening again where words are doubtful")
        heard, _ = self._decode(pipeline, wav, halves, language, report)
        words = [word for half in heard for word in half]
        better = quality_of(words, len(words)) > first + _SURER
        return words if better and 2 * len(words) > len(said) else said

    def _prompt(self, pipeline: Any, language: str | None) -> str | None:
        model = pipeline.model
        full = model.hf_tokenizer.get_vocab_size() >= _FULL_VOCABULARY
        english = language == "en" or not model.model.is_multilingual
        return _VERBATIM if full and english else None

    def _loaded(self, report: Report) -> Any:
        if self._pipeline is None:
            reason = unavailable(self.settings, self.models, self.offline)
            if reason:
                raise UnavailableError(f"Whisper cannot run: {reason}.")
            self._pipeline = self._load(report)
        return self._pipeline

    def _load(self, report: Report) -> Any:
        try:
            import ctranslate2
            from faster_whisper import BatchedInferencePipeline, WhisperModel
        except ImportError as error:
            raise UnavailableError(f"Whisper cannot run: {error}.") from error
        named = self.settings.whisper_model
        folder = local_folder(self.settings, self.models)
        if folder is None:
            report(None, f"downloading Whisper {named}")
        wanted = self.settings.whisper_device
        if wanted == "auto":
            wanted = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        for device in dict.fromkeys((wanted, "cpu")):
            try:
                model = WhisperModel(
                    str(folder or HUB_NAMES.get(named, named)),
                    device=device,
                    compute_type=self._number_format(device),
                    download_root=str(self.models),
                    local_files_only=folder is not None or self.offline,
                )
                return BatchedInferencePipeline(model)
            except (RuntimeError, ValueError, OSError) as error:
                if device == "cpu":
                    raise UnavailableError(
                        f"The Whisper model {named} cannot be loaded: {error}"
                    ) from error
                self._notes.append(f"Whisper runs on the CPU: {error}")
        raise UnavailableError("Whisper found no device.")

    def _number_format(self, device: str) -> str:
        if self.settings.whisper_compute_type != "auto":
            return self.settings.whisper_compute_type
        return "float16" if device == "cuda" else "int8"


def _words_of(
    segment: Any, starts: Any, windows: Sequence[TimeRange[SourceTime]]
) -> list[tuple[int, Word]]:
    """Words of one segment with their stretch, moved from the joined sound to the recording."""
    found = []
    for word in segment.words or ():
        text = word.word.strip()
        if not any(letter.isalnum() for letter in text):
            continue
        begin, end = float(word.start), float(word.end)
        place = int(np.searchsorted(starts, (begin + end) / 2, side="right")) - 1
        place = min(max(place, 0), len(windows) - 1)
        window = windows[place]
        offset = window.start - Fraction(float(starts[place]))
        start = source_time(min(max(Fraction(begin) + offset, window.start), window.end))
        stop = source_time(min(max(Fraction(end) + offset, start), window.end))
        sure = min(1.0, max(0.0, float(word.probability)))
        found.append((place, Word(text=_tidy(text), start=start, end=stop, confidence=sure)))
    return found


def _tidy(text: str) -> str:
    """A word with doubled commas made one, as small models write them."""
    while ",," in text:
        text = text.replace(",,", ",")
    return text


def _plausible(words: list[Word], spans: Sequence[TimeRange[SourceTime]]) -> list[Word]:
    """The words of a stretch, or none where there are more than anybody could have said in it."""
    if not words:
        return words
    whole = TimeRange(words[0].start, max(words[-1].end, words[0].start))
    voice = sum((part.duration for s in spans if (part := s.intersection(whole))), Fraction(0))
    return words if len(words) <= 3 + _FASTEST * voice else []


def without_loops(words: Sequence[Word]) -> list[Word]:
    """Words without runs that repeat the same one to three words more than four times."""
    kept = list(words)
    for size in (1, 2, 3):
        index = 0
        while index + size * (_LOOP + 1) <= len(kept):
            pattern = [_plain(word) for word in kept[index : index + size]]
            times = 1
            while [
                _plain(word) for word in kept[index + times * size : index + (times + 1) * size]
            ] == pattern:
                times += 1
            if times > _LOOP:
                del kept[index + size : index + times * size]
            index += 1
    return kept


def _plain(word: Word) -> str:
    return "".join(letter for letter in word.text.lower() if letter.isalnum())


def quality_of(words: Sequence[Word], written: int) -> float:
    """How far the words can be trusted, 0 to 1.

    Args:
        words: those that are kept.
        written: how many the decoder wrote, loops and all.
    """
    if not words:
        return 0.0
    probabilities = np.array([word.confidence for word in words])
    guesses = float(np.mean(probabilities < _DOUBTFUL))
    kept = len(words) / max(written, len(words))
    return round(float(probabilities.mean()) * (1 - guesses / 2) * kept, 3)
