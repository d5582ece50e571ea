"""What helps: for each kind of problem, commands fitted to this run, this file and this machine."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.operations.command_line import CommandLine
from ai_video_editor.operations.nearby import other_disk, similar_files, writable_folder
from ai_video_editor.operations.situation import Situation

Action = Literal["again", "wait", "key", "file", "tell"]
"""How a suggestion is carried out: the run again with a changed command, after waiting, with
another key, with another file; or something outside of the run."""

SHARE_OF_FREE = 0.7
"""Share of the free memory that a run is offered; the rest is for what else runs."""

SEGMENT = 60
"""Seconds of media in a piece, where memory is short."""

SHORTEST_SEGMENT = 15
SHORT_WAIT = 60.0
"""Seconds to wait for a service that does not say how long."""

_SHORTEST_LIMIT = 60.0
"""Seconds: a smaller limit than this is no help to anybody."""

_LONGEST_WAIT = 3600.0
_MOST = 4

_PACKAGES = {
    "libEGL": "libegl1",
    "libGL": "libgl1",
    "libxkbcommon": "libxkbcommon0",
    "libfontconfig": "libfontconfig1",
    "libdbus": "libdbus-1-3",
    "libglib": "libglib2.0-0",
    "libgthread": "libglib2.0-0",
    "setpriv": "util-linux",
}
"""Debian's package of each system library that drawing needs (deployments/system_packages.sh)."""


@dataclass(frozen=True)
class Suggestion:
    """One thing that would help.

    Attributes:
        text: what it does, in words.
        command: what to paste into a POSIX shell; empty where there is nothing to paste.
        action: how `InteractiveErrorResolver` carries it out.
        run: the command that continues the run, for every action but `tell`.
        wait: seconds to wait before it.
    """

    text: str
    command: str = ""
    action: Action = "tell"
    run: CommandLine | None = None
    wait: float = 0.0

    def __str__(self) -> str:
        """In one line, for summaries and dashboards."""
        return f"{self.text}: {self.command}" if self.command else f"{self.text}."


class RecoverySuggestionEngine:
    """Knows for each kind of problem what can be done about it here."""

    def suggest_recovery_actions(
        self, problem: ProcessingError, situation: Situation
    ) -> tuple[Suggestion, ...]:
        """What would help, most useful first; at most four.

        Every command names only options that this program has, and carries all the others that
        the user gave.

        Args:
            problem: what went wrong.
            situation: the run and the machine.
        """
        found: dict[str, Suggestion] = {}
        if situation.command is not None and situation.finished:
            # what is finished shall be reused, whatever the failed run was told
            command = situation.command.without("--fresh", "--continue-from")
            situation = replace(situation, command=command)
        own = [Suggestion(line.rstrip(".")) for line in problem.advice]
        for suggestion in (*own, *_RULES[problem.kind](problem, situation)):
            found.setdefault(suggestion.command or suggestion.text, suggestion)
        return tuple(found.values())[:_MOST]


def _again(text: str, run: CommandLine | None, action: Action = "again") -> Iterator[Suggestion]:
    if run is not None:
        yield Suggestion(text, str(run), action, run)


