"""What costs money or patience is kept for a while: answers of services, research, pictures.

One folder, one size limit, JSON only: nothing in it is ever unpickled, and it may be deleted at any
time. An entry has a kind, which says how long it is good for.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import isawaitable
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, overload

from ai_video_editor.errors import StorageError

Kind = Literal["api", "trends", "audio", "thumbnails"]

LIFETIMES: Mapping[Kind, float | None] = {
    "api": 3600.0,
    "trends": 24 * 3600.0,
    "audio": None,
    "thumbnails": None,
}
"""Seconds that an entry of a kind is good for; None: until room is needed, least used first."""

SIZE_LIMIT = 2_000_000_000
"""Bytes that the cache holds at most."""

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

    Args:
        folder: made where it is missing.
        size_limit: bytes; what was used least recently goes first.
        clock: seconds since 1970.

    Raises:
        StorageError: the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        size_limit: int = SIZE_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the folder."""
        import diskcache

        self._clock = clock
        self._troubles = (OSError, sqlite3.Error, diskcache.Timeout, ValueError)
        try:
            self._cache: Any = diskcache.Cache(
                str(folder),
                disk=diskcache.JSONDisk,
                size_limit=size_limit,
                eviction_policy="least-recently-used",
                statistics=True,
            )
        except self._troubles as error:
            raise StorageError(
                f"The cache {folder} cannot be opened: {error}. Delete the folder."
            ) from error

    def look(self, kind: Kind, key: str) -> Kept | None:
        """A value with its age; None where nothing good is kept or the cache cannot be read."""
        with suppress(*self._troubles):
            entry = self._cache.get(_name(kind, key))
            if isinstance(entry, dict) and isinstance(entry.get("stored"), int | float):
                age = self._clock() - entry["stored"]
                lifetime = LIFETIMES[kind]
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
        with suppress(*self._troubles):
            self._cache.set(_name(kind, key), entry, expire=LIFETIMES[kind], tag=kind)

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
        hits, misses = self._cache.stats()
        return CacheStatistics(counts, int(self._cache.volume()), int(hits), int(misses))

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
        for name in list(self._names()):
            if kind is not None and name.partition(":")[0] != kind:
                continue
            entry = self._cache.get(name)
            known = entry if isinstance(entry, dict) else {}
            if project is not None and known.get("project") != project:
                continue
            age = self._clock() - float(known.get("stored", 0.0))
            if older_than is None or age > older_than:
                removed += bool(self._cache.delete(name))
        return removed

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

    def _names(self) -> Iterator[str]:
        return (str(name) for name in self._cache.iterkeys())


@contextmanager
def cache_of(home: Path) -> Iterator[CacheManager | None]:
    """The work folder's cache for a block; None where it cannot be opened: doing without is slower.

    Args:
        home: the work folder.
    """
    try:
        cache = CacheManager(home / "cache")
    except StorageError:
        yield None
        return
    with cache:
        yield cache


def _name(kind: Kind, key: str) -> str:
    return f"{kind}:{key}"
