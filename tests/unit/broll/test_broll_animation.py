"""Motion drawn piece by piece is the motion that movis draws of the whole scene."""

from __future__ import annotations

import numpy as np
import pytest

from ai_video_editor.broll.animation import frames, plain_frames
from ai_video_editor.broll.generator import SCENES
from ai_video_editor.broll.overlays import band
from ai_video_editor.broll.scene import Scene
from ai_video_editor.broll.straps import strap
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame
from tests.unit.broll.test_broll_scenes import GRAPHICS


def scene_of(kind: str) -> Scene:
    scene = Scene(Frame(320, 180), palette_for(None))
    SCENES[GRAPHICS[kind].kind](scene, GRAPHICS[kind], "A heading of the chart")
    scene.source("as said at 0:12")
    return scene


@pytest.mark.parametrize("kind", sorted(GRAPHICS))
def test_each_frame_is_the_one_that_movis_draws_alone(kind: str) -> None:
    scene = scene_of(kind)
    ours = list(frames(scene, 9, length=1.3, transparent=False))
    alone = list(plain_frames(scene, 9, length=1.3, transparent=False))
    assert len(ours) == len(alone) == 9
    for one, other in zip(ours, alone, strict=True):
        assert one.shape == (180, 320, 3)
        difference = np.abs(one.astype(np.int16) - other[:, :, :3].astype(np.int16))
        assert difference.mean() < 0.3
        assert np.percentile(difference, 99.9) <= 8


@pytest.mark.parametrize("kind", ["definition", "big_number", "lower_third"])
def test_an_overlay_is_the_one_that_movis_draws_alone(kind: str) -> None:
    scene = Scene(Frame(320, 180), palette_for(None))
    if kind == "lower_third":
        strap(scene, ChartData(kind="lower_third", labels=("What funds cost",)))
    else:
        band(scene, GRAPHICS[kind], "")
    ours = list(frames(scene, 7, length=1.0, transparent=True))
    alone = list(plain_frames(scene, 7, length=1.0, transparent=True))
    for one, other in zip(ours, alone, strict=True):
        assert one.shape == other.shape == (180, 320, 4)
        weight = other[:, :, 3:4].astype(np.int32)
        difference = np.abs(one.astype(np.int32) - other.astype(np.int32))
        assert difference[:, :, 3].mean() < 0.5
        assert (difference[:, :, :3] * weight / 255).mean() < 0.5


def test_what_does_not_move_is_not_drawn_again() -> None:
    scene = Scene(Frame(320, 180), palette_for(None), seconds=8.0, moments=(1.0, 4.0))
    SCENES["list"](scene, ChartData(kind="list", labels=("One", "Two")), "")
    drawn = list(frames(scene, 80, length=8.0, transparent=False))
    assert len({id(picture) for picture in drawn}) < 20
