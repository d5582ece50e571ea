"""HDR and interlaced recordings in the film: what a viewer sees, measured on charts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest

from tests.film_studio import Studio, ffmpeg, grey_frames
from tests.hdr_chart import GREYS, SKINS, WHITE, chart, patches


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_keeps_grey_white_and_skin(
    studio: Studio, tmp_path: Path, transfer: Literal["smpte2084", "arib-std-b67"]
) -> None:
    clip = chart(tmp_path / "chart.mp4", transfer)
    greys, skins = patches(studio.render([clip], [(0, 0.0, 0.2)], quality="ultra").film)
    assert np.ptp(greys, axis=1).max() < 3, "grey stays grey"
    levels = greys.mean(axis=1)
    assert (np.diff(levels) > 4).all(), "every step of light is seen, the highlights too"
    white = levels[GREYS.index(WHITE)]
    assert 215 < white < 240, "a page is white and not blown"
    assert levels[-1] > 245 and levels[0] < 3
    # An 18 % grey card, lit as the page is, has 46 % of SDR's signal (BT.1886: 0.18 ** (1 / 2.4)).
    assert levels[GREYS.index(36.0)] == pytest.approx(0.48 * 255, abs=8)
    assert np.abs(skins - np.array(SKINS)).max() < 22, "and skin is the skin it was"
    ratios = skins / skins[:, :1], np.array(SKINS) / np.array(SKINS)[:, :1]
    assert np.abs(ratios[0] - ratios[1]).max() < 0.09, "in the same hue"


def combing(frames: np.ndarray) -> float:
    """How much more neighbouring lines differ than every other line does; 1 for a calm picture."""
    lines = frames.astype(float)
    near = np.abs(np.diff(lines, axis=1)).mean()
    far = np.abs(lines[:, 2:] - lines[:, :-2]).mean()
    return float(near / far)


@pytest.mark.parametrize("first", ["top", "bottom"])
def test_an_interlaced_recording_has_no_combs(
    studio: Studio, tmp_path: Path, first: Literal["top", "bottom"]
) -> None:
    mode = {"top": "interleave_top", "bottom": "interleave_bottom"}[first]
    clip = tmp_path / "clip.mp4"
    ffmpeg(
        # A ball of soft edges crosses the picture; fifty moments a second become 25 frames.
        "-f", "lavfi", "-i", "color=black:size=320x180:rate=50:duration=2",
        "-vf", "geq=lum='16+200*exp(-((X-20-2.6*N)*(X-20-2.6*N)+(Y-90)*(Y-90))/900)':cb=128:cr=128,"
        f"tinterlace={mode}",
        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-crf", "8", "-flags", "+ildct+ilme",
        "-x264-params", "tff=1" if first == "top" else "bff=1", clip,
    )  # fmt: skip
    combed = combing(grey_frames(clip, 320, 180)[5:20])
    rendered = studio.render([clip], [(0, 0.0, 1.0)], quality="ultra")
    assert rendered.files[0][0].video is not None and rendered.files[0][0].video.interlaced
    frames = grey_frames(rendered.film, 320, 180)
    assert rendered.composed.frames == 25 and str(rendered.plan.rate) == "25/1"
    assert combed > 0.8 and combing(frames[5:20]) < 0.62
    centres = [(f[90] * np.arange(320)).sum() / f[90].sum() for f in frames[3:22].astype(float)]
    assert np.ptp(np.diff(centres)) < 1.2, "and moves evenly"


@pytest.mark.parametrize("level", [60, 126, 200])
def test_grey_of_an_older_standard_stays_grey(studio: Studio, tmp_path: Path, level: int) -> None:
    clip = tmp_path / "grey.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x96:rate=25:duration=1",
        "-vf", f"geq=lum={level}:cb=128:cr=128", "-pix_fmt", "yuv420p", "-c:v", "libx264",
        "-colorspace", "smpte170m", "-color_range", "tv", clip,
    )  # fmt: skip
    film = studio.render([clip], [(0, 0.0, 0.4)], quality="ultra").film
    with av.open(str(film)) as source:
        planes = next(source.decode(video=0)).to_ndarray()
    assert np.median(planes[:96]) == level
    assert np.median(planes[96:]) == 128
