from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.sound import cut_sound
from ai_video_editor.composition.timeline import sections_of
from ai_video_editor.context.audio import AudioAnalysis, Pause
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.media.probe import probe
from ai_video_editor.timebase import FrameRate, TimeMap, TimeRange, source_time
from tests.film_studio import Studio, ffmpeg, grey_frames, sound

Heard = NDArray[np.float32]
Span = tuple[int, float, float]

FLOOR = -50.0
"""dBFS of the room in most recordings here."""


def heard(speech: Sequence[Span] = (), pauses: Sequence[Span] = ()) -> AudioAnalysis:
    return AudioAnalysis(
        engine="none", language="und", quality=0.0,
        speech=tuple(
            SourceSpan(input=n, start=source_time(a), end=source_time(b)) for n, a, b in speech
        ),
        pauses=tuple(
            Pause(input=n, start=source_time(a), end=source_time(b), kind="dead_air")
            for n, a, b in pauses
        ),
    )  # fmt: skip


def room(target: Path, *, seconds: float = 6, floor: float = FLOOR, also: str = "0") -> Path:
    """White noise at a level, with something else on it."""
    # aevalsrc's random() is even between 0 and 1: its deviation is 1/sqrt(12).
    peak = 10 ** (floor / 20) * 12**0.5
    ffmpeg(
        "-f", "lavfi", "-i", f"aevalsrc='{peak}*(random(0)-0.5)+({also})':s=48000:d={seconds}",
        "-c:a", "pcm_f32le", target,
    )  # fmt: skip
    return target


def cut(
    folder: Path,
    paths: Sequence[Path],
    kept: Sequence[Span],
    audio: AudioAnalysis | None,
    offsets: Mapping[int, Fraction] | None = None,
) -> Heard:
    """The cut sound at 25 frames a second, as loud as its mono recordings."""
    rate = FrameRate(25)
    ranges = [(n, TimeRange(source_time(a), source_time(b)), Fraction(1)) for n, a, b in kept]
    time_map = TimeMap(ranges, rate)
    done = cut_sound(
        sections_of(time_map), [(probe(path, "0" * 64), path) for path in paths], rate,
        frames=time_map.frames, audio_track="0", edge_fade=0.015, target=folder / "cut.f32",
        timeout=60, audio=audio, offsets=offsets,
    )  # fmt: skip
    samples = np.fromfile(done.path, np.float32).reshape(-1, 2)[:, 0]
    assert len(samples) == done.samples == time_map.frames * 1920
    return samples * np.float32(2**0.5)  # mono lies on both channels with half its power each


def level(samples: Heard, start: float, end: float) -> float:
    part = samples[round(start * 48000) : round(end * 48000)].astype(float)
    return float(10 * np.log10(np.mean(part**2) + 1e-20))


def pitch(samples: Heard, hertz: float, start: float, end: float) -> float:
    """dB of one tone between two moments."""
    part = samples[round(start * 48000) : round(end * 48000)].astype(float)
    part *= np.hanning(len(part)) / (np.hanning(len(part)).sum() / 2)
    wave = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / 48000)
    return float(20 * np.log10(abs((part * wave).sum()) + 1e-9))


def test_the_room_goes_on_under_a_hard_join(tmp_path: Path) -> None:
    clip = room(tmp_path / "talk.wav")
    kept, voice = [(0, 1.0, 2.0), (0, 3.0, 4.0)], [(0, 0.5, 4.2)]
    bare = cut(tmp_path, [clip], kept, heard(voice))
    assert level(bare, 0.997, 1.003) < FLOOR - 12, "without a pause there is nothing to lay"
    laid = cut(tmp_path, [clip], kept, heard(voice, [(0, 4.5, 5.5)]))
    for start in np.arange(0.96, 1.04, 0.008).tolist():
        assert level(laid, start, start + 0.008) == pytest.approx(FLOOR, abs=2)
    assert level(laid, 0.98, 1.02) < FLOOR + 0.7


def test_a_join_in_the_quiet_plays_both_sides_at_once(tmp_path: Path) -> None:
    clip = room(tmp_path / "talk.wav")
    film = cut(tmp_path, [clip], [(0, 1.0, 2.0), (0, 3.0, 4.0)], heard([(0, 0.1, 0.5)]))
    for start in np.arange(0.96, 1.04, 0.008).tolist():
        assert level(film, start, start + 0.008) == pytest.approx(FLOOR, abs=2)


def test_no_handle_reaches_into_a_word(tmp_path: Path) -> None:
    words = "0.3*sin(2*PI*700*t)*(between(t,2.005,2.5)+between(t,2.6,2.99))"
    clip = room(tmp_path / "talk.wav", also=words)
    speech = [(0, 2.005, 2.5), (0, 2.6, 2.99)]
    film = cut(tmp_path, [clip], [(0, 1.0, 2.0), (0, 3.0, 4.0)], heard(speech, [(0, 4.5, 5.5)]))
    assert level(film, 0.9, 1.1) < FLOOR + 1


def test_missing_sound_is_filled_with_the_room_and_never_louder(tmp_path: Path) -> None:
    peak = 10 ** (FLOOR / 20) * 12**0.5
    clip = tmp_path / "late.wav"
    ffmpeg(
        "-f", "lavfi", "-i",
        f"aevalsrc='{peak}*(random(0)-0.5)*(gte(t,1.3)-between(t,2.2,2.7))':s=48000:d=6",
        "-c:a", "pcm_f32le", clip,
    )  # fmt: skip
    kept, voice = [(0, 0.0, 3.0)], [(0, 1.3, 3.9)]
    bare = cut(tmp_path, [clip], kept, heard(voice))
    assert not bare[: round(1.2 * 48000)].any()
    film = cut(tmp_path, [clip], kept, heard(voice, [(0, 4.0, 5.5)]))
    for start in np.arange(0.1, 2.9, 0.05).tolist():
        assert FLOOR - 2 < level(film, start, start + 0.05) < FLOOR + 1.5


