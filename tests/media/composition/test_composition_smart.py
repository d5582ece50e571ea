from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from ai_video_editor.composition.composer import Render
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.smart.encoding import encode_piece
from ai_video_editor.composition.smart.piece import piece_from
from ai_video_editor.composition.smart.planning import RenderPlan, smart_plan
from ai_video_editor.composition.timeline import Section
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import DecisionType, EditingDecision
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.media.probe import probe
from ai_video_editor.timebase import FrameRate, film_time, source_time
from ai_video_editor.verification.verifier import verify
from tests.film_studio import (
    HD_TAGS,
    KeptRange,
    Rendered,
    Studio,
    camera,
    counter,
    ffmpeg,
    grey_frames,
    numbers,
    sound,
)

CUTS: list[KeptRange] = [(0, 0.4, 3.2), (0, 4.0, 4.04), (0, 5.0, 7.92), (0, 8.0, 11.6)]
"""Inside GOPs, a single frame on a key frame, and from a key frame on (one every 2 s)."""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def expected(rendered: Rendered) -> list[int]:
    return [
        n for p in rendered.plan.time_map().pieces
        for n in range(p.source_frame, p.source_frame + p.frames)
    ]  # fmt: skip


def decoded_cleanly(film: Path) -> int:
    """Frames that PyAV decodes; neither it nor ffmpeg has anything to say."""
    command = [
        ffmpeg_path(), "-v", "warning", "-nostdin", "-err_detect", "explode", "-xerror",
        "-i", str(film), "-map", "0", "-f", "null", "-",
    ]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, timeout=120).stderr
    assert said == b""
    with av.open(str(film)) as source:
        stamps = [frame.pts for frame in source.decode(source.streams.video[0])]
    assert stamps[0] == 0
    assert len({(b or 0) - (a or 0) for a, b in pairwise(stamps)}) <= 1
    return len(stamps)


def smart(rendered: Rendered) -> Rendered:
    """The film was rendered smart, whole, and passes every check."""
    assert rendered.composed.method == "smart", rendered.composed.notes
    assert decoded_cleanly(rendered.film) == rendered.composed.frames
    verification = verify(rendered.film, rendered.plan, rendered.composed, files=rendered.files)
    assert verification.passed, [c for c in verification.checks if c.state == "failed"]
    return rendered


def reason(rendered: Rendered) -> str:
    assert rendered.composed.method == "full"
    return next(note for note in rendered.composed.notes if note.startswith("Rendered in full"))


CODINGS = {
    "plain": ["-g", "50"],
    "one-second GOPs": ["-g", "25"],
    "no B-frames": ["-g", "50", "-bf", "0"],
    "one B-frame": ["-g", "50", "-bf", "1"],
    "a pyramid of B-frames": ["-g", "50", "-bf", "8", "-x264-params", "b-pyramid=normal:b-adapt=0"],
    "open and closed GOPs": ["-g", "20", "-x264-params", "open-gop=1:scenecut=0",
                             "-forced-idr", "1", "-force_key_frames", "2,4,8"],
    "every frame a key frame": ["-g", "1"],
    "parameter sets in the stream": ["-g", "50", "-x264-params", "repeat-headers=1:aud=1"],
    "several slices": ["-g", "50", "-x264-params", "slices=4"],
}  # fmt: skip


@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS.keys())
def test_every_frame_is_there_once(studio: Studio, tmp_path: Path, coding: Sequence[str]) -> None:
    clip = camera(tmp_path / "clip.mp4", extra=coding)
    rendered = smart(studio.render([clip], CUTS, render="smart"))
    assert numbers(rendered.film) == expected(rendered)


@pytest.mark.parametrize("rate", ["30000/1001", "24000/1001", "60"])
def test_every_frame_is_there_at_other_rates(studio: Studio, tmp_path: Path, rate: str) -> None:
    clip = camera(tmp_path / "clip.mp4", rate=rate, seconds=10)
    rendered = smart(studio.render([clip], [(0, 0.37, 4.9), (0, 5.3, 9.71)], render="smart"))
    assert numbers(rendered.film) == expected(rendered)


