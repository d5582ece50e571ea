"""Putting a project's files into its output folder: all of them or none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ai_video_editor.context.outputs import NamedFile
from ai_video_editor.errors import ContextIntegrityError, StorageError
from ai_video_editor.files import PARTIAL, translated, whole_file
from ai_video_editor.store import Store

MANIFEST = ".files.json"
"""Lists what we put into a project folder, so that a user's own files there are left alone."""

_EDITABLE = frozenset({"plan.json"})
"""Files of ours that people change by hand."""


def publish(
    store: Store,
    folder: Path,
    files: Sequence[NamedFile],
    documents: Mapping[str, str],
) -> bool:
    """Make `folder` hold exactly these files of ours, in one step.

    The new folder is built beside the old one and takes its place by renaming. Files that a user
    put there are carried over; files of an earlier run that are no longer made go.

    Args:
        store: where the content lies; every file is checked against its hash.
        folder: the project's folder.
        files: what the finalization named.
        documents: texts of this run by relative path (the report, the context).

    Returns:
        Whether files of an earlier run were replaced by others.

    Raises:
        ContextIntegrityError: a file in the store is missing or altered.
        FileSystemError: the folder cannot be written.
    """
    with translated(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _finish_interrupted(folder)
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-new-", dir=folder.parent))
        try:
            os.chmod(new, 0o755)
            written = _fill(store, new, files, documents)
            replaced = _carry_over(folder, new, written)
            _swap(folder, new)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    return replaced


def put_documents(
    folder: Path, documents: Mapping[str, str], *, editable: Sequence[str] = ()
) -> list[str]:
    """Write texts of a run that stopped early beside what is there.

    Args:
        folder: the project's folder; made where it is not there.
        documents: texts by relative path.
        editable: those that a user may edit by hand: an edited one is kept under another name.

    Returns:
        Names under which edited files were kept.

    Raises:
        FileSystemError: the folder cannot be written.
    """
    spared: list[str] = []
    with translated(folder):
        if folder.is_symlink():
            raise StorageError(f"{folder} is a link: remove it or choose another --output.")
        folder.mkdir(parents=True, exist_ok=True)
        ours = published(folder)
        for name, text in documents.items():
            digest = hashlib.sha256(text.encode()).hexdigest() if name in editable else "run"
            if name in editable and _edited(folder / name, ours.get(name), text.encode()):
                spare = _spare(folder, name)
                os.replace(folder / name, folder / spare)
                spared.append(spare)
            with whole_file(folder / name) as partial:
                partial.write_text(text, encoding="utf-8")
            ours[name] = digest
        with whole_file(folder / MANIFEST) as partial:
            partial.write_text(json.dumps(ours, indent=1), encoding="utf-8")
    return spared


def _edited(path: Path, ours: str | None, fresh: bytes) -> bool:
    """Whether a user changed a file of ours, and what is to take its place says something else."""
    if ours in (None, "run") or not path.is_file() or path.is_symlink():
        return False
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() == ours or content == fresh:
        return False
    with suppress(ValueError):  # written another way, and saying the same
        return bool(json.loads(content) != json.loads(fresh))
    return True


def _spare(folder: Path, name: str) -> str:
    """A free name for an edited file: plan.edited.json, plan.edited-2.json."""
    stem, dot, suffix = name.rpartition(".")
    number = 1
    while True:
        spare = f"{stem}.edited{f'-{number}' if number > 1 else ''}{dot}{suffix}"
        if not (folder / spare).exists():
            return spare
        number += 1


def published(folder: Path) -> dict[str, str]:
    """Relative path to SHA-256 of what was put into a project folder; empty where nothing was."""
    with suppress(OSError, ValueError):
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(data, dict):
            return {str(name): str(sha256) for name, sha256 in data.items()}
    return {}


def _fill(
    store: Store, new: Path, files: Sequence[NamedFile], documents: Mapping[str, str]
) -> dict[str, str]:
    written: dict[str, str] = {}
    for file in files:
        if not store.media_is_whole(file.content):
            raise ContextIntegrityError(
                f"{file.path} is missing from the work folder or was altered there: "
                "run the same command again, it is made anew."
            )
        target = new / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store.media_path(file.content), target)
        written[file.path] = file.content.sha256
    for name, text in documents.items():
        (new / name).write_text(text, encoding="utf-8")
        written[name] = "run"
    (new / MANIFEST).write_text(json.dumps(written, indent=1), encoding="utf-8")
    return written


def _carry_over(folder: Path, new: Path, written: Mapping[str, str]) -> bool:
    """Take a user's own files along; tell whether files of ours change."""
    if folder.is_symlink():
        return False  # what lies behind it is not ours
    ours = published(folder)
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder).as_posix()
            half_written = path.name.startswith(PARTIAL)  # by a run that was killed
            if path.is_dir() or half_written or relative == MANIFEST:
                continue
            if relative in ours or relative in written:
                fresh = (new / relative).read_bytes() if relative in written else b""
                if relative not in _EDITABLE or not _edited(path, ours.get(relative), fresh):
                    continue
                relative = _spare(new, relative)
            target = new / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)
    return any(written.get(name) != sha256 for name, sha256 in ours.items())


def _swap(folder: Path, new: Path) -> None:
    old = folder.parent / f".{folder.name}-old"
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        if not folder.is_dir():
            raise StorageError(f"{folder} is a file: move it away or choose another --output.")
        os.replace(folder, old)
    os.replace(new, folder)
    shutil.rmtree(old, ignore_errors=True)


def _finish_interrupted(folder: Path) -> None:
    """Bring back the folder of an earlier run that was stopped between the two renames."""
    old = folder.parent / f".{folder.name}-old"
    if old.is_symlink():
        old.unlink()
    elif old.is_dir():
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(old, folder)
    for leftover in folder.parent.glob(f".{folder.name}-new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
