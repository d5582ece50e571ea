from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.errors import InputError
from ai_video_editor.timebase import source_time
from tests.film_studio import Studio, counter, ffmpeg, grey_frames, sound


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def speech(seconds: int) -> AudioAnalysis:
    span = SourceSpan(start=source_time(0), end=source_time(seconds))
    return AudioAnalysis(engine="none", language="und", quality=0.0, speech=(span,))


def flash_and_beep(target: Path, seconds: int) -> Path:
    ffmpeg(
        "-f", "lavfi", "-i", f"color=black:size=160x96:rate=30:duration={seconds}",
        "-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,1),0.03),0.5*sin(2*PI*1000*t),0)':s=48000"
        f":d={seconds}",
        "-vf", "drawbox=color=white:t=fill:enable='eq(mod(n,30),0)'", "-c:v", "libx264",
        "-pix_fmt", "yuv420p", "-c:a", "aac", target,
    )  # fmt: skip
    return target


def test_after_twenty_cuts_sound_is_still_in_step(studio: Studio, tmp_path: Path) -> None:
    clip = flash_and_beep(tmp_path / "beep.mp4", 22)
    kept = [(0, n + 0.5 + n % 3 * 0.1, n + 1.2 + n % 5 * 0.05) for n in range(20)]
    film = studio.render([clip], kept).film
    bright = grey_frames(film, 16, 16).mean(axis=(1, 2)) > 128
    flashes = np.flatnonzero(bright[1:] & ~bright[:-1]) + 1
    loud = np.flatnonzero(np.abs(sound(film)[:, 0]) > 0.05) / 48000
    assert len(flashes) >= 20
    for flash in flashes / 30:
        assert np.abs(loud - flash).min() < 0.002


def test_sound_ends_with_the_picture(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", rate="30000/1001")
    rendered = studio.render([clip], [(0, 0.3, 1.1), (0, 1.5, 2.2)])
    assert abs(len(sound(rendered.film)) / 48000 - rendered.composed.duration) < 1024 / 48000


def test_every_edge_is_faded_and_nothing_else(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4")
    level = np.abs(sound(studio.render([clip], [(0, 0.4, 0.8), (0, 2.0, 2.4)]).film)[:, 0])

    def around(seconds: float, width: float) -> float:
        middle = round(seconds * 48000)
        half = round(width * 24000)
        return float(level[middle - half : middle + half].max())

    assert around(0.4, 0.002) < 0.2 * around(0.2, 0.02)
    assert around(0.36, 0.01) > 0.8 * around(0.2, 0.02)
    together = np.abs(sound(studio.render([clip], [(0, 0.4, 0.8), (0, 0.8, 1.2)]).film)[:, 0])
    assert together[19200 - 200 : 19200 + 200].max() > 0.8 * together.max()


def test_late_sound_stays_late(studio: Studio, tmp_path: Path) -> None:
    base, clip = flash_and_beep(tmp_path / "base.mp4", 3), tmp_path / "late.mp4"
    ffmpeg(
        "-i", base, "-itsoffset", "0.5", "-i", base, "-map", "0:v", "-map", "1:a", "-c", "copy",
        clip,
    )  # fmt: skip
    loud = np.flatnonzero(np.abs(sound(studio.render([clip], [(0, 0.2, 2.2)]).film)[:, 0]) > 0.05)
    assert loud[0] / 48000 == pytest.approx(0.3, abs=0.03)


def test_quiet_speech_reaches_the_target_and_no_peak_gets_through(
    studio: Studio, tmp_path: Path
) -> None:
    clip = tmp_path / "quiet.wav"
    ffmpeg(
        "-f", "lavfi", "-i", "aevalsrc='0.03*sin(2*PI*300*t)+if(lt(mod(t,0.7),0.005),"
        "0.5*sin(2*PI*1500*t),0)':s=48000:d=3", clip,
    )  # fmt: skip
    composed = studio.render([clip], [(0, 0.0, 3.0)], audio=speech(3)).composed
    assert composed.gain_db > 5
    film = studio.path_of(composed.film)
    assert np.abs(sound(film)).max() <= 10 ** (-1.0 / 20)


def test_a_recording_without_speech_is_not_made_louder(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "quiet.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=440:duration=2", "-af", "volume=-10dB", clip)
    composed = studio.render([clip], [(0, 0.0, 2.0)]).composed
    assert composed.gain_db == 0.0
    assert composed.loudness_target is not None and composed.loudness_target < -25


def test_no_sound_becomes_silence(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x96:rate=25:duration=1", "-an", clip)
    rendered = studio.render([clip], [(0, 0.0, 1.0)])
    assert not sound(rendered.film).any()
    assert rendered.composed.loudness_target is None


def test_the_wanted_track_is_taken_and_a_missing_one_is_named(
    studio: Studio, tmp_path: Path
) -> None:
    clip = tmp_path / "two.mp4"
    ffmpeg(
        "-i", counter(tmp_path / "base.mp4", seconds=1), "-f", "lavfi", "-i",
        "anullsrc=r=48000:cl=stereo", "-map", "0:v", "-map", "0:a", "-map", "1:a", "-c:v", "copy",
        "-t", "1", clip,
    )  # fmt: skip
    assert sound(studio.render([clip], [(0, 0.0, 1.0)]).film).any()
    assert not sound(studio.render([clip], [(0, 0.0, 1.0)], audio_track="1").film).any()
    assert sound(studio.render([clip], [(0, 0.0, 1.0)], audio_track="mix").film).any()
    notes = studio.render([clip], [(0, 0.0, 1.0)], audio_track="5").composed.notes
    assert "no sound track 5" in notes[0]


def test_a_plan_that_keeps_nothing_is_refused(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=1)
    with pytest.raises(InputError, match="keeps nothing"):
        studio.render([clip], [])
    with pytest.raises(InputError, match="input 2"):
        studio.render([clip], [(1, 0.0, 1.0)])


def test_sound_that_changes_its_rate_is_in_the_film_to_its_end(
    studio: Studio, tmp_path: Path
) -> None:
    clip = flash_and_beep(tmp_path / "beep.mp4", 6)
    parts = []
    for start, form in (("0", ("-ar", "48000", "-ac", "2")), ("3", ("-ar", "32000", "-ac", "1"))):
        part = tmp_path / f"{start}.ts"
        ffmpeg(
            "-ss", start, "-t", "3", "-i", clip, "-c:v", "libx264", *form, "-c:a", "mp2",
            "-output_ts_offset", start, part,
        )  # fmt: skip
        parts.append(part)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    heard = np.abs(sound(studio.render([joined], [(0, 0.5, 2.5), (0, 3.5, 5.5)]).film)[:, 0])
    loud = np.flatnonzero(heard > 0.05) / 48000
    for beep in (0.5, 1.5, 2.5, 3.5):
        assert np.abs(loud - beep).min() < 0.03
