"""PocketSphinx with the English model that it brings along: no download, no network.

A model of 2000s size: a clear American voice comes out half right, most others less. Its times and
its silences are useful, its text is a hint, and `quality` never says otherwise.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ai_video_editor.audio.transcription.engine import Transcript, decode_windows
from ai_video_editor.context.audio import Word
from ai_video_editor.errors import UnavailableError
from ai_video_editor.media.audio import read_range
from ai_video_editor.progress import Report
from ai_video_editor.timebase import SourceTime, TimeRange, source_time

_FRAME = Fraction(1, 100)
_WINDOW = 12.0
"""Seconds heard at once: its search keeps every path in memory."""

_BEST = 0.55
"""Its word error rate on broadcast and lecture speech is 30-60 % (published comparisons of the
bundled model): never print-worthy, however sure it is of itself."""


def unavailable() -> str | None:
    """Why PocketSphinx cannot run here, or None where it can."""
    package = importlib.util.find_spec("pocketsphinx")
    if package is None or package.origin is None:
        return "PocketSphinx is not installed"
    model = Path(package.origin).parent / "model" / "en-us"
    if not (model / "en-us").is_dir():
        return f"PocketSphinx's English model is missing in {model}"
    return None


@dataclass
class SphinxTranscriber:
    """Recognises English with PocketSphinx's bundled model."""

    name: str = "sphinx"
    language: str | None = "en"

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        """Words of the spans; see `Transcriber.transcribe`. No punctuation, small letters."""
        decoder = _decoder()
        windows = decode_windows(spans, _WINDOW)
        words: list[Word] = []
        for index, window in enumerate(windows):
            report(index / len(windows), "recognising words with PocketSphinx")
            words.extend(_hear(decoder, wav, window))
        report(1.0, "recognising words with PocketSphinx")
        sure = float(np.mean([word.confidence for word in words])) if words else 0.0
        quality = min(_BEST, sure)
        return Transcript(
            tuple(words),
            "en",
            round(quality, 3),
            (
                "The words are from PocketSphinx, whose text is a rough guess: they guide no "
                "titles. A Whisper model or a transcript (--transcript) would help.",
            ),
        )


def _decoder() -> Any:
    reason = unavailable()
    if reason:
        raise UnavailableError(f"{reason}.")
    try:
        from pocketsphinx import Decoder

        return Decoder(samprate=16000, loglevel="FATAL", bestpath=True)
    except (ImportError, RuntimeError) as error:
        raise UnavailableError(f"PocketSphinx cannot be started: {error}") from error


def _hear(decoder: Any, wav: Path, window: TimeRange[SourceTime]) -> list[Word]:
    samples = read_range(wav, window.start, window.end)
    if samples.size < 1600:
        return []
    decoder.start_utt()
    pcm = np.clip(samples * 32767, -32768, 32767).astype("<i2").tobytes()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    words = []
    for segment in decoder.seg() or ():
        text = re.sub(r"\(\d+\)$", "", segment.word)
        if not text or text[0] in "<[+":
            continue
        start = source_time(window.start + segment.start_frame * _FRAME)
        end = source_time(min(window.end, window.start + (segment.end_frame + 1) * _FRAME))
        # with a best path search this is the word's share of the lattice already, no logarithm
        sure = min(1.0, max(0.0, float(segment.prob)))
        if end > start:
            words.append(Word(text=text, start=start, end=end, confidence=sure))
    return words
