"""The record of a project's last run: which stages are done and where their results lie."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from ai_video_editor.context.base import Model
from ai_video_editor.context.record import Degradation, ProcessingError, StageRecord
from ai_video_editor.errors import InputError
from ai_video_editor.files import whole_file
from ai_video_editor.stages import WorkflowStage
from ai_video_editor.store import ContextRef, Store

PROJECT_ID = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$")
"""What an id may be made of: it becomes a folder's name and must not leave its parent."""


class RunRecord(Model):
    """One project's last run, written after every stage."""

    ref: ContextRef
    names: tuple[str, ...]
    """Input file names, for people."""
    stages: tuple[StageRecord, ...] = ()
    degradations: tuple[Degradation, ...] = ()
    errors: tuple[ProcessingError, ...] = ()
    output_dir: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the flow `edit-video` that were given, without the recordings."""
    updated: float = Field(default=0.0)
    """Seconds since 1970."""

    @property
    def has_film(self) -> bool:
        """Whether the film of that run was rendered."""
        return any(
            stage.stage == WorkflowStage.VIDEO_COMPOSITION and stage.state in ("done", "degraded")
            for stage in self.stages
        )


_lock = threading.Lock()


def record_path(store: Store, project_id: str) -> Path:
    """Where a project's record lies.

    Raises:
        InputError: not a project id.
    """
    if not PROJECT_ID.fullmatch(project_id):
        raise InputError(f"{project_id!r} is not a project id.")
    return store.root / "projects" / f"{project_id}.json"


def saved_context(store: Store, project_id: str) -> Path:
    """Where the context of a run that failed is saved."""
    return store.root / "projects" / f"{project_id}.context.json"


def write_record(store: Store, record: RunRecord) -> None:
    """Keep the record of a run."""
    with _lock, whole_file(record_path(store, record.ref.project_id)) as partial:
        partial.write_text(record.model_dump_json(indent=1), encoding="utf-8")


def read_record(store: Store, project_id: str) -> RunRecord | None:
    """A project's record; None where it is missing or damaged.

    Raises:
        InputError: not a project id.
    """
    try:
        text = record_path(store, project_id).read_text(encoding="utf-8")
        record = RunRecord.model_validate_json(text)
    except (OSError, ValidationError):
        return None
    return record if record.ref.project_id == project_id else None


def all_records(store: Store) -> list[RunRecord]:
    """Every project's record, the latest first."""
    folder = store.root / "projects"
    names = sorted(path.stem for path in folder.glob("*.json")) if folder.is_dir() else []
    records = [read_record(store, name) for name in names if PROJECT_ID.fullmatch(name)]
    return sorted((record for record in records if record is not None), key=lambda r: -r.updated)
