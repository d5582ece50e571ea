"""Research kept by topic for a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from pydantic import ValidationError

from ai_video_editor.cache import CacheManager
from ai_video_editor.context.content import TrendingKeywords
from ai_video_editor.language import wording
from ai_video_editor.timebase import exact

LIFETIME = 24 * 3600.0
"""Seconds that research on a topic is good for."""


def topic_key(topic: str, language: str = "en") -> str:
    """One key for all ways of writing a topic: stems in order of the alphabet."""
    stems = sorted({wording.stem(t) for t in wording.tokens(topic)})
    return f"{language}:{' '.join(stems)}"


class KeywordCache(Protocol):
    """Research by topic."""

    def get(self, key: str) -> TrendingKeywords | None:
        """What was kept, its `source` cache and its age in seconds; None where nothing fits."""

    def put(self, key: str, keywords: TrendingKeywords) -> None:
        """Keep research under a key."""


class MemoryCache:
    """A `KeywordCache` that lives as long as the process.

    Args:
        lifetime: seconds an entry is good for.
        clock: seconds since some fixed time.
    """

    def __init__(self, lifetime: float = LIFETIME, clock: Callable[[], float] = time.time) -> None:
        """Begin empty."""
        self._lifetime = lifetime
        self._clock = clock
        self._entries: dict[str, tuple[float, TrendingKeywords]] = {}

    def get(self, key: str) -> TrendingKeywords | None:
        """See `KeywordCache`."""
        if key not in self._entries:
            return None
        stored, keywords = self._entries[key]
        age = self._clock() - stored
        return _aged(keywords, age) if 0 <= age <= self._lifetime else None

    def put(self, key: str, keywords: TrendingKeywords) -> None:
        """See `KeywordCache`."""
        self._entries[key] = (self._clock(), keywords)


class DiskCache:
    """A `KeywordCache` in the work folder's cache.

    Args:
        cache: entries of its kind `trends` are good for a day.
        project: id of the project that research is done for.
    """

    def __init__(self, cache: CacheManager, project: str = "") -> None:
        """Keep the cache."""
        self._cache = cache
        self._project = project

    def get(self, key: str) -> TrendingKeywords | None:
        """See `KeywordCache`; an entry that cannot be read counts as none."""
        kept = self._cache.look("trends", key)
        if kept is None:
            return None
        try:
            keywords = TrendingKeywords.model_validate(kept.value)
        except ValidationError:
            return None
        return _aged(keywords, kept.age)

    def put(self, key: str, keywords: TrendingKeywords) -> None:
        """See `KeywordCache`."""
        self._cache.put("trends", key, keywords.model_dump(mode="json"), project=self._project)


def _aged(keywords: TrendingKeywords, age: float) -> TrendingKeywords:
    return keywords.model_copy(update={"source": "cache", "age": exact(age)})
