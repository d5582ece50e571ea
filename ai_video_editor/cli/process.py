"""The command `process`: check the inputs, run the flow, tell how it ended."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

from rich.console import Console

from ai_video_editor.cli.endings import Ending, keep
from ai_video_editor.cli.failures import typed_command
from ai_video_editor.cli.progress import shown as progress_shown
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import EditorError, InputError, RunInterruptedError
from ai_video_editor.media.names import shown
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.operations.meters import MachineMeter
from ai_video_editor.operations.validation import FileValidator, check_inputs, check_output
from ai_video_editor.reporting.summary import RunSummary, opening_facts, summarise
from ai_video_editor.settings import Settings
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.store import Store

_SETTING_OF = {
    "quality": "quality_level", "parallel": "parallel_processing", "work_dir": "home",
    "max_memory": "max_memory_gb",
}  # fmt: skip
"""Options whose setting has another name."""


def run(
    videos: Sequence[Path],
    options: Mapping[str, Any],
    *,
    verbose: bool,
    as_json: bool,
    known: Mapping[str, bool] | None = None,
    deploy: bool = False,
) -> int:
    """Edit recordings; everything but the JSON summary goes to stderr.

    Args:
        videos: the recordings, in film order.
        options: parameters of the flow `edit-video`; None means "not given".
        verbose: whether technical details are told.
        as_json: whether one JSON object is printed on stdout.
        known: every option of `process`, and whether it takes a value; only these are advised.
        deploy: let a worker of a Prefect server run it, and follow it.

    Returns:
        The exit code.
    """
    settings: Settings | None = None
    try:
        settings = load_settings(
            {_SETTING_OF.get(name, name): value for name, value in options.items()}
            | {"verbose": verbose or None}
        ).settings
        _refuse_contradictions(settings, options)
        paths = check_inputs(_inputs(videos, settings))
        videos_given = _refuse_unusable(paths, settings)
        if not deploy:  # the worker's machine is another one, or does several things
            check_output(settings.paths.output)
            _tell_needs(paths, videos_given, settings)
        with redirect_stdout(sys.stderr):  # a plugin's words would spoil the JSON
            summary = (_submit if deploy else _edit)(paths, options, settings)
    except EditorError as error:
        keep(error, settings)
        summary = summarise("", seconds=0.0, output_dir=None, error=error)
    except KeyboardInterrupt:
        stopped = RunInterruptedError("The run was stopped.")
        summary = summarise("", seconds=0.0, output_dir=None, error=stopped, status="interrupted")
    ending = Ending(summary, settings, typed_command(known))
    if as_json:
        print(ending.as_json(verbose=verbose), flush=True)
    if summary.error is None and settings is not None:
        _tell(summary, settings, deployed=deploy)
    else:
        ending.tell(verbose=verbose)
    if not as_json:
        ending.ask()
    return summary.exit_code


def _inputs(videos: Sequence[Path], settings: Settings) -> Sequence[Path]:
    """The recordings named on the command line, else those of the plan.

    Raises:
        InputError: there are neither, or the plan cannot be used.
    """
    if settings.director.plan is None:
        if not videos:
            raise InputError("Name at least one recording, or a plan with --plan.")
        return videos
    from ai_video_editor.cli.plans import inputs_of

    planned = inputs_of(settings.director.plan)
    return videos or planned


def _refuse_contradictions(settings: Settings, options: Mapping[str, Any]) -> None:
    """Stop where two options cannot both be meant.

    Raises:
        InputError: they exclude each other.
    """
    planned, anew = settings.director.plan is not None, settings.director.redecide
    if anew and not planned:
        raise InputError("--redecide needs a plan: name it with --plan.")
    if planned and not anew and options.get("pace") is not None:
        raise InputError(
            "--pace changes nothing in a finished plan: leave it out, or add --redecide to decide "
            "anew and keep what is locked."
        )
    _refuse_contradicting_recovery(settings)
    if settings.run.segment is not None and options.get("parallel"):
        raise InputError("--segment works on one piece at a time: leave --parallel out.")
    if settings.run.review and settings.run.stop_after is not None:
        raise InputError("--review and --stop-after both say where to stop: give one of them.")


def _refuse_contradicting_recovery(settings: Settings) -> None:
    """Stop where options on recovery exclude each other.

    Raises:
        InputError: they do.
    """
    run = settings.run
    if run.continue_from is not None and (run.fresh or not run.enable_recovery):
        raise InputError(
            "--continue-from reuses the stages before it: leave out --fresh and "
            "--no-enable-recovery, or leave it out."
        )
    if run.enable_all_fallbacks and not run.enable_fallbacks:
        raise InputError("--enable-all-fallbacks and --no-enable-fallbacks exclude each other.")


def _refuse_unusable(paths: Sequence[Path], settings: Settings) -> tuple[VideoFile, ...]:
    """The recordings as they are; stop before anything is started where one cannot be edited.

    Raises:
        InputError: one of them cannot be used.
    """
    found = []
    for path in paths:
        result = FileValidator().validate_video_file(path)
        if not result.ok:
            refused = InputError(result.errors[0])
            refused.file = shown(path)
            raise refused
        if result.file is not None:
            found.append(result.file)
    if settings.audio.transcript is not None:
        from ai_video_editor.audio.transcription import imported  # numpy and more: 0.2 s

        reason = imported.unavailable(settings.audio.transcript)
        if reason is not None:
            raise InputError(reason)
    if settings.video.face_model is not None:
        from ai_video_editor.video.face_models import require_face_model

        require_face_model(settings.video.face_model)
    if settings.composition.music is not None:
        from ai_video_editor.composition.music import music_file

        music_file(settings.composition.music)
    if settings.look.brand is not None:
        from ai_video_editor.look.brand import load_brand

        load_brand(settings.look.brand)
    return tuple(found)


def _tell_needs(paths: Sequence[Path], files: tuple[VideoFile, ...], settings: Settings) -> None:
    """Say on stderr what the run will take, and what is likely to go wrong.

    Raises:
        DiskSpaceError: a disk is too small for it.
    """
    from ai_video_editor.cli.needs import needs_of, rendered_before
    from ai_video_editor.cli.warnings import warn

    meter = MachineMeter()
    ahead = needs_of(paths, settings, meter)
    console = Console(file=sys.stderr, highlight=False, markup=False, soft_wrap=True)
    console.print(ahead.in_words(meter))
    for change in ahead.changes:
        console.print(f"  {change}")
    warn(files, ahead)
    if not rendered_before(paths, settings):
        ahead.require_disk(meter)


def _note_approval(settings: Settings) -> None:
    """A plan that somebody rendered is one that somebody approved."""
    if settings.director.plan is None or settings.director.redecide:
        return
    from ai_video_editor.cli.signals import keep_signal
    from ai_video_editor.intelligence.plan_file import read_plan_file

    decisions = read_plan_file(settings.director.plan).plan.decisions
    keep_signal("approved", [d.decision_type for d in decisions if not d.reverted])


def _edit(paths: Sequence[Path], options: Mapping[str, Any], settings: Settings) -> RunSummary:
    from ai_video_editor.workflow.orchestrator import WorkflowConfiguration, WorkflowOrchestrator

    with progress_shown():
        return WorkflowOrchestrator(settings).run(
            WorkflowConfiguration(videos=paths, options=dict(options))
        )


def _submit(paths: Sequence[Path], options: Mapping[str, Any], settings: Settings) -> RunSummary:
    """Have it run by a worker, which has a working folder and an environment of its own.

    Raises:
        InputError: no server is known, or it refuses the run.
        EditorError: it does not answer.
    """
    from ai_video_editor.workflow.server_address import configured_server

    if configured_server() is None:
        raise InputError(
            "--deploy needs a Prefect server: start one with `make serve`, or name one in "
            "PREFECT_API_URL."
        )
    from ai_video_editor.workflow.embedded_server import configure_prefect

    configure_prefect(settings.paths.home, verbose=settings.run.verbose)
    from ai_video_editor.workflow.deployed_run import run_deployed

    given = {name: _absolute(value) for name, value in options.items() if value is not None}
    output = str(settings.paths.output.absolute())
    with progress_shown():
        return run_deployed({**given, "videos": [str(path) for path in paths], "output": output})


def _absolute(value: Any) -> Any:
    """A path as the worker finds it too; a model's name stays a name."""
    if isinstance(value, Path) or (isinstance(value, str) and "/" in value):
        return str(Path(value).expanduser().absolute())
    return value


def _tell(summary: RunSummary, settings: Settings, *, deployed: bool = False) -> None:
    console = Console(file=sys.stderr, highlight=False, markup=False, soft_wrap=True)
    if summary.exit_code == 0:
        _note_approval(settings)
    for line in opening_facts(summary, _context(summary, settings)):
        console.print(line)
    if summary.status == "awaiting_review" and deployed:
        console.print(summary.notes[0])
    elif summary.status == "awaiting_review" and summary.output_dir is not None:
        plan = shlex.quote(str(Path(summary.output_dir) / "plan.json"))
        console.print(f"look at it: ai-video-editor plan show {plan}")
        console.print(f"render it:  ai-video-editor process --plan {plan}")


def _context(summary: RunSummary, settings: Settings) -> ContentContext | None:
    """What is known of a project after its run."""
    if settings.run.enable_recovery:
        store = Store(settings.paths.home)
        return CheckpointManager(store).latest_context(summary.project_id)
    if summary.output_dir is None:
        return None
    with suppress(OSError, EditorError):
        text = (Path(summary.output_dir) / "context.json").read_text(encoding="utf-8")
        return ContentContext.from_json(text)
    return None
