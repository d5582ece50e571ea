"""What `process` warns of before it begins."""

from __future__ import annotations

from ai_video_editor.cli.failures import say
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.prediction import ErrorPredictor, Expected, Prediction
from ai_video_editor.operations.situation import facts_of
from ai_video_editor.settings import Settings

_WORTH_TELLING = 0.5


def warn(files: tuple[VideoFile, ...], settings: Settings) -> tuple[Prediction, ...]:
    """Say on stderr what is likely to go wrong, and what would help.

    Args:
        files: the recordings.
        settings: of the run.

    Returns:
        What was said.
    """
    expected = Expected(
        services=not settings.api.offline and settings.api.gemini_api_key is not None,
        allowed=settings.run.timeout,
        stage_allowed=settings.run.stage_timeout,
        in_pieces=settings.run.segment is not None,
    )
    predictor = ErrorPredictor(ErrorTracker(settings.paths.home))
    found = predictor.predict_potential_errors(
        facts_of(files), this_machine(settings.paths.home), expected
    )
    told = tuple(p for p in found if p.likelihood >= _WORTH_TELLING)
    for prediction in told:
        say(f"! {prediction.reason} {prediction.advice}")
    return told
