"""Questions are asked in a terminal only, and the answer continues the run."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.cli.interactive import InteractiveErrorResolver, Resolution, go_on
from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.operations.command_line import CommandLine
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.situation import Situation

SAMPLE = Path(__file__).parents[3] / "samples" / "sample.mp4"
OPTIONS = {"--offline": False, "--segment": True, "--mode": True, "--output": True}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def problem(kind: ErrorKind, **facts: Any) -> ProcessingError:
    return ProcessingError(stage="research", type="X", message="x", kind=kind, **facts)


def situation(tmp_path: Path, *words: str) -> Situation:
    command = CommandLine(("process", *(words or ("a.mp4",))), options=OPTIONS)
    return Situation(machine=this_machine(tmp_path), home=tmp_path, command=command)


def answering(*answers: str, secret: str = "") -> InteractiveErrorResolver:
    keyboard = Terminal("".join(f"{answer}\n" for answer in answers))
    return InteractiveErrorResolver(keyboard, Terminal(), lambda _: secret)


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    screen = io.StringIO()
    resolver = InteractiveErrorResolver(Terminal("1\n"), screen)
    assert resolver.resolve_error_interactively(problem("memory"), situation(tmp_path)) is None
    assert screen.getvalue() == ""
    deaf = InteractiveErrorResolver(io.StringIO("1\n"), Terminal())
    assert not deaf.available


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("memory", "1", ("--segment", "60")),
        ("service", "2", ("--offline",)),
        ("timeout", "2", ("--mode", "fast")),
    ],
)
def test_the_choice_is_the_command_with_one_change(
    tmp_path: Path, kind: ErrorKind, answer: str, words: tuple[str, ...]
) -> None:
    chosen = answering(answer).resolve_error_interactively(problem(kind), situation(tmp_path))
    assert chosen is not None
    assert chosen.command.words == ("process", "a.mp4", *words)


def test_a_key_is_handed_on_in_the_environment_alone(tmp_path: Path) -> None:
    chosen = answering("1", secret="new-key").resolve_error_interactively(
        problem("key"), situation(tmp_path)
    )
    assert chosen is not None
    assert chosen.environment == {"GEMINI_API_KEY": "new-key"}
    assert "new-key" not in str(chosen.command)
    assert answering("1").resolve_error_interactively(problem("key"), situation(tmp_path)) is None


def test_waiting_is_as_long_as_the_service_asks(tmp_path: Path) -> None:
    chosen = answering("1").resolve_error_interactively(
        problem("quota", retry_after=12.0), situation(tmp_path)
    )
    assert chosen is not None
    assert chosen.wait == 12


def test_another_file_is_looked_at_before_it_is_taken(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    missing = str(tmp_path / "gone.mp4")
    good = tmp_path / "good.mp4"
    shutil.copy(SAMPLE, good)
    resolver = answering("1", str(text), str(good))
    chosen = resolver.resolve_error_interactively(
        problem("file", file=missing), situation(tmp_path, missing, "--offline")
    )
    assert chosen is not None
    assert chosen.command.words == ("process", str(good), "--offline")


@pytest.mark.parametrize("answers", [("0",), ("",), ("9", "x", "-1"), ()])
def test_no_choice_stops(tmp_path: Path, answers: tuple[str, ...]) -> None:
    resolver = answering(*answers)
    assert resolver.resolve_error_interactively(problem("memory"), situation(tmp_path)) is None


def test_a_fault_of_the_program_is_nothing_to_choose_about(tmp_path: Path) -> None:
    resolver = answering("1")
    assert resolver.resolve_error_interactively(problem("internal"), situation(tmp_path)) is None


def test_going_on_replaces_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execvpe", lambda *words: calls.append(words))
    command = CommandLine(("process", "a.mp4"), ("prog",)).setting("LIMIT", "4")
    screen = io.StringIO()
    go_on(Resolution(command, environment={"GEMINI_API_KEY": "k-secret"}), screen)
    assert calls[0][:2] == ("prog", ["prog", "process", "a.mp4"])
    assert calls[0][2]["LIMIT"] == "4"
    assert calls[0][2]["GEMINI_API_KEY"] == "k-secret"
    assert "k-secret" not in screen.getvalue()
