"""One look at a watched folder: what is new, what is still, what is ordered, what failed.

Looks may overlap, be cut short, or forget what they saw: an order is named by what it is about,
and whoever takes orders starts each name once. What is remembered only saves reading and asking.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal, Protocol

from ai_video_editor.digests import digest, hash_file
from ai_video_editor.errors import EditorError, TooBusyError
from ai_video_editor.files import whole_file
from ai_video_editor.media.names import can_be_written, shown
from ai_video_editor.operations.validation import FileValidator
from ai_video_editor.operations.watched_folder import (
    BESIDE,
    WatchedFolder,
    order_key,
    settings_of,
    sidecar_of,
)

RunState = Literal["queued", "running", "waiting", "done", "failed", "stopped"]

_FIRST_RETRY, _LONGEST_RETRY = 30.0, 3600.0
"""Seconds until a file that does not open is tried again: a copy may reserve its whole length
first. Doubled each time."""


@dataclass(frozen=True)
class Order:
    """A recording to be edited.

    Attributes:
        key: the same key is the same order.
        parameters: of `edit-video`.
        name: the recording below its folder.
        folder: the folder's label.
    """

    key: str
    parameters: Mapping[str, Any]
    name: str
    folder: str


@dataclass(frozen=True)
class Placed:
    """An order that was taken.

    Attributes:
        run: its id.
        state: where it stands.
        message: what its state says.
    """

    run: str
    state: RunState
    message: str = ""


class Orders(Protocol):
    """Takes orders; the same key is started once, whoever asks and however often."""

    def place(self, order: Order) -> Placed:
        """Start an order, or say where the one of this key stands.

        Raises:
            TooBusyError: it cannot be taken now.
            EditorError: it is refused.
        """

    def standing(self, runs: Sequence[str]) -> Mapping[str, Placed]:
        """Where runs stand; those that are no longer known are left out."""


@dataclass
class Seen:
    """What is remembered of one recording.

    Attributes:
        signature: sizes and times of the recording and its settings.
        since: when this signature was first seen, seconds of the epoch.
        refused: why it was not taken the last time.
        refusals: how often it was not.
        again: when it is looked at again.
        key: of its order.
        attempt: number of the last order, from 1.
        run: id of the run.
        state: where it stands.
        message: what the run says.
        in_line: it could be taken, but as many as may wait for a worker do.
    """

    signature: list[int] = field(default_factory=list)
    since: float = 0.0
    refused: str = ""
    refusals: int = 0
    again: float = 0.0
    key: str = ""
    attempt: int = 0
    run: str = ""
    state: str = ""
    message: str = ""
    in_line: bool = False


@dataclass(frozen=True)
class Row:
    """A recording as the list shows it."""

    folder: str
    file: str
    state: str
    attempt: int
    run: str
    why: str


class FolderScan:
    """Looks at one folder.

    Args:
        folder: the folder.
        memory: file that remembers between looks; it may be lost.
        known: names of the parameters of `edit-video`.
        not_ours: folders below it that are not looked into: outputs, other watched folders.
    """

    def __init__(
        self, folder: WatchedFolder, memory: Path, known: Iterable[str], not_ours: Iterable[Path]
    ) -> None:
        """Recall what was seen before."""
        self.folder = folder
        self._file = memory
        self._known = tuple(known)
        self._not_ours = frozenset(path.resolve() for path in not_ours) - {folder.path}
        self._seen = _recalled(memory)
        self._queued = 0

    def look(self, orders: Orders, now: float) -> float | None:
        """Take what is still and opens; order it; see how earlier orders fare.

        Args:
            orders: who takes them.
            now: seconds of the epoch.

        Returns:
            When the next recording could be taken, None where none waits for stillness.

        Raises:
            EditorError: the folder is not there.
        """
        if not self.folder.path.is_dir():
            raise EditorError(f"The watched folder {self.folder.path} is not there.")
        found = {str(path.relative_to(self.folder.path)): path for path in self._recordings()}
        self._seen = {name: self._seen.get(name, Seen()) for name in found}
        self._follow(orders)
        self._queued = sum(seen.state == "queued" for seen in self._seen.values())
        for name, path in sorted(found.items()):
            try:
                self._consider(name, path, self._seen[name], orders, now)
            except FileNotFoundError:
                continue  # gone in between: the next look drops it
            except OSError as error:
                self._closed(self._seen[name], path, error, now)
        self._remember()
        waiting = [
            seen.since + self.folder.still_seconds
            for seen in self._seen.values()
            if not (seen.key or seen.refused or seen.in_line)
        ]
        return min(waiting, default=None)

    def rows(self) -> list[Row]:
        """Every recording with where it stands, what failed first."""
        order = ("failed", "refused", "waiting", "running", "queued", "in line", "being copied")
        rows = [
            Row(
                self.folder.label,
                shown(Path(name)),
                state := _state(seen),
                seen.attempt,
                seen.run,
                seen.refused or (seen.message if state in ("failed", "stopped") else ""),
            )
            for name, seen in self._seen.items()
        ]
        rank = {state: place for place, state in enumerate(order)}
        return sorted(rows, key=lambda row: (rank.get(row.state, len(order)), row.file))

    def _recordings(self) -> Iterator[Path]:
        """Plain files with a recording's ending; links lead nowhere."""
        folders = [self.folder.path]
        while folders:
            try:
                entries = sorted(os.scandir(folders.pop()), key=lambda entry: entry.name)
            except OSError:
                continue  # not ours to read, or gone: the others are
            for entry in entries:
                path = Path(entry.path)
                try:
                    kind = _kind(entry)
                except OSError:
                    continue  # of a folder that may be listed, but not entered
                if not kind or self._ignored(path, kind):
                    continue
                if kind == "folder":
                    folders.append(path)
                elif self._is_recording(path):
                    yield path

    def _is_recording(self, path: Path) -> bool:
        return path.suffix.lower() in self.folder.endings

    def _ignored(self, path: Path, kind: str) -> bool:
        if path.name.startswith(".") or path in self._not_ours:
            return True
        if self.folder.output is None and path.name == BESIDE and kind == "folder":
            return True
        below = path.relative_to(self.folder.path).as_posix()
        patterns = [pattern.rstrip("/") for pattern in self.folder.ignore]
        return any(fnmatch(below, p) or fnmatch(path.name, p) for p in patterns)

    def _consider(self, name: str, path: Path, seen: Seen, orders: Orders, now: float) -> None:
        signature = _signature(path)
        if signature != seen.signature or now < seen.since:
            self._seen[name] = seen = Seen(signature=signature, since=now)
        moving = not seen.key and now - seen.since < self.folder.still_seconds
        if self._settled(seen) or moving or now < seen.again:
            return
        # A server with hundreds of late runs is busy marking them: the others come in later looks.
        seen.in_line = self._queued >= self.folder.queued
        if seen.in_line:
            return
        try:
            seen.key = seen.key or self._key_of(path, signature)
            if not seen.key:
                return  # it changed while it was read
            self._order(name, path, seen, orders)
        except TooBusyError:
            self._queued, seen.in_line = self.folder.queued, True  # nor does it take the others
        except EditorError as error:
            _refuse(seen, error.message, now)

    def _settled(self, seen: Seen) -> bool:
        """Whether nothing is to be ordered: it runs, or it was tried as often as it may be."""
        return bool(seen.run) and (seen.state != "failed" or seen.attempt >= self.folder.attempts)

    def _closed(self, seen: Seen, path: Path, error: OSError, now: float) -> None:
        """Refuse what the system does not let us look at; what is ordered stays so."""
        if not self._settled(seen) and now >= seen.again:
            _refuse(seen, _unreadable(path, error), now)

    def _key_of(self, path: Path, signature: list[int]) -> str:
        """The order's key; empty where the file changed while it was read.

        Raises:
            EditorError: it does not open, or the settings beside it do not fit.
        """
        if not can_be_written(path):
            raise EditorError(f"Rename {shown(path)}: its name has signs that cannot be written.")
        opened = FileValidator().validate_video_file(path)
        if not opened.ok:
            raise EditorError(opened.errors[0])
        settings = settings_of(self.folder, path, self._known)
        try:
            key = order_key(self.folder, hash_file(path), settings)
            return key if _signature(path) == signature else ""
        except OSError as error:
            raise EditorError(_unreadable(path, error)) from error

    def _order(self, name: str, path: Path, seen: Seen, orders: Orders) -> None:
        attempt = seen.attempt + 1 if seen.state == "failed" else max(1, seen.attempt)
        settings = settings_of(self.folder, path, self._known)
        parameters = {
            **settings,
            "videos": [str(path)],
            "output": str(self.folder.output_of(path)),
        }
        placed = orders.place(Order(f"{seen.key}-{attempt}", parameters, name, self.folder.label))
        seen.attempt, seen.run, seen.refused = attempt, placed.run, ""
        seen.state, seen.message = placed.state, placed.message
        self._queued += placed.state == "queued"

    def _follow(self, orders: Orders) -> None:
        asked = {
            seen.run: seen for seen in self._seen.values() if seen.run and seen.state != "done"
        }
        standing = orders.standing(list(asked)) if asked else {}
        for seen in self._seen.values():
            if not seen.run or seen.state == "done":
                continue
            placed = standing.get(seen.run)
            if placed is None:
                seen.run = seen.state = ""  # nobody knows it any more: the order is placed again
            else:
                seen.state, seen.message = placed.state, placed.message

    def _remember(self) -> None:
        with whole_file(self._file) as partial:
            partial.write_text(
                json.dumps({name: asdict(seen) for name, seen in self._seen.items()}),
                encoding="utf-8",
            )


