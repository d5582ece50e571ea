"""Who will write the words, as far as that is known before anything is heard."""

from __future__ import annotations

from ai_video_editor.audio.transcription import whisper
from ai_video_editor.operations.workload import Recogniser
from ai_video_editor.settings import Settings


def expected_recogniser(settings: Settings) -> Recogniser | None:
    """PocketSphinx where Whisper was asked for and cannot be had; None where it is as asked."""
    if settings.audio.transcript is not None or settings.audio.transcriber == "sphinx":
        return None
    models = settings.paths.home / "models"
    reason = whisper.unavailable(settings.audio, models, settings.api.offline)
    return None if reason is None else "sphinx"
