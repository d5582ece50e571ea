"""The command `process`: check the inputs, run the flow, tell how it ended."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from ai_video_editor.cli.progress import shown
from ai_video_editor.errors import EditorError, InputError, RunInterruptedError
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.operations.validation import FileValidator, check_inputs
from ai_video_editor.reporting.summary import RunSummary, opening_facts, summarise
from ai_video_editor.settings import Settings, load_settings
from ai_video_editor.store import Store

_SETTING_OF = {"quality": "quality_level", "parallel": "parallel_processing", "work_dir": "home"}
"""Options whose setting has another name."""


def run(videos: Sequence[Path], options: Mapping[str, Any], *, verbose: bool, as_json: bool) -> int:
    """Edit recordings; everything but the JSON summary goes to stderr.

    Args:
        videos: the recordings, in film order.
        options: parameters of the flow `edit-video`; None means "not given".
        verbose: whether technical details are told.
        as_json: whether one JSON object is printed on stdout.

    Returns:
        The exit code.
    """
    try:
        settings = load_settings(
            {_SETTING_OF.get(name, name): value for name, value in options.items()}
            | {"verbose": verbose or None}
        ).settings
        paths = check_inputs(videos)
        _refuse_unusable(paths, settings)
        summary = _edit(paths, options, settings)
    except EditorError as error:
        settings = None
        summary = summarise("", seconds=0.0, output_dir=None, error=error)
    except KeyboardInterrupt:
        settings = None
        stopped = RunInterruptedError("The run was stopped.")
        summary = summarise("", seconds=0.0, output_dir=None, error=stopped, status="interrupted")
    if as_json:
        print(summary.model_dump_json(indent=1), flush=True)
    _tell(summary, settings)
    return summary.exit_code


def _refuse_unusable(paths: Sequence[Path], settings: Settings) -> None:
    """Stop before anything is started where an input cannot be edited.

    Raises:
        InputError: one of them cannot be used.
    """
    for path in paths:
        result = FileValidator().validate_video_file(path)
        if not result.ok:
            raise InputError(result.errors[0])
    if settings.audio.transcript is not None:
        from ai_video_editor.audio.transcription import imported  # numpy and more: 0.2 s

        reason = imported.unavailable(settings.audio.transcript)
        if reason is not None:
            raise InputError(reason)


def _edit(paths: Sequence[Path], options: Mapping[str, Any], settings: Settings) -> RunSummary:
    from ai_video_editor.workflow.orchestrator import WorkflowConfiguration, WorkflowOrchestrator

    with shown():
        return WorkflowOrchestrator(settings).run(
            WorkflowConfiguration(videos=paths, options=dict(options))
        )


def _tell(summary: RunSummary, settings: Settings | None) -> None:
    console = Console(file=sys.stderr, highlight=False, markup=False, soft_wrap=True)
    if summary.error is not None:
        console.print(summary.error.message)
        for line in summary.error.advice:
            console.print(f"  {line}")
        return
    if settings is None:
        return
    record = CheckpointManager(Store(settings.paths.home)).latest_context(summary.project_id)
    for line in opening_facts(summary, record):
        console.print(line)
