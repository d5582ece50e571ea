"""`config`, `cache`, `projects` and `store` as commands."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ai_video_editor.cache import CacheManager
from ai_video_editor.cli.amounts import age, size
from ai_video_editor.cli.main import app
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import ContentType, UserPreferences
from ai_video_editor.context.outputs import DeliveryPackage, NamedFile
from ai_video_editor.context.record import StageRecord
from ai_video_editor.errors import InputError
from ai_video_editor.operations.locks import working_on
from ai_video_editor.operations.run_log import run_log_path
from ai_video_editor.operations.run_record import RunRecord, write_record
from ai_video_editor.store import ContextRef, Store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("AI_VIDEO_EDITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AI_VIDEO_EDITOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def command(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def answer(*words: str) -> Any:
    result = command(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# config


def test_config_show_tells_values_and_sources_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "sekrit")
    monkeypatch.setenv("AI_VIDEO_EDITOR_PACE", "tight")
    told = command("config", "show").stdout
    assert "from environment (AI_VIDEO_EDITOR_PACE)" in told
    assert "[composition]" in told and "Fade at every sound edge, seconds." in told
    report = answer("config", "show")
    rows = {row["name"]: row for row in report["settings"]}
    assert rows["preferences.pace"]["value"] == "tight"
    assert rows["api.gemini_api_key"]["value"] == "set"
    assert "sekrit" not in told + json.dumps(report)
    changed = [row["name"] for row in answer("config", "show", "--changed")["settings"]]
    assert changed == ["paths.home", "preferences.pace", "api.gemini_api_key"]


def test_config_validate_ends_with_2_and_a_sentence_for_each_fault(tmp_path: Path) -> None:
    assert command("config", "validate").exit_code == 0
    file = tmp_path / "mine.toml"
    file.write_text("[composition]\nmax_gain = 99\nedge_fade = 1\n", encoding="utf-8")
    result = command("config", "validate", str(file))
    assert result.exit_code == 2 and len(result.stdout.splitlines()) == 2
    as_json = command("config", "validate", str(file), "--json")
    assert as_json.exit_code == 2
    report = json.loads(as_json.stdout)
    assert report["ok"] is False and len(report["faults"]) == 2


# cache


def test_cache_stats_and_clear_by_project_kind_and_age(home: Path) -> None:
    now = [0.0]
    with CacheManager(home / "cache", clock=lambda: now[0]) as cache:
        cache.put("audio", "old", 1, project="talk-1")
    with CacheManager(home / "cache") as cache:
        for number in range(3):
            cache.put("api", str(number), number, project="talk-1")
        cache.put("api", "other", 1, project="talk-2")
        cache.get("api", "1")
        cache.get("api", "unknown")
    found = answer("cache", "stats")
    assert found["entries"] == {"audio": 1, "api": 4}
    assert (found["hits"], found["misses"], found["hit_rate"]) == (1, 1, 0.5)
    assert "4 api, 1 audio" in command("cache", "stats").stdout
    assert answer("cache", "clear", "--older-than", "12h")["removed"] == 1
    assert answer("cache", "clear", "--project", "talk-1")["removed"] == 3
    assert answer("cache", "clear", "--kind", "trends")["removed"] == 0
    assert command("cache", "clear").stdout.startswith("Removed 1 entries")
    assert answer("cache", "stats")["entries"] == {}


@pytest.mark.parametrize("text", ["soon", "-1h", "1y", "", "1e9d"])
def test_an_age_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not an age"):
        age(text)
    assert command("cache", "clear", f"--older-than={text}").exit_code == 2


def test_ages_and_sizes_are_written_as_people_do() -> None:
    assert [age("90"), age("1.5h"), age("7d")] == [90, 5400, 604800]
    assert [size(812), size(3_400_000), size(2e9)] == ["812 bytes", "3.4 MB", "2.0 GB"]


# projects and store


class House:
    """A work folder with two projects that share a section."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home)
        self.shared = self.store.put_section("content_type", ContentType.GENERAL)
        self.files: dict[str, MediaRef] = {}
        self.sections: dict[str, dict[str, str]] = {}
        for number, name in enumerate(("talk-1", "talk-2")):
            self._make(name, number)

    def _make(self, name: str, number: int) -> None:
        file = self.store.home / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name * 100)
        self.files[name] = self.store.put_media(file)
        delivery = DeliveryPackage(files=(NamedFile(path="a.txt", content=self.files[name]),))
        self.sections[name] = {
            "content_type": self.shared,
            "delivery": self.store.put_section("delivery", delivery),
            "user_preferences": self.store.put_section(
                "user_preferences", UserPreferences(language="de" if number else "en")
            ),
        }
        result = {"processor": "p", "project": name, "sections": self.sections[name]}
        record = {
            "metadata": {"serializer": {"type": "json"}},
            "result": json.dumps(result),
        }
        path = self.store.checkpoints / "finalization" / f"package-{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record))
        output = self.store.home.parent / "output" / name
        output.mkdir(parents=True)
        (output / "film.mp4").write_text("film")
        write_record(
            self.store,
            RunRecord(
                ref=ContextRef(project_id=name, sections=self.sections[name]),
                names=(f"{name}.mp4",),
                stages=(StageRecord(stage="initialization", state="done"),),
                output_dir=str(output),
                updated=time.time() if number else 1_700_000_000.0,
            ),
        )

    def is_there(self, name: str) -> list[bool]:
        """Whether a project's record, result, own section, file, and output folder are there."""
        store = self.store
        key = self.sections[name]["user_preferences"]
        return [
            (store.root / "projects" / f"{name}.json").exists(),
            (store.checkpoints / "finalization" / f"package-{name}.json").exists(),
            (store.root / "sections" / key[:2] / f"{key}.json").exists(),
            store.media_is_whole(self.files[name]),
            (store.home.parent / "output" / name / "film.mp4").exists(),
        ]


