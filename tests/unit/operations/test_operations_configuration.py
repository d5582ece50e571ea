"""Every setting is told with its source, every fault in a sentence, and no secret at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.errors import InputError
from ai_video_editor.operations.configuration import (
    ConfigurationManager,
    ConfiguredSetting,
    env_example,
)
from ai_video_editor.settings import VARIABLES, leaves, variable
from ai_video_editor.settings_sources import load_settings

ROOT = Path(__file__).parents[3]


def shown(tmp_path: Path, environment: dict[str, str]) -> dict[str, ConfiguredSetting]:
    found = ConfigurationManager(environment, tmp_path).get_configuration({"loudness": -16.0})
    return {setting.name: setting for setting in found}


def test_every_setting_has_a_value_a_source_a_variable_and_a_meaning(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[preferences]\npace = 'tight'\n[run]\nmode = 'fast'\n", encoding="utf-8")
    (tmp_path / ".env").write_text("AI_VIDEO_EDITOR_MAX_COST=1.5\n")
    found = shown(
        tmp_path,
        {"AI_VIDEO_EDITOR_CONFIG_PATH": str(config), "AI_VIDEO_EDITOR_VOCABULARY": "Anna, Ben"},
    )
    told = {
        name: (setting.value, setting.source)
        for name, setting in found.items()
        if setting.source != "default"
    }
    assert told == {
        "preferences.pace": ("tight", "file"),
        "run.mode": ("fast", "file"),
        "processing_preferences.quality_level": ("medium", "mode"),
        "processing_preferences.thumbnail_resolution": ("1280x720", "mode"),
        "video.analysis_rate": (2.5, "mode"),
        "director.max_cost": (1.5, ".env"),
        "audio.vocabulary": (["Anna", "Ben"], "environment"),
        "composition.loudness": (-16.0, "flag"),
    }
    assert found["preferences.pace"].variable == "AI_VIDEO_EDITOR_PACE"
    assert [name for name, setting in found.items() if not setting.description] == []


def test_a_secret_is_only_set_or_not_set(tmp_path: Path) -> None:
    without = shown(tmp_path, {})["api.gemini_api_key"]
    assert (without.value, without.variable) == ("not set", "GEMINI_API_KEY")
    found = shown(
        tmp_path,
        {"GEMINI_API_KEY": "sekrit", "AI_VIDEO_EDITOR_WHISPER_MODEL": "http://me:pass@host/m"},
    )
    assert found["api.gemini_api_key"].value == "set"
    assert found["audio.whisper_model"].value == "http://[removed]@host/m"
    assert "sekrit" not in repr(found)


def test_all_faults_of_this_machine_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AI_VIDEO_EDITOR_LOUDNESS=loud\n")
    environment = {
        "AI_VIDEO_EDITOR_PACE": "quick",
        "AI_VIDEO_EDITOR_QUALITY": "high",
        "AI_VIDEO_EDITOR_HOME": str(tmp_path),
        "OTHER": "x",
    }
    faults = ConfigurationManager(environment, tmp_path).validate_configuration()
    assert len(faults) == 3
    assert any("must be one of gentle, normal, tight (given: 'quick')" in f for f in faults)
    assert any("AI_VIDEO_EDITOR_LOUDNESS in .env cannot be used" in f for f in faults)
    assert any("perhaps AI_VIDEO_EDITOR_QUALITY_LEVEL was meant" in f for f in faults)


def test_a_configuration_file_is_checked_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        "[composition]\nloudnes = -14\nmax_gain = 99\n[sound]\nx = 1\n", encoding="utf-8"
    )
    manager = ConfigurationManager({"AI_VIDEO_EDITOR_PACE": "quick"}, tmp_path)
    faults = manager.validate_configuration(file)
    assert len(faults) == 3
    assert "no setting composition.loudnes (perhaps composition.loudness was meant)" in faults[0]
    assert "no group [sound]" in faults[1]
    assert "composition.max_gain" in faults[2] and "less than or equal to 40" in faults[2]
    file.write_text("[composition]\nloudness = -14\n", encoding="utf-8")
    assert manager.validate_configuration(file) == ()
    file.write_text("[composition", encoding="utf-8")
    assert "cannot be read" in manager.validate_configuration(file)[0]
    assert "There is no configuration file" in manager.validate_configuration(tmp_path / "x")[0]


def test_files_and_stages_that_are_not_there_are_faults(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        "[composition]\nmusic = '/nowhere/song.mp3'\n[run]\nstop_after = 'dinner'\n",
        encoding="utf-8",
    )
    faults = ConfigurationManager({}, tmp_path).validate_configuration(file)
    assert faults[0] == "composition.music names /nowhere/song.mp3, which is not there."
    assert faults[1].startswith("run.stop_after cannot be used: There is no stage 'dinner'")


@pytest.mark.parametrize("name", ["AI_VIDEO_EDITOR_CACHE_AGGRESSIVE", None])
def test_aggressive_caching_has_two_variables(tmp_path: Path, name: str | None) -> None:
    chosen = name or variable("enable_aggressive_caching")
    settings = load_settings(environment={chosen: "true"}, working_folder=tmp_path).settings
    assert settings.processing_preferences.enable_aggressive_caching
    assert ConfigurationManager({chosen: "true"}, tmp_path).validate_configuration() == ()


def test_the_shipped_example_names_every_variable_and_is_up_to_date() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert text == env_example(), "run: ai-video-editor config example > .env.example"
    for leaf in (leaf for fields in leaves().values() for leaf in fields):
        assert f"\n#{variable(leaf)}=" in text
    assert all(f"\n#{name}=" in text for name in VARIABLES)


def test_the_example_taken_as_it_is_sets_what_holds_anyway(tmp_path: Path) -> None:
    lines = env_example().splitlines()
    (tmp_path / ".env").write_text("\n".join(line[1:] for line in lines if line[1:2].isupper()))
    loaded = load_settings(environment={}, working_folder=tmp_path)
    assert loaded.settings == load_settings(environment={}, working_folder=tmp_path / "x").settings


def test_a_value_that_does_not_fit_stops_the_listing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="AI_VIDEO_EDITOR_PACE cannot be used"):
        ConfigurationManager({"AI_VIDEO_EDITOR_PACE": "quick"}, tmp_path).get_configuration()
