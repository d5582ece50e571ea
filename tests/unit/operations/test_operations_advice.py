"""What people are told: what happened, what is safe, and commands that fit and can be pasted."""

from __future__ import annotations

import errno
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIRateLimitError,
    InputError,
    MediaError,
    MemoryConstraintError,
    RunInterruptedError,
    StageFailedError,
)
from ai_video_editor.operations.advice import RecoverySuggestionEngine, Suggestion
from ai_video_editor.operations.command_line import CommandLine, of_parameters, options_of, typed
from ai_video_editor.operations.machine import Machine
from ai_video_editor.operations.messages import ErrorMessageFormatter
from ai_video_editor.operations.problems import kind_of, problem_of
from ai_video_editor.operations.situation import Situation

OPTIONS = {
    "--offline": False, "--max-memory": True, "--segment": True, "--quality": True,
    "--no-parallel": False, "--parallel": False, "--mode": True, "--work-dir": True,
    "--output": True, "--render": True, "--encoder": True, "--verbose": False, "--fresh": False,
    "--api-timeout": True, "--timeout": True, "--resume-from-checkpoint": True,
}  # fmt: skip
MACHINE = Machine(
    system="Linux", python="3.11", version="1", cores=4,
    memory_total=16_000_000_000, memory_free=4_000_000_000, disk_free=80_000_000_000,
)  # fmt: skip


def at(tmp_path: Path, words: str = "process 'my talk.mp4'", **facts: Any) -> Situation:
    command = CommandLine(tuple(shlex.split(words)), options=OPTIONS)
    return Situation(machine=MACHINE, home=tmp_path, command=command, **facts)


def problem(kind: ErrorKind, message: str = "It failed.", **facts: Any) -> ProcessingError:
    stage = str(facts.pop("stage", "video_composition"))
    return ProcessingError(stage=stage, type="X", message=message, kind=kind, **facts)


def helping(problem: ProcessingError, situation: Situation) -> tuple[Suggestion, ...]:
    return RecoverySuggestionEngine().suggest_recovery_actions(problem, situation)


def test_short_memory_offers_seventy_percent_of_what_is_free_and_short_pieces(
    tmp_path: Path,
) -> None:
    first = helping(problem("memory"), at(tmp_path, "process 'my talk.mp4' --pace tight"))[0]
    assert first.command == (
        "ai-video-editor process 'my talk.mp4' --pace tight --max-memory 2.8 --segment 60"
    )
    assert "2.8 of the 4.0 GB" in first.text


def test_pieces_get_shorter_each_time_and_then_no_shorter(tmp_path: Path) -> None:
    again = helping(problem("memory"), at(tmp_path, "process a.mp4 --segment 60"))[0]
    assert "--segment 30" in again.command
    assert again.command.count("--segment") == 1
    last = helping(problem("memory"), at(tmp_path, "process a.mp4 --segment=15"))[0]
    assert "--segment=15" in last.command


def test_an_option_that_this_program_has_not_is_never_advised(tmp_path: Path) -> None:
    bare = Situation(
        machine=MACHINE, home=tmp_path, command=CommandLine(("process", "a.mp4"), options={})
    )
    kinds: list[ErrorKind] = ["memory", "disk", "timeout", "key", "quota", "service", "media"]
    for kind in kinds:
        for suggestion in helping(problem(kind), bare):
            assert suggestion.run is None or suggestion.run.words == ("process", "a.mp4")


def test_a_rate_limit_says_how_long_to_wait_and_a_used_up_day_does_not(tmp_path: Path) -> None:
    waits = helping(problem("quota", retry_after=36.2), at(tmp_path))[0]
    assert waits.command == "sleep 37 && ai-video-editor process 'my talk.mp4'"
    assert waits.wait == 37
    day = helping(problem("quota", "Gemini's quota of the day is used up."), at(tmp_path))
    assert all(s.action != "wait" for s in day)
    assert any("--offline" in s.command for s in day)


