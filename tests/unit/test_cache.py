from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ai_video_editor.cache import CacheManager, cache_of
from ai_video_editor.errors import StorageError


def test_an_answer_is_kept_for_an_hour_and_research_for_a_day(tmp_path: Path) -> None:
    now = [1000.0]
    with CacheManager(tmp_path, clock=lambda: now[0]) as cache:
        cache.put("api", "a", {"x": 1})
        cache.put("trends", "a", [1, 2])
        assert cache.get("api", "a") == {"x": 1}
        now[0] += 3601
        assert cache.get("api", "a") is None
        kept = cache.look("trends", "a")
        assert kept is not None and kept.value == [1, 2] and kept.age == 3601
        now[0] += 24 * 3600
        assert cache.get("trends", "a") is None


def test_another_process_finds_what_was_kept(tmp_path: Path) -> None:
    with CacheManager(tmp_path) as cache:
        cache.put("api", "a", "hello")
    with CacheManager(tmp_path) as again:
        assert again.get("api", "a") == "hello"


def test_a_value_is_computed_once_by_a_function_or_a_coroutine(tmp_path: Path) -> None:
    calls: list[str] = []

    def plain() -> int:
        calls.append("plain")
        return 7

    async def slow() -> int:
        calls.append("slow")
        return 8

    with CacheManager(tmp_path) as cache:
        for _ in range(2):
            assert asyncio.run(cache.get_or_compute("p", plain)) == 7
            assert asyncio.run(cache.get_or_compute("s", slow)) == 8
        assert calls == ["plain", "slow"]
        found = cache.stats()
        assert found.entries == {"api": 2} and found.hits == 2


def test_a_failing_computation_keeps_nothing(tmp_path: Path) -> None:
    def fail() -> int:
        raise RuntimeError("no")

    with CacheManager(tmp_path) as cache:
        with pytest.raises(RuntimeError):
            asyncio.run(cache.get_or_compute("x", fail))
        assert cache.get("api", "x") is None


def test_entries_are_cleared_by_project_kind_and_age(tmp_path: Path) -> None:
    now = [1000.0]
    with CacheManager(tmp_path, clock=lambda: now[0]) as cache:
        cache.put("thumbnails", "old", 1, project="p1")
        now[0] += 100
        cache.put("thumbnails", "new", 1, project="p1")
        cache.put("audio", "other", 1, project="p2")
        assert cache.clear(older_than=50) == 1
        assert cache.clear(project="p2") == 1
        assert cache.clear(kind="audio") == 0
        assert cache.clear() == 1
        assert cache.stats().entries == {}


def test_the_cache_stays_below_its_limit(tmp_path: Path) -> None:
    with CacheManager(tmp_path, size_limit=200_000) as cache:
        for number in range(60):
            noise = "".join(chr(33 + (number * 7919 + i * i * 31) % 90) for i in range(20_000))
            cache.put("audio", str(number), noise)
        assert cache.stats().size < 600_000
        assert cache.get("audio", "59") is not None


def test_a_broken_cache_is_named_or_done_without(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="Delete the folder"):
        CacheManager(folder)
    with cache_of(tmp_path) as cache:
        assert cache is None
