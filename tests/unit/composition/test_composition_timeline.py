from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.composition.conform import Canvas, fitted
from ai_video_editor.composition.expression import Step, number, piecewise
from ai_video_editor.composition.timeline import (
    Section,
    passes_over,
    sample_at,
    sections_of,
    without,
)
from ai_video_editor.timebase import FrameRate, TimeMap, TimeRange, source_time

RATE = FrameRate(25)


def time_map(*kept: tuple[int, float, float]) -> TimeMap:
    return TimeMap(
        ((n, TimeRange(source_time(a), source_time(b)), Fraction(1)) for n, a, b in kept), RATE
    )


def test_ranges_that_touch_are_one_section() -> None:
    sections = sections_of(time_map((0, 0, 1), (0, 1, 2), (0, 3, 4)))
    assert [(int(s.source), s.film, s.frames) for s in sections] == [(0, 0, 50), (75, 50, 25)]


def test_an_ordinary_cut_needs_one_pass_an_input() -> None:
    kept = [(n % 2, n / 2, n / 2 + 0.2) for n in range(100)]
    assert len(passes_over(sections_of(time_map(*kept)))) == 2


def test_a_moment_shown_early_needs_a_pass_of_its_own() -> None:
    passes = passes_over(sections_of(time_map((0, 10, 12), (0, 0, 9), (0, 9.5, 20))))
    assert [[int(s.source) for s in p.sections] for p in passes] == [[250], [0, 238]]


def test_holes_take_frames_out_of_sections() -> None:
    left = without([Section(0, Fraction(100), 0, 50)], [(10, 20), (40, 60)])
    assert [(int(s.source), s.film, s.frames) for s in left] == [(100, 0, 10), (120, 20, 20)]


@given(st.lists(st.integers(1, 20), min_size=1, max_size=60), st.integers(0, 1300))
def test_a_piecewise_tree_is_the_function_it_was_made_from(lengths: list[int], at: int) -> None:
    steps, position = [], 3
    for index, length in enumerate(lengths):
        steps.append(Step(position, position + length, str(index)))
        position += length + index % 2
    expected = next((s.value for s in steps if s.start <= at < s.end), "-1")
    python = piecewise(steps, "n", "-1").replace("if(", "choose(")
    names = {
        "choose": lambda c, a, b: a if c else b,
        "lt": lambda a, b: a < b,
        "between": lambda n, a, b: a <= n <= b,
        "n": at,
    }
    assert eval(python, {"__builtins__": {}}, names) == int(expected)


def test_fractions_are_written_exactly() -> None:
    assert [number(Fraction(3)), number(Fraction(1001, 30)), number(Fraction(-2))] == [
        "3", "(1001/30)", "(-2)",
    ]  # fmt: skip


def test_sample_boundaries_add_up() -> None:
    ntsc = FrameRate(30000, 1001)
    assert sample_at(30000, ntsc, 48000) == 1001 * 48000
    assert sample_at(1, ntsc, 48000) == 1602


def test_shapes_are_kept_and_small_differences_fill_the_canvas() -> None:
    canvas = Canvas(1920, 1080)
    assert fitted(1280, 720, canvas) == (1920, 1080)
    assert fitted(1080, 1920, canvas) == (608, 1080)
    assert fitted(641, 361, Canvas(642, 362)) == (642, 362)
    assert fitted(16, 16, Canvas(4000, 16)) == (16, 16)
