"""The recogniser of a run, for those stages that hear: the recording, and the film once more."""

from __future__ import annotations

from collections.abc import Callable

from ai_video_editor.audio.transcription import whisper
from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.settings import Settings


def whisper_transcriber(settings: Settings) -> Transcriber:
    """Whisper with the run's model; it is loaded when it first hears something."""
    return whisper.WhisperTranscriber(
        settings.audio,
        settings.paths.home / "models",
        settings.api.offline,
        settings.preferences.language,
        together=settings.processing_preferences.batch_size,
    )


def no_whisper(settings: Settings) -> str | None:
    """Why Whisper cannot be had; None where it can."""
    return whisper.unavailable(settings.audio, settings.paths.home / "models", settings.api.offline)


def recogniser_of(
    audio: AudioAnalysis | None, settings: Settings
) -> tuple[Callable[[], Transcriber] | None, str]:
    """What wrote the words of an analysis, to hear with it again; or why that cannot be.

    Args:
        audio: the analysis.
        settings: of the run.
    """
    if audio is None or not audio.words:
        return None, "no words were recognised in the recording"
    if audio.engine == "imported":
        return None, "the words are from a transcript that was given"
    if audio.engine != "whisper":
        return None, f"{audio.engine} is too unsure of single words"
    reason = no_whisper(settings)
    if reason is not None:
        return None, reason
    return lambda: whisper_transcriber(settings), ""
