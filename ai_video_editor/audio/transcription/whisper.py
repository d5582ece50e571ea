"""Whisper through faster-whisper, told to write what was really said.

Speech is decoded in stretches cut at silences (`decode_window`), several at once, with word times,
beam 5, temperature 0 (above it the decoder samples at random) and no text carried over from
stretch to stretch (which makes it repeat itself). Our own speech map takes the place of its VAD,
whose defaults swallow short pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ai_video_editor.audio.inventions import without_echoes, without_loops
from ai_video_editor.audio.sound import RATE
from ai_video_editor.audio.transcription.engine import Transcript, decode_windows
from ai_video_editor.audio.transcription.second_hearing import (
    at_pauses,
    is_better,
    is_doubtful,
    narrowed,
    phrases_around,
    quality_of,
    unwritten,
    with_phrases,
)
from ai_video_editor.audio.transcription.whisper_loading import LoadedModel, load, release
from ai_video_editor.audio.transcription.whisper_model import identity, unavailable
from ai_video_editor.context.audio import Word
from ai_video_editor.errors import MediaError
from ai_video_editor.media.audio import read_range
from ai_video_editor.progress import Report
from ai_video_editor.settings import AudioSettings
from ai_video_editor.timebase import SourceTime, TimeRange, source_time

__all__ = ["WhisperTranscriber", "identity", "release", "unavailable"]

_VERBATIM = "Um, uh, so, er, like, you know, I mean, I- I was, hmm, going to, uh, say this."
"""A prompt with disfluencies in it keeps Whisper from leaving them out: it writes in the manner
of what it believes came before (OpenAI's prompting guide; faster-whisper issues 319 and 901)."""

_FULL_VOCABULARY = 50_000
"""Tokens of every published Whisper. A model with fewer was trained for one purpose and knows no
such prompt: our test model hears worse with it."""

_TOGETHER = 4
"""Stretches decoded at once: two minutes of sound in memory."""

_FASTEST = 8
"""Words a second that nobody speaks: auctioneers reach seven."""

_NO_SPEECH = 0.6
_UNSURE = -1.0
"""Probability that nobody speaks, and mean log probability, beyond which words are made up."""


@dataclass
class WhisperTranscriber:
    """Recognises with one Whisper model, loaded when first needed.

    Args:
        settings: model, device, number format, vocabulary and decode window.
        models: our own model cache; a model that is named and not there is downloaded into it.
        offline: no network is allowed.
        language: ISO 639-1 code; None lets the model find out.
        together: stretches that are decoded at once; fewer take less memory and more time.
    """

    settings: AudioSettings
    models: Path
    offline: bool
    language: str | None = None
    name: str = "whisper"
    together: int = _TOGETHER
    _model: LoadedModel | None = field(default=None, repr=False)
    _notes: list[str] = field(default_factory=list, repr=False)
    _invented: int = field(default=0, repr=False)

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
        self._loaded(report)
        words: list[Word] = []
        written = self._invented = 0
        for first in range(0, len(windows), _TOGETHER):
            report(first / len(windows), "recognising words")
            group = windows[first : first + _TOGETHER]
            heard, language = self._decode(wav, group, language, report)
            for window, said in zip(group, heard, strict=True):
                hearing = self._again(wav, window, said, spans, language, report)
                written += len(hearing)
                words.extend(_plausible(hearing, spans))
        report(1.0, "recognising words")
        kept = without_echoes(without_loops(words))
        return Transcript(
            tuple(kept),
            language or "und",
            quality_of(kept, written),
            tuple(self._notes),
            written - len(kept) + self._invented,
        )

    def _known_language(self) -> str | None:
        return self.language.split("-")[0].lower() if self.language else None

    def _decode(
        self,
        wav: Path,
        windows: Sequence[TimeRange[SourceTime]],
        language: str | None,
        report: Report,
        *,
        again: bool = False,
    ) -> tuple[list[list[Word]], str | None]:
        """Words of each stretch, all heard at once out of one piece of sound laid end to end."""
        pieces = [read_range(wav, window.start, window.end) for window in windows]
        starts = np.cumsum([0] + [piece.size for piece in pieces]) / RATE
        clips = [
            {"start": float(starts[i]), "end": float(starts[i + 1])} for i in range(len(pieces))
        ]
        model = self._loaded(report)
        try:
            with model.lock, narrowed(model.pipeline) if again else nullcontext():
                segments, info = model.pipeline.transcribe(
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
                    batch_size=min(_TOGETHER, self.together),
                    initial_prompt=self._prompt(model.pipeline, language),
                    hotwords=", ".join(self.settings.vocabulary) or None,
                )
                words: list[list[Word]] = [[] for _ in windows]
                for segment in segments:
                    report(None, "recognising words")
                    if _made_up(segment):
                        self._invented += len(segment.words or ())
                        continue
                    for index, word in _words_of(segment, starts, windows):
                        words[index].append(word)
        except (RuntimeError, ValueError, IndexError) as error:
            if model.device != "cpu":
                # libraries that CUDA lacks are missed only when something is decoded
                self._model = load(self.settings, self.models, self.offline, report, device="cpu")
                self._notes.append(f"Whisper runs on the CPU: {error}")
                return self._decode(wav, windows, language, report, again=again)
            raise MediaError(
                f"Whisper {self.settings.whisper_model} failed on {wav.name}: {error}"
            ) from error
        return words, str(info.language)

    def _again(
        self,
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
        inside = [part for span in spans if (part := span.intersection(window))]
        said = self._left_out(wav, said, inside, language, report)
        if not is_doubtful(said, window):
            return said
        halves = decode_windows(inside, float(window.duration) * 0.6)
        report(None, "listening again where words are doubtful")
        words = self._once_more(wav, halves, language, report)
        return words if is_better(words, said) else said

    def _left_out(
        self,
        wav: Path,
        said: list[Word],
        inside: Sequence[TimeRange[SourceTime]],
        language: str | None,
        report: Report,
    ) -> list[Word]:
        """The words, with those of phrases that the decoder had passed over.

        A decoder that hears the same words twice likes to write them once; phrases heard alone
        are written.
        """
        for stretch in unwritten(said, inside):
            phrases = phrases_around(stretch, at_pauses(inside))
            if len(phrases) < 2:
                continue
            report(None, "listening again where words are missing")
            said = with_phrases(said, phrases, self._once_more(wav, phrases, language, report))
        return said

    def _once_more(
        self,
        wav: Path,
        windows: Sequence[TimeRange[SourceTime]],
        language: str | None,
        report: Report,
    ) -> list[Word]:
        """Words of stretches in a second hearing."""
        heard, _ = self._decode(wav, windows, language, report, again=True)
        return [word for one in heard for word in one]

    def _prompt(self, pipeline: Any, language: str | None) -> str | None:
        model = pipeline.model
        full = model.hf_tokenizer.get_vocab_size() >= _FULL_VOCABULARY
        english = language == "en" or not model.model.is_multilingual
        return _VERBATIM if full and english else None

    def _loaded(self, report: Report) -> LoadedModel:
        if self._model is None:
            self._model = load(self.settings, self.models, self.offline, report)
            self._notes.extend(self._model.notes)
        return self._model


def _made_up(segment: Any) -> bool:
    """Whether the decoder itself doubts that anybody spoke, and is unsure of what it wrote.

    The limits are those of the first Whisper's `transcribe`, which the batched pipeline leaves out.
    """
    return float(segment.no_speech_prob) > _NO_SPEECH and float(segment.avg_logprob) < _UNSURE


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