def test_a_gated_recording_stays_silent_in_its_pauses(tmp_path: Path) -> None:
    clip = tmp_path / "gated.wav"
    ffmpeg(
        "-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*300*t)*lt(mod(t,2),1)':s=48000:d=6",
        "-c:a", "pcm_f32le", clip,
    )  # fmt: skip
    pauses = [(0, 1.0, 2.0), (0, 3.0, 4.0), (0, 5.0, 6.0)]
    film = cut(tmp_path, [clip], [(0, 0.0, 6.0)], heard([(0, 0.0, 1.0)], pauses))
    assert not film[round(1.05 * 48000) : round(1.95 * 48000)].any()


@pytest.mark.parametrize("louder_first", [True, False])
def test_two_rooms_change_gradually(tmp_path: Path, louder_first: bool) -> None:
    floors = (-45.0, -62.0) if louder_first else (-62.0, -45.0)
    clips = [room(tmp_path / f"{n}.wav", floor=floor) for n, floor in enumerate(floors)]
    kept = [(0, 1.0, 3.0), (1, 1.0, 3.0)]
    pauses = [(0, 4.0, 5.5), (1, 4.0, 5.5)]
    talking = heard([(0, 0.5, 3.9), (1, 0.5, 3.9)], pauses)
    hard, quiet = cut(tmp_path, clips, kept, talking), cut(tmp_path, clips, kept, heard((), pauses))
    for film in (hard, quiet):
        levels = [level(film, t, t + 0.02) for t in np.arange(1.5, 2.5, 0.02).tolist()]
        assert max(levels) < -45 + 1.5
        assert all(abs(after - before) < 7 for before, after in pairwise(levels))
        assert level(film, 0.5, 1.4) == pytest.approx(floors[0], abs=0.5)
        assert level(film, 2.6, 3.5) == pytest.approx(floors[1], abs=0.5)


def two_rooms(folder: Path) -> list[Path]:
    """Rooms that hum at 500 and 1500 Hz; the second one beeps at 3 kHz half a second in."""
    beep = "0.01*sin(2*PI*1500*t)+0.4*sin(2*PI*3000*t)*between(t,1.5,1.53)"
    return [
        room(folder / "one.wav", floor=-80, also="0.01*sin(2*PI*500*t)"),
        room(folder / "two.wav", floor=-80, also=beep),
    ]


def beep_at(film: Heard) -> float:
    return float(np.flatnonzero(np.abs(film) > 0.2)[0]) / 48000


@pytest.mark.parametrize(("offset", "at"), [("-1/5", 1.8), ("1/5", 2.2), ("-2", 1.75), ("0", 2.0)])
def test_sound_leads_or_lags_the_picture_and_words_stay(
    tmp_path: Path, offset: str, at: float
) -> None:
    kept = [(0, 1.0, 3.0), (1, 1.0, 3.0)]
    film = cut(tmp_path, two_rooms(tmp_path), kept, heard(), {50: Fraction(offset)})
    assert beep_at(film) == pytest.approx(2.5, abs=0.001)
    for hertz, before, after in ((500, True, False), (1500, False, True)):
        assert (pitch(film, hertz, at - 0.2, at - 0.1) > -45) is before
        assert (pitch(film, hertz, at + 0.1, at + 0.2) > -45) is after


def test_a_word_in_the_way_takes_the_lead_back(tmp_path: Path) -> None:
    kept, clips = [(0, 1.0, 3.0), (1, 1.0, 3.0)], two_rooms(tmp_path)
    near = cut(tmp_path, clips, kept, heard([(0, 1.2, 2.94)]), {50: Fraction(-1, 5)})
    assert pitch(near, 500, 1.84, 1.93) > -45
    assert pitch(near, 1500, 1.84, 1.93) < -60
    late = cut(tmp_path, clips, kept, heard([(1, 1.05, 2.0)]), {50: Fraction(1, 5)})
    assert pitch(late, 1500, 2.06, 2.16) > -45
    assert pitch(late, 500, 2.06, 2.16) < -60


def test_a_j_cut_of_the_plan_moves_the_sound_alone(tmp_path: Path) -> None:
    clips = []
    for name, grey, hertz in (("a", "black", 500), ("b", "white", 1500)):
        clips.append(tmp_path / f"{name}.mp4")
        ffmpeg(
            "-f", "lavfi", "-i", f"color={grey}:size=160x96:rate=25:duration=4", "-f", "lavfi",
            "-i", f"sine={hertz}:sample_rate=48000:duration=4", "-c:v", "libx264",
            "-pix_fmt", "yuv420p", "-c:a", "aac", clips[-1],
        )  # fmt: skip
    lead = EditingDecision(
        decision_id="t1", decision_type="transition", input=1, start=source_time(1),
        end=source_time(1), parameters={"style": "j_cut", "offset": 0.2}, rationale="",
        confidence=0.8, decided_by="user",
    )  # fmt: skip
    kept = [(0, 1.0, 3.0), (1, 1.0, 3.0)]
    made = Studio(tmp_path).render(clips, kept, decisions=[lead], audio=heard())
    bright = grey_frames(made.film, 16, 16).mean(axis=(1, 2)) > 128
    assert int(np.argmax(bright)) == 50
    assert made.composed.frames == len(bright) == 100
    film = sound(made.film)[:, 0]
    assert pitch(film, 1500, 1.9, 2.0) > -30
    assert pitch(film, 500, 1.9, 2.0) < -45
    assert pitch(film, 1500, 1.6, 1.7) < -45
