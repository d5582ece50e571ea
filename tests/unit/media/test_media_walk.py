"""The rhythm of frames and the orientation of pictures, from numbers alone."""

from __future__ import annotations

import random
import struct
from fractions import Fraction

import numpy as np
import pytest

from ai_video_editor.media.orientation import Orientation, pixel_shape, square
from ai_video_editor.media.rate import rhythm


def steady(rate: float, count: int, rounding: int = 1) -> list[int]:
    return [round(number * 1_000_000 / rate / rounding) * rounding for number in range(count)]


@pytest.mark.parametrize("rate", [23.976, 25, 29.97, 30, 59.94, 120])
@pytest.mark.parametrize("rounding", [1, 1000])
def test_a_steady_rate_is_steady_even_in_whole_milliseconds(rate: float, rounding: int) -> None:
    found = rhythm(steady(rate, 300, rounding))
    assert found is not None
    assert not found.variable
    assert float(found.rate) == pytest.approx(rate, rel=0.001)


def test_one_dropped_frame_does_not_make_a_rate_variable() -> None:
    times = steady(30, 300)
    del times[100]
    found = rhythm(times)
    assert found is not None
    assert not found.variable


def test_a_phones_jitter_leaves_the_average_right() -> None:
    chance = random.Random(7)
    times = [time + chance.randint(-8000, 8000) for time in steady(30, 600)]
    found = rhythm(times)
    assert found is not None
    assert found.variable
    assert float(found.rate) == pytest.approx(30, rel=0.005)


def test_where_the_rate_changes_the_usual_gap_tells_the_cameras() -> None:
    found = rhythm([*steady(30, 90), *(3_000_000 + time for time in steady(6, 18))])
    assert found is not None
    assert found.variable
    assert float(found.rate) == pytest.approx(30, rel=0.001)


def test_two_frames_have_no_rhythm() -> None:
    assert rhythm([0, 33_333]) is None


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    one = 1 << 16
    return struct.pack("=9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)


CORNERS = np.array([[[1], [2]], [[3], [4]]], dtype=np.uint8)

TURNS = [
    (matrix(1, 0, 0, 1), Orientation(0, False), [[1, 2], [3, 4]]),
    (matrix(0, 1, -1, 0), Orientation(90, False), [[3, 1], [4, 2]]),
    (matrix(-1, 0, 0, -1), Orientation(180, False), [[4, 3], [2, 1]]),
    (matrix(0, -1, 1, 0), Orientation(270, False), [[2, 4], [1, 3]]),
    (matrix(-1, 0, 0, 1), Orientation(0, True), [[2, 1], [4, 3]]),
    (matrix(1, 0, 0, -1), Orientation(180, True), [[3, 4], [1, 2]]),
]


@pytest.mark.parametrize(("data", "orientation", "shown"), TURNS)
def test_a_display_matrix_is_read_and_applied(
    data: bytes, orientation: Orientation, shown: list[list[int]]
) -> None:
    assert Orientation.of_matrix(data) == orientation
    assert orientation.apply(CORNERS)[:, :, 0].tolist() == shown


def test_a_broken_matrix_turns_nothing() -> None:
    assert Orientation.of_matrix(bytes(36)) == Orientation()
    assert Orientation.of_matrix(b"short") == Orientation()


def test_pixels_all_but_square_and_nonsense_count_as_square() -> None:
    assert pixel_shape(None) == 1
    assert pixel_shape(Fraction(676, 675)) == 1
    assert pixel_shape(Fraction(500)) == 1
    assert pixel_shape(Fraction(32, 27)) == Fraction(32, 27)


def test_stretching_never_throws_pixels_away() -> None:
    assert square(720, 480, Fraction(32, 27)) == (853, 480)
    assert square(720, 480, Fraction(8, 9)) == (720, 540)
