from __future__ import annotations

import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.reframe_graph import reframe_chains
from ai_video_editor.composition.reframing import (
    ASPECTS,
    Framing,
    KeyPoint,
    reframing_of,
    target_canvas,
)
from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample, Shot, VideoAnalysis
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.timebase import FrameRate, TimeMap, TimeRange, source_time

SMALL = Canvas(320, 180)
PORTRAIT = Canvas(180, 320)


def grey(
    tmp_path: Path, source: str, framings: tuple[Framing, ...], frames: int, target: Canvas
) -> NDArray[np.uint8]:
    graph = tmp_path / "graph.txt"
    chains = [f"{source},format=yuv420p[film]", *reframe_chains(framings, SMALL, target),
              f"[reframed]trim=end_frame={frames},format=gray[out]"]  # fmt: skip
    graph.write_text(";\n".join(chains))
    command = [
        ffmpeg_path(), "-v", "error", "-nostdin", "-/filter_complex", str(graph), "-map", "[out]",
        "-fps_mode", "passthrough", "-f", "rawvideo", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
    return np.frombuffer(raw, np.uint8).reshape(frames, target.height, target.width)


def moving_face(frames: int, speed: float) -> tuple[str, VideoAnalysis]:
    """A white square that stands, then crosses the picture; and what the analysis says of it."""
    size = 32
    source = (
        f"color=black:size=320x180:rate=25,format=gray,geq=lum='if(between(X-({40}"
        f"+{speed}*max(N-15,0)),0,{size})*between(Y,50,{50 + size}),255,60)'"
    )
    samples = tuple(
        FaceSample(
            time=source_time(n / 25),
            faces=(
                Face(
                    box=Box(
                        x=(40 + speed * max(n - 15, 0)) / 320, y=50 / 180, width=size / 320,
                        height=size / 180,
                    ),
                    confidence=1,
                ),
            ),
        )
        for n in range(0, frames, 5)
    )  # fmt: skip
    shot = Shot(start=source_time(0), end=source_time(frames / 25), kind="broll")
    return source, VideoAnalysis(shots=(shot,), faces=samples)


def test_a_face_that_walks_is_whole_in_every_frame_and_glides(tmp_path: Path) -> None:
    frames = 75
    source, video = moving_face(frames, 1.5)
    time_map = TimeMap([(0, TimeRange(source_time(0), source_time(3)), Fraction(1))], FrameRate(25))
    framings = reframing_of(time_map, video, [(320, 180)], SMALL, ASPECTS["9:16"])
    assert target_canvas(SMALL, ASPECTS["9:16"]) == PORTRAIT
    film = grey(tmp_path, source, framings, frames, PORTRAIT)
    areas = [(picture > 150).sum() for picture in film]
    # 32 source pixels become 57.
    assert min(areas) > 0.9 * 57**2
    edge = [float(np.nonzero((p > 150).any(axis=0))[0].mean()) for p in film]
    assert max(abs(b - a) for a, b in pairwise(edge)) < 6


def test_a_slow_move_does_not_tremble(tmp_path: Path) -> None:
    # A soft ramp: its grey at a pixel tells where the window is, to a fraction of a pixel.
    framings = (Framing(0, 50, 0.316, 1.0, (KeyPoint(0, 0.4, 0.5), KeyPoint(49, 0.43, 0.5))),)
    source = "color=black:size=320x180:rate=25,format=gray,geq=lum='20+210*X/W'"
    film = grey(tmp_path, source, framings, 50, PORTRAIT).astype(float)
    means = film[:, 100:200].mean(axis=(1, 2))
    steps = np.diff(means)
    # 0.03 of the picture in 49 frames: 0.13 grey levels a frame, always forwards.
    assert steps.sum() == pytest.approx(0.03 * 210 * 219 / 255, rel=0.35)
    assert steps.min() > -0.05
    assert np.abs(means - np.linspace(means[0], means[-1], 50)).max() < 0.35


def test_a_slide_is_seen_from_edge_to_edge_and_only_while_it_lasts(tmp_path: Path) -> None:
    framings = (
        Framing(0, 10, 0.316, 1.0, (KeyPoint(0, 0.5, 0.5),)),
        Framing(10, 20, 1, 1, (KeyPoint(10, 0.5, 0.5),), whole=True),
        Framing(20, 25, 0.316, 1.0, (KeyPoint(20, 0.5, 0.5),)),
    )
    edges = "drawbox=w=8:c=white:t=fill,drawbox=x=312:w=8:c=white:t=fill"
    film = grey(tmp_path, f"color=gray:size=320x180:rate=25,{edges}", framings, 25, PORTRAIT)
    middle = film[:, 150:170]
    for frame in (0, 9, 20, 24):
        assert middle[frame].max() < 180
    for frame in (10, 19):
        assert middle[frame, :, 0:3].min() > 200
        assert middle[frame, :, -3:].min() > 200
        # Above and below: darker than the picture itself, not black.
        assert 20 < film[frame, 40, 60:120].mean() < 100


def test_nothing_but_slides_is_a_film_as_well(tmp_path: Path) -> None:
    framings = (Framing(0, 5, 1, 1, (KeyPoint(0, 0.5, 0.5),), whole=True),)
    film = grey(tmp_path, "testsrc2=size=320x180:rate=25", framings, 5, PORTRAIT)
    assert film.shape == (5, 320, 180)


def test_windows_of_different_sizes_fill_the_same_picture(tmp_path: Path) -> None:
    framings = (
        Framing(0, 5, 0.316, 1.0, (KeyPoint(0, 0.5, 0.5),)),
        Framing(5, 10, 0.253, 0.8, (KeyPoint(5, 0.874, 0.6),)),
    )
    source = "color=gray:size=320x180:rate=25,drawbox=x=279:w=2:c=white:t=fill"
    film = grey(tmp_path, source, framings, 10, PORTRAIT)
    assert film[0].max() < 180
    column = np.nonzero(film[7, 100] > 170)[0].mean()
    # The line at 0.875 of the picture stands in the middle of the second window.
    assert column == pytest.approx(90, abs=3)
