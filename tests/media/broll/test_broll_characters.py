"""The presenter as a clip, drawn flat by movis, and in Blender where `make blender` was run."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ai_video_editor.broll.animation import frames, plain_frames
from ai_video_editor.broll.examples import EXAMPLES, example_scene
from ai_video_editor.broll.generator import duration_of
from ai_video_editor.broll.presenter.blender import BlenderFigure, blender_command
from ai_video_editor.broll.presenter.flat import FlatFigure, Pose, laid
from ai_video_editor.broll.presenter.poses import BodyPose, HeadPose
from ai_video_editor.errors import MediaError, ProcessingTimeoutError
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame
from ai_video_editor.progress import silent

MOVING = [kind for kind, one in EXAMPLES.items() if one.data.action or one.data.drawing]

needs_blender = pytest.mark.skipif(
    blender_command(None) is None, reason="Blender is not set up: run `make blender`"
)


@pytest.mark.parametrize("kind", MOVING)
def test_what_moves_is_what_movis_draws_alone(kind: str) -> None:
    overlay = EXAMPLES[kind].overlay
    scene = example_scene(kind, Frame(320, 180), seconds=2.0)
    length = duration_of(scene)
    ours = list(frames(scene, 7, length=length, transparent=overlay))
    alone = list(plain_frames(scene, 7, length=length, transparent=overlay))
    for one, other in zip(ours, alone, strict=True):
        weight = other[:, :, 3:4].astype(np.int32) / 255
        difference = np.abs(one[:, :, :3].astype(np.int32) - other[:, :, :3].astype(np.int32))
        assert (difference * weight).mean() < 0.6
    assert len({picture.tobytes() for picture in ours}) >= 5


def glowing(picture: Image.Image) -> NDArray[np.int64]:
    """Bright green pixels in each row: eyes and mouth on the dark face."""
    pixels = np.asarray(picture).astype(np.int16)
    green = (pixels[:, :, 1] > 150) & (pixels[:, :, 0] < 120) & (pixels[:, :, 3] > 200)
    return np.asarray(green[:, 60:140].sum(axis=1), dtype=np.int64)


def looks_right(cels: dict[Pose, Image.Image]) -> None:
    """A mouth that opens, eyes that close, a body with room for a head above it."""
    open_mouth, shut = cels[HeadPose("open", "large")], cels[HeadPose("open", "smile")]
    blink = cels[HeadPose("closed", "smile")]
    assert glowing(open_mouth).sum() > glowing(shut).sum() > glowing(blink).sum() > 0
    body = np.asarray(cels[BodyPose()])[:, :, 3]
    assert body[: body.shape[0] // 4].max() == 0
    whole = np.asarray(laid(cels, BodyPose(), HeadPose("open", "smile"), 0))
    assert whole[0, :, 3].max() == 0 and (whole[:, :, 3] > 0).mean() > 0.15


WANTED: tuple[Pose, ...] = (
    BodyPose(), HeadPose("open", "smile"), HeadPose("open", "large"), HeadPose("closed", "smile"),
)  # fmt: skip


def test_the_flat_presenter_speaks_and_blinks() -> None:
    looks_right(FlatFigure().cels(WANTED, 200, palette_for("financial"), silent))


@needs_blender
@pytest.mark.timeout(300)
def test_blender_draws_the_presenter_once_and_keeps_it(tmp_path: Path) -> None:
    command = blender_command(None)
    assert command is not None
    figure = BlenderFigure(command, tmp_path)
    told: list[float | None] = []
    looks_right(
        figure.cels(WANTED, 200, palette_for("financial"), lambda share, _="": told.append(share))
    )
    assert figure.drawn == len(WANTED) and told[0] == 0.0
    figure.cels(WANTED, 200, palette_for("financial"), silent)
    assert (figure.drawn, figure.reused) == (len(WANTED), len(WANTED))
    assert {file.suffix for file in tmp_path.iterdir()} == {".png"}


def stand_in(tmp_path: Path, program: str) -> BlenderFigure:
    """A program in Blender's place."""
    script = tmp_path / "stand_in.py"
    script.write_text(program, encoding="utf-8")
    return BlenderFigure((sys.executable, "-I", str(script)), tmp_path / "kept")


def test_what_blender_says_last_is_told_when_it_fails(tmp_path: Path) -> None:
    figure = stand_in(tmp_path, "print('Fra:1'); print('no memory left'); raise SystemExit(3)")
    with pytest.raises(MediaError, match="no memory left"):
        figure.cels(WANTED, 20, palette_for(None), silent)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_blender_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_video_editor.broll.presenter.blender.TIMEOUT", 1.0)
    monkeypatch.setattr("ai_video_editor.broll.presenter.blender.TIMEOUT_A_CEL", 0.0)
    figure = stand_in(tmp_path, "import time; time.sleep(60)")
    with pytest.raises(ProcessingTimeoutError, match="more than 1 s"):
        figure.cels(WANTED, 20, palette_for(None), silent)


def test_blender_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "secret")
    figure = stand_in(tmp_path, "import os; print(sorted(os.environ)); raise SystemExit(1)")
    with pytest.raises(MediaError) as failure:
        figure.cels(WANTED, 20, palette_for(None), silent)
    assert "PATH" in str(failure.value) and "GEMINI" not in str(failure.value)
