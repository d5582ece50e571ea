"""`HOME/logs/PROJECT_ID/run.log`: what happened in each run, a line an event, without secrets."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from ai_video_editor.context.record import Degradation, ProcessingError
from ai_video_editor.operations.rotated import append
from ai_video_editor.progress import ProgressEvent
from ai_video_editor.redaction import Redactor


def run_log_path(home: Path, project_id: str) -> Path:
    """Where the log of a project's runs lies; of runs that came to no project, beside them.

    Args:
        home: the work folder.
        project_id: a valid id, or empty.
    """
    folder = home / "logs"
    return (folder / project_id if project_id else folder) / "run.log"


class RunLog:
    """Writes the log of one run.

    Lines are held back until the project is known.

    Args:
        home: the work folder.
        redactor: takes secrets out; one that knows the environment's when None.
    """

    def __init__(self, home: Path, redactor: Redactor | None = None) -> None:
        """Begin with a name for this run, so that runs side by side can be told apart."""
        self.run = secrets.token_hex(3)
        self._home = home
        self._redactor = redactor or Redactor()
        self._path: Path | None = None
        self._waiting: list[str] = []
        self._lock = threading.Lock()

    def known_as(self, project_id: str) -> None:
        """Say which project it is; what was held back is written."""
        with self._lock:
            self._path = run_log_path(self._home, project_id)
            for line in self._waiting:
                append(self._path, line)
            self._waiting.clear()

    def tell(self, text: str) -> None:
        """Write a line."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = self._redactor.text(f"{now} {self.run} {' '.join(text.split())}")
        with self._lock:
            if self._path is None:
                self._waiting.append(line)
            else:
                append(self._path, line)

    def hear(self, event: ProgressEvent) -> None:
        """Write when a stage begins and ends; how far it is would fill the disk."""
        if event.kind == "started":
            self.tell(f"{event.stage} started")
        elif event.kind == "finished":
            self.tell(f"{event.stage} {event.state}{', reused' if event.reused else ''}")

    def setbacks(
        self, degradations: Iterable[Degradation], errors: Iterable[ProcessingError]
    ) -> None:
        """Write what fell back and what failed, with the reasons."""
        for error in errors:
            told = f"{error.type} ({error.kind}): {error.message}"
            self.tell(f"{error.stage} {error.processor} failed: {told}")
        for item in degradations:
            self.tell(f"{item.stage} fell back to {item.used} instead of {item.instead_of}")
