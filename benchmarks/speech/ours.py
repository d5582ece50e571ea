"""The product's own path over one recording: analysis, then the rule-based director's plan."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.audio.transcription.whisper import WhisperTranscriber
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content import ContentSummary
from ai_video_editor.context.inputs import ContentType, UserPreferences
from ai_video_editor.digests import hash_file
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.progress import silent
from ai_video_editor.settings import AudioSettings
from benchmarks.speech.direct import WINDOW
from benchmarks.speech.evaluator import Span
from benchmarks.speech.recordings import Said

_INTERVAL = Fraction(300)
"""Seconds of a piece: the default of `--checkpoint-interval`."""


@dataclass(frozen=True)
class Result:
    """What the product made of a recording.

    Attributes:
        analysis: what it heard.
        kept: ranges that its plan keeps.
        listening: seconds that extracting and the speech map took.
        recognising: seconds that the recogniser took.
    """

    analysis: AudioAnalysis
    kept: list[Span]
    listening: float
    recognising: float

    @property
    def words(self) -> list[Said]:
        """Its words."""
        return [Said(w.text, float(w.start), float(w.end)) for w in self.analysis.words]


def transcriber_of(model: Path, scratch: Path) -> WhisperTranscriber:
    """Our Whisper path on a folder with a model."""
    settings = AudioSettings(whisper_model=str(model), decode_window=WINDOW)
    return WhisperTranscriber(settings, scratch, offline=True)


def hear(path: Path, transcriber: Transcriber | None, scratch: Path) -> Result:
    """Analyse and plan one file."""
    analyzer = AudioAnalyzer(AudioSettings())
    file = probe(path, hash_file(path))
    media: dict[str, Path] = {}

    def keep(made: Path) -> MediaRef:
        ref = MediaRef(sha256=hash_file(made), suffix=made.suffix, size=made.stat().st_size)
        media[ref.sha256] = made
        return ref

    def find(ref: MediaRef) -> Path:
        return media[ref.sha256]

    begun = time.perf_counter()
    listened = analyzer.listen(0, file, path, keep=keep, scratch=scratch)
    heard = time.perf_counter()
    longest = None if transcriber and transcriber.name == "imported" else _INTERVAL
    words = [
        analyzer.transcribe_piece(piece, transcriber, find, silent)
        for piece in (analyzer.pieces(listened, longest) if transcriber else ())
        if transcriber
    ]
    done = time.perf_counter()
    analysis = analyzer.join([file], [listened], words, find, asked=transcriber is not None)
    material = Material(
        files=(file,),
        paths=(path.name,),
        metadata=film_format([file]),
        preferences=UserPreferences(),
        audio=analysis,
        video=None,
        highlights=(),
        content_type=ContentType.GENERAL,
        summary=ContentSummary(content_type="general", content_type_reason="benchmark"),
        concepts=(),
        themes=(),
        emotions=(),
    )
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.9)
    kept = [(float(piece.start), float(piece.end)) for piece in plan.kept]
    for made in media.values():
        made.unlink(missing_ok=True)
    return Result(analysis, kept, heard - begun, done - heard)
