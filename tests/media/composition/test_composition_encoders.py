"""Films in other codings keep every promise; what cannot be had is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ai_video_editor.composition import encoders
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.encoders import Encoder, choose, obstacle
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import FrameRate
from ai_video_editor.verification.verifier import verify
from tests.film_studio import KeptRange, Studio, camera, numbers

KEPT: list[KeptRange] = [(0, 0.4, 1.6), (0, 2.0, 2.8)]
SHAPE = FilmShape(Canvas(320, 64), FrameRate.parse("25/1"), 50)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def described(film: Path) -> str:
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-i", str(film)]
    return subprocess.run(command, capture_output=True, timeout=60).stderr.decode()


@pytest.mark.parametrize(
    ("codec", "words"), [("hevc", "hevc (Main) (hvc1"), ("av1", "(Main) (av01")]
)
@pytest.mark.parametrize("rate", ["25", "30000/1001"])
def test_another_coding_keeps_every_promise(
    studio: Studio, tmp_path: Path, codec: str, words: str, rate: str
) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=3, rate=rate)
    settings = CompositionSettings.model_validate({"codec": codec, "encoder": "cpu"})
    made = studio.render([clip], KEPT, settings=settings, quality="high")
    assert words in described(made.film)
    assert numbers(made.film) == [
        n for p in made.plan.time_map().pieces
        for n in range(p.source_frame, p.source_frame + p.frames)
    ]  # fmt: skip
    verification = verify(made.film, made.plan, made.composed, files=made.files)
    assert verification.passed, [c for c in verification.checks if c.state == "failed"]
    assert any("only x264 joins copied frames" in note for note in made.composed.notes)


def test_another_coding_than_promised_is_noticed(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=3)
    made = studio.render([clip], KEPT, render="full")
    promised = made.composed.model_copy(update={"encoder": "libx265"})
    checks = verify(made.film, made.plan, promised).checks
    assert {c.name for c in checks if c.state == "failed"} == {"format"}


def test_hardware_that_is_not_there_leaves_the_film_to_the_processor(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = frozenset({"h264_nvenc", "libx264"})
    monkeypatch.setattr(encoders, "listed", lambda: listed)
    if not obstacle(encoders._hardware("h264")[0], SHAPE):
        pytest.skip("this machine has an encoder of NVIDIA")
    clip = camera(tmp_path / "clip.mp4", seconds=3)
    made = studio.render([clip], KEPT, settings=CompositionSettings(encoder="hardware"))
    assert made.composed.encoder == "libx264"
    (note,) = [n for n in made.composed.notes if "hardware" in n]
    assert "h264_nvenc: " in note and len(note) > 60


def test_what_works_on_a_trial_frame_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine whose hardware works: its encoder stands in for the hardware's.
    levels = {"medium": ("-preset", "ultrafast")}
    broken, works = Encoder("no_such_thing", "hevc", levels), Encoder("libx265", "hevc", levels)
    monkeypatch.setattr(encoders, "listed", lambda: {"no_such_thing", "libx265"})
    monkeypatch.setattr(encoders, "_hardware", lambda codec: (broken, works))
    assert choose("hevc", "auto", SHAPE).encoder == works
    assert choose("hevc", "hardware", SHAPE).note == ""
    assert choose("h264", "auto", SHAPE).encoder is None, "x264 needs no trial"


def test_a_coding_that_nothing_here_writes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "listed", frozenset)
    choice = choose("av1", "cpu", SHAPE)
    assert choice.encoder is None and "no encoder for av1" in choice.note
