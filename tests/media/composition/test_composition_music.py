from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.loudness import measured
from ai_video_editor.composition.music import music_file
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.errors import EditorError, InputError
from ai_video_editor.media.ffmpeg import file_url
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import source_time
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Rendered, Studio, counter, ffmpeg, grey_frames, sound

VOICE, MUSIC = 900.0, 1300.0
"""Hertz: two tones that the loudness meter weighs alike and a filter can tell apart."""

SPOKEN = [(2.0, 3.0), (3.6, 4.4), (8.0, 9.0)]
"""Seconds of voice: a short gap, then a long one."""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def heard(*spans: tuple[float, float]) -> AudioAnalysis:
    found = tuple(SourceSpan(start=source_time(a), end=source_time(b)) for a, b in spans)
    return AudioAnalysis(engine="none", language="und", quality=0.0, speech=found)


def talk(target: Path, seconds: float = 12) -> Path:
    """A tone where somebody speaks, over frames of one grey."""
    speaks = "+".join(f"between(t,{a},{b})" for a, b in SPOKEN)
    ffmpeg(
        "-f", "lavfi", "-i", f"testsrc=size=160x96:rate=25:duration={seconds}", "-f", "lavfi",
        "-i", f"aevalsrc='0.2*sin(2*PI*{VOICE}*t)*({speaks})':s=48000:d={seconds}",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", target,
    )  # fmt: skip
    return target


def tone(target: Path, seconds: float = 20, volume: float = 0.5) -> Path:
    ffmpeg(
        "-f", "lavfi", "-i", f"aevalsrc='{volume}*sin(2*PI*{MUSIC}*t)':s=44100:d={seconds}", target
    )
    return target


def with_bed(music: Path) -> CompositionSettings:
    return CompositionSettings(music=music)


def level(samples: NDArray[np.float32], hertz: float, start: float, end: float) -> float:
    """dB of one tone between two moments."""
    part = samples[round(start * 48000) : round(end * 48000), 0].astype(float)
    part *= np.hanning(len(part)) / (np.hanning(len(part)).sum() / 2)
    wave = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / 48000)
    return float(20 * np.log10(abs((part * wave).sum()) + 1e-9))


