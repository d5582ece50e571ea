from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.graphics import Graphics, Zoom
from ai_video_editor.composition.smart.cost import cost_of
from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.smart.parameter_sets import ParameterSets, parameter_sets
from ai_video_editor.composition.smart.piece import divided, piece_from, piece_of
from ai_video_editor.composition.smart.playing import faults_in
from ai_video_editor.composition.smart.runs import (
    CopyRun,
    EncodeRun,
    copyable,
    joined,
    runs_of,
    touched,
)
from ai_video_editor.composition.timeline import Section
from ai_video_editor.composition.transitions import Fade
from ai_video_editor.timebase import FrameRate

SETS = ParameterSets(100, 40, b"", (b"\x67", b"\x68"))


def recording(frames: int, gop: int, *, b_frames: bool = True) -> PacketIndex:
    """Packets of a recording: IDR, then P before its B, as encoders write them."""
    numbers: list[int] = []
    for start in range(0, frames, gop):
        end = min(start + gop, frames)
        numbers.append(start)
        place = start + 1
        while place < end:
            if b_frames and place + 1 < end:
                numbers += [place + 1, place]
                place += 2
            else:
                numbers.append(place)
                place += 1
    return PacketIndex(numbers, numbers, tuple(range(0, frames, gop)), -(-frames // gop), SETS)


def whole(copies: Sequence[CopyRun], encodes: Sequence[EncodeRun]) -> list[int]:
    spans = [(r.film, r.end) for r in copies] + [(r.film, r.end) for r in encodes]
    return [n for start, end in sorted(spans) for n in range(start, end)]


def test_a_gop_is_copied_from_its_key_frame_up_to_the_cut() -> None:
    copies, encodes = runs_of([Section(0, Fraction(30), 0, 100)], {0: recording(200, 50)}, [], 100)
    assert copies == [CopyRun(input=0, first=50, count=79, film=20)]
    assert encodes == [EncodeRun(0, 20), EncodeRun(99, 100)]


def test_what_is_drawn_on_is_encoded_up_to_the_next_key_frame() -> None:
    section = [Section(0, Fraction(0), 0, 200)]
    copies, encodes = runs_of(section, {0: recording(200, 50, b_frames=False)}, [(60, 70)], 200)
    assert [(run.film, run.end) for run in copies] == [(0, 60), (100, 200)]
    assert encodes == [EncodeRun(60, 100)]


def test_speed_and_other_inputs_are_encoded() -> None:
    sections = [Section(0, Fraction(0), 0, 50, Fraction(2)), Section(1, Fraction(0), 50, 50)]
    copies, encodes = runs_of(sections, {0: recording(200, 50)}, [], 100)
    assert copies == [] and encodes == [EncodeRun(0, 100)]


def test_a_short_run_among_encoded_ones_is_not_worth_it() -> None:
    copies, _ = runs_of([Section(0, Fraction(30), 0, 24)], {0: recording(200, 50)}, [], 24)
    assert copies == []


def test_frames_that_share_a_place_or_leave_one_empty_end_a_copy() -> None:
    gap = PacketIndex([0, 1, 2, 5, 6], [0, 1, 2, 5, 6], (0,), 1, SETS)
    assert copyable(gap, 0, 100) == 3
    double = PacketIndex([0, 1, 2, 2, 3], [0, 1, 2, 3, 4], (0,), 1, SETS)
    assert copyable(double, 0, 100) == 2
    two = PacketIndex([0, 1, 2, 2, 3], [0, 1, 2, 3, 4], (0, 3), 2, SETS)
    assert copyable(two, 0, 100) == 2
    assert copyable(two, 1, 100) == 0


@given(
    st.lists(st.tuples(st.integers(0, 280), st.integers(1, 60)), min_size=1, max_size=8),
    st.integers(1, 60),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=3),
)
def test_copies_and_encoded_runs_are_the_film_and_copies_are_true(
    cuts: list[tuple[int, int]], gop: int, b_frames: bool, drawn: list[tuple[int, int]]
) -> None:
    index = recording(300, gop, b_frames=b_frames)
    sections: list[Section] = []
    for start, length in cuts:
        film = sections[-1].film_end if sections else 0
        sections.append(Section(0, Fraction(start), film, min(length, 300 - start)))
    frames = sections[-1].film_end
    spans = joined((start, start + length) for start, length in drawn)
    copies, encodes = runs_of(sections, {0: index}, spans, frames)
    assert whole(copies, encodes) == list(range(frames))
    shown = {s.film + n: s.first + n for s in sections for n in range(s.frames)}
    for run in copies:
        packets = index.numbers[run.first : run.first + run.count]
        assert run.first in index.entries
        assert sorted(packets) == [shown[n] for n in range(run.film, run.end)]
        assert not any(start < run.end and run.film < end for start, end in spans)


@given(
    st.lists(st.integers(1, 90), min_size=1, max_size=6),
    st.integers(1, 50),
    st.integers(0, 80),
    st.integers(1, 40),
)
def test_pieces_hold_all_frames_and_part_no_drawing(
    lengths: list[int], longest: int, start: int, length: int
) -> None:
    runs = [EncodeRun(100 * n, 100 * n + count) for n, count in enumerate(lengths)]
    drawn = [(start, min(start + length, lengths[0]))] if start < lengths[0] else []
    groups = divided(runs, longest=longest, unbroken=drawn)
    frames = [n for group in groups for run in group for n in range(run.film, run.end)]
    assert frames == [n for run in runs for n in range(run.film, run.end)]
    borders = {run.film for group in groups for run in group}
    assert not any(first < border < last for first, last in drawn for border in borders)


def test_a_piece_is_a_value_that_can_be_kept() -> None:
    shape = FilmShape(Canvas(320, 180), FrameRate(30000, 1001), 100)
    graphics = Graphics(zooms=(Zoom(0, 10, 1.2),), fades=(Fade(95, 100, out=True),))
    piece = piece_of(
        [EncodeRun(0, 20), EncodeRun(90, 100)],
        [Section(0, Fraction(30), 0, 100)],
        graphics,
        shape,
        inputs=["a" * 64],
        indexes={0: recording(200, 50)},
        quality="high",
        delay=1,
    )
    assert piece.starts == (0, 20) and piece.frames == 30
    assert [(s.first, s.film, s.frames) for s in piece.sections] == [(30, 0, 20), (120, 20, 10)]
    assert piece.graphics.zooms[0].start == 0 and piece.graphics.fades[0].start == 25
    reaches = piece.excerpts[0].reaches
    assert [(reach.first, reach.end) for reach in reaches] == [(0, 50), (100, 131)]
    assert piece_from(json.loads(json.dumps(piece.payload()))) == piece


def test_the_cost_says_what_is_copied_and_whether_it_pays() -> None:
    index = {0: recording(1000, 50)}
    little = cost_of([CopyRun(0, 0, 900, 0)], [EncodeRun(900, 1000)], index, 130)
    assert little.pays and little.share == pytest.approx(0.1)
    assert (
        "900 of 1000 frames are copied as they were (key frames are 50 frames apart)"
        in little.sentence
    )
    much = cost_of([CopyRun(0, 0, 50, 0)], [EncodeRun(50, 1000)], index, 990)
    assert not much.pays and much.sentence.startswith("Rendered in full: only 50 of 1000")


def test_touched_frames_are_those_with_something_on_them() -> None:
    graphics = Graphics(zooms=(Zoom(10, 20, 1.2),), fades=(Fade(20, 30, out=False),))
    assert touched(graphics) == [(10, 30)]


@pytest.mark.parametrize(
    "header", [None, b"", b"\x00\x00\x00\x01\x67", b"\x01\x64\x00\x28\xff\xe1"]
)
def test_an_odd_header_is_no_parameter_set(header: bytes | None) -> None:
    assert parameter_sets(header) is None


def test_a_file_that_is_called_error_is_no_fault() -> None:
    named = "Input #0, mov,mp4, from 'file:/talks/error-handling/film.mp4':\n"
    fault = "[h264 @ 0x55] error while decoding MB 3 1, bytestream -5\n"
    assert faults_in(named) == ()
    assert faults_in(named + fault) == (fault.strip(),)
