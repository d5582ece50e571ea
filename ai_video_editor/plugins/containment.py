"""Other people's code, contained: what it raises is a reason in one line, and nothing ends with it.

An end of the whole interpreter (`os._exit`, a crash in C) cannot be contained: plugins run in our
process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ai_video_editor.errors import EditorError, RunInterruptedError

T = TypeVar("T")

Limit = Callable[[str, Callable[[], Any]], Any]
"""Carries out work that has a name, and ends the wait for it when it takes too long."""

_LONGEST_REASON = 300
"""Characters: the text is the plugin's, and it is printed."""


def unlimited(_what: str, work: Callable[[], Any]) -> Any:
    """A `Limit` that waits for ever, in the caller's thread."""
    return work()


class PluginFaultError(Exception):
    """What a plugin did does not count; the message says why, in the words of people."""


def contained(name: str, work: Callable[[], T], limit: Limit) -> T:
    """What a plugin's work gives.

    Raises:
        PluginFaultError: whatever else it did.
        RunInterruptedError: the run was asked to stop.
    """

    def guarded() -> T:
        try:
            return work()
        except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            raise PluginFaultError(
                f"it tried to end the program ({type(error).__name__})"
            ) from error

    try:
        made: T = limit(f"The plugin {name}", guarded)
    except RunInterruptedError:
        raise
    except Exception as error:  # whatever a plugin raises is the plugin's
        raise PluginFaultError(_reason(error)) from error
    return made


def _reason(error: Exception) -> str:
    if isinstance(error, EditorError | PluginFaultError):
        text = str(error)
    else:
        first = (str(error).splitlines() or [""])[0]
        text = f"{type(error).__name__}: {first}" if first else type(error).__name__
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"