@pytest.fixture(scope="module")
def ducked(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("ducked")
    return Studio(folder).render(
        [talk(folder / "talk.mp4")], [(0, 0.0, 12.0)], audio=heard(*SPOKEN),
        settings=with_bed(tone(folder / "music.mp3")),
    )  # fmt: skip


def test_music_goes_under_the_voice_and_comes_back_in_a_long_gap(ducked: Rendered) -> None:
    film = sound(ducked.film)
    # A meter hears bursts a little quieter than the tone they are of.
    voice = level(film, VOICE, 2.2, 2.8) - 2
    under = level(film, MUSIC, 2.2, 2.8)
    assert under == pytest.approx(voice - 18, abs=1)
    assert level(film, MUSIC, 8.2, 8.8) == pytest.approx(under, abs=0.3)
    assert level(film, MUSIC, 3.1, 3.5) == pytest.approx(under, abs=0.3)
    assert level(film, MUSIC, 5.5, 7.5) == pytest.approx(under + 6, abs=0.3)


def test_music_is_down_when_the_voice_begins_and_up_0_6_s_after_it(ducked: Rendered) -> None:
    film = sound(ducked.film)
    up, down = level(film, MUSIC, 5.5, 7.5), level(film, MUSIC, 8.2, 8.8)
    assert level(film, MUSIC, 7.98, 8.02) == pytest.approx(down, abs=0.5)
    assert down + 1 < level(film, MUSIC, 7.86, 7.9) < up - 1
    assert level(film, MUSIC, 7.68, 7.72) == pytest.approx(up, abs=0.5)
    assert down + 1 < level(film, MUSIC, 4.68, 4.72) < up - 1
    assert level(film, MUSIC, 5.04, 5.08) == pytest.approx(up, abs=0.5)
    steps = [level(film, MUSIC, t, t + 0.05) for t in (4.4 + n / 20 for n in range(12))]
    assert all(-0.2 < after - before < 1.5 for before, after in pairwise(steps))


def test_the_film_is_as_loud_as_without_music_and_passes_its_verification(
    ducked: Rendered,
) -> None:
    opened = ["-i", file_url(ducked.film)]
    loudness = measured(opened, timeout=60)
    assert loudness.integrated == pytest.approx(-14, abs=0.5)
    assert loudness.true_peak is not None and loudness.true_peak <= -1.0
    verification = verify(ducked.film, ducked.plan, ducked.composed, files=ducked.files)
    assert verification.passed, [c for c in verification.checks if c.state == "failed"]
    assert ducked.composed.frames == 300


def test_music_fades_in_and_out_at_the_ends(ducked: Rendered) -> None:
    film = sound(ducked.film)
    up = level(film, MUSIC, 5.5, 7.5)
    assert level(film, MUSIC, 0.0, 0.1) < up - 25
    assert level(film, MUSIC, 1.55, 1.7) == pytest.approx(up, abs=1)
    assert up - 10 < level(film, MUSIC, 10.4, 10.6) < up - 3
    assert level(film, MUSIC, 11.85, 11.95) < up - 25


def test_short_music_goes_round_without_a_hole(studio: Studio, tmp_path: Path) -> None:
    loop = tmp_path / "loop.flac"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=a=0.3:d=2:r=48000:seed=1", loop)
    clip = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=160x96:rate=25:duration=11", "-an", clip)
    film = sound(studio.render([clip], [(0, 0.0, 11.0)], settings=with_bed(loop)).film)
    parts = film[2 * 48000 : 7 * 48000, 0].reshape(-1, 2400)
    levels = 20 * np.log10(np.sqrt((parts**2).mean(axis=1)))
    assert levels.max() - levels.min() < 2.5


def test_sound_and_picture_stay_in_step_under_music(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "beep.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=160x96:rate=30:duration=6", "-f", "lavfi", "-i",
        "aevalsrc='if(lt(mod(t,1),0.03),0.5*sin(2*PI*3000*t),0)':s=48000:d=6", "-vf",
        "drawbox=color=white:t=fill:enable='eq(mod(n,30),0)'", "-c:v", "libx264",
        "-pix_fmt", "yuv420p", "-c:a", "aac", clip,
    )  # fmt: skip
    kept = [(0, n + 0.5, n + 1.3) for n in range(5)]
    bed = tone(tmp_path / "music.ogg", 2)
    plain, bedded = (
        studio.render([clip], kept, settings=one, audio=heard((0, 6)))
        for one in (None, with_bed(bed))
    )
    assert plain.composed.frames == bedded.composed.frames
    bright = grey_frames(bedded.film, 16, 16).mean(axis=(1, 2)) > 128
    flashes = np.flatnonzero(bright[1:] & ~bright[:-1]) + 1
    samples = sound(bedded.film)[:, 0]
    assert abs(len(samples) - len(sound(plain.film))) < 1024
    loud = np.flatnonzero(np.abs(samples) > 0.5 * np.abs(samples).max()) / 48000
    assert len(flashes) == 5
    for flash in flashes / 30:
        assert np.abs(loud - flash).min() < 0.003


def test_a_silent_film_with_music_reaches_the_target_and_passes(
    studio: Studio, tmp_path: Path
) -> None:
    clip = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=160x96:rate=25:duration=6", "-an", clip)
    bed = tone(tmp_path / "music.wav", 20, 0.05)
    rendered = studio.render([clip], [(0, 0.0, 6.0)], settings=with_bed(bed))
    assert rendered.composed.loudness_target is not None
    loudness = measured(["-i", file_url(rendered.film)], timeout=60).integrated
    assert loudness == pytest.approx(rendered.composed.loudness_target, abs=0.5)
    assert loudness == pytest.approx(-14, abs=2.5)
    assert verify(rendered.film, rendered.plan, rendered.composed, files=rendered.files).passed


def test_silent_music_is_named_and_changes_nothing(studio: Studio, tmp_path: Path) -> None:
    clip, bed = counter(tmp_path / "clip.mp4", seconds=2), tmp_path / "silence.wav"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo:d=2", bed)
    rendered = studio.render([clip], [(0, 0.0, 2.0)], settings=with_bed(bed))
    assert rendered.composed.notes[0] == "silence.wav is silent: there is no music under the film."


def test_music_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    mute, short, text = tmp_path / "mute.mp4", tmp_path / "short.wav", tmp_path / "list.m3u8"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=160x96:rate=25:duration=1", "-an", mute)
    tone(short, 0.4)
    text.write_text("#EXTM3U\nhttp://127.0.0.1/a.ts\n")
    for path, why in ((mute, "no sound"), (short, "at least 1 s"), (tmp_path / "no.mp3", "no.mp3"),
                      (text, "list.m3u8")):  # fmt: skip
        with pytest.raises(EditorError, match=why) as refused:
            music_file(path)
        assert isinstance(refused.value, InputError)
        assert "\n" not in str(refused.value)
