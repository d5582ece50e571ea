"""A command as a user typed it, to be changed a little and pasted again."""

from __future__ import annotations

import inspect
import os
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

NAME = "ai-video-editor"


@dataclass(frozen=True)
class CommandLine:
    """A call of this program; every change gives a new one.

    Attributes:
        words: the subcommand and what follows it.
        program: the words that call the program.
        options: every option that the subcommand knows, and whether it takes a value; what is
            not known here is never advised.
        environment: variables set in front of the command.
    """

    words: tuple[str, ...]
    program: tuple[str, ...] = (NAME,)
    options: Mapping[str, bool] = field(default_factory=dict)
    environment: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The command for a POSIX shell."""
        variables = [f"{name}={shlex.quote(value)}" for name, value in self.environment]
        return " ".join([*variables, shlex.join([*self.program, *self.words])])

    def knows(self, *options: str) -> bool:
        """Whether the subcommand has all these options."""
        return all(option in self.options for option in options)

    def has(self, option: str) -> bool:
        """Whether the option is given."""
        return any(self._is(word, option) for word in self._before_files())

    def value(self, option: str) -> str | None:
        """What is given for an option, the last where it is given twice."""
        found = None
        words = self._before_files()
        for place, word in enumerate(words):
            if word.startswith(f"{option}="):
                found = word.partition("=")[2]
            elif word == option and self.options.get(option) and place + 1 < len(words):
                found = words[place + 1]
        return found

    def without(self, *options: str) -> CommandLine:
        """Without options and their values."""
        kept: list[str] = []
        skip = False
        head = self._before_files()
        for word in head:
            if skip:
                skip = False
            elif any(self._is(word, option) for option in options):
                skip = "=" not in word and self.options.get(word, False)
            else:
                kept.append(word)
        return replace(self, words=(*kept, *self.words[len(head) :]))

    def having(self, option: str, value: object = None) -> CommandLine:
        """With an option, in the place of an earlier value of it."""
        bare = self.without(option, _opposite(option))
        head = bare._before_files()
        given = (option,) if value is None else (option, str(value))
        return replace(bare, words=(*head, *given, *bare.words[len(head) :]))

    def with_file(self, old: str, new: str) -> CommandLine:
        """With another file in the place of one that was given; after `--` where it needs it."""
        same = _path(old)
        words = tuple(new if _path(word) == same else word for word in self.words)
        return replace(self, words=words)

    def names(self, file: str) -> bool:
        """Whether a file stands in the command."""
        return any(_path(word) == _path(file) for word in self.words)

    def setting(self, name: str, value: str) -> CommandLine:
        """With an environment variable in front."""
        others = tuple(pair for pair in self.environment if pair[0] != name)
        return replace(self, environment=(*others, (name, value)))

    def _before_files(self) -> tuple[str, ...]:
        """The words before `--`, after which everything is a file."""
        end = self.words.index("--") if "--" in self.words else len(self.words)
        return self.words[:end]

    @staticmethod
    def _is(word: str, option: str) -> bool:
        return word == option or word.startswith(f"{option}=")


def _opposite(option: str) -> str:
    name = option.removeprefix("--")
    return f"--{name[3:]}" if name.startswith("no-") else f"--no-{name}"


def _path(word: str) -> str:
    return os.path.abspath(word) if word else ""


def options_of(function: Callable[..., object], twofold: frozenset[str]) -> dict[str, bool]:
    """Options of a command by the parameters of the function that it calls.

    Args:
        function: its annotations tell switches from values.
        twofold: parameters whose switch has an opposite, `--no-NAME`.
    """
    options: dict[str, bool] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        words = name.replace("_", "-")
        options[f"--{words}"] = "bool" not in str(parameter.annotation)
        if name in twofold:
            options[f"--no-{words}"] = False
    return options


def typed(original: Sequence[str], options: Mapping[str, bool]) -> CommandLine:
    """The command that started this process.

    Args:
        original: `sys.orig_argv`: interpreter, its options, script or module, words.
        options: see `CommandLine`.
    """
    words = list(original)
    if "-m" in words[:4]:
        end = words.index("-m") + 2
        return CommandLine(tuple(words[end:]), tuple(words[:end]), options)
    script = words[1] if len(words) > 1 else NAME
    found = shutil.which(Path(script).name)
    by_name = found is not None and os.path.realpath(found) == os.path.realpath(script)
    program = Path(script).name if by_name else script
    return CommandLine(tuple(words[2:]), (program,), options)


def of_parameters(
    videos: Iterable[object], parameters: Mapping[str, Any], options: Mapping[str, bool]
) -> CommandLine:
    """The command that starts a run with the same parameters.

    Args:
        videos: the recordings.
        parameters: of the flow, by name; None means "not given".
        options: see `CommandLine`.
    """
    words = ["process"]
    for name, value in parameters.items():
        option = f"--{name.replace('_', '-')}"
        if value is None:
            continue
        if isinstance(value, bool):
            if value or f"--no-{option[2:]}" in options:
                words.append(option if value else f"--no-{option[2:]}")
        elif isinstance(value, list | tuple):
            words += [option, ", ".join(str(part) for part in value)]
        else:
            words += [option, str(value.value if isinstance(value, Enum) else value)]
    files = [str(video) for video in videos]
    guard = ["--"] if any(file.startswith("-") for file in files) else []
    return CommandLine((*words, *guard, *files), options=options)
