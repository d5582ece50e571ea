"""What costs money or patience is kept for a while: answers of services, research, pictures.

One folder, one size limit, JSON only: nothing in it is ever unpickled, and it may be deleted at any
time. An entry has a kind, which says how long it is good for.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from inspect import isawaitable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, overload

import diskcache

from ai_video_editor.errors import StorageError
from ai_video_editor.settings import Settings

Kind = Literal["api", "trends", "audio", "thumbnails"]

HOUR, DAY = 3600.0, 24 * 3600.0

LIFETIMES: Mapping[Kind, float | None] = {
    "api": HOUR,
    "trends": DAY,
    "audio": None,
    "thumbnails": None,
}
"""Seconds that an entry of a kind is good for; None: until room is needed, least used first."""

AGGRESSIVE_LIFETIMES: Mapping[Kind, float | None] = {**LIFETIMES, "api": DAY, "trends": 7 * DAY}
"""The same where asking less is worth an older answer (`enable_aggressive_caching`)."""

SIZE_LIMIT = 2_000_000_000
"""Bytes that the cache holds at most."""

_TROUBLES = (
    OSError, sqlite3.Error, diskcache.Timeout, zlib.error, ValueError, TypeError, KeyError,
    OverflowError, AttributeError,
)  # fmt: skip
"""What a damaged file or database makes the library raise."""

_NO_DAMAGE = ("locked", "busy", "readonly", "full", "interrupted", "unable to open")
"""Words of SQLite's about what a new database would not mend."""

T = TypeVar("T")


@dataclass(frozen=True)
class CacheStatistics:
    """What the cache holds and how often it helped.

    Attributes:
        entries: how many, by kind.
        size: bytes on disk.
        hits: lookups that found something.
        misses: lookups that found nothing.
    """

    entries: Mapping[str, int]
    size: int
    hits: int
    misses: int


@dataclass(frozen=True)
class Kept:
    """A value with its age in seconds."""

    value: Any
    age: float


