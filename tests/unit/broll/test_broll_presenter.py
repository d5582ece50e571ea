"""The presenter's acting: a mouth that moves with the voice, eyes that blink, hands that speak."""

from __future__ import annotations

import wave
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.broll.presenter.acting import acted, blinking, mouths, phrases
from ai_video_editor.broll.presenter.blender import blender_command
from ai_video_editor.broll.presenter.voice import Voice, levels_of
from ai_video_editor.context.plan import PresenterAction
from ai_video_editor.timebase import FrameRate, SourceTime, TimeMap, TimeRange, film_time

OPEN = ("smile", "small", "middle", "large")


def test_the_mouth_opens_with_the_voice_and_closes_in_silence() -> None:
    assert mouths([0.0, 0.3, 0.7, 0.9, 0.7, 0.3, 0.0]) == (
        "smile", "small", "middle", "large", "middle", "small", "smile",
    )  # fmt: skip


def test_a_level_at_a_border_does_not_make_the_mouth_flutter() -> None:
    shapes = mouths([0.63, 0.6, 0.63])
    assert shapes == ("middle", "middle", "middle")


def test_a_long_vowel_still_moves() -> None:
    assert len(set(mouths([0.6] * 12))) > 1


@given(st.lists(st.floats(0, 1), max_size=60))
def test_a_louder_voice_never_means_a_mouth_that_is_closed(levels: list[float]) -> None:
    shapes = mouths(levels)
    assert len(shapes) == len(levels)
    for shape, level in zip(shapes, levels, strict=True):
        assert shape in OPEN
        if level == 0:
            assert shape == "smile"
        if level >= 0.22:
            assert shape != "smile"


def test_everybody_blinks_every_few_seconds_and_never_for_long() -> None:
    eyes = blinking(12 * 20)
    closed = [at for at, look in enumerate(eyes) if look == "closed"]
    assert 5 <= len(closed) <= 9
    assert all(other - one > 20 for one, other in pairwise(closed))


def test_a_short_breath_does_not_end_a_phrase() -> None:
    assert phrases([0.5, 0.5, 0, 0, 0.5, 0, 0, 0, 0, 0.5]) == ((0, 5), (9, 10))


@pytest.mark.parametrize("action", [one for one in get_args(PresenterAction) if one])
def test_an_action_has_a_cel_for_each_twelfth_of_a_second_and_few_drawings(
    action: PresenterAction,
) -> None:
    levels = [abs(float(np.sin(at / 2.3))) for at in range(96)]
    cels = acted(action, levels)
    assert len(cels) == 96
    assert len({cel.body for cel in cels}) + len({cel.head for cel in cels}) <= 36
    gestures = {cel.body.gesture for cel in cels}
    assert (
        gestures
        == {
            "idle": {"rest"},
            "talk": {"explain"},
            "point": {"rest", "point"},
            "cheer": {"rest", "cheer", "explain"},
            "gasp": {"rest", "gasp", "explain"},
        }[action]
        or action == "talk"
    )


def test_the_presenter_shows_what_it_feels() -> None:
    silent = [0.0] * 40
    assert {"happy"} == {cel.head.eyes for cel in acted("cheer", silent)[3:20]}
    assert {"round"} == {cel.head.mouth for cel in acted("gasp", silent)[3:15]}
    assert any(cel.head.turned for cel in acted("point", silent))
    assert not any(cel.head.turned for cel in acted("talk", silent))


def test_loudness_is_measured_against_the_speaker_and_silence_is_silence() -> None:
    near, far = levels_of([-18, -24, -46, None]), levels_of([-38, -44, -66, None])
    assert near == far
    assert near[0] > near[1] > near[2] == near[3] == 0
    assert levels_of([-70, -75, -90]) == (0, 0, 0)
    assert levels_of([]) == ()


def test_the_voice_is_heard_where_the_film_has_it(tmp_path: Path) -> None:
    rate = 16000
    tone = np.sin(np.arange(rate) * 0.1) * 12000
    samples = np.concatenate([np.zeros(rate), tone, np.zeros(rate)]).astype("<i2")
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.tobytes())
    kept = TimeRange(SourceTime(Fraction(1, 2)), SourceTime(Fraction(3)))
    time_map = TimeMap([(0, kept, Fraction(1))], FrameRate(24, 1))
    levels = Voice({0: tmp_path / "a.wav"}).levels(time_map, film_time(Fraction(0)), 24)
    assert levels[:6] == (0,) * 6
    assert min(levels[7:17]) > 0.9
    assert levels[19:] == (0,) * 5
    assert Voice({}).levels(time_map, film_time(Fraction(0)), 4) == (0, 0, 0, 0)


def test_blender_is_found_as_a_program_a_python_or_an_environment(tmp_path: Path) -> None:
    assert blender_command(tmp_path / "missing") is None
    assert blender_command(tmp_path) is None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    (tmp_path / "blender").touch()
    python, program = blender_command(tmp_path), blender_command(tmp_path / "blender")
    assert python is not None and python[:2] == (str(tmp_path / "bin/python"), "-I")
    assert program is not None and "--background" in program
