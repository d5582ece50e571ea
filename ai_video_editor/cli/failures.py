"""How commands other than `process` end when something is wrong: a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

import typer
from rich.console import Console

from ai_video_editor.errors import EditorError, InputError

T = TypeVar("T")


def ended_well(call: Callable[[], T]) -> T:
    """The result of a call; our errors end the command with their sentence."""
    try:
        return call()
    except EditorError as error:
        _fail(error)


def _fail(error: EditorError) -> NoReturn:
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print(error.message)
    for line in error.advice:
        console.print(f"  {line}")
    raise typer.Exit(2 if isinstance(error, InputError) else 1)
