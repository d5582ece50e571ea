from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ai_video_editor.composition.caption_track import caption_track, switch_off_captions
from ai_video_editor.composition.captions import srt
from ai_video_editor.context.outputs import Caption, FilmChapter, MetadataPackage, Verification
from ai_video_editor.timebase import film_time
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Rendered, Studio, counter, ffmpeg

KEPT = [(0, 0.4, 1.6), (0, 2.0, 2.8), (0, 3.2, 4.0)]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("film")
    clip = counter(folder / "clip.mp4", seconds=4)
    return Studio(folder).render([clip], KEPT)


def failed(verification: Verification) -> set[str]:
    return {check.name for check in verification.checks if check.state == "failed"}


def verified(rendered: Rendered, film: Path | None = None) -> Verification:
    return verify(film or rendered.film, rendered.plan, rendered.composed, files=rendered.files)


def spoiled(rendered: Rendered, target: Path, *arguments: str) -> Path:
    ffmpeg(
        "-i", rendered.film, *arguments, "-use_editlist", "0",
        "-movflags", "+faststart+negative_cts_offsets", target,
    )  # fmt: skip
    return target


def test_a_good_film_passes_every_line(rendered: Rendered) -> None:
    verification = verified(rendered)
    assert verification.passed, failed(verification)
    names = {check.name for check in verification.checks if check.state == "passed"}
    assert names >= {
        "frames", "frame_times", "duration", "start", "av_offset", "av_end", "edit_list",
        "playable", "moov_first", "format", "picture_size", "loudness", "true_peak", "black",
        "frozen", "silent",
    }  # fmt: skip


def test_dropped_frames_are_found(rendered: Rendered, tmp_path: Path) -> None:
    film = spoiled(
        rendered, tmp_path / "film.mp4", "-vf", "select='not(between(n,20,22))'",
        "-fps_mode", "passthrough", "-c:a", "copy",
    )  # fmt: skip
    assert {"frames", "frame_times"} <= failed(verified(rendered, film))


def test_shifted_sound_is_found(rendered: Rendered, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-i", rendered.film, "-itsoffset", "0.1", "-i", rendered.film, "-map", "0:v",
        "-map", "1:a", "-c", "copy", film,
    )  # fmt: skip
    assert {"av_offset", "av_end", "edit_list"} <= failed(verified(rendered, film))


def test_sound_that_stops_early_is_found(rendered: Rendered, tmp_path: Path) -> None:
    film = spoiled(rendered, tmp_path / "film.mp4", "-c:v", "copy", "-af", "atrim=end=1.5")
    assert "av_end" in failed(verified(rendered, film))


def test_a_missing_sound_track_is_found(rendered: Rendered, tmp_path: Path) -> None:
    film = spoiled(rendered, tmp_path / "film.mp4", "-c", "copy", "-an")
    assert {"av_offset", "format"} <= failed(verified(rendered, film))


def test_wrong_loudness_is_found(rendered: Rendered, tmp_path: Path) -> None:
    quiet = spoiled(rendered, tmp_path / "quiet.mp4", "-c:v", "copy", "-af", "volume=-4dB")
    assert "loudness" in failed(verified(rendered, quiet))
    loud = spoiled(rendered, tmp_path / "loud.mp4", "-c:v", "copy", "-af", "volume=24dB")
    assert {"loudness", "true_peak"} <= failed(verified(rendered, loud))


def test_black_that_the_recording_does_not_have_is_found(
    rendered: Rendered, tmp_path: Path
) -> None:
    film = spoiled(
        rendered, tmp_path / "film.mp4", "-c:a", "copy",
        "-vf", "drawbox=t=fill:color=black:enable='between(n,20,45)'",
    )  # fmt: skip
    assert "black" in failed(verified(rendered, film))


def test_a_frozen_picture_that_the_recording_does_not_have_is_found(
    rendered: Rendered, tmp_path: Path
) -> None:
    film = spoiled(
        rendered, tmp_path / "film.mp4", "-c:a", "copy",
        "-vf", "loop=loop=64:size=1:start=5,trim=end_frame=70,setpts=N/(25*TB)",
    )  # fmt: skip
    assert "frozen" in failed(verified(rendered, film))


def test_silence_that_the_recording_does_not_have_is_found(
    rendered: Rendered, tmp_path: Path
) -> None:
    film = spoiled(
        rendered, tmp_path / "film.mp4", "-c:v", "copy",
        "-af", "volume=0:enable='between(t,0.3,2.7)'",
    )  # fmt: skip
    assert "silent" in failed(verified(rendered, film))


def test_what_was_black_still_and_silent_may_stay_so(tmp_path: Path) -> None:
    clip = tmp_path / "black.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x96:rate=25:duration=6", "-f", "lavfi",
        "-i", "aevalsrc='if(gt(t,4.5),0.2*sin(2*PI*300*t),0)':s=48000:d=6", clip,
    )  # fmt: skip
    rendered = Studio(tmp_path).render([clip], [(0, 0.0, 2.8), (0, 3.2, 6.0)])
    verification = verified(rendered)
    assert verification.passed, failed(verification)
    without = verify(rendered.film, rendered.plan, rendered.composed)
    states = {check.name: check.state for check in without.checks}
    assert states["black"] == "skipped"


