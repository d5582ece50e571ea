"""Putting a project's files into its output folder: all of them or none."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

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

    The new folder is built beside the old one and takes its place by renaming. Then what a user
    put into the old one is moved over: links, empty folders and files that are still open for
    writing too. Files of an earlier run that are no longer made go. A run that is stopped anywhere
    on the way loses nothing: the next one into the folder brings it to its end.

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
            ours = {} if folder.is_symlink() else published(folder)
            _swap(folder, new)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        finally:  # also when Ctrl-C comes right after a rename
            _finish_interrupted(folder)
    return any(written.get(name) != sha256 for name, sha256 in ours.items())


def put_documents(
    folder: Path, documents: Mapping[str, str], *, editable: Sequence[str] = ()
) -> list[str]:
    """Write texts of a run that stopped early beside what is there.

    What an interrupted `publish` left beside the folder is brought back before.

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
        _finish_interrupted(folder)
        if folder.is_symlink():
            raise StorageError(f"{folder} is a link: remove it or choose another --output.")
        folder.mkdir(parents=True, exist_ok=True)
        ours = published(folder)
        for name, text in documents.items():
            digest = hashlib.sha256(text.encode()).hexdigest() if name in editable else "run"
            if name in editable and _edited(folder / name, ours.get(name), text.encode()):
                spare = _spare(name, folder)
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


def _spare(name: str, *folders: Path) -> str:
    """A name that is free in all these folders: plan.edited.json, plan.edited-2.json."""
    path = PurePosixPath(name)
    number = 1
    while True:
        edited = f".edited{f'-{number}' if number > 1 else ''}"
        spare = path.with_name(f"{path.stem}{edited}{path.suffix}").as_posix()
        if not any(os.path.lexists(folder / spare) for folder in folders):
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


def _swap(folder: Path, new: Path) -> None:
    """Put `new` in the folder's place; an error between the renames puts the folder back."""
    old = _old(folder)
    if folder.is_symlink():
        folder.unlink()  # what lies behind it is not ours
    elif folder.exists() and not folder.is_dir():
        raise StorageError(f"{folder} is a file: move it away or choose another --output.")
    try:
        if folder.exists():
            os.replace(folder, old)
        os.replace(new, folder)
    except BaseException:
        if old.is_dir() and not os.path.lexists(folder):
            os.replace(old, folder)
        raise


def _old(folder: Path) -> Path:
    """Where a project folder lies while what a user put there is moved to the new one."""
    return folder.parent / f".{folder.name}-old"


def _finish_interrupted(folder: Path) -> None:
    """Bring what lies beside the folder to its end: a run may be stopped after each rename.

    Where only the old folder is there, it comes back; where the new one is there too, it gets what
    a user put into the old one.
    """
    old = _old(folder)
    if old.is_symlink():
        old.unlink()
    elif old.is_dir() and not folder.is_symlink():  # nothing is moved through a link
        if not folder.exists():
            os.replace(old, folder)
        elif folder.is_dir():
            _drop_ours(old, folder)
            _move_all(old, folder)
    start = f".{folder.name}-new-"
    for leftover in folder.parent.glob(f"{glob.escape(start)}*"):
        if "-" not in leftover.name.removeprefix(start):  # else it belongs to a project NAME-new-X
            shutil.rmtree(leftover, ignore_errors=True)


def _drop_ours(old: Path, folder: Path) -> None:
    """Remove from the old folder what is ours there or in the new one; keep what was edited.

    Only the folder's own places are walked: the list of our files may have been altered.
    """
    ours = published(old)
    names = ours.keys() | published(folder).keys()
    places = [old]
    for place in places:  # grows on the way
        for path in sorted(place.iterdir()):
            name = path.relative_to(old).as_posix()
            if _is_folder(path):
                if any(other.startswith(f"{name}/") for other in names):
                    places.append(path)
            elif path.name.startswith(PARTIAL):  # half written by a run that was killed
                path.unlink()
            elif name in names and name != MANIFEST:
                _drop(path, name, old, folder, ours.get(name))
    for place in reversed(places[1:]):
        with suppress(OSError):  # a user's files are in it
            place.rmdir()
    if not _is_folder(old / MANIFEST):
        (old / MANIFEST).unlink(missing_ok=True)  # last: without it, all that is left is the user's


def _drop(path: Path, name: str, old: Path, folder: Path, ours: str | None) -> None:
    if name in _EDITABLE:
        fresh = folder / name
        content = fresh.read_bytes() if fresh.is_file() and not fresh.is_symlink() else b""
        if _edited(path, ours, content):
            os.rename(path, old / _spare(name, old, folder))
            return
    path.unlink()


def _move_all(old: Path, folder: Path) -> None:
    """Move all that is in a folder to another, into the folders that are there already.

    Moved, not copied: a file that a program is writing stays the same file. Where a name is taken,
    because a user saved a file anew in the meantime, both are kept.
    """
    for path in sorted(old.iterdir()):
        target = folder / path.name
        if _is_folder(path) and _is_folder(target):
            _move_all(path, target)
            continue
        if os.path.lexists(target):
            target = folder / _spare(path.name, old, folder)
        _move(path, target)
    with suppress(OSError):  # something was saved there just now: the next run moves it
        old.rmdir()


def _move(path: Path, target: Path) -> None:
    mode = path.lstat().st_mode
    closed = stat.S_ISDIR(mode) and not mode & stat.S_IWUSR
    if closed:  # the system moves only folders that may be written
        os.chmod(path, stat.S_IMODE(mode) | stat.S_IWUSR)
    os.rename(path, target)
    if closed:
        os.chmod(target, stat.S_IMODE(mode))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
