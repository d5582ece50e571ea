"""Keeping the work folder small: what no kept result names goes.

A persisted result names the sections that a stage filled, and those name files. Results belong to
the project that made them; what two projects share stays until both are gone.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_video_editor.context.base import MediaRef
from ai_video_editor.errors import InputError, ResourceConstraintError
from ai_video_editor.files import PARTIAL
from ai_video_editor.operations.locks import nobody_else
from ai_video_editor.operations.run_log import run_log_path
from ai_video_editor.operations.run_record import (
    all_records,
    read_record,
    record_path,
    saved_context,
)
from ai_video_editor.store import Store

_MEDIA_KEYS = {"sha256", "suffix", "size"}
"""What a file's reference in JSON is known by."""


@dataclass(frozen=True)
class Removed:
    """What went.

    Attributes:
        results: persisted results of stages and pieces.
        files: sections and media files.
        size: bytes of all of it.
    """

    results: int = 0
    files: int = 0
    size: int = 0


def remove_project(store: Store, project_id: str) -> Removed:
    """Remove everything that was kept for a project; its output folder stays.

    Raises:
        InputError: there is no such project.
        ResourceConstraintError: a run is working.
    """
    with nobody_else(store):
        if read_record(store, project_id) is None:
            raise InputError(f"There is no project {project_id!r} in {store.home}.")
        return _forgotten(store, project_id)


def _forgotten(store: Store, project_id: str) -> Removed:
    gone, size = 0, 0
    for path in _results(store):
        if _made_for(path) == project_id:
            size += path.stat().st_size
            path.unlink(missing_ok=True)
            gone += 1
    record_path(store, project_id).unlink(missing_ok=True)
    saved_context(store, project_id).unlink(missing_ok=True)
    (store.home / "locks" / project_id).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        shutil.rmtree(run_log_path(store.home, project_id).parent)
    swept = _sweep(store)
    return Removed(gone, swept.files, size + swept.size)


def prune(store: Store, older_than: float) -> Removed:
    """Remove results that were made before a time, and every file that none names any more.

    Args:
        store: the work folder.
        older_than: age in seconds.

    Raises:
        ResourceConstraintError: a run is working.
    """
    with nobody_else(store):
        before = time.time() - older_than
        gone, size = 0, 0
        for path in _results(store):
            stat = path.stat()
            if stat.st_mtime < before:
                path.unlink(missing_ok=True)
                gone, size = gone + 1, size + stat.st_size
        for record in all_records(store):
            if record.updated < before:
                record_path(store, record.ref.project_id).unlink(missing_ok=True)
        swept = _sweep(store)
        return Removed(gone, swept.files, size + swept.size)


def _results(store: Store) -> list[Path]:
    folder = store.checkpoints
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def _made_for(path: Path) -> str | None:
    project = _result(path).get("project")
    return project if isinstance(project, str) else None


def _result(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError, KeyError, TypeError):
        result = json.loads(json.loads(path.read_bytes())["result"])
        if isinstance(result, dict):
            return result
    return {}


def _sweep(store: Store) -> Removed:
    """Remove sections and files that nothing kept names, and what broken runs left half-made."""
    sections, media = _named(store)
    gone, size = 0, 0
    for folder, names in (("sections", sections), ("media", media)):
        for path in (store.root / folder).glob("*/*"):
            if path.stem not in names:
                size += path.stat().st_size
                path.unlink(missing_ok=True)
                gone += 1
    _remove_half_made(store)
    return Removed(0, gone, size)


def remove_half_made(store: Store) -> None:
    """Remove what runs that were killed left half-made, unless a run works there now."""
    with suppress(ResourceConstraintError), nobody_else(store):
        _remove_half_made(store)


def _remove_half_made(store: Store) -> None:
    if store.scratch.is_dir():
        for left in store.scratch.iterdir():
            shutil.rmtree(left, ignore_errors=True)
    for partial in (*store.home.glob(f"{PARTIAL}*"), *store.root.rglob(f"{PARTIAL}*")):
        partial.unlink(missing_ok=True)


def _named(store: Store) -> tuple[set[str], set[str]]:
    """Hashes of the sections and of the files that results and projects name."""
    sections: set[str] = set()
    media: set[str] = set()
    for record in all_records(store):
        sections |= set(record.ref.sections.values())
    for path in _results(store):
        result = _result(path)
        named = result.get("sections", {})
        sections |= set(named.values()) if isinstance(named, dict) else set()
        media |= {ref.sha256 for ref in _references(result.get("media"))}
    for key in sections:
        media |= _files_named_in(store.root / "sections" / key[:2] / f"{key}.json")
    for sha256 in list(media):  # a piece's file is JSON that names further files
        media |= _files_named_in(store.root / "media" / sha256[:2] / f"{sha256}.json")
    return sections, media


def _files_named_in(path: Path) -> set[str]:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return set()
    return {ref.sha256 for ref in _references(data)}


def _references(data: Any) -> Iterator[MediaRef]:
    """Every reference to a file in JSON data, however deep."""
    if isinstance(data, dict):
        if data.keys() >= _MEDIA_KEYS:
            with suppress(ValueError):
                yield MediaRef.model_validate({key: data[key] for key in _MEDIA_KEYS})
        for value in data.values():
            yield from _references(value)
    elif isinstance(data, list):
        for value in data:
            yield from _references(value)
