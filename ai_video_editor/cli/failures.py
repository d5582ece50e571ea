"""How commands end when something is wrong: one look, one exit code, one JSON object if asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console

from ai_video_editor.errors import EditorError, InputError
from ai_video_editor.operations.command_line import CommandLine, typed
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.messages import ErrorMessageFormatter, technical
from ai_video_editor.operations.problems import problem_of
from ai_video_editor.operations.situation import situation_of
from ai_video_editor.reporting.summary import summarise
from ai_video_editor.settings_sources import load_settings

T = TypeVar("T")


def ended_well(call: Callable[[], T]) -> T:
    """The result of a call; our errors end the command with their sentence."""
    try:
        return call()
    except EditorError as error:
        end_with(error)


def end_with(error: BaseException) -> NoReturn:
    """End the command with an error: told on stderr, with --json as an object on stdout too.

    Raises:
        typer.Exit: always; 2 for what the user can give differently, else 1.
    """
    raise typer.Exit(told(error))


def told(error: BaseException) -> int:
    """Tell an error the way every command does, and give the exit code."""
    as_json, verbose = json_wanted(), _given("--verbose")
    problem = problem_of(error)
    command = typed_command()
    formatter = ErrorMessageFormatter()
    try:
        situation = situation_of(load_settings().settings, command=command)
    except EditorError:  # the settings themselves are what is wrong
        situation = None
    suggestions = formatter.suggestions(problem, situation)
    if as_json:
        summary = summarise(
            "", seconds=0.0, output_dir=None, error=error, advice=[str(s) for s in suggestions]
        )
        if summary.error is not None and not verbose:
            quiet = summary.error.model_copy(update={"technical": ()})
            summary = summary.model_copy(update={"error": quiet})
        if command.words[:1] == ("process",):
            print(summary.model_dump_json(indent=1), flush=True)
        else:
            print(json.dumps({"status": summary.status, "error": _told_error(summary)}), flush=True)
    say(formatter.format_for_user(problem, situation))
    if verbose:
        say("\n".join(technical(error)))
    return 2 if isinstance(error, InputError) else 1


def _told_error(summary: Any) -> Mapping[str, Any]:
    found = summary.model_dump(mode="json", exclude={"error": {"technical", "own_advice"}})
    error: Mapping[str, Any] = found["error"]
    return error


def say(text: str) -> None:
    """Write to stderr as it is: no markup, no colours out of names, no line broken."""
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(text)


def typed_command(options: Mapping[str, bool] | None = None) -> CommandLine:
    """The command that started this process.

    Args:
        options: every option that its subcommand knows, and whether it takes a value.
    """
    return typed(sys.orig_argv, options or {})


def json_wanted() -> bool:
    """Whether this process was asked for JSON."""
    return _given("--json")


def _given(option: str) -> bool:
    words = sys.argv[1:]
    return option in (words[: words.index("--")] if "--" in words else words)


def run_command(app: typer.Typer, name: str) -> int:
    """Run the program; whatever happens ends in one look and never in a traceback.

    Args:
        app: the commands.
        name: what the program is called.

    Returns:
        The exit code.
    """
    try:
        return int(app(prog_name=name, standalone_mode=False) or 0)
    except _CLICK as error:
        return _misused(error)
    except EditorError as error:
        return told(error)
    except (typer.Abort, KeyboardInterrupt):
        say("✗ Stopped.")
        return 130
    except Exception as error:  # a fault of ours: kept with its stack, told without
        _keep(error)
        return told(error)


_CLICK: type[Exception] = typer.BadParameter.__mro__[2]
"""What all errors of typer's parser are; typer itself exports only the ones to raise."""


def _misused(error: Exception) -> int:
    message = str(getattr(error, "format_message", lambda: error)()).strip()
    code = int(getattr(error, "exit_code", 2))
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message, file=sys.stderr)
        return code
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "") if context is not None else ""
    refused = InputError(message if message.endswith((".", "?")) else f"{message}.")
    if path:
        refused.advice = (f"`{path} --help` shows what can be given.",)
    told(refused)
    return code


def _keep(error: Exception) -> None:
    try:
        home = load_settings().settings.paths.home
        if home.is_dir():
            ErrorTracker(home).log_error(error)
    except EditorError:
        return  # neither the settings nor the log can be used: telling it is what is left
