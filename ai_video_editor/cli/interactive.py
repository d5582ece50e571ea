"""Asking what to do about a problem, where somebody sits at a terminal; the run then goes on."""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.errors import EditorError
from ai_video_editor.media.sniff import container_of
from ai_video_editor.operations.advice import RecoverySuggestionEngine, Suggestion
from ai_video_editor.operations.command_line import CommandLine
from ai_video_editor.operations.situation import Situation

ASKED: frozenset[ErrorKind] = frozenset(
    ["memory", "disk", "timeout", "key", "quota", "service", "file", "permission"]
)
"""Kinds of problems that a choice can solve."""

_TRIES = 3


@dataclass(frozen=True)
class Resolution:
    """What somebody chose.

    Attributes:
        command: the run with changed settings; finished stages are reused.
        wait: seconds to wait before it.
        environment: variables for it, such as another key.
    """

    command: CommandLine
    wait: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)


class InteractiveErrorResolver:
    """Walks through memory, disk, API, file and time-out problems; silent without a terminal.

    Args:
        keyboard: where answers come from; the process's input when None.
        screen: where questions go; the process's stderr when None.
        secret: asks for something that is not shown.
    """

    def __init__(
        self,
        keyboard: TextIO | None = None,
        screen: TextIO | None = None,
        secret: Callable[[str], str] = getpass.getpass,
    ) -> None:
        """Use a terminal."""
        self._keyboard = keyboard or sys.stdin
        self._screen = screen or sys.stderr
        self._secret = secret

    @property
    def available(self) -> bool:
        """Whether somebody can be asked."""
        return self._keyboard.isatty() and self._screen.isatty()

    def resolve_error_interactively(
        self, problem: ProcessingError, situation: Situation, *, otherwise: str = "Stop here"
    ) -> Resolution | None:
        """Ask what to do; None where nobody is there, nothing helps, or nothing is to be done.

        Args:
            problem: what went wrong.
            situation: the run and the machine.
            otherwise: what happens where nothing is chosen, in words.
        """
        if not self.available or problem.kind not in ASKED or situation.command is None:
            return None
        choices = self._choices(problem, situation)
        if not choices:
            return None
        try:
            chosen = self._chosen(choices, otherwise)
            return None if chosen is None else self._resolution(chosen, problem)
        except (EOFError, KeyboardInterrupt):
            self._say("")
            return None

    def _choices(self, problem: ProcessingError, situation: Situation) -> list[Suggestion]:
        found = RecoverySuggestionEngine().suggest_recovery_actions(problem, situation)
        choices = [suggestion for suggestion in found if suggestion.run is not None]
        command = situation.command
        if problem.file and command is not None and command.names(problem.file):
            choices.append(Suggestion("Name another file", "", "file", command))
        return choices

    def _chosen(self, choices: list[Suggestion], otherwise: str) -> Suggestion | None:
        self._say("\nWhat shall be done?")
        for number, choice in enumerate(choices, 1):
            self._say(f"  {number}  {choice.text}")
        self._say(f"  0  {otherwise}")
        for _ in range(_TRIES):
            answer = self._ask("Number [0]: ")
            if answer in ("", "0"):
                return None
            if answer.isdecimal() and int(answer) <= len(choices):
                return choices[int(answer) - 1]
            self._say(f"Please give a number from 0 to {len(choices)}.")
        return None

    def _resolution(self, chosen: Suggestion, problem: ProcessingError) -> Resolution | None:
        assert chosen.run is not None
        if chosen.action == "key":
            key = self._secret("Gemini key (not shown): ").strip()
            if not key:
                return None
            return Resolution(chosen.run, environment={"GEMINI_API_KEY": key})
        if chosen.action == "file" and not chosen.command:
            file = self._other_file()
            return None if file is None else Resolution(chosen.run.with_file(problem.file, file))
        return Resolution(chosen.run, chosen.wait)

    def _other_file(self) -> str | None:
        for _ in range(_TRIES):
            answer = self._ask("File: ")
            if not answer:
                return None
            try:
                container_of(Path(answer).expanduser())
            except EditorError as error:
                self._say(error.message)
                continue
            return str(Path(answer).expanduser())
        return None

    def _ask(self, question: str) -> str:
        print(question, end="", file=self._screen, flush=True)
        answer = self._keyboard.readline()
        if not answer:
            raise EOFError
        return answer.strip()

    def _say(self, text: str) -> None:
        print(text, file=self._screen, flush=True)


def go_on(resolution: Resolution, screen: TextIO | None = None) -> None:
    """Continue with what was chosen, in this process's place; comes back only when interrupted.

    A fresh program is loaded on purpose: after memory ran short, nothing of the failed run stays.

    Args:
        resolution: what was chosen.
        screen: where it is told; stderr when None.
    """
    target = screen or sys.stderr
    command = resolution.command
    if resolution.wait:
        print(f"Waiting {resolution.wait:.0f} s; Ctrl-C stops.", file=target, flush=True)
        try:
            time.sleep(resolution.wait)
        except KeyboardInterrupt:
            return
    print(f"→ {command}\n", file=target, flush=True)
    environment = {**os.environ, **dict(command.environment), **resolution.environment}
    sys.stdout.flush()
    target.flush()
    os.execvpe(command.program[0], [*command.program, *command.words], environment)
