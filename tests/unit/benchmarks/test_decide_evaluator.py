"""The measure of the director's decisions notices what is wrong."""

from __future__ import annotations

from benchmarks.decide.evaluator import Tally, beats, dead_air, removed, untouched

KEPT = [(0.0, 2.0), (3.0, 5.0)]


def test_a_pause_counts_only_where_it_was_long_and_is_now_short() -> None:
    assert dead_air([(1.8, 3.2)], [], KEPT) == Tally(1, 1)  # 0.4 s of 1.4 s stays
    assert dead_air([(3.2, 4.9)], [], KEPT) == Tally(0, 1)  # all of it stays
    assert dead_air([(3.2, 3.9)], [], KEPT) == Tally(0, 0)  # never was too long
    assert dead_air([(1.6, 3.4)], [(1.6, 3.4)], KEPT) == Tally(1, 1)  # meant: 0.8 s may stay
    assert dead_air([(1.6, 3.4)], [], KEPT) == Tally(0, 1)


def test_a_filler_that_is_still_heard_is_not_removed() -> None:
    assert removed([(2.1, 2.6)], KEPT) == Tally(1, 1)
    assert removed([(1.5, 2.4)], KEPT) == Tally(0, 1)


def test_a_number_in_an_abandoned_take_is_nobodys_loss() -> None:
    assert untouched([(2.2, 2.6)], [], KEPT) == Tally(0, 1)
    assert untouched([(2.2, 2.6)], [(2.1, 2.9)], KEPT) == Tally(0, 0)
    assert untouched([(3.2, 4.0)], [], KEPT) == Tally(1, 1)


def test_a_beat_that_was_swallowed_is_noticed() -> None:
    assert beats([(1.7, 3.2)], KEPT) == Tally(1, 1)
    assert beats([(1.95, 3.05)], KEPT) == Tally(0, 1)
    assert (Tally(1, 2) + Tally(1, 2)).share == 0.5 and Tally().share == 1.0
