"""Frames that a decode pass hands out beside its small pictures."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from ai_video_editor.media.frames import FramePass, frame_at
from ai_video_editor.media.probe import probe


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i",
         "testsrc2=size=320x180:rate=25:duration=2", "-c:v", "libx264", "-g", "10",
         "-sc_threshold", "0", "-pix_fmt", "yuv420p", str(path)],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return path


def test_an_original_is_what_going_back_for_the_frame_would_give(film: Path) -> None:
    file = probe(film, "0" * 64)
    frames = list(FramePass(file, film, height=72, detail_height=144, quick=True).frames())
    held = [frame for frame in frames if frame.original is not None]
    assert [frame.index for frame in held] == list(range(0, 50, 5))
    assert all((frame.detail is not None) == (frame.original is not None) for frame in frames)
    original = held[4].original
    assert original is not None
    assert original.size >= 320 * 180 * 3 // 2
    assert np.array_equal(original.picture(), frame_at(file, film, held[4].time))


def test_only_key_frames_are_decoded_when_asked(film: Path) -> None:
    decode = FramePass(probe(film, "0" * 64), film, height=72, key_frames=True)
    frames = list(decode.frames())
    assert [float(frame.time) for frame in frames] == pytest.approx([0, 0.4, 0.8, 1.2, 1.6])
    assert all(frame.key for frame in frames)
    assert decode.decoded == 5


def test_a_quick_picture_looks_like_a_careful_one(film: Path) -> None:
    file = probe(film, "0" * 64)
    quick = next(iter(FramePass(file, film, height=72, quick=True).frames()))
    careful = next(iter(FramePass(file, film, height=72).frames()))
    assert quick.image.shape == careful.image.shape
    assert np.abs(quick.image.astype(int) - careful.image).mean() < 12