def memory_of(home: Path, folder: WatchedFolder) -> Path:
    """The file in the work folder that remembers what was seen of a watched folder."""
    return home / "watch" / f"{digest(folder.label)[:16]}.json"


def _kind(entry: os.DirEntry[str]) -> Literal["folder", "file", ""]:
    """What it is itself; empty for links and devices.

    Raises:
        OSError: the system does not say.
    """
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else ""


def _refuse(seen: Seen, why: str, now: float) -> None:
    """Try it again later, and later still each time."""
    wait = min(_FIRST_RETRY * 2**seen.refusals, _LONGEST_RETRY)
    seen.refused, seen.in_line = why, False
    seen.refusals, seen.again = seen.refusals + 1, now + wait


def _unreadable(path: Path, error: OSError) -> str:
    return f"{shown(path)} cannot be read: {error.strerror or error}."


def _state(seen: Seen) -> str:
    if seen.in_line:
        return "in line"
    return seen.state or ("refused" if seen.refused else "being copied")


def _signature(path: Path) -> list[int]:
    recording = path.stat(follow_symlinks=False)
    numbers = [recording.st_size, recording.st_mtime_ns]
    with suppress(OSError):
        beside = sidecar_of(path).stat(follow_symlinks=False)
        numbers += [beside.st_size, beside.st_mtime_ns]
    return numbers


def _recalled(file: Path) -> dict[str, Seen]:
    names = {part.name for part in fields(Seen)}
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(name): Seen(**{k: v for k, v in seen.items() if k in names})
            for name, seen in data.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # it only saves reading and asking
