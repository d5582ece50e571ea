from __future__ import annotations

import asyncio
import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.cache import CacheManager, cache_of
from ai_video_editor.errors import StorageError
from ai_video_editor.settings import Settings


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


def settings(home: Path, **groups: Any) -> Settings:
    return Settings.model_validate({"paths": {"home": home}, **groups})


def test_a_cache_that_cannot_be_made_is_named_or_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match="cannot be opened"):
        CacheManager(tmp_path / "cache")
    with cache_of(settings(tmp_path)) as cache:
        assert cache is None


def test_caching_can_be_switched_off(tmp_path: Path) -> None:
    with cache_of(settings(tmp_path, run={"enable_caching": False})) as cache:
        assert cache is None
    assert not (tmp_path / "cache").exists()


def test_aggressive_caching_keeps_answers_for_a_day_and_research_for_a_week(tmp_path: Path) -> None:
    now = [1000.0]
    with CacheManager(tmp_path, aggressive=True, clock=lambda: now[0]) as cache:
        cache.put("api", "a", 1)
        cache.put("trends", "a", 2)
        now[0] += 23 * 3600
        assert cache.get("api", "a") == 1
        now[0] += 6 * 24 * 3600
        assert cache.get("api", "a") is None and cache.get("trends", "a") == 2
    with CacheManager(tmp_path, clock=lambda: now[0]) as usual:
        assert usual.get("trends", "a") is None


@pytest.mark.parametrize("damage", ["rubbish", "cut", "holes", "empty", "gone"])
def test_a_damaged_database_heals_and_works_again(tmp_path: Path, damage: str) -> None:
    with CacheManager(tmp_path) as cache:
        for number in range(200):
            cache.put("api", str(number), "x" * number)
        cache.put("audio", "large", os.urandom(40_000).hex())
    database = tmp_path / "cache.db"
    whole = database.read_bytes()
    if damage == "gone":
        database.unlink()
    else:
        database.write_bytes({
            "rubbish": b"not a database" * 100,
            "cut": whole[: len(whole) // 2],
            "holes": whole[:4096] + os.urandom(len(whole) - 4096),
            "empty": b"",
        }[damage])  # fmt: skip
    with CacheManager(tmp_path) as cache:
        assert cache.get("api", "1") in (None, "x")
        cache.put("api", "new", [1])
        assert cache.get("api", "new") == [1]
        assert cache.clear() >= 1
        assert cache.stats().entries == {}


def test_a_database_that_is_damaged_while_it_is_open_heals(tmp_path: Path) -> None:
    with CacheManager(tmp_path) as cache:
        cache.put("api", "a", 1)
        for path in tmp_path.glob("cache.db*"):
            path.write_bytes(b"rubbish" * 1000)
        assert cache.get("api", "a") in (None, 1)
        cache.put("api", "b", 2)
    with CacheManager(tmp_path) as again:
        again.put("api", "c", 3)
        assert again.get("api", "c") == 3


def test_a_damaged_entry_goes_and_the_others_stay(tmp_path: Path) -> None:
    with CacheManager(tmp_path) as cache:
        cache.put("audio", "large", os.urandom(40_000).hex())
        cache.put("audio", "other", os.urandom(40_000).hex())
        for path in tmp_path.glob("*/*/*.val"):
            path.write_bytes(path.read_bytes()[:1000] + b"?" * 100)
            break
        found = [cache.get("audio", name) for name in ("large", "other")]
        assert [value is None for value in found].count(True) == 1
        assert cache.stats().entries == {"audio": 1}


class Trap:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("sprung",)


def test_nothing_in_the_cache_is_ever_unpickled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with CacheManager(tmp_path / "cache") as cache:
        cache.put("api", "a", 1)
        with closing(sqlite3.connect(tmp_path / "cache" / "cache.db")) as database:
            database.execute("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(Trap()),))
            database.commit()
        assert cache.get("api", "a") is None
        cache.put("api", "a", 1)
        with closing(sqlite3.connect(tmp_path / "cache" / "cache.db")) as database:
            database.execute("UPDATE Cache SET raw = 0, key = ?", (pickle.dumps(Trap()),))
            database.commit()
        cache.stats()
        cache.clear()
    assert not (tmp_path / "sprung").exists()


HAMMER = """
import sys
from pathlib import Path
from ai_video_editor.cache import CacheManager

folder, name = Path(sys.argv[1]), sys.argv[2]
with CacheManager(folder) as cache:
    for number in range(60):
        cache.put("api", f"{name}-{number}", [name] * number)
        cache.put("trends", "shared", [number] * 20)
        shared = cache.get("trends", "shared")
        assert shared is not None and len(set(shared)) == 1, shared
    held = [cache.get("api", f"{name}-{number}") for number in range(60)]
assert held == [[name] * number for number in range(60)]
"""


def test_processes_that_hammer_it_together_lose_nothing(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", HAMMER, str(tmp_path), name],
            stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )
        for name in ("one", "two", "three")
    ]  # fmt: skip
    for process in running:
        _, told = process.communicate(timeout=300)
        assert process.returncode == 0, told.decode()
    with CacheManager(tmp_path) as cache:
        assert cache.stats().entries == {"api": 180, "trends": 1}
