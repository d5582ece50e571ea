"""The local log of errors and of how runs ended, and what can be learned from it.

`HOME/logs/errors.jsonl` holds a JSON object a line, of two kinds: an *error*, with a snapshot of
the machine and the recordings, and the *end* of a run. Whether a resolution worked is told by the
next end of the same project. Nothing leaves this machine; secrets are taken out before writing.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ai_video_editor.context.record import ProcessingError
from ai_video_editor.operations.error_entries import GOOD_ENDS, ErrorEntry, Resolved, RunEnd
from ai_video_editor.operations.error_report import ErrorReport, report_of
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.messages import stack_of
from ai_video_editor.operations.problems import problem_of
from ai_video_editor.operations.rotated import append, lines, parts
from ai_video_editor.operations.situation import VideoFacts
from ai_video_editor.redaction import Redactor

Kept = TypeVar("Kept", ErrorEntry, RunEnd)


class ErrorTracker:
    """Writes the log of errors and reads it again.

    Args:
        home: the work folder.
        redactor: takes secrets out; one that knows the environment's when None.
    """

    def __init__(self, home: Path, redactor: Redactor | None = None) -> None:
        """Use a work folder; nothing is made before something is written."""
        self.path = home / "logs" / "errors.jsonl"
        self._home = home
        self._redactor = redactor or Redactor()

    def log_error(
        self,
        error: BaseException | ProcessingError,
        *,
        stage: str = "",
        processor: str = "",
        project_id: str = "",
        run: str = "",
        videos: tuple[VideoFacts, ...] = (),
        options: Mapping[str, Any] | None = None,
        resolution: str = "",
        worked: bool | None = None,
    ) -> ErrorEntry:
        """Keep an error with a snapshot of the machine.

        Args:
            error: an exception, or one that was recorded.
            stage: where it happened, unless the error knows.
            processor: who raised it.
            project_id: the project, where it came to one.
            run: name of the run.
            videos: the recordings.
            options: what the run was given.
            resolution: what was tried in the same run.
            worked: whether that worked.

        Raises:
            FileSystemError: the log cannot be written.
        """
        if isinstance(error, ProcessingError):
            problem, stack = error, []
        else:
            problem = problem_of(error, stage=stage, processor=processor)
            stack = stack_of(error)
        entry = ErrorEntry(
            id=secrets.token_hex(4),
            time=round(time.time(), 3),
            run=run,
            project_id=project_id,
            stage=problem.stage or stage,
            processor=problem.processor or processor,
            type=problem.type,
            kind=problem.kind,
            message=problem.message,
            stack=tuple(stack),
            machine=this_machine(self._home),
            videos=videos,
            options=dict(options or {}),
            resolution=resolution,
            worked=worked,
        )
        return self._keep(entry)

    def log_end(
        self,
        status: str,
        *,
        project_id: str = "",
        run: str = "",
        seconds: float = 0.0,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep how a run ended.

        Raises:
            FileSystemError: the log cannot be written.
        """
        self._keep(
            RunEnd(
                time=round(time.time(), 3),
                run=run,
                project_id=project_id,
                status=status,
                seconds=round(seconds, 3),
                options=dict(options or {}),
            )
        )

    def entries(self) -> Iterator[ErrorEntry | RunEnd]:
        """What is kept, the oldest first; damaged lines are passed over."""
        for line in lines(self.path):
            for kind in (ErrorEntry, RunEnd):
                try:
                    yield kind.model_validate_json(line)
                except ValidationError:
                    continue
                break

    def resolved(self, project_id: str = "") -> list[Resolved]:
        """Every error with what came of it, the oldest first.

        Args:
            project_id: only those of this project; all where empty.
        """
        found: list[Resolved] = []
        open_by_project: dict[str, list[int]] = {}
        for entry in self.entries():
            if project_id and entry.project_id != project_id:
                continue
            if isinstance(entry, ErrorEntry):
                if entry.worked is None and entry.project_id:
                    open_by_project.setdefault(entry.project_id, []).append(len(found))
                found.append(
                    Resolved(error=entry, resolution=entry.resolution, worked=entry.worked)
                )
                continue
            still_open = []
            for place in open_by_project.get(entry.project_id, ()):
                error = found[place].error
                if error.run == entry.run or entry.status in ("interrupted", "invalid"):
                    still_open.append(place)
                    continue
                found[place] = Resolved(
                    error=error,
                    resolution=changed(error.options, entry.options),
                    worked=entry.status in GOOD_ENDS,
                )
            open_by_project[entry.project_id] = still_open
        return found

    def generate_error_report(self, project_id: str = "") -> ErrorReport:
        """What the log teaches.

        Args:
            project_id: only of this project; of all where empty.
        """
        ends = [e for e in self.entries() if isinstance(e, RunEnd)]
        if project_id:
            ends = [end for end in ends if end.project_id == project_id]
        return report_of(self.resolved(project_id), ends)

    def clear(self) -> int:
        """Remove the log; gives how many entries it held."""
        count = sum(1 for _ in self.entries())
        for part in parts(self.path):
            part.unlink(missing_ok=True)
        return count

    def _keep(self, entry: Kept) -> Kept:
        clean = type(entry).model_validate_json(
            json.dumps(self._redactor.data(entry.model_dump(mode="json")))
        )
        append(self.path, clean.model_dump_json())
        return clean


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What a later run did differently, as options; "the same command again" where nothing."""
    told = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        option = f"--{name.replace('_', '-')}"
        if new is None or new is False:
            told.append(f"without {option}")
        else:
            told.append(option if new is True else f"{option} {new}")
    return ", ".join(told) or "the same command again"
