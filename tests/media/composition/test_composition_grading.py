"""Grades and grain, measured on patches and noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.grading import Look
from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import film_time
from tests.film_studio import HD_TAGS, Studio, ffmpeg, grey_frames

PATCHES = ("000000", "404040", "808080", "c0c0c0", "ffffff", "d1a386", "a1665e", "3060c0")
"""Greys, two skins and a blue."""

Colors = NDArray[np.float64]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def chart(target: Path) -> Path:
    boxes = ",".join(f"drawbox={40 * n}:0:40:80:0x{color}:fill" for n, color in enumerate(PATCHES))
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=320x80:rate=25:duration=1,format=gbrp",
        "-vf", f"{boxes},scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,"
        "format=yuv420p", "-c:v", "libx264", "-crf", "2", *HD_TAGS, target,
    )  # fmt: skip
    return target


def colors(film: Path) -> Colors:
    """Red, green and blue of the patches, 0 to 255."""
    import av

    with av.open(str(film)) as source:
        frame = next(source.decode(video=0)).reformat(
            format="rgb24", src_colorspace="ITU709", dst_color_range="JPEG"
        )
    picture = frame.to_ndarray().astype(float)
    return np.array([picture[30:50, 40 * n + 12 : 40 * n + 28].mean((0, 1)) for n in range(8)])


def graded(studio: Studio, clip: Path, grade: str, grain: str = "off") -> Path:
    settings = CompositionSettings.model_validate({"grade": grade, "denoise_picture": grain})
    made = studio.render([clip], [(0, 0.0, 0.4)], settings=settings, quality="ultra")
    if Look(settings.grade, settings.denoise_picture).changes:
        assert any("every frame is graded" in note for note in made.composed.notes)
    assert made.composed.frames == 10
    return made.film


@pytest.mark.parametrize("grade", ["natural", "punchy", "warm"])
def test_a_grade_is_subtle_and_loses_neither_black_nor_white(
    studio: Studio, tmp_path: Path, grade: str
) -> None:
    clip = chart(tmp_path / "chart.mp4")
    plain, film = colors(graded(studio, clip, "off")), colors(graded(studio, clip, grade))
    moved = film - plain
    assert np.abs(moved[[0, 4]]).max() < 3, "black is black and white is white"
    assert np.abs(moved[2]).max() < 7, "the middle stays the middle"
    assert moved[1].mean() < -0.5 and moved[3].mean() > 0.5, "there is more contrast"
    assert np.abs(moved[5:7]).max() < 16, "skin stays skin"
    tint = film[1:4, 0] - film[1:4, 2]
    if grade == "warm":
        assert (tint > 3).all() and (tint < 12).all(), "greys are a little warmer"
    else:
        assert np.abs(tint).max() < 3, "grey stays grey"


def test_punchy_is_more_than_natural(studio: Studio, tmp_path: Path) -> None:
    clip = chart(tmp_path / "chart.mp4")
    spread = {g: np.ptp(colors(graded(studio, clip, g))[[1, 3]].mean(axis=1))
              for g in ("off", "natural", "punchy")}  # fmt: skip
    assert spread["off"] + 2 < spread["natural"] < spread["punchy"] - 4


@pytest.mark.parametrize(("grain", "left"), [("light", 0.6), ("strong", 0.4)])
def test_grain_goes_and_edges_stay(studio: Studio, tmp_path: Path, grain: str, left: float) -> None:
    clip = tmp_path / "noisy.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=0x606060:size=320x180:rate=25:duration=1",
        "-vf", "drawbox=160:0:160:180:0xb0b0b0:fill,noise=c0s=8:c0f=t:c0_seed=1",
        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-crf", "4", *HD_TAGS, clip,
    )  # fmt: skip
    noisy, clean = (
        grey_frames(graded(studio, clip, "off", how), 320, 180)[8].astype(float)
        for how in ("off", grain)
    )
    assert clean[:, 10:150].std() < left * noisy[:, 10:150].std()
    edge = clean.mean(axis=0)
    assert edge[163] - edge[156] > 0.95 * (edge[300] - edge[20]), "the edge is as steep"


def test_graphics_are_not_graded(studio: Studio, tmp_path: Path) -> None:
    clip, card = chart(tmp_path / "chart.mp4"), tmp_path / "card.mp4"
    ffmpeg("-i", clip, "-t", "0.4", "-c:v", "libx264", "-crf", "2", *HD_TAGS, card)
    asset = BRollAsset(
        start=film_time(0), end=film_time("0.4"), opportunity_id="b", method="still",
        clip=studio.keep(card), placement="full_screen", content_type="chart", description="",
    )  # fmt: skip
    settings = CompositionSettings(grade="punchy")
    made = studio.render(
        [clip], [(0, 0.0, 0.8)], settings=settings, broll=BRollPackage(assets=(asset,)),
        quality="ultra",
    )  # fmt: skip
    plain = colors(graded(studio, clip, "off"))
    assert colors(made.film) == pytest.approx(plain, abs=3)
