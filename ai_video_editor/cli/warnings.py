"""What `process` warns of before it begins."""

from __future__ import annotations

from ai_video_editor.cli.failures import say
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.meters import GB
from ai_video_editor.operations.outlook import Outlook
from ai_video_editor.operations.prediction import ErrorPredictor, Expected, Prediction
from ai_video_editor.operations.situation import facts_of

_WORTH_TELLING = 0.5


def warn(files: tuple[VideoFile, ...], ahead: Outlook) -> tuple[Prediction, ...]:
    """Say on stderr what is likely to go wrong, and what would help.

    Args:
        files: the recordings.
        ahead: what the run will take.

    Returns:
        What was said.
    """
    settings, estimate = ahead.settings, ahead.estimate
    expected = Expected(
        memory=round(estimate.memory_gb * GB),
        disk=round(estimate.disk_gb * GB),
        seconds=60 * estimate.minutes,
        memory_allowed=round(ahead.limit_gb * GB),
        longest_stage=max(estimate.stage_seconds.values(), default=None),
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
