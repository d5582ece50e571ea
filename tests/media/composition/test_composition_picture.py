from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.timebase import film_time, source_time
from tests.film_studio import Studio, counter, ffmpeg, grey_frames, numbers


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def test_the_film_holds_exactly_the_kept_frames(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4")
    film = studio.render([clip], [(0, 0.4, 0.8), (0, 1.0, 1.04), (0, 2.0, 3.0)]).film
    assert numbers(film) == [*range(10, 20), 25, *range(50, 75)]


def test_inputs_that_alternate_and_run_backwards_keep_their_order(
    studio: Studio, tmp_path: Path
) -> None:
    one = counter(tmp_path / "one.mp4")
    two = counter(tmp_path / "two.mp4", rate="50", size="160x32")
    kept = [(0, 2.0, 2.4), (1, 0.4, 0.8), (0, 0.4, 0.8), (1, 1.6, 2.0), (0, 1.2, 1.6)]
    film = studio.render([one, two], kept).film
    # The second runs at twice the film's rate: every other of its frames is shown.
    assert numbers(film) == [
        *range(50, 60), *range(20, 40, 2), *range(10, 20), *range(80, 100, 2), *range(30, 40),
    ]  # fmt: skip


def test_many_cuts_are_one_graph(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=24)
    kept = [(0, n * 0.08, n * 0.08 + 0.04) for n in range(290)]
    film = studio.render([clip], kept).film
    assert numbers(film) == list(range(0, 580, 2))


def test_a_moment_far_in_is_found_exactly(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=40, extra=["-g", "100"])
    film = studio.render([clip], [(0, 36.0, 36.4), (0, 0.4, 0.8), (0, 30.0, 30.4)]).film
    assert numbers(film) == [*range(900, 910), *range(10, 20), *range(750, 760)]


@pytest.mark.parametrize("rate", ["30000/1001", "24000/1001", "15"])
def test_ntsc_and_odd_rates_stay_exact(studio: Studio, tmp_path: Path, rate: str) -> None:
    clip = counter(tmp_path / "clip.mp4", rate=rate)
    rendered = studio.render([clip], [(0, 0.5, 1.5), (0, 2.0, 2.5)])
    expected = [
        n for p in rendered.plan.time_map().pieces
        for n in range(p.source_frame, p.source_frame + p.frames)
    ]  # fmt: skip
    assert numbers(rendered.film) == expected


def test_variable_rate_shows_what_was_on_screen(studio: Studio, tmp_path: Path) -> None:
    full = counter(tmp_path / "full.mp4")
    clip = tmp_path / "vfr.mp4"
    ffmpeg(
        "-i", full, "-vf", "select='if(lt(t,1.5),1,not(mod(n,5)))'", "-fps_mode", "vfr",
        "-c:v", "libx264", "-crf", "8", "-c:a", "copy", clip,
    )  # fmt: skip
    film = studio.render([clip], [(0, 1.0, 2.4)], rate="25/1").film
    assert numbers(film) == [*range(25, 38), *(max(37, n // 5 * 5) for n in range(38, 60))]


def test_time_stamps_that_begin_late_are_zero(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "offset.ts"
    ffmpeg(
        "-i", counter(tmp_path / "clip.mp4"), "-c", "copy", "-output_ts_offset", "1000",
        "-muxdelay", "0", clip,
    )  # fmt: skip
    assert numbers(studio.render([clip], [(0, 1.0, 2.0)]).film)[5:15] == list(range(30, 40))


def test_picture_that_starts_late_holds_its_first_frame(studio: Studio, tmp_path: Path) -> None:
    base, clip = counter(tmp_path / "base.mp4"), tmp_path / "late.mkv"
    ffmpeg(
        "-itsoffset", "1", "-i", base, "-i", base, "-map", "0:v", "-map", "1:a", "-c", "copy", clip
    )
    shown = numbers(studio.render([clip], [(0, 0.5, 2.0)], rate="25/1").film)
    assert shown == [0] * 13 + list(range(1, 25)) or shown == [0] * 12 + list(range(0, 25))


def test_sound_that_outlasts_the_picture_holds_the_last_frame(
    studio: Studio, tmp_path: Path
) -> None:
    clip = tmp_path / "long.mp4"
    ffmpeg(
        "-i", counter(tmp_path / "clip.mp4", seconds=1), "-f", "lavfi",
        "-i", "sine=440:duration=3", "-map", "0:v", "-map", "1:a", "-c:v", "copy", clip,
    )  # fmt: skip
    assert numbers(studio.render([clip], [(0, 0.8, 1.2), (0, 2.0, 2.2)]).film) == [
        *range(20, 25), *[24] * 10,
    ]  # fmt: skip
    assert numbers(studio.render([clip], [(0, 2.0, 2.2)]).film) == [24] * 5


def test_speed_drops_and_repeats_frames(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4")
    film = studio.render([clip], [(0, 0.0, 0.8, 2.0), (0, 0.8, 1.0, 0.5), (0, 1.0, 1.2)]).film
    shown = numbers(film)
    assert shown[:10] == list(range(0, 20, 2))
    assert shown[10:20] == [20, 20, 21, 21, 22, 22, 23, 23, 24, 24]
    assert shown[20:] == list(range(25, 30))


def test_a_change_of_size_in_the_stream_loses_no_frame(studio: Studio, tmp_path: Path) -> None:
    small = counter(tmp_path / "small.ts", seconds=1, extra=["-f", "mpegts"])
    large = counter(tmp_path / "large.ts", seconds=1, size="640x128", extra=["-f", "mpegts"])
    clip = tmp_path / "change.ts"
    clip.write_bytes(small.read_bytes() + large.read_bytes())
    rendered = studio.render([clip], [(0, 0.2, 1.8)])
    assert rendered.composed.frames == rendered.plan.time_map().frames


def test_another_shape_is_letterboxed_without_distortion(studio: Studio, tmp_path: Path) -> None:
    white = tmp_path / "white.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=white:size=100x100:rate=25:duration=1", white)
    film = studio.render([white], [(0, 0.0, 1.0)], size=(320, 180)).film
    frame = grey_frames(film, 320, 180)[5]
    assert frame[90, 160] > 200
    assert frame[90, 60] < 30 and frame[90, 260] < 30
    assert 176 <= int((frame[90] > 125).sum()) <= 184


def test_a_rotated_clip_stands_upright(studio: Studio, tmp_path: Path) -> None:
    flat = tmp_path / "flat.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x80:rate=25:duration=1",
        "-vf", "drawbox=0:0:40:80:white:fill", "-pix_fmt", "yuv420p", flat,
    )  # fmt: skip
    clip = tmp_path / "rotated.mp4"
    ffmpeg("-display_rotation", "-90", "-i", flat, "-c", "copy", clip)
    rendered = studio.render([clip], [(0, 0.0, 1.0)])
    assert (rendered.metadata.width, rendered.metadata.height) == (80, 160)
    frame = grey_frames(rendered.film, 80, 160)[5]
    assert frame[10, 40] > 200 and frame[150, 40] < 30


def test_hdr_is_tone_mapped_and_tagged(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "hdr.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:size=160x96:rate=25:duration=1", "-c:v", "libx265",
        "-x265-params",
        "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1",
        "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1", clip,
    )  # fmt: skip
    film = studio.render([clip], [(0, 0.0, 1.0)]).film
    assert 20 < grey_frames(film, 160, 96)[5].mean() < 235


def test_zoom_enlarges_only_its_own_frames(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "box.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=320x180:rate=25:duration=2",
        "-vf", "drawbox=140:70:40:40:white:fill", "-pix_fmt", "yuv420p", clip,
    )  # fmt: skip
    zoom = EditingDecision(
        start=source_time(1), end=source_time("1.4"), decision_id="zoom-001",
        decision_type="zoom", parameters={"scale": 1.5, "center_x": 0.5, "center_y": 0.5},
        rationale="closer", confidence=1.0, decided_by="rules",
    )  # fmt: skip
    film = studio.render([clip], [(0, 0.6, 1.8)], decisions=[zoom]).film
    widths = [int((frame[90] > 125).sum()) for frame in grey_frames(film, 320, 180)]
    assert {n for n, width in enumerate(widths) if width > 50} == set(range(10, 20))
    assert widths[12] == pytest.approx(60, abs=3)


def test_a_move_grows_smoothly_and_goes_back(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "box.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=320x180:rate=25:duration=3",
        "-vf", "drawbox=110:40:100:100:white:fill", "-pix_fmt", "yuv420p", clip,
    )  # fmt: skip
    move = EditingDecision(
        start=source_time("0.4"), end=source_time("2.4"), decision_id="zoom-001",
        decision_type="zoom", rationale="weight", confidence=1.0, decided_by="rules",
        parameters={
            "scale": 1.4, "center_x": 0.5, "center_y": 0.5, "ease_in": 1.0, "ease_out": 0.6,
        },
    )  # fmt: skip
    film = studio.render([clip], [(0, 0.0, 3.0)], decisions=[move]).film
    # Light on the middle row, in whole pixels: where an edge lies between two, a share of one.
    light = [frame[90].astype(float).clip(16) - 16 for frame in grey_frames(film, 320, 180)]
    sizes = np.array([row.sum() for row in light]) * 100 / light[0].sum()
    assert sizes[:10] == pytest.approx(100, abs=1.5)
    assert sizes[37:42] == pytest.approx(140, abs=2.5)
    assert sizes[62:] == pytest.approx(100, abs=1.5)
    steps = np.diff(sizes[10:35])
    assert (steps > -0.2).all() and steps.max() < 3.2, "it grows, and by no leap"


def test_broll_covers_exactly_its_range_and_sound_goes_on(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4")
    graphic, overlay = tmp_path / "full.mp4", tmp_path / "over.mov"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:size=320x64:rate=25:duration=0.4",
        "-pix_fmt", "yuv420p", graphic,
    )  # fmt: skip
    ffmpeg(
        "-f", "lavfi", "-i", "color=black@0:size=320x64:rate=25:duration=0.4,format=argb",
        "-vf", "drawbox=0:0:320:10:white@1:fill:replace=1", "-c:v", "qtrle", overlay,
    )  # fmt: skip
    assets = tuple(
        BRollAsset(
            start=film_time(str(start)), end=film_time(str(end)), opportunity_id="b",
            clip=studio.keep(path), placement=placement, content_type="chart",
            description="a chart", method="still",
        )
        for path, placement, start, end in (
            (graphic, "full_screen", 0.4, 0.8),
            (overlay, "overlay", 1.0, 1.4),
        )
    )  # fmt: skip
    rendered = studio.render([clip], [(0, 1.0, 3.0)], broll=BRollPackage(assets=assets))
    frames = grey_frames(rendered.film, 320, 64)
    grey = {n for n, f in enumerate(frames) if np.ptp(f[20:60].astype(int)) < 40 and f.mean() > 90}
    assert grey == set(range(10, 20))
    assert {n for n, f in enumerate(frames) if f[3].min() > 150} - grey == set(range(25, 35))
    assert numbers(rendered.film)[20:25] == list(range(45, 50))
    plain = studio.render([clip], [(0, 1.0, 3.0)], broll=BRollPackage(assets=assets),
                          method="plain_cuts")  # fmt: skip
    assert numbers(plain.film) == list(range(25, 75))
    assert plain.composed.method == "plain_cuts"


def test_a_fade_goes_through_black_at_the_cut(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "white.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=white:size=160x96:rate=25:duration=3", clip)
    fade = EditingDecision(
        start=source_time(2), end=source_time(2), decision_id="transition-001",
        decision_type="transition", parameters={"style": "fade", "duration": 0.4},
        rationale="a new chapter", confidence=1.0, decided_by="rules",
    )  # fmt: skip
    film = studio.render([clip], [(0, 0.0, 1.0), (0, 2.0, 3.0)], decisions=[fade]).film
    light = grey_frames(film, 160, 96).mean(axis=(1, 2))
    assert light[24] < 60 and light[19] > 200 and light[31] > 200
    assert len(light) == 50


def test_sound_alone_gets_a_card_with_its_waveform(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "talk.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=300:duration=2", clip)
    rendered = studio.render([clip], [(0, 0.2, 1.0)], size=(640, 360))
    frames = grey_frames(rendered.film, 640, 360)
    assert len(frames) == 20
    # The waveform is lighter than the card, and the card is not black.
    assert frames[15][180].max() > 120
    assert 15 < frames[15].mean() < 90


def test_reencode_keeps_everything(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=1)
    rendered = studio.render([clip], [(0, 0.2, 0.4)], method="reencode")
    assert numbers(rendered.film)[:25] == list(range(25))
    assert rendered.composed.method == "reencode"