def test_a_refused_key_is_asked_for_where_nobody_sees_it(tmp_path: Path) -> None:
    found = helping(problem("key"), at(tmp_path))
    assert found[0].command.startswith("read -rs GEMINI_API_KEY && export GEMINI_API_KEY && ")
    assert found[1].command.endswith("process 'my talk.mp4' --offline")
    assert "check-api --service gemini" in found[2].command


def test_an_offline_run_is_not_told_to_go_offline(tmp_path: Path) -> None:
    found = helping(problem("service"), at(tmp_path, offline=True))
    assert all("--offline" not in s.command for s in found)


@pytest.mark.parametrize(
    ("message", "facts", "says"),
    [
        ("x within 120 s; raise --api-timeout.", {}, "--api-timeout 240"),
        ("longer than the 600 s of --timeout", {"timeout": 600.0}, "--timeout 1200"),
        ("took longer", {"stage_timeout": 30.0}, "AI_VIDEO_EDITOR_STAGE_TIMEOUT=60 ai-video"),
    ],
)
def test_a_time_out_doubles_the_limit_that_was_met(
    tmp_path: Path, message: str, facts: dict[str, Any], says: str
) -> None:
    assert says in helping(problem("timeout", message), at(tmp_path, **facts))[0].command


def test_a_failed_stage_is_resumed_where_it_stopped(tmp_path: Path) -> None:
    words = "process 'my talk.mp4' --fresh"
    situation = at(tmp_path, words, project_id="talk-1a2b", finished=("initialization",))
    commands = [s.command for s in helping(problem("media"), situation)]
    assert any("--render full" in c for c in commands)
    assert not any("--fresh" in c for c in commands), "what is finished is not made again"
    assert any("--resume-from-checkpoint talk-1a2b_before_video_composition" in c for c in commands)


def test_a_mistyped_file_is_found_under_its_right_name(tmp_path: Path) -> None:
    folder = tmp_path / "my films"
    folder.mkdir()
    clip = Path(__file__).parents[3] / "samples" / "sample.mp4"
    shutil.copy(clip, folder / "talk one.mp4")
    (folder / "talk one.txt").write_text("no film")
    missing = str(folder / "talk oen.mp4")
    situation = at(tmp_path, f"process {shlex.quote(missing)} --offline")
    found = helping(problem("file", file=missing, stage=""), situation)
    assert [s.action for s in found] == ["file"]
    assert shlex.split(found[0].command) == [
        "ai-video-editor", "process", str(folder / "talk one.mp4"), "--offline",
    ]  # fmt: skip


def test_a_missing_library_names_the_package(tmp_path: Path) -> None:
    found = helping(problem("library", "ImportError: libEGL.so.1: cannot open"), at(tmp_path))
    assert found[0].command == "sudo apt-get install -y libegl1"


def test_every_suggestion_is_one_shell_command(tmp_path: Path) -> None:
    kinds: tuple[ErrorKind, ...] = get_args(ErrorKind)
    odd = "it's; $(rm -rf x) `y`.mp4"
    situation = at(
        tmp_path, f"process {shlex.quote(odd)}", project_id="p-1", finished=("research",)
    )
    for kind in kinds:
        for suggestion in helping(problem(kind, file=odd), situation):
            if suggestion.command:
                checked = subprocess.run(["bash", "-n", "-c", suggestion.command], check=False)
                assert checked.returncode == 0
                assert "\n" not in suggestion.command
            if suggestion.run is not None and suggestion.action != "file":
                assert odd in suggestion.run.words, "the name is one word still"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "memory"),
        (OSError(errno.ENOSPC, "full"), "disk"),
        (TimeoutError("Scope timed out after 2.0 second(s)."), "timeout"),
        (ImportError("libGL.so.1"), "library"),
        (APIAuthenticationError("no"), "key"),
        (APIRateLimitError("slow", retry_after=3), "quota"),
        (InputError("--pace cannot"), "usage"),
        (RunInterruptedError("stopped"), "interrupted"),
        (ZeroDivisionError("x"), "internal"),
    ],
)
def test_errors_have_kinds(error: BaseException, kind: ErrorKind) -> None:
    assert kind_of(error) == kind