@pytest.fixture
def house(home: Path) -> House:
    return House(home)


def test_projects_are_listed_the_latest_first(house: House) -> None:
    rows = answer("projects", "list")
    assert [row["project_id"] for row in rows] == ["talk-2", "talk-1"]
    assert rows[0]["recordings"] == ["talk-2.mp4"] and rows[0]["stages_done"] == 1
    with working_on(house.store, "talk-1"):
        told = command("projects", "list").stdout
    assert "talk-1  2023-11-14" in told and "working now" in told and "1 of 1 stages" in told


def test_a_folder_without_projects_says_so(home: Path) -> None:
    assert f"no projects in {home}" in command("projects", "list").stdout


def test_a_removed_project_goes_and_what_others_share_stays(house: House) -> None:
    logs = [run_log_path(house.store.home, name) for name in ("talk-1", "talk-2")]
    for log in logs:
        log.parent.mkdir(parents=True)
        log.write_text("what happened\n")
    removed = answer("projects", "remove", "talk-1")
    assert [log.exists() for log in logs] == [False, True]
    assert removed["results"] == 1 and removed["files"] == 3 and removed["size"] > 500
    assert house.is_there("talk-1") == [False, False, False, False, True]
    assert house.is_there("talk-2") == [True] * 5
    assert house.store.is_whole(house.sections["talk-2"])
    assert command("projects", "remove", "talk-1").exit_code == 2


@pytest.mark.parametrize("name", ["../talk-1", "TALK", "talk-9"])
def test_a_project_that_is_none_is_refused(house: House, name: str) -> None:
    result = command("projects", "remove", name)
    assert result.exit_code == 2 and "project" in result.stderr
    assert house.is_there("talk-1") == [True] * 5


def test_pruning_removes_what_is_old_and_what_nobody_names(house: House) -> None:
    old = house.store.checkpoints / "finalization" / "package-talk-1.json"
    os.utime(old, (1.0, 1.0))
    lost = house.store.home / "lost.txt"
    lost.write_text("nobody names me")
    nobodys = house.store.put_media(lost)
    removed = command("store", "prune", "--older-than", "52w")
    assert removed.exit_code == 0 and removed.stdout.startswith("Removed 1 results")
    assert not house.store.media_is_whole(nobodys)
    assert house.is_there("talk-2") == [True] * 5
    assert house.is_there("talk-1") == [False, False, False, False, True]


def test_nothing_is_removed_while_a_run_works(house: House) -> None:
    with working_on(house.store, "talk-2"):
        for words in (("projects", "remove", "talk-1"), ("store", "prune", "--older-than", "0")):
            result = command(*words)
            assert result.exit_code == 1 and "A run is working" in result.stderr
    assert house.is_there("talk-1") == house.is_there("talk-2") == [True] * 5
    assert command("store", "prune", "--older-than", "0").exit_code == 0
    assert house.is_there("talk-2") == [False, False, False, False, True]
