"""Where plugins are found: one folder of the user's, and the entry points of installed packages.

Loading a plugin runs its code. From the folder only files are taken that belong to the user (or to
the system's administrator) and that nobody else can write.

    PLUGINS/name.py              a plugin in one file
    PLUGINS/name/__init__.py     a plugin with files beside it; all of them enter its hash

Each has a function `register(plugins: PluginManager)`.
"""

from __future__ import annotations

import grp
import hashlib
import importlib.util
import os
import pwd
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from ai_video_editor.plugins.base import BaseProcessor
from ai_video_editor.plugins.containment import Limit, PluginFaultError, contained, unlimited
from ai_video_editor.plugins.manager import Origin, PluginManager

GROUP = "ai_video_editor.plugins"
"""Entry point group in which packages name their `register` function or `BaseProcessor` class."""

MOST_FILES = 500
"""Files of one plugin; more of them are no plugin but a mistake."""


@dataclass(frozen=True)
class Found:
    """All plugins of a machine.

    Attributes:
        plugins: those that work.
        faults: name and reason of those that could not be loaded.
    """

    plugins: PluginManager
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """A file or a folder with a plugin.

    Attributes:
        path: the file that is run.
        name: for people.
        code: hash of all its files, hex.
        refused: why it is not run; empty where it is.
    """

    path: Path
    name: str
    code: str = ""
    refused: str = ""


_Load = Callable[[], tuple[Origin, Any]]

_lock = threading.Lock()
_kept: dict[Path, tuple[list[_Candidate], Found]] = {}


def find_plugins(folder: Path, limit: Limit = unlimited) -> Found:
    """The plugins of a folder and of the installed packages; loaded anew when a file changes.

    Args:
        folder: where files are looked for; it need not be there.
        limit: how long the loading of each may take.

    Raises:
        RunInterruptedError: the run was asked to stop.
    """
    with _lock:
        candidates = list(_candidates(folder))
        if folder in _kept and _kept[folder][0] == candidates:
            return _kept[folder][1]
        plugins = PluginManager()
        faults: list[tuple[str, str]] = []
        for name, load in (*_from_files(candidates), *_from_packages()):
            try:
                plugins.add(contained(name, _registering(load), limit))
            except PluginFaultError as error:
                faults.append((name, str(error)))
        found = Found(plugins, tuple(faults))
        _kept[folder] = (candidates, found)
        return found


def _registering(load: _Load) -> Callable[[], PluginManager]:
    def work() -> PluginManager:
        origin, register = load()
        own = PluginManager(origin)
        if isinstance(register, type) and issubclass(register, BaseProcessor):
            own.register_plugin(register())
        elif callable(register):
            register(own)
        else:
            raise PluginFaultError("it has no function `register`")
        return own

    return work


# the folder


def _candidates(folder: Path) -> Iterator[_Candidate]:
    if not folder.is_dir():
        return
    refused = _not_only_ours(folder)
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        main = path / "__init__.py" if path.is_dir() else path
        if main.suffix == ".py" and main.is_file():
            yield _candidate(path, main, refused)


def _candidate(path: Path, main: Path, refused: str) -> _Candidate:
    try:
        files = sorted(_files(path)) if path.is_dir() else [path]
        if len(files) > MOST_FILES:
            refused = refused or f"it has more than {MOST_FILES} files"
        for part in (path, *(path.rglob("*") if path.is_dir() else ())):
            refused = refused or _not_only_ours(part)
        code = "" if refused else _hash(path, files)
    except OSError as error:
        return _Candidate(main, path.stem, refused=f"it cannot be read: {error.strerror}")
    return _Candidate(main, path.stem, code, refused)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _hash(root: Path, files: list[Path]) -> str:
    sha = hashlib.sha256()
    for path in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        sha.update(f"{path.relative_to(root.parent)}\0{content}\n".encode())
    return sha.hexdigest()


def _not_only_ours(path: Path) -> str:
    """Why somebody else may have written a file or a folder; empty where nobody else can have."""
    facts = path.stat()
    if facts.st_uid not in (os.geteuid(), 0):
        return f"{path} belongs to another user: make it yours with `chown`"
    shared = facts.st_mode & stat.S_IWGRP and not _private_group(facts.st_gid)
    if facts.st_mode & stat.S_IWOTH or shared:
        return f"others may write {path}: run `chmod go-w` on it"
    return ""


def _private_group(group: int) -> bool:
    """Whether a group is the user's own, as Debian gives one to everybody."""
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
        entry = grp.getgrgid(group)
    except KeyError:
        return False
    return entry.gr_name == user and not set(entry.gr_mem) - {user}


def _from_files(candidates: list[_Candidate]) -> Iterator[tuple[str, _Load]]:
    for candidate in candidates:
        yield candidate.name, partial(_file, candidate)


def _file(candidate: _Candidate) -> tuple[Origin, Any]:
    if candidate.refused:
        raise PluginFaultError(candidate.refused)
    own = f"ai_video_editor_plugin_{candidate.code[:16]}"
    beside = [str(candidate.path.parent)] if candidate.path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(
        own, candidate.path, submodule_search_locations=beside
    )
    if spec is None or spec.loader is None:
        raise PluginFaultError(f"{candidate.path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[own] = module  # where dataclasses and relative imports look
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(own, None)
        raise
    version = str(getattr(module, "__version__", ""))
    return Origin(candidate.name, version, candidate.code), getattr(module, "register", None)


# installed packages


def _from_packages() -> Iterator[tuple[str, _Load]]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield point.name, partial(_installed, point)


def _installed(point: EntryPoint) -> tuple[Origin, Any]:
    register = point.load()
    version = point.dist.version if point.dist is not None else ""
    return Origin(point.name, version, _package_hash(point)), register


def _package_hash(point: EntryPoint) -> str:
    """Hash of the Python files of the package that an entry point leads into."""
    spec = importlib.util.find_spec(point.module.partition(".")[0])
    if spec is None:
        return ""
    roots = [Path(root) for root in spec.submodule_search_locations or ()]
    files = sorted(path for root in roots for path in _files(root) if path.suffix == ".py")
    if not roots and spec.origin is not None:
        roots = [Path(spec.origin)]
        files = roots
    return _hash(roots[0], files) if files else ""