def test_the_kind_of_a_failed_stage_is_that_of_its_first_cause() -> None:
    tried = [ValueError("odd"), MemoryConstraintError("Too little memory.")]
    failed = StageFailedError("video_composition", [("a", "odd"), ("b", "memory")], tried)
    assert problem_of(failed).kind == "memory"
    assert problem_of(failed).stage == "video_composition"
    wrapped = MediaError("ffmpeg ended")
    wrapped.__cause__ = OSError(errno.ENOSPC, "full")
    assert kind_of(StageFailedError("finalization", [], [wrapped])) == "media"


def test_the_message_says_what_why_what_is_safe_and_what_to_do(tmp_path: Path) -> None:
    situation = at(
        tmp_path, project_id="talk-1", finished=("initialization", "research"),
        context_file=tmp_path / "talk-1.context.json",
    )  # fmt: skip
    text = ErrorMessageFormatter().format_for_user(
        problem("memory", "Only 0.2 GB were free."), situation
    )
    lines = text.splitlines()
    assert lines[0] == "✗ Rendering the film ran out of memory."
    assert lines[1] == "  Why: Only 0.2 GB were free."
    assert "2 of 11 stages are finished and kept in project talk-1" in lines[2]
    assert "talk-1.context.json" in lines[2]
    assert lines[4].startswith("    1. Give it")


def test_a_plain_mistake_is_one_line(tmp_path: Path) -> None:
    text = ErrorMessageFormatter().format_for_user(InputError("a.mp4 is not there."), at(tmp_path))
    assert text == "✗ a.mp4 is not there."


def test_only_verbose_shows_the_technical_part() -> None:
    try:
        try:
            raise ZeroDivisionError("inner\x1b[31m fact")
        except ZeroDivisionError as cause:
            raise MediaError("The sound is broken.") from cause
    except MediaError as error:
        caught = error
    brief = ErrorMessageFormatter().format_for_user(caught)
    full = ErrorMessageFormatter().format_for_user(caught, verbose=True)
    assert "ZeroDivisionError" not in brief
    assert "ZeroDivisionError: inner" in full
    assert "test_operations_advice.py" in full


def test_a_command_is_told_as_it_was_typed() -> None:
    options = {"--quality": True, "--offline": False}
    module = typed(["/usr/bin/python3", "-m", "ai_video_editor.cli.main", "process", "a"], options)
    assert str(module) == "/usr/bin/python3 -m ai_video_editor.cli.main process a"
    script = typed(["/x/python", ".venv/bin/ai-video-editor", "process", "a b.mp4"], options)
    assert str(script) == ".venv/bin/ai-video-editor process 'a b.mp4'"


def test_changing_a_command_touches_nothing_else() -> None:
    command = CommandLine(
        ("process", "--quality=low", "a.mp4", "--parallel", "--", "--quality"), options=OPTIONS
    )
    assert command.having("--quality", "high").words == (
        "process", "a.mp4", "--parallel", "--quality", "high", "--", "--quality",
    )  # fmt: skip
    assert "--parallel" not in command.having("--no-parallel").words
    assert command.value("--quality") == "low"
    assert command.with_file("./a.mp4", "b.mp4").words[2] == "b.mp4"


def test_the_parameters_of_a_run_make_its_command() -> None:
    def flow(
        videos: list[Path], parallel: bool | None = None, pace: str | None = None,
        vocabulary: list[str] | None = None, fresh: bool | None = None,
    ) -> None: ...  # fmt: skip

    options = options_of(flow, frozenset(["parallel"]))
    given = {"parallel": False, "pace": "tight", "vocabulary": ["a", "b c"], "fresh": False}
    command = of_parameters([Path("/films/-x.mp4"), "-y.mp4"], given, options)
    assert str(command) == (
        "ai-video-editor process --no-parallel --pace tight --vocabulary 'a, b c' "
        "-- /films/-x.mp4 -y.mp4"
    )
