"""Without Blender the presenter is flat: missed only where characters were asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.settings_sources import load_settings
from tasks.broll_generation import broll_generation


@pytest.mark.parametrize("asked", [False, True])
def test_without_blender_graphics_are_drawn_and_characters_are_missed_if_wanted(
    asked: bool, tmp_path: Path
) -> None:
    settings = load_settings(
        {"characters": asked, "blender": tmp_path / "none"}, environment={}, working_folder=tmp_path
    ).settings
    usable, left_out = broll_generation.choose(settings)
    assert usable == ("movis", "still_card")
    assert [(name, why.wanted) for name, why in left_out] == [("blender", asked)]
    assert str(tmp_path / "none") in left_out[0][1].reason


def test_blender_draws_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "blender").touch()
    settings = load_settings(
        {"blender": tmp_path / "blender"}, environment={}, working_folder=tmp_path
    ).settings
    usable, left_out = broll_generation.choose(settings)
    assert usable == ("blender", "movis", "still_card") and not left_out
