"""`audio_processing`: words by the best recogniser that is there, else speech and silence."""

from __future__ import annotations

from collections.abc import Callable

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.transcription import imported, sphinx, whisper
from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import SectionView, hash_file
from tasks.files import input_files
from tasks.stage import Processor, StageTask, Unavailable

MakeTranscriber = Callable[[Settings], Transcriber | None]


def _hear(make: MakeTranscriber) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        with view.store.scratch_folder() as scratch:
            analysis = AudioAnalyzer(settings.audio).analyze_audio(
                input_files(view),
                make(settings),
                keep=view.keep,
                scratch=scratch,
                report=view.report,
            )
        view.fill("audio_analysis", analysis)
        view.nothing_lost = analysis.kind in ("none", "silent", "music")

    return work


def _imported(settings: Settings) -> Transcriber | None:
    assert settings.audio.transcript is not None  # left out otherwise
    return imported.ImportedTranscriber(settings.audio.transcript)


def _whisper(settings: Settings) -> Transcriber | None:
    return whisper.WhisperTranscriber(
        settings.audio,
        settings.paths.home / "models",
        settings.api.offline,
        settings.preferences.language,
    )


def _no_transcript(settings: Settings) -> Unavailable | None:
    if settings.audio.transcript is None:
        return Unavailable("no transcript was given")
    return None  # whether it can be read was asked before the run


def _no_whisper(settings: Settings) -> Unavailable | None:
    if settings.audio.transcriber == "sphinx":
        return Unavailable("PocketSphinx was asked for")
    reason = whisper.unavailable(
        settings.audio, settings.paths.home / "models", settings.api.offline
    )
    return None if reason is None else Unavailable(reason, wanted=True)


def _no_sphinx(settings: Settings) -> Unavailable | None:
    reason = sphinx.unavailable()
    return None if reason is None else Unavailable(reason, wanted=True)


audio_processing = StageTask(
    stage("audio_processing"),
    (
        Processor(
            "imported",
            _hear(_imported),
            _no_transcript,
            material=lambda settings: (
                hash_file(settings.audio.transcript) if settings.audio.transcript else None
            ),
        ),
        Processor(
            "whisper",
            _hear(_whisper),
            _no_whisper,
            material=lambda settings: whisper.identity(
                settings.audio, settings.paths.home / "models"
            ),
        ),
        Processor("sphinx", _hear(lambda settings: sphinx.SphinxTranscriber()), _no_sphinx),
        Processor("speech_only", _hear(lambda settings: None)),
    ),
)
