"""The benchmark's own arithmetic."""

from __future__ import annotations

from benchmarks.overhead import Run, union


def test_time_in_which_several_stages_work_counts_once() -> None:
    assert union([(0, 4), (1, 2), (3, 6), (8, 9)]) == 7
    assert union([]) == 0


def test_what_no_stage_accounts_for_is_overhead() -> None:
    assert Run(wall=10, busy=7.5, summary={}).overhead == 2.5
