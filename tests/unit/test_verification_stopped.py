"""A run that is stopped while a film is checked has not checked it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from ai_video_editor.context.outputs import ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import MediaError, RunInterruptedError
from ai_video_editor.progress import allow_running, request_stop
from ai_video_editor.verification import verifier


def verified() -> Any:
    plan, composed = cast(AIDirectorPlan, None), cast(ComposedVideo, None)  # never looked at
    return verifier.verify(Path("film.mp4"), plan, composed)


def test_a_stop_while_the_film_is_measured_is_no_fault_of_the_film(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise RunInterruptedError("The run was stopped.")

    monkeypatch.setattr(verifier, "measured", stopped)
    with pytest.raises(RunInterruptedError):
        verified()


def test_a_check_whose_child_was_ended_by_a_stop_is_not_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_subject: Any) -> None:
        request_stop()
        raise MediaError("ffmpeg was ended.")

    monkeypatch.setattr(verifier, "measured", lambda *_, **__: None)
    monkeypatch.setattr(verifier, "Subject", lambda **_: None)
    monkeypatch.setattr(verifier, "_CHECKS", (("speech", fails),))
    try:
        with pytest.raises(RunInterruptedError):
            verified()
    finally:
        allow_running()
