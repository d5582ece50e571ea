"""The analysis of pictures that few cameras make: a right result, or less with its reason."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.errors import InputError, UnavailableError
from ai_video_editor.media.frames import FramePass, frames_between
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import VideoSettings
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.analyzer import VideoAnalyzer
from ai_video_editor.video.face_detectors import YuNetFaces
from ai_video_editor.video.picture import Picture
from ai_video_editor.video.shake import ShakeMeter
from ai_video_editor.video.shots import Boundary, first_of_the_new
from tests.media.video.test_video_analyzer import ffmpeg, keeper, look


def made(path: Path, source: str, *more: str) -> Path:
    ffmpeg("-f", "lavfi", "-i", source, *more, "-pix_fmt", "yuv420p", str(path))
    return path


def test_one_frame_is_refused_and_two_are_one_shot(tmp_path: Path) -> None:
    film = made(tmp_path / "one.mp4", "testsrc2=size=160x90:rate=25", "-frames:v", "1")
    with pytest.raises(InputError, match="a single frame, not a film"):
        look([film], tmp_path)
    film = made(tmp_path / "two.mp4", "testsrc2=size=160x90:rate=25", "-frames:v", "2")
    analysis, highlights = look([film], tmp_path)
    assert len(analysis.shots) == 1 and analysis.frames_decoded == 2
    assert len(highlights) == 1


@pytest.mark.parametrize(("width", "height"), [(16, 16), (2160, 3840)])
def test_the_smallest_and_an_upright_4k_picture_are_seen(
    tmp_path: Path, width: int, height: int
) -> None:
    source = f"testsrc2=size={width}x{height}:rate=5:duration=0.8"
    film = made(tmp_path / "odd.mp4", source, "-preset", "ultrafast")
    analysis, highlights = look([film], tmp_path)
    assert len(analysis.shots) == 1 and analysis.quality
    assert {(one.width, one.height) for one in highlights} == {(width, height)}


def test_a_picture_that_changes_its_size_inside_is_seen_to_the_end(tmp_path: Path) -> None:
    parts = []
    for number, size in enumerate(("160x90", "320x180")):
        part = tmp_path / f"{number}.ts"
        parts.append(made(part, f"testsrc2=size={size}:rate=25:duration=1"))
    film = tmp_path / "joined.ts"
    film.write_bytes(b"".join(part.read_bytes() for part in parts))
    analysis, _ = look([film], tmp_path)
    assert analysis.shots and analysis.frames_decoded > 10
    assert all(one.end <= other.start for one, other in zip(
        analysis.shots, analysis.shots[1:], strict=False))  # fmt: skip


def test_damaged_frames_are_passed_over_and_counted(tmp_path: Path) -> None:
    film = made(tmp_path / "whole.mkv", "testsrc2=size=320x180:rate=25:duration=3", "-g", "12")
    data = bytearray(film.read_bytes())
    for place in range(len(data) // 3, len(data) // 3 + 6000, 40):
        data[place] ^= 0xFF
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(bytes(data))
    analysis, _ = look([broken], tmp_path)
    assert analysis.frames_decoded > 20 and analysis.frames_damaged > 0
    assert any(str(analysis.frames_damaged) in note and "damaged" in note
               for note in analysis.notes)  # fmt: skip


def test_a_face_model_that_is_no_model_is_named(tmp_path: Path) -> None:
    model = tmp_path / "faces.onnx"
    model.write_bytes(b"this is no network")
    with pytest.raises(UnavailableError, match=r"faces\.onnx is no YuNet ONNX file; leave out"):
        YuNetFaces(model)
    film = made(tmp_path / "film.mp4", "testsrc2=size=160x90:rate=25:duration=0.4")
    with pytest.raises(UnavailableError):
        VideoAnalyzer(VideoSettings(face_model=model)).analyze_video(
            [(probe(film, "0" * 64), film)], keep=keeper(tmp_path / "store"), scratch=tmp_path
        )


def test_frames_that_nobody_needs_are_left_out_but_not_around_a_cut(tmp_path: Path) -> None:
    film = tmp_path / "cut.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=25", "-f", "lavfi", "-i",
        "testsrc2=size=320x180:rate=25", "-filter_complex",
        "[0]trim=duration=6.04,format=yuv420p[a];[1]trim=duration=4,format=yuv420p[b];"
        "[a][b]concat=n=2:v=1", "-bf", "3", str(film),
    )  # fmt: skip
    file = probe(film, "0" * 64)
    frames = list(FramePass(file, film, height=90, sparing=True).frames())
    every = list(FramePass(file, film, height=90).frames())
    assert len(frames) < 0.9 * len(every)
    assert any(frame.left_out for frame in frames)
    assert {frame.time for frame in frames} <= {frame.time for frame in every}
    analysis, _ = look([film], tmp_path)
    assert [float(shot.start) for shot in analysis.shots] == [0.0, pytest.approx(6.04, abs=0.001)]


def test_a_cut_among_frames_left_out_is_moved_to_its_own_frame(tmp_path: Path) -> None:
    film = tmp_path / "two.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=red:size=160x90:rate=25", "-f", "lavfi", "-i",
        "color=blue:size=160x90:rate=25", "-filter_complex",
        "[0]trim=duration=1,format=yuv420p[a];[1]trim=duration=1,format=yuv420p[b];"
        "[a][b]concat=n=2:v=1", str(film),
    )  # fmt: skip
    before, after = SourceTime(Fraction(23, 25)), SourceTime(Fraction(27, 25))
    between = frames_between(probe(film, "0" * 64), film, before, after, height=90)
    assert [frame.time for frame in between] == [Fraction(n, 25) for n in range(23, 28)]
    pictures = [Picture(frame.time, frame.image) for frame in between]
    late = Boundary(after, "cut", 0.9, since=before)
    assert first_of_the_new(late, pictures).time == 1
    assert first_of_the_new(late, []) == late


def test_a_jumping_camera_shakes_and_a_steady_pan_does_not(tmp_path: Path) -> None:
    shaken = {}
    for name, x in (("pan", "20+40*t"), ("jump", "60+5*sin(37*t)*cos(91*t)")):
        film = made(
            tmp_path / f"{name}.mp4", "mandelbrot=size=480x270:rate=25:start_scale=1",
            "-vf", f"select=eq(n\\,0),loop=50:1:0,setpts=N/25/TB,crop=320:180:'{x}':40", "-t", "2",
        )  # fmt: skip
        meter = ShakeMeter()
        for frame in FramePass(probe(film, "0" * 64), film, height=90).frames():
            meter.see(Picture(frame.time, frame.image))
        shaken[name] = meter.between(SourceTime(Fraction(0)), SourceTime(Fraction(2)))
    assert shaken["jump"] > 2 * shaken["pan"]
