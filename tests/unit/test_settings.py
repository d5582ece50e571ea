"""Settings: flags over environment over file over mode over defaults, and never a secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.errors import InputError
from ai_video_editor.settings import MODES, group_of, leaves
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import TABLE


def config(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return {"AI_VIDEO_EDITOR_CONFIG_PATH": str(path)}


def test_each_layer_wins_over_the_one_below(tmp_path: Path) -> None:
    file = config(tmp_path, "[composition]\nloudness = -16\n[preferences]\npace = 'gentle'\n")
    (tmp_path / ".env").write_text("AI_VIDEO_EDITOR_PACE=tight\nAI_VIDEO_EDITOR_MAX_GAIN=10\n")
    loaded = load_settings(
        {"max_gain": 12.0},
        environment={**file, "AI_VIDEO_EDITOR_PACE": "normal"},
        working_folder=tmp_path,
    )
    assert loaded.settings.composition.loudness == -16
    assert loaded.settings.preferences.pace == "normal"
    assert loaded.settings.composition.max_gain == 12
    assert loaded.settings.composition.edge_fade == 0.015
    assert loaded.sources["composition.loudness"] == "file"
    assert loaded.sources["preferences.pace"] == "environment"
    assert loaded.sources["composition.max_gain"] == "flag"
    assert loaded.sources["composition.edge_fade"] == "default"


def test_a_mode_sets_what_is_not_set_elsewhere(tmp_path: Path) -> None:
    fast = load_settings({"mode": "fast"}, environment={}, working_folder=tmp_path)
    assert fast.settings.processing_preferences.quality_level == "medium"
    assert fast.sources["processing_preferences.quality_level"] == "mode"
    both = load_settings(
        {"mode": "fast", "quality_level": "ultra"}, environment={}, working_folder=tmp_path
    )
    assert both.settings.processing_preferences.quality_level == "ultra"


@pytest.mark.parametrize(
    ("flags", "environment", "says"),
    [
        ({"loudness": 3}, {}, "--loudness cannot be used"),
        ({}, {"AI_VIDEO_EDITOR_PACE": "quick"}, "AI_VIDEO_EDITOR_PACE cannot be used"),
        ({"nonsense": 1}, {}, "no setting 'nonsense'"),
        ({}, {"AI_VIDEO_EDITOR_CONFIG_PATH": "/nowhere/c.toml"}, "which is not there"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_source(
    tmp_path: Path, flags: dict[str, object], environment: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        load_settings(flags, environment=environment, working_folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[composition]\nloud = 1\n", r"no setting composition\.loud"),
        ("[sound]\nloudness = -14\n", r"no group \[sound\]"),
        ("loudness = ", "cannot be read"),
    ],
)
def test_a_wrong_configuration_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        load_settings(environment=config(tmp_path, text), working_folder=tmp_path)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    loaded = load_settings(environment={"GEMINI_API_KEY": "sekrit"}, working_folder=tmp_path)
    assert loaded.settings.api.gemini_api_key is not None
    assert "sekrit" not in repr(loaded) + loaded.settings.model_dump_json()
    with pytest.raises(KeyError):
        loaded.settings.value("api.gemini_api_key")


def test_every_setting_has_a_name_of_its_own_and_modes_name_real_ones() -> None:
    names = [leaf for fields in leaves().values() for leaf in fields]
    assert len(names) == len(set(names))
    for values in MODES.values():
        for name in values:
            group_of(name)


def test_every_setting_that_a_stage_uses_exists(tmp_path: Path) -> None:
    settings = load_settings(environment={}, working_folder=tmp_path).settings
    for row in TABLE:
        for name in row.settings:
            settings.value(name)