class CacheManager:
    """Keeps JSON values by kind and key, on disk, for all processes of this user.

    A database that is damaged is made anew, empty; a damaged entry goes.

    Args:
        folder: made where it is missing.
        size_limit: bytes; what was used least recently goes first.
        aggressive: whether entries are good for longer.
        clock: seconds since 1970.

    Raises:
        StorageError: the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        size_limit: int = SIZE_LIMIT,
        aggressive: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the folder."""
        self._clock = clock
        self._folder = folder
        self._size_limit = size_limit
        self._lifetimes = AGGRESSIVE_LIFETIMES if aggressive else LIFETIMES
        try:
            self._cache: Any = self._opened()
        except _TROUBLES as error:
            try:
                self._cache = self._healed(error)
            except _TROUBLES as still:
                raise StorageError(
                    f"The cache {folder} cannot be opened: {still}. Delete the folder."
                ) from still

    def look(self, kind: Kind, key: str) -> Kept | None:
        """A value with its age; None where nothing good is kept or the cache cannot be read."""
        entry = self._done(lambda: self._cache.get(_name(kind, key)), _name(kind, key))
        if isinstance(entry, dict) and isinstance(entry.get("stored"), int | float):
            age = self._clock() - entry["stored"]
            lifetime = self._lifetimes[kind]
            if age >= 0 and (lifetime is None or age <= lifetime):
                return Kept(entry.get("value"), age)
        return None

    def get(self, kind: Kind, key: str) -> Any | None:
        """A value, or None."""
        kept = self.look(kind, key)
        return None if kept is None else kept.value

    def put(self, kind: Kind, key: str, value: Any, *, project: str = "") -> None:
        """Keep a JSON value. A cache that cannot be written costs time later, never the run.

        Args:
            kind: how long it is good for.
            key: names the value among its kind.
            value: anything that JSON can say.
            project: id of the project it was made for, for `clear`.
        """
        entry = {"stored": self._clock(), "project": project, "value": value}
        name, expire = _name(kind, key), self._lifetimes[kind]
        self._done(lambda: self._cache.set(name, entry, expire=expire, tag=kind))

    @overload
    async def get_or_compute(
        self, key: str, compute: Callable[[], Awaitable[T]], *, kind: Kind = ..., project: str = ...
    ) -> T: ...

    @overload
    async def get_or_compute(
        self, key: str, compute: Callable[[], T], *, kind: Kind = ..., project: str = ...
    ) -> T: ...

    async def get_or_compute(
        self,
        key: str,
        compute: Callable[[], Any],
        *,
        kind: Kind = "api",
        project: str = "",
    ) -> Any:
        """What is kept under a key, else what `compute` gives, which is then kept.

        A plain function is run in a thread, a coroutine is awaited; what either raises is raised.
        """
        kept = self.look(kind, key)
        if kept is not None:
            return kept.value
        made = await asyncio.to_thread(compute)
        value = await made if isawaitable(made) else made
        self.put(kind, key, value, project=project)
        return value

    def stats(self) -> CacheStatistics:
        """What is in the cache, and how often it helped."""
        counts: dict[str, int] = {}
        for name in self._names():
            kind = name.partition(":")[0]
            counts[kind] = counts.get(kind, 0) + 1
        hits, misses = self._done(lambda: self._cache.stats()) or (0, 0)
        size = self._done(lambda: self._cache.volume()) or 0
        return CacheStatistics(counts, int(size), int(hits), int(misses))

    def clear(
        self,
        *,
        kind: Kind | None = None,
        project: str | None = None,
        older_than: float | None = None,
    ) -> int:
        """Remove entries and say how many.

        Args:
            kind: only these; None for all.
            project: only what was made for it; None for all.
            older_than: only entries of more seconds; None for all.
        """
        removed = 0
        for name in self._names():
            if kind is not None and name.partition(":")[0] != kind:
                continue
            if (project is None and older_than is None) or self._matches(name, project, older_than):
                removed += self._deleted(name)
        return removed

    def _deleted(self, name: str) -> bool:
        return bool(self._done(lambda: self._cache.delete(name)))

    def _matches(self, name: str, project: str | None, older_than: float | None) -> bool:
        entry = self._done(lambda: self._cache.get(name), name)
        if not isinstance(entry, dict):
            return False
        if project is not None and entry.get("project") != project:
            return False
        return older_than is None or self._clock() - float(entry.get("stored", 0.0)) > older_than

    def close(self) -> None:
        """Let go of the folder."""
        self._cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _names(self) -> list[str]:
        return self._done(lambda: [str(name) for name in self._cache.iterkeys()]) or []

    def _done(self, work: Callable[[], Any], entry: str | None = None) -> Any:
        """What a call of the library gives; None where nothing can be had.

        Args:
            work: the call.
            entry: what it reads; goes where it cannot be read.
        """
        try:
            return work()
        except _TROUBLES as error:
            if not isinstance(error, sqlite3.Error | diskcache.Timeout) and entry is not None:
                with suppress(*_TROUBLES):
                    self._cache.delete(entry)
                return None
            with suppress(*_TROUBLES):
                self._cache = self._healed(error)
                return work()
        return None

    # the library's database

    def _opened(self) -> Any:
        return diskcache.Cache(
            str(self._folder),
            disk=_PlainDisk,
            size_limit=self._size_limit,
            eviction_policy="least-recently-used",
            statistics=True,
            sqlite_mmap_size=0,  # a mapped file that is cut short would end the process
        )

    def _healed(self, error: Exception) -> Any:
        """The database after one that raised: the one that another process made, or a new one.

        Raises:
            Exception: `error`, where it is no damage, or what the new database raises.
        """
        if not isinstance(error, sqlite3.DatabaseError | ValueError | TypeError | KeyError):
            raise error
        if any(word in str(error) for word in _NO_DAMAGE):
            raise error
        with (self._folder / ".healing").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._sound():
                for path in self._folder.iterdir():
                    if path.name.startswith("cache.db"):
                        path.unlink(missing_ok=True)
                    elif path.is_dir() and len(path.name) == 2:  # where large values lie
                        shutil.rmtree(path, ignore_errors=True)
            return self._opened()

    def _sound(self) -> bool:
        """Whether all of the database that lies there now can be read."""
        try:
            with closing(sqlite3.connect(self._folder / "cache.db", timeout=60)) as database:
                return bool(database.execute("PRAGMA quick_check").fetchall() == [("ok",)])
        except sqlite3.Error:
            return False


class _PlainDisk(diskcache.JSONDisk):  # type: ignore[misc]  # the library has no types
    """JSON for keys and values; what would be unpickled, or lies elsewhere, is refused."""

    def get(self, key: Any, raw: Any) -> Any:
        if not raw:
            raise ValueError("a key of the cache is pickled")
        return super().get(key, raw)

    def fetch(self, mode: Any, filename: Any, value: Any, read: Any) -> Any:
        if mode not in (diskcache.core.MODE_RAW, diskcache.core.MODE_BINARY):
            raise ValueError("a value of the cache is not JSON")
        self._inside(filename)
        return super().fetch(mode, filename, value, read)

    def remove(self, file_path: Any) -> None:
        self._inside(file_path)
        super().remove(file_path)

    @staticmethod
    def _inside(filename: Any) -> None:
        if filename is not None and (os.path.isabs(filename) or ".." in Path(filename).parts):
            raise ValueError("a value of the cache lies elsewhere")


@contextmanager
def cache_of(settings: Settings) -> Iterator[CacheManager | None]:
    """The work folder's cache for a block; None where it is not wished for or cannot be opened.

    Doing without is slower, and nothing else.

    Args:
        settings: work folder, whether to cache, and whether for longer.
    """
    if not settings.run.enable_caching:
        yield None
        return
    try:
        cache = CacheManager(
            settings.paths.home / "cache",
            aggressive=settings.processing_preferences.enable_aggressive_caching,
        )
    except StorageError:
        yield None
        return
    with cache:
        yield cache


def _name(kind: Kind, key: str) -> str:
    return f"{kind}:{key}"
