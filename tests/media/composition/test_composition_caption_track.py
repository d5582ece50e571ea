from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.composition.caption_track import caption_track, switch_off_captions
from ai_video_editor.composition.captions import srt
from ai_video_editor.composition.composer import Render
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.outputs import Caption
from ai_video_editor.language.codes import three_letters
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.timebase import film_time, source_time
from ai_video_editor.verification.measurement import measured as measure_film
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Studio, camera, ffmpeg, numbers

SAID = [
    ("Hello", 0.4), ("there", 0.8), ("<b>and", 1.2), ("{\\an8}welcome.", 1.6),
    ("Money", 5.0), ("grows", 5.4), ("für", 5.8), ("日本.", 6.2),
]  # fmt: skip


def heard() -> AudioAnalysis:
    words = tuple(
        Word(text=text, start=source_time(at), end=source_time(at + 0.3), confidence=0.9)
        for text, at in SAID
    )
    return AudioAnalysis(engine="imported", language="de", quality=0.9, words=words)


def streams(film: Path) -> list[str]:
    done = subprocess.run(
        [ffmpeg_path(), "-hide_banner", "-i", str(film)], capture_output=True, check=False
    )
    text = done.stderr.decode("utf-8", "replace")
    return [line.strip() for line in text.splitlines() if "Stream #" in line]


@pytest.mark.parametrize("render", ["smart", "full"])
def test_the_film_carries_its_captions_switched_off_and_stays_exact(
    tmp_path: Path, render: Render
) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=12)
    rendered = Studio(tmp_path).render(
        [clip], [(0, 0.2, 2.8), (0, 4.6, 11.8)], audio=heard(), render=render
    )
    assert rendered.composed.method == render
    assert numbers(rendered.film) == [*range(5, 70), *range(115, 295)]
    found = streams(rendered.film)
    assert len(found) == 3
    assert "(deu): Subtitle: mov_text" in found[2]
    assert "(default)" not in found[2]
    captions = tmp_path / "captions.srt"
    captions.write_text(srt(rendered.composed.captions), encoding="utf-8")
    lines = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files, captions=captions
    ).checks
    assert [(c.name, c.reason) for c in lines if c.state == "failed"] == []
    measured = {check.name: check.measured for check in lines}
    assert measured["caption_track"] == len(rendered.composed.captions) >= 2
    assert float(str(measured["caption_track_times"])) < 0.001
    assert measured["caption_track_text"] == 0
    # A copy of the film, as other programs make one, has them at the same times.
    copy = tmp_path / "copy.mp4"
    ffmpeg("-i", rendered.film, "-map", "0", "-c", "copy", "-use_editlist", "0",
           "-movflags", "+faststart+negative_cts_offsets", copy)  # fmt: skip
    assert measure_film(copy, timeout=60).cues == measure_film(rendered.film, timeout=60).cues
    assert (measured["start"], measured["edit_list"], measured["moov_first"]) == (0, 0, "moov")


def test_markup_in_foreign_text_is_only_text(tmp_path: Path) -> None:
    text = "{\\an8}<font color=red>Hello</font> --> ü日本"
    captions = [Caption(start=film_time("0.5"), end=film_time("1.5"), lines=(text, "two"))]
    track = caption_track(captions, "en", Fraction(3), tmp_path / "captions.mp4")
    assert track is not None
    raw = subprocess.run(
        [ffmpeg_path(), "-v", "error", "-i", str(track.path), "-map", "0:s:0", "-c", "copy",
         "-f", "data", "-"], capture_output=True, check=True,
    ).stdout  # fmt: skip
    wanted = f"{text}\ntwo".encode()
    assert raw == b"\0\0" + len(wanted).to_bytes(2, "big") + wanted


def test_a_film_without_words_has_no_captions_track(tmp_path: Path) -> None:
    assert caption_track([], "en", Fraction(3), tmp_path / "captions.mp4") is None
    clip = camera(tmp_path / "clip.mp4", seconds=3)
    rendered = Studio(tmp_path).render([clip], [(0, 0.0, 1.2)])
    assert len(streams(rendered.film)) == 2


def test_switching_off_changes_nothing_else(tmp_path: Path) -> None:
    captions = [Caption(start=film_time("0.5"), end=film_time("1.5"), lines=("Hello.",))]
    track = caption_track(captions, "en", Fraction(3), tmp_path / "captions.mp4")
    assert track is not None
    before = track.path.read_bytes()
    assert "(default)" in streams(track.path)[0]
    switch_off_captions(track.path)
    after = track.path.read_bytes()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert "(default)" not in streams(track.path)[0]


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "eng"), ("de-AT", "deu"), ("haw", "haw"), ("", "und"), ("??", "und")]
)
def test_languages_are_tagged_as_mp4_files_hold_them(tag: str, code: str) -> None:
    assert three_letters(tag) == code
