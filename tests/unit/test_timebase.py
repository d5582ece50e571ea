"""Exact time: frames, ranges, and the way from source to film and back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.timebase import (
    FrameRate,
    SourceTime,
    TimeMap,
    TimeRange,
    exact,
    film_time,
    merge,
    source_time,
    subtract,
)

RATES = [FrameRate(24000, 1001), FrameRate(25), FrameRate(30000, 1001), FrameRate(60)]
rates = st.sampled_from(RATES)
seconds = st.fractions(min_value=0, max_value=7200, max_denominator=1_000_000)


def span(start: float, end: float) -> TimeRange[SourceTime]:
    return TimeRange(source_time(start), source_time(end))


@given(rates, st.integers(min_value=0, max_value=10_000_000))
def test_a_frame_number_survives_being_stored_with_six_decimals(
    rate: FrameRate, frame: int
) -> None:
    stored = exact(float(f"{float(rate.time_of(frame)):.6f}"))
    assert rate.nearest_frame(stored) == frame
    assert rate.frame_at(stored) == frame
    assert rate.frame_from(stored) == frame


@pytest.mark.parametrize(
    ("measured", "meant"),
    [
        ("2997/100", "30000/1001"),
        ("2996933/100000", "30000/1001"),
        ("23976/1000", "24000/1001"),
        ("25/1", "25/1"),
        ("90000/1", "240/1"),
        ("16051/1000", "16051/1000"),
    ],
)
def test_a_measured_rate_is_taken_for_the_rate_the_camera_meant(measured: str, meant: str) -> None:
    assert str(FrameRate.nominal(Fraction(measured))) == meant


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), 1e308, 10**30, "1e40"])
def test_a_time_that_no_recording_has_is_refused(nonsense: float | int | str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        exact(nonsense)


def test_a_range_does_not_contain_its_end() -> None:
    assert source_time(1) in span(1, 2)
    assert source_time(2) not in span(1, 2)


ranges = st.lists(
    st.tuples(seconds, seconds).map(lambda pair: TimeRange(*(SourceTime(t) for t in sorted(pair)))),
    max_size=12,
)


@given(ranges)
def test_what_is_left_and_what_was_taken_make_the_whole(holes: list[TimeRange[SourceTime]]) -> None:
    whole = span(0, 7200)
    left = subtract(whole, holes)
    taken = merge(hole for hole in holes if hole.duration > 0)
    assert sum(r.duration for r in left) + sum(r.duration for r in taken) == whole.duration
    assert all(not a.overlaps(b) for a in left for b in taken)


@given(rates, ranges)
def test_every_film_frame_comes_from_the_source_frame_that_was_kept(
    rate: FrameRate, kept: list[TimeRange[SourceTime]]
) -> None:
    film = TimeMap([(0, part, Fraction(1)) for part in merge(kept)], rate)
    assert film.frames == sum(piece.frames for piece in film.pieces)
    for piece in film.pieces:
        for offset in (0, piece.frames - 1):
            moment = film_time(0) + rate.time_of(piece.film_frame + offset)
            found = film.to_source(type(film.duration)(moment))  # type: ignore[arg-type]
            assert found is not None
            assert rate.nearest_frame(found[1]) == piece.source_frame + offset


def test_a_moment_that_was_cut_lands_where_the_film_goes_on() -> None:
    film = TimeMap([(0, span(0, 2), Fraction(1)), (0, span(5, 8), Fraction(1))], FrameRate(25))
    assert film.to_film(0, source_time(3)) is None
    assert film.next_film(0, source_time(3)) == 2
    assert film.to_film(0, source_time(6)) == 3
    assert film.next_film(0, source_time(9)) is None


def test_a_range_across_a_cut_is_one_range_of_the_film() -> None:
    film = TimeMap([(0, span(0, 2), Fraction(1)), (0, span(5, 8), Fraction(1))], FrameRate(25))
    assert film.range_to_film(0, span(1, 6)) == [TimeRange(film_time(1), film_time(3))]


def test_two_inputs_follow_each_other() -> None:
    film = TimeMap([(0, span(0, 2), Fraction(1)), (1, span(0, 1), Fraction(1))], FrameRate(25))
    assert film.to_source(film_time(2.5)) == (1, source_time(0.5))
    assert film.to_film(1, source_time(0)) == 2
