from __future__ import annotations

import numpy as np
import pytest

from benchmarks.render.evaluator import (
    Cost,
    best,
    offsets,
    reached,
    rising,
    share_to_encode,
    spread,
)


def test_only_gops_that_are_kept_whole_need_no_encoding() -> None:
    assert share_to_encode([(0, 300)], 50, 300) == 0
    assert share_to_encode([(10, 110)], 50, 300) == pytest.approx(0.5)
    assert share_to_encode([(10, 60)], 50, 300) == 1
    assert share_to_encode([(250, 290)], 50, 290) == 0


def test_the_least_time_counts_on_each_clock() -> None:
    assert best([Cost(3.0, 5.0), Cost(4.0, 2.0)]) == Cost(3.0, 2.0)


def test_a_beep_with_a_short_break_is_one_beep() -> None:
    loud = np.array([0, 1, 0, 1, 0, 0, 0, 0, 1, 1], bool)
    assert rising(loud, 3) == [1, 8]


def test_sound_is_measured_against_the_flash_it_belongs_to() -> None:
    assert offsets([1.0, 2.0, 5.0], [1.01, 1.995], 0.2) == pytest.approx([10.0, -5.0])
    assert offsets([1.0], [], 0.2) == []


def test_the_worst_of_start_middle_and_end_is_told() -> None:
    assert spread([1.0, -3.0, 0.0, 2.0, 5.0, 4.0]) == [-3.0, 2.0, 5.0]
    assert spread([]) == []


def test_a_figure_is_within_its_limit_as_printed() -> None:
    assert reached(1.154, 1.15) is True
    assert reached(1.156, 1.15) is False
    assert reached(3.0, None) is None
