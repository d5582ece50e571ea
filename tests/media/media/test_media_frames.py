"""Pictures come as a player shows them, at the time it shows them."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import InputError
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.media.frames import FramePass, decode, frame_at
from ai_video_editor.media.probe import probe
from ai_video_editor.timebase import source_time
from tests.hdr_chart import GREYS, PATCH, SKINS, WHITE, chart


def made(target: Path, *arguments: str | Path) -> Path:
    command = [ffmpeg_path(), "-v", "error", "-y", *map(str, arguments), str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def probed(path: Path) -> VideoFile:
    return probe(path, "0" * 64)


def players_view(path: Path, size: tuple[int, int], at: float) -> NDArray[np.uint8]:
    """What ffmpeg itself shows: it turns, mirrors and stretches as players do."""
    width, height = size
    raw = subprocess.run(
        [ffmpeg_path(), "-v", "error", "-ss", str(at), "-i", str(path), "-frames:v", "1",
         "-vf", f"scale={width}:{height}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True,
        capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, dtype=np.uint8).reshape(height, width, 3)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(
        tmp_path_factory.mktemp("film") / "film.mp4",
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=2"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20"),
    )


SHOWN = {
    "plain": (),
    "right": ("-display_rotation", "270"),
    "left": ("-display_rotation", "90"),
    "upside_down": ("-display_rotation", "180"),
    "mirrored": ("-display_hflip",),
    "mirrored_and_turned": ("-display_rotation", "90", "-display_hflip"),
    "flipped": ("-display_vflip",),
}


@pytest.mark.parametrize("how", SHOWN)
def test_a_picture_is_turned_and_mirrored_as_ffmpeg_does(
    film: Path, tmp_path: Path, how: str
) -> None:
    path = made(tmp_path / "turned.mp4", *SHOWN[how], "-i", film, "-c", "copy")
    file = probed(path)
    assert file.video is not None
    ours = frame_at(file, path, source_time(1))
    assert ours.shape == (file.video.height, file.video.width, 3)
    theirs = players_view(path, (file.video.width, file.video.height), 1)
    assert np.abs(ours.astype(int) - theirs).mean() < 4


def test_wide_pixels_are_stretched(tmp_path: Path) -> None:
    path = made(
        tmp_path / "wide.mp4",
        *("-f", "lavfi", "-i", "color=white:size=360x240:rate=10:duration=1"),
        *("-vf", "drawbox=x=120:w=120:h=120:y=60:color=black:t=fill,setsar=3/2", "-pix_fmt"),
        "yuv420p",
    )
    image = frame_at(probed(path), path, source_time(0))
    dark = np.argwhere(image[:, :, 0] < 128)
    height, width = dark.max(axis=0) - dark.min(axis=0) + 1
    assert image.shape == (240, 540, 3)
    assert (width, height) == pytest.approx((180, 120), abs=3)


def test_the_picture_at_a_time_is_the_one_being_shown(film: Path) -> None:
    file = probed(film)
    every = list(decode(file, film, height=180))
    for number in (0, 7, 19, 20, 41, 59):
        for into_it in (Fraction(0), Fraction(1, 60)):
            asked = source_time(Fraction(number, 30) + into_it)
            image = frame_at(file, film, asked)[:, :, ::-1]
            differences = [np.abs(image.astype(int) - one.image).mean() for one in every]
            assert int(np.argmin(differences)) == number


def test_before_the_first_and_after_the_last_picture_those_are_shown(film: Path) -> None:
    file = probed(film)
    every = list(decode(file, film, height=180))
    for asked, index in ((-1, 0), (100, -1)):
        image = frame_at(file, film, source_time(asked))[:, :, ::-1]
        assert np.abs(image.astype(int) - every[index].image).mean() < 2


def test_variable_rate_times_are_presentation_times(tmp_path: Path) -> None:
    path = made(
        tmp_path / "vfr.mp4",
        *("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=30:duration=2"),
        *("-vf", "select='if(lt(t,1),1,not(mod(n,5)))'", "-fps_mode", "vfr", "-pix_fmt"),
        "yuv420p",
    )
    times = [frame.time for frame in decode(probed(path), path, height=64)]
    wanted = [number for number in range(60) if number < 30 or number % 5 == 0]
    assert [round(time * 30) for time in times] == wanted


def test_times_count_from_the_first_sample_wherever_the_container_starts(tmp_path: Path) -> None:
    path = made(
        tmp_path / "late.ts",
        *("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=1", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-output_ts_offset", "5000", "-muxdelay", "0"),
    )
    file = probed(path)
    assert file.start_offset > 4999
    frames = list(decode(file, path, height=64))
    assert [frame.time for frame in frames] == [Fraction(number, 25) for number in range(25)]
    image = frame_at(file, path, source_time(0.5))
    differences = [np.abs(image[:, :, ::-1].astype(int) - one.image).mean() for one in frames]
    assert int(np.argmin(differences)) == 12


def test_a_pass_is_thinned_out_to_a_rate_and_still_counts_every_frame(film: Path) -> None:
    looked = FramePass(probed(film), film, height=90, rate=5)
    frames = list(looked.frames())
    assert [frame.index for frame in frames] == list(range(0, 60, 6))
    assert looked.decoded == 60
    assert frames[0].key
    assert frames[0].image.shape == (90, 160, 3)


def test_some_frames_of_a_pass_have_a_larger_picture_as_well(film: Path) -> None:
    looked = FramePass(probed(film), film, height=36, detail_height=90, detail_rate=2)
    frames = list(looked.frames())
    large = [frame for frame in frames if frame.detail is not None]
    assert len(frames) == 60
    assert [frame.time for frame in large] == [0, Fraction(1, 2), 1, Fraction(3, 2)]
    assert all(frame.detail is not None and frame.detail.shape == (90, 160, 3) for frame in large)


def test_upright_film_gets_as_many_pixels_as_wide_film(film: Path, tmp_path: Path) -> None:
    upright = made(tmp_path / "upright.mp4", "-display_rotation", "90", "-i", film, "-c", "copy")
    assert FramePass(probed(film), film, height=90).size == (160, 90)
    assert FramePass(probed(upright), upright, height=90).size == (90, 160)
    assert FramePass(probed(film), film, height=1080).size == (320, 180), "never enlarged"


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_looks_as_it_did_before_it_was_hdr(tmp_path: Path, transfer: str) -> None:
    source = "testsrc2=size=128x72:rate=10:duration=0.3,eq=saturation=0.4:contrast=0.7"
    plain = made(tmp_path / "sdr.mp4", "-f", "lavfi", "-i", source, "-qp", "0", "-vf",
                 "scale=out_color_matrix=bt709,format=yuv420p,setparams=color_primaries=bt709:"
                 "color_trc=bt709:colorspace=bt709")  # fmt: skip
    to_hdr = (
        "zscale=tin=bt709:min=709:pin=709:rin=tv:t=linear:npl=203,format=gbrpf32le,"
        f"zscale=p=2020:t={transfer}:m=2020_ncl:r=tv:npl=203,format=yuv420p10le"
    )
    tags = f"log-level=none:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    bright = made(tmp_path / "hdr.mp4", "-i", plain, "-vf", to_hdr, "-c:v", "libx265", "-crf", "5",
                  "-x265-params", tags)  # fmt: skip
    before = frame_at(probed(plain), plain, source_time(0)).astype(int)
    after = frame_at(probed(bright), bright, source_time(0)).astype(int)
    assert abs(before.mean() - after.mean()) < 12
    assert np.abs(before - after).mean() < 14


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_a_still_of_hdr_has_the_light_of_the_film(
    tmp_path: Path, transfer: Literal["smpte2084", "arib-std-b67"]
) -> None:
    clip = chart(tmp_path / "chart.mp4", transfer)
    file = probed(clip)
    middle = PATCH // 2
    for image in (
        frame_at(file, clip, source_time(0)),
        next(iter(decode(file, clip, height=10 * PATCH))).image[:, :, ::-1],
    ):
        greys = image[middle, middle : len(GREYS) * PATCH : PATCH].astype(int)
        assert np.ptp(greys, axis=1).max() <= 2, "grey stays grey"
        levels = greys.mean(axis=1)
        assert 215 < levels[GREYS.index(WHITE)] < 240, "a page is white and not blown"
        assert (np.diff(levels) > 4).all(), "every step of light is seen, the highlights too"
        skins = image[PATCH + middle, middle : len(SKINS) * PATCH : PATCH].astype(int)
        assert np.abs(skins - np.array(SKINS)).max() < 22


def test_sound_alone_has_no_pictures(tmp_path: Path) -> None:
    path = made(tmp_path / "tone.wav", "-f", "lavfi", "-i", "sine=duration=0.5")
    with pytest.raises(InputError, match=r"tone\.wav has no picture, only sound"):
        list(decode(probed(path), path, height=90))
    with pytest.raises(InputError, match=r"tone\.wav has no picture"):
        frame_at(probed(path), path, source_time(0))
