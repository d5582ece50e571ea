"""How found shots and faces are held against the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.vision.clips import of_truth
from benchmarks.vision.evaluator import Counted, Score, boundaries, faces
from benchmarks.vision.report import table


def test_cuts_found_on_their_frames_score_one() -> None:
    score = boundaries([1.0, 2.02], [1.0, 2.0], [])
    assert score == Score(hits=2)
    assert score.f1 == 1


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert boundaries([], [], []).f1 == 1


def test_a_boundary_explains_one_cut_only() -> None:
    assert boundaries([1.0], [0.98, 1.02], []) == Score(hits=1, missed=1)


def test_a_boundary_off_by_three_frames_is_false_and_the_cut_missed() -> None:
    score = boundaries([1.12], [1.0], [])
    assert score == Score(missed=1, false=1)
    assert score.f1 == 0


def test_a_boundary_in_a_fade_is_not_false() -> None:
    score = boundaries([5.2, 9.0], [], [(5.0, 5.5)])
    assert score == Score(false=1, gradual=1)


def test_scores_of_films_add_up() -> None:
    both = Score(hits=3, missed=1) + Score(hits=5, false=1)
    assert both == Score(hits=8, missed=1, false=1)
    assert both.f1 == pytest.approx(16 / 18)


def test_faces_are_counted_inside_their_spans_and_not_at_the_edges() -> None:
    seen = [(0.05, 0), (0.5, 1), (0.7, 2), (1.5, 0)]
    assert faces(seen, [(0.0, 1.0, 1)]) == Counted(samples=2, exact=1, presence=2)


def test_frames_without_truth_are_not_judged() -> None:
    assert faces([(3.0, 1)], []) == Counted()


def test_a_fade_out_and_the_fade_in_after_it_are_one_change() -> None:
    truth = {"cuts": [], "by_eye": [{"frame0": 150, "frame1": 165}, {"frame0": 195, "frame1": 210}]}
    clip = of_truth(Path("film.mp4"), truth)
    assert len(clip.gradual) == 1
    assert clip.gradual[0] == pytest.approx((150 * 1.001 / 30, 210 * 1.001 / 30))


def test_a_table_escapes_what_would_break_it() -> None:
    assert table(["a"], [["1|2"]]).splitlines()[-1] == "| 1\\|2 |"