def test_a_damaged_film_is_found(rendered: Rendered, tmp_path: Path) -> None:
    data = bytearray(rendered.film.read_bytes())
    middle = data.index(b"mdat") + 3000
    data[middle : middle + 4000] = bytes(4000)
    film = tmp_path / "film.mp4"
    film.write_bytes(data)
    assert "playable" in failed(verified(rendered, film))
    film.write_bytes(b"no film at all")
    assert failed(verified(rendered, film)) == {"playable"}


def test_a_header_at_the_end_is_found(rendered: Rendered, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-i", rendered.film, "-c", "copy", "-use_editlist", "0",
        "-movflags", "negative_cts_offsets", film,
    )  # fmt: skip
    assert failed(verified(rendered, film)) == {"moov_first"}


def test_another_plan_is_found(rendered: Rendered) -> None:
    longer = rendered.plan.model_copy(update={"kept": (*rendered.plan.kept, rendered.plan.kept[1])})
    verification = verify(rendered.film, longer, rendered.composed, files=rendered.files)
    assert {"frames", "duration"} <= failed(verification)


def captions(*blocks: tuple[str, str, tuple[str, ...]]) -> str:
    return srt(
        Caption(start=film_time(start), end=film_time(end), lines=lines)
        for start, end, lines in blocks
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (captions(("0", "2.4", ("x" * 43,))), "caption_layout"),
        (captions(("0", "1.4", ("a", "b", "c"))), "caption_layout"),
        (captions(("0", "1", ("x" * 40,))), "caption_speed"),
        (captions(("0", "0.5", ("short",))), "caption_time"),
        (captions(("0", "1.2", ("a",)), ("1", "2.2", ("b",))), "caption_gaps"),
        (captions(("0", "1", ("a",)), ("1.04", "2.2", ("b",))), "caption_gaps"),
        (captions(("1", "4", ("a",))), "caption_end"),
        ("no captions", "captions"),
    ],
)
def test_captions_that_break_a_rule_are_found(
    rendered: Rendered, tmp_path: Path, text: str, line: str
) -> None:
    file = tmp_path / "captions.srt"
    file.write_text(text, encoding="utf-8")
    found = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files, captions=file
    )
    # The film itself has no captions, which is said as well.
    assert failed(found) - {"caption_track"} == {line}


def test_good_captions_pass(rendered: Rendered, tmp_path: Path) -> None:
    file = tmp_path / "captions.srt"
    file.write_text(captions(("0", "1.2", ("One line.",)), ("1.28", "2.6", ("Two", "lines."))))
    track = caption_track(
        [
            Caption(start=film_time("0"), end=film_time("1.2"), lines=("One line.",)),
            Caption(start=film_time("1.28"), end=film_time("2.6"), lines=("Two", "lines.")),
        ],
        "en", rendered.composed.duration, tmp_path / "track.mp4",
    )  # fmt: skip
    assert track is not None
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-i", rendered.film, "-i", track.path, "-map", "0", "-map", "1", "-c", "copy",
        "-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets", film,
    )  # fmt: skip
    switched_on = verify(film, rendered.plan, rendered.composed, files=rendered.files,
                         captions=file)  # fmt: skip
    assert failed(switched_on) == {"caption_track_off"}
    switch_off_captions(film)
    found = verify(film, rendered.plan, rendered.composed, files=rendered.files, captions=file)
    assert found.passed, failed(found)


def test_a_missing_captions_track_is_found(rendered: Rendered, tmp_path: Path) -> None:
    file = tmp_path / "captions.srt"
    file.write_text(captions(("0", "1.2", ("One line.",))))
    found = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files, captions=file
    )
    assert failed(found) == {"caption_track"}


def test_thumbnails_are_opened_and_measured(rendered: Rendered, tmp_path: Path) -> None:
    good, small, text = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    Image.new("RGB", (1280, 720), "red").save(good)
    Image.new("RGB", (640, 360), "red").save(small)
    text.write_text("no picture")
    found = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files,
        thumbnails=[("emotional", good), ("curiosity", small), ("authority", text)],
    )  # fmt: skip
    assert failed(found) == {"thumbnail curiosity", "thumbnail authority"}


def test_metadata_beyond_the_limits_is_found(rendered: Rendered) -> None:
    package = MetadataPackage(
        titles=("x" * 101,), descriptions=("é" * 2501,), tags=("y" * 501,),
        chapters=(FilmChapter(start=film_time(1), title="One"),),
    )  # fmt: skip
    found = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files, metadata=package
    )
    assert failed(found) == {
        "metadata_titles", "metadata_descriptions", "metadata_tags", "metadata_chapters",
    }  # fmt: skip
