"""The evaluator of the speech benchmark, on cases whose figures can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.speech import evaluator
from benchmarks.speech.evaluator import EventScore
from benchmarks.speech.recordings import Said
from benchmarks.speech.report import at_least, at_most, exactly, markdown
from benchmarks.speech.sentences import capital, sentences, with_filler


def said(text: str, begin: float = 0.0, step: float = 0.5) -> list[Said]:
    return [
        Said(word, begin + i * step, begin + (i + 1) * step) for i, word in enumerate(text.split())
    ]


def test_case_and_punctuation_are_no_word_errors() -> None:
    score = evaluator.score_words(said("Save money, don't!"), said("save Money don't"))
    assert (score.said, score.errors) == (3, 0)


def test_a_word_too_many_one_missing_and_one_wrong_are_three_errors() -> None:
    score = evaluator.score_words(
        said("one two three four five"), said("one two too four six five")
    )
    assert score.errors == 2
    score = evaluator.score_words(said("a b c d"), said("x b c"))
    assert score.errors == 2
    assert score.wer == 0.5


def test_starts_are_measured_on_right_words_only() -> None:
    score = evaluator.score_words(said("save wrong money"), said("save other money", begin=0.1))
    assert len(score.starts) == 2
    assert score.start_median == pytest.approx(0.1)


def test_scores_add_up_over_recordings() -> None:
    one = evaluator.score_words(said("a b"), said("a b"))
    two = evaluator.score_words(said("a b"), said("a"))
    assert (one + two).wer == 0.25
    assert (EventScore(1, 2, 3) + EventScore(4, 0, 0)).hits == 5


def test_an_event_counts_within_the_collar_and_only_once() -> None:
    score = evaluator.score_events([(1.0, 1.3), (5.0, 5.4)], [(1.1, 1.4), (1.05, 1.35), (5.0, 5.7)])
    assert score == EventScore(hits=1, missed=1, extra=2)
    assert score.f1 == pytest.approx(0.4)


def test_nothing_planted_and_nothing_found_is_perfect() -> None:
    assert EventScore().f1 == 1.0


def test_passages_match_by_what_they_share() -> None:
    truth = [(0.0, 2.0), (10.0, 12.0)]
    assert evaluator.score_overlaps(truth, [(0.5, 2.0), (11.5, 16.0)]) == EventScore(1, 1, 1)


def test_neighbouring_events_become_one() -> None:
    assert evaluator.merged([(1.0, 1.2), (0.5, 0.95), (3.0, 3.1)], 0.1) == [(0.5, 1.2), (3.0, 3.1)]


def test_pause_borders_are_compared_with_the_pause_that_fits_best() -> None:
    errors = evaluator.border_errors([(1.0, 2.0), (5.0, 6.0)], [(0.2, 1.1), (1.03, 1.98)])
    assert errors[:2] == [pytest.approx(0.03), pytest.approx(0.02)]
    assert errors[2:] == [None, None]


def voice(*spans: tuple[float, float], length: float = 4.0) -> np.ndarray:
    mask = np.zeros(round(length / 0.005), bool)
    for start, end in spans:
        mask[round(start / 0.005) : round(end / 0.005)] = True
    return mask


def test_a_cut_beside_silence_clips_nothing() -> None:
    heard = voice((0.5, 1.0), (2.0, 3.0))
    assert evaluator.clipped([(0.0, 1.1), (1.9, 4.0)], heard, 0.005, 4.0) == []


def test_a_cut_within_30_ms_of_a_word_clips_it() -> None:
    heard = voice((0.5, 1.0), (2.0, 3.0))
    assert evaluator.clipped([(0.0, 1.02), (1.9, 4.0)], heard, 0.005, 4.0) == [1.02]
    assert evaluator.clipped([(0.0, 1.1), (2.0, 4.0)], heard, 0.005, 4.0) == [2.0]


def test_a_pause_may_begin_while_the_last_word_fades_under_the_noise() -> None:
    truth, found = [(1.0, 2.0)], [(1.08, 2.0)]
    assert evaluator.border_errors(truth, found) == pytest.approx([0.08, 0.0])
    assert evaluator.border_errors(truth, found, [0.1]) == pytest.approx([0.0, 0.0])
    assert evaluator.border_errors(truth, [(1.2, 2.0)], [0.1]) == pytest.approx([0.1, 0.0])
    assert evaluator.border_errors(truth, [(0.9, 2.0)], [0.1]) == pytest.approx([0.1, 0.0])


def test_a_rest_of_what_was_to_go_is_no_clipped_word() -> None:
    heard = voice((0.5, 1.0), (1.2, 1.5), (2.0, 3.0))
    cuts = [(0.0, 1.1), (1.48, 4.0)]
    assert evaluator.clipped(cuts, heard, 0.005, 4.0) == [1.48]
    assert evaluator.clipped(cuts, heard, 0.005, 4.0, [(1.2, 1.5)]) == []


def test_the_recordings_own_ends_are_no_cuts() -> None:
    assert evaluator.clipped([(0.0, 4.0)], voice((0.0, 4.0)), 0.005, 4.0) == []


def test_a_protected_range_must_stay_in_one_piece() -> None:
    assert evaluator.kept_whole((1.0, 2.0), [(0.5, 2.0)])
    assert not evaluator.kept_whole((1.0, 2.0), [(0.5, 1.5), (1.6, 3.0)])
    assert evaluator.kept_share((1.0, 2.0), [(0.5, 1.5), (1.8, 3.0)]) == pytest.approx(0.7)


def test_missed_and_false_speech_are_counted_against_all_speech(tmp_path: Path) -> None:
    path = tmp_path / "truth.rttm"
    path.write_text(
        "SPEAKER a 1 1.000 2.000 <NA> <NA> one <NA> <NA>\n"
        "SPEAKER a 1 2.500 1.500 <NA> <NA> two <NA> <NA>\n"
    )
    truth = evaluator.read_rttm(path)
    assert truth == [(1.0, 4.0)]
    error = evaluator.score_map(truth, [(1.5, 4.0), (5.0, 5.1)], 10.0)
    assert (error.missed, error.false, error.speech) == (0.5, 0.1, 3.0)
    assert error.share == pytest.approx(0.2)


def test_figures_know_whether_they_reach_their_target() -> None:
    figures = [
        at_most("wer", 4.0, 5.0, " %"),
        at_least("f1", 0.9, 0.93),
        exactly("clipped", 0, 0),
    ]
    assert [figure.reached for figure in figures] == [True, False, True]
    table = markdown(figures).splitlines()
    assert len(table) == 5
    assert "| f1 | 0.900 | ≥ 0.930 | NO |" in table[3]


def test_every_word_that_is_said_is_known_to_the_test_model(whisper_fixture: Path) -> None:
    known = set((whisper_fixture / "vocabulary_words.txt").read_text().split())
    assert sentences().vocabulary() <= known


def test_a_filler_is_set_off_where_it_is_put() -> None:
    assert with_filler("Save money today.", "um", 0) == "Um, save money today."
    assert with_filler("I save money.", "uh", 0) == "Uh, I save money."
    assert with_filler("Save money today.", "you know", 2) == "Save money, you know, today."
    assert capital("so") == "So"