def test_every_frame_is_there_over_many_cuts(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=40, extra=["-g", "12"])
    kept: list[KeptRange] = [(0, n * 0.8, n * 0.8 + 0.64 + n % 4 * 0.04) for n in range(49)]
    rendered = smart(studio.render([clip], kept, render="smart"))
    assert numbers(rendered.film) == expected(rendered)


def test_a_matroska_recording_is_copied_too(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mkv", rate="30000/1001")
    rendered = smart(studio.render([clip], CUTS, render="smart"))
    assert numbers(rendered.film) == expected(rendered)


def test_a_picture_that_begins_after_the_sound_is_copied_in_its_place(
    studio: Studio, tmp_path: Path
) -> None:
    base, clip = camera(tmp_path / "base.mp4"), tmp_path / "late.mkv"
    ffmpeg(
        "-itsoffset", "1", "-i", base, "-i", base, "-map", "0:v", "-map", "1:a", "-c", "copy", clip
    )
    kept: list[KeptRange] = [(0, 0.4, 3.2), (0, 4.0, 8.4)]
    copied = studio.render([clip], kept, render="smart")
    assert copied.composed.method == "smart"
    assert numbers(copied.film) == numbers(studio.render([clip], kept, render="full").film)


def test_where_the_rate_varies_only_the_even_part_is_copied(studio: Studio, tmp_path: Path) -> None:
    full, clip = camera(tmp_path / "full.mp4"), tmp_path / "vfr.mp4"
    ffmpeg(
        "-i", full, "-vf", "select='if(lt(t,6),1,not(mod(n,5)))'", "-fps_mode", "vfr",
        "-c:v", "libx264", "-crf", "8", "-g", "50", *HD_TAGS, "-c:a", "copy", clip,
    )  # fmt: skip
    kept: list[KeptRange] = [(0, 1.0, 7.0), (0, 8.0, 9.0)]
    copied = studio.render([clip], kept, rate="25/1", render="smart")
    assert numbers(copied.film) == [
        *range(25, 150), *(n // 5 * 5 for n in range(150, 175)),
        *(n // 5 * 5 for n in range(200, 225)),
    ]  # fmt: skip


def test_inputs_that_alternate_and_run_backwards_keep_their_order(
    studio: Studio, tmp_path: Path
) -> None:
    one = camera(tmp_path / "one.mp4", extra=["-g", "25", "-bf", "0"])
    two = camera(tmp_path / "two.mkv", extra=["-g", "25", "-x264-params", "ref=4:slices=2"])
    kept = [(0, 6.0, 9.4), (1, 1.4, 4.8), (0, 0.4, 3.8), (1, 1.6, 5.0), (0, 1.2, 5.6)]
    rendered = smart(studio.render([one, two], kept, render="smart"))
    assert numbers(rendered.film) == expected(rendered)


def test_an_input_that_cannot_be_copied_stands_among_those_that_can(
    studio: Studio, tmp_path: Path
) -> None:
    one = camera(tmp_path / "one.mp4")
    other = counter(tmp_path / "other.mp4", rate="50", size="160x32")
    kept = [(0, 0.4, 6.0), (1, 0.4, 0.8), (0, 6.0, 11.6)]
    rendered = smart(studio.render([one, other], kept, render="smart"))
    assert numbers(rendered.film) == [*range(10, 150), *range(20, 40, 2), *range(150, 290)]


def test_untouched_frames_are_those_of_a_full_render(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=25:end_scale=0.1,gblur=9", "-t", "8",
        "-c:v", "libx264", "-crf", "14", "-pix_fmt", "yuv420p", "-g", "50", *HD_TAGS, clip,
    )  # fmt: skip
    kept: list[KeptRange] = [(0, 0.4, 3.2), (0, 4.4, 7.6)]
    copied = smart(studio.render([clip], kept, render="smart", quality="ultra"))
    full = studio.render([clip], kept, render="full", quality="ultra")
    one, other = (grey_frames(r.film, 320, 180).astype(int) for r in (copied, full))
    assert np.abs(one - other).mean(axis=(1, 2)).max() <= 1.0
    source = grey_frames(clip, 320, 180).astype(int)
    # From the key frame on, almost to the cut, not a bit was changed.
    assert (one[40:68] == source[50:78]).all()


def decision(
    kind: DecisionType, start: str, end: str, **parameters: str | float
) -> EditingDecision:
    return EditingDecision(
        start=source_time(start), end=source_time(end), decision_id=f"{kind}-1",
        decision_type=kind, parameters=parameters, rationale="", confidence=1.0,
        decided_by="rules",
    )  # fmt: skip


def test_what_is_drawn_is_drawn_as_in_a_full_render(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=14, size="320x180")
    over = tmp_path / "over.mov"
    ffmpeg(
        "-f", "lavfi", "-i", "color=white@0.0:size=320x180:rate=25:duration=1,format=argb",
        "-vf", "drawbox=20:20:80:60:red:fill:replace=1", "-c:v", "qtrle", over,
    )  # fmt: skip
    asset = BRollAsset(
        start=film_time("7.0"), end=film_time("8.0"), opportunity_id="b1", clip=studio.keep(over),
        placement="overlay", content_type="graphic", description="", method="still",
    )  # fmt: skip
    decisions = [
        decision("zoom", "1.0", "1.8", scale=1.4, ease_in=0.4, ease_out=0.2),
        decision("transition", "5.0", "5.2", style="fade", duration=0.4),
    ]
    kept: list[KeptRange] = [(0, 0.4, 4.0), (0, 5.0, 13.6)]
    renders: tuple[Render, ...] = ("smart", "full")
    both = [
        studio.render(
            [clip],
            kept,
            render=render,
            decisions=decisions,
            broll=BRollPackage(assets=(asset,)),
            quality="ultra",
        )
        for render in renders
    ]
    smart(both[0])
    one, other = (grey_frames(r.film, 320, 180).astype(int) for r in both)
    assert np.abs(one - other).mean(axis=(1, 2)).max() <= 1.0


def test_speed_is_encoded_and_the_rest_copied(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4")
    rendered = smart(
        studio.render([clip], [(0, 0.0, 4.0), (0, 4.0, 5.6, 2.0), (0, 6.0, 11.0)], render="smart")
    )
    assert numbers(rendered.film) == [*range(100), *range(100, 140, 2), *range(150, 275)]


def test_sound_stays_in_step_from_start_to_end(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "beep.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x96:rate=30000/1001:duration=42",
        "-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,1.001),0.03),0.5*sin(2*PI*1000*t),0)'"
        ":s=48000:d=42",
        "-vf", "drawbox=color=white:t=fill:enable='eq(mod(n,30),0)'", "-c:v", "libx264",
        "-pix_fmt", "yuv420p", "-g", "15", *HD_TAGS, "-c:a", "aac", clip,
    )  # fmt: skip
    kept: list[KeptRange] = [(0, 2 * n + 0.5 + n % 3 * 0.1, 2 * n + 2.2) for n in range(20)]
    film = smart(studio.render([clip], kept, render="smart")).film
    bright = grey_frames(film, 16, 16).mean(axis=(1, 2)) > 128
    flashes = np.flatnonzero(bright[1:] & ~bright[:-1]) + 1
    loud = np.flatnonzero(np.abs(sound(film)[:, 0]) > 0.05) / 48000
    assert len(flashes) >= 20
    for flash in flashes * 1001 / 30000:
        assert np.abs(loud - flash).min() < 0.002


def test_open_gops_are_rendered_in_full_and_said_so(studio: Studio, tmp_path: Path) -> None:
    coding = ["-g", "25", "-bf", "8", "-x264-params", "open-gop=1:scenecut=0"]
    clip = camera(tmp_path / "clip.mp4", extra=coding)
    rendered = studio.render([clip], [(0, 1.4, 3.2)], render="smart")
    assert "open GOPs" in reason(rendered)
    assert numbers(rendered.film) == list(range(35, 80))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1"], "hevc"),
        (["-c:v", "libx264", "-profile:v", "main"], "profile is Main"),
        (["-c:v", "libx264", "-r", "50"], "frame rate"),
        (["-c:v", "libx264", "-colorspace", "smpte170m"], "colours"),
        (["-c:v", "libx264", "-g", "1000"], "frames apart"),
    ],
)
def test_the_reason_for_a_full_render_is_named(
    studio: Studio, tmp_path: Path, extra: list[str], said: str
) -> None:
    base, clip = camera(tmp_path / "base.mp4", seconds=4), tmp_path / "clip.mp4"
    ffmpeg("-i", base, "-preset", "veryfast", *HD_TAGS, *extra, "-c:a", "copy", clip)
    rendered = studio.render([clip], [(0, 0.4, 3.6)], rate="25/1", render="smart")
    assert said in reason(rendered)


def test_another_size_and_a_turned_picture_are_rendered_in_full(
    studio: Studio, tmp_path: Path
) -> None:
    clip, turned = camera(tmp_path / "clip.mp4", seconds=4), tmp_path / "turned.mp4"
    ffmpeg("-display_rotation", "-90", "-i", clip, "-c", "copy", turned)
    assert "size" in reason(studio.render([clip], [(0, 0, 4)], size=(160, 32), render="smart"))
    assert "turned" in reason(studio.render([turned], [(0, 0, 4)], render="smart"))


def test_few_frames_to_copy_are_not_worth_it(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", extra=["-g", "100"])
    said = reason(studio.render([clip], [(0, 0.2, 4.3), (0, 4.6, 7.9)], render="smart"))
    assert "only 7 of 186 frames" in said


def test_a_film_that_is_all_graphics_is_rendered_in_full(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=4)
    zoom = decision("zoom", "0.0", "4.0", scale=1.2)
    said = reason(studio.render([clip], [(0, 0.0, 4.0)], decisions=[zoom], render="smart"))
    assert "every frame" in said


def test_a_smart_render_that_fails_becomes_a_full_one(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MediaError("the recording is odd")

    monkeypatch.setattr("ai_video_editor.composition.smart.render.played_frames", broken)
    clip = camera(tmp_path / "clip.mp4", seconds=4)
    rendered = studio.render([clip], [(0, 0.4, 3.6)], render="smart")
    assert "the recording is odd" in reason(rendered)
    assert numbers(rendered.film) == list(range(10, 90))


def test_a_damaged_recording_is_not_copied(studio: Studio, tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4")
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as source:
        packets = [p for p in source.demux(source.streams.video[0]) if p.size]
    place = packets[170].pos
    assert place is not None
    data[place + 20 : place + 60] = bytes(range(40))
    clip.write_bytes(data)
    rendered = studio.render([clip], CUTS, render="smart")
    assert "does not decode" in reason(rendered)
    assert rendered.composed.frames == len(expected(rendered))


def test_a_piece_is_made_from_its_value_alone_and_of_its_inputs_only(tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=6)
    file = probe(clip, hash_file(clip))
    shape = FilmShape(Canvas(320, 64), FrameRate(25), 120)
    sections = [Section(0, Fraction(20), 0, 60), Section(0, Fraction(85), 60, 60)]
    plan = smart_plan(sections, [(file, clip)], Graphics(), shape, quality="low", longest=40)
    assert isinstance(plan, RenderPlan) and len(plan.pieces) > 1

    def made(number: int, files: list[tuple[VideoFile, Path]]) -> Path:
        return encode_piece(
            piece_from(json.loads(json.dumps(plan.pieces[number].payload()))),
            files,
            lambda ref: tmp_path,
            parallel=True,
            scratch=tmp_path / f"piece{number}",
            timeout=60,
        )

    shown = [n for number in range(len(plan.pieces)) for n in numbers(made(number, [(file, clip)]))]
    encoded = [n for group in plan.groups for run in group for n in range(run.film, run.end)]
    frames = [*range(20, 80), *range(85, 145)]
    assert shown == [frames[n] for n in encoded]
    other = file.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(MediaError, match="not those"):
        made(0, [(other, clip)])