def resumed(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    """The same run from where it stopped."""
    if s.command is None or not s.project_id:
        yield from _again("Run it again", s.command)
        return
    if problem.stage and s.finished and s.command.knows("--resume-from-checkpoint"):
        run = s.command.having("--resume-from-checkpoint", f"{s.project_id}_before_{problem.stage}")
        yield from _again("Go on from the stage that failed", run)
    else:
        yield from _again("Go on: finished stages are reused", s.command)


def _memory(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    free = s.machine.memory_free / 1e9
    if s.command is not None:
        run, words = s.command, []
        if run.knows("--max-memory"):
            most = max(0.5, int(SHARE_OF_FREE * free * 10) / 10)
            run = run.having("--max-memory", f"{most:g}")
            words.append(f"give it {most:g} of the {free:.1f} GB that are free")
        segment = _shorter(s)
        if segment is not None:
            run = run.having("--segment", segment)
            words.append(f"work in pieces of {segment} s, one at a time")
        if words:
            text = " and ".join(words)
            yield from _again(text[0].upper() + text[1:], run)
        if run.knows("--quality", "--no-parallel") and not run.has("--no-parallel"):
            yield from _again(
                "Also do one stage at a time, at low quality",
                run.having("--quality", "low").having("--no-parallel"),
            )
    yield Suggestion("See what else uses the memory", "ps aux --sort=-rss | head -n 8")
    yield from resumed(problem, s)


def _shorter(s: Situation) -> int | None:
    """Seconds of the next shorter pieces; None where they cannot get shorter."""
    if s.command is None or not s.command.knows("--segment"):
        return None
    given = s.command.value("--segment") or ""
    present = min(int(given) if given.isdigit() else 10**9, s.checkpoint_interval)
    shorter = SEGMENT if present > SEGMENT else max(SHORTEST_SEGMENT, present // 2)
    return shorter if shorter < present else None


def _disk(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield Suggestion(
        "See what fills the disk",
        shlex.join(["du", "-xhd1", str(s.home if s.home.exists() else s.home.parent)]),
    )
    other = other_disk(s.home, s.machine.disk_free)
    if other is not None and s.command is not None and s.command.knows("--work-dir"):
        folder, free = other
        yield from _again(
            f"Work on a disk with {free / 1e9:.0f} GB free; stages are made anew there",
            s.command.having("--work-dir", folder),
        )
    yield from resumed(problem, s)


def _processor(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield Suggestion("See what keeps the processor busy", "ps aux --sort=-pcpu | head -n 8")
    if s.command is not None and s.command.knows("--no-parallel"):
        yield from _again("Do one stage at a time", s.command.having("--no-parallel"))
    yield from resumed(problem, s)


def _timeout(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    command = s.command
    if command is not None and "--api-timeout" in problem.message:
        longer = f"{2 * s.api_timeout:g}"
        yield from _again(
            f"Give each call {longer} s", command.having("--api-timeout", longer), "again"
        )
        yield from _without_network(s)
    elif command is not None and s.timeout and "--timeout" in problem.message:
        longer = f"{max(_SHORTEST_LIMIT, 2 * s.timeout):g}"
        yield from _again(f"Give the run {longer} s", command.having("--timeout", longer))
    elif command is not None:
        longer = f"{max(_SHORTEST_LIMIT, 2 * s.stage_timeout):g}"
        yield from _again(
            f"Give each stage {longer} s",
            command.setting("AI_VIDEO_EDITOR_STAGE_TIMEOUT", longer),
        )
    if command is not None and command.knows("--mode") and command.value("--mode") != "fast":
        yield from _again("Take less trouble over it", command.having("--mode", "fast"))
    yield from resumed(problem, s)


def _key(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    if s.command is not None:
        # The key is typed where nobody sees it and no history keeps it.
        yield Suggestion(
            "Give another key; it is not shown while you type",
            f"read -rs GEMINI_API_KEY && export GEMINI_API_KEY && {s.command}",
            "key",
            s.command,
        )
        yield from _without_network(s)
        yield _checked(s.command)


def _quota(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    if "of the day" not in problem.message:
        yield from _later(problem.retry_after or SHORT_WAIT, s)
    yield from _key(problem, s)


def _service(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield from _later(SHORT_WAIT, s)
    yield from _without_network(s)
    if s.command is not None:
        yield _checked(s.command)


def _later(seconds: float, s: Situation) -> Iterator[Suggestion]:
    if s.command is not None and seconds <= _LONGEST_WAIT:
        whole = int(-(-seconds // 1))
        yield Suggestion(
            f"Wait {whole} s and ask again", f"sleep {whole} && {s.command}", "wait", s.command,
            float(whole),
        )  # fmt: skip


def _without_network(s: Situation) -> Iterator[Suggestion]:
    if s.command is not None and s.command.knows("--offline") and not s.offline:
        yield from _again("Do without the service", s.command.having("--offline"))


def _checked(command: CommandLine) -> Suggestion:
    check = CommandLine(("check-api", "--service", "gemini"), command.program)
    return Suggestion("See what the service says of the key", str(check))


def _file(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    if s.command is None or not problem.file or not s.command.names(problem.file):
        return
    for candidate in similar_files(problem.file):
        yield from _again(
            f"Take {candidate.rpartition('/')[2]} instead",
            s.command.with_file(problem.file, candidate),
            "file",
        )


def _permission(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    if problem.file and s.command is not None and s.command.names(problem.file):
        yield Suggestion("Allow reading it", f"chmod u+r {shlex.quote(problem.file)}")
        yield from _file(problem, s)
        return
    if s.command is None:
        return
    folder = writable_folder(s.output)
    if folder is not None and s.command.knows("--output"):
        yield from _again("Write into a folder of your own", s.command.having("--output", folder))
    folder = writable_folder(s.home)
    if folder is not None and s.command.knows("--work-dir"):
        yield from _again("Work in a folder of your own", s.command.having("--work-dir", folder))


def _library(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    needed = [package for name, package in _PACKAGES.items() if name in problem.message]
    if needed:
        yield Suggestion(
            "Install it (Debian, Ubuntu)", f"sudo apt-get install -y {' '.join(needed)}"
        )
    else:
        yield Suggestion("Install the program again, in its folder", "make setup")
    yield from resumed(problem, s)


def _media(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    command = s.command
    if command is not None and problem.stage == "video_composition" and command.knows("--render"):
        if command.value("--render") != "full":
            yield from _again("Encode every frame anew", command.having("--render", "full"))
        if command.knows("--encoder") and command.value("--encoder") not in (None, "cpu"):
            yield from _again("Encode on the processor", command.having("--encoder", "cpu"))
    if command is not None and problem.stage == "broll_generation":
        yield from _again("Do without graphics", command.having("--skip-broll"))
    yield from resumed(problem, s)
    yield from _internal(problem, s)


def _record(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield from resumed(problem, s)
    if s.command is not None and s.command.knows("--fresh"):
        yield from _again("Make everything anew", s.command.having("--fresh"))


def _usage(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield from ()


def _interrupted(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    yield from resumed(problem, s)


def _internal(problem: ProcessingError, s: Situation) -> Iterator[Suggestion]:
    if s.command is None:
        return
    if not s.command.has("--verbose") and s.command.knows("--verbose"):
        yield from _again("Run it again and see the details", s.command.having("--verbose"))
    report = CommandLine(
        (
            "generate-error-report", "--include-system-info", "--include-logs",
            "--output", "error-report.zip",
        ),
        s.command.program,
    )  # fmt: skip
    yield Suggestion("Pack a report without secrets", str(report))


_RULES: Mapping[ErrorKind, Callable[[ProcessingError, Situation], Iterator[Suggestion]]] = {
    "memory": _memory,
    "disk": _disk,
    "processor": _processor,
    "timeout": _timeout,
    "file": _file,
    "permission": _permission,
    "library": _library,
    "key": _key,
    "quota": _quota,
    "service": _service,
    "media": _media,
    "record": _record,
    "usage": _usage,
    "interrupted": _interrupted,
    "internal": _internal,
}
