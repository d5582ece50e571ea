from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_video_editor.composition.camera_path import Limits, Sight, follow
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import Reframed, film_canvas, shaped
from ai_video_editor.composition.graphics import Zoom
from ai_video_editor.composition.reframe_graph import reframed_zooms
from ai_video_editor.composition.reframing import (
    ASPECTS,
    Framing,
    KeyPoint,
    reframing_of,
    target_canvas,
)
from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample, Shot, VideoAnalysis
from ai_video_editor.timebase import FrameRate, TimeMap, TimeRange, source_time
from tests.talks import film

HD = Canvas(1280, 720)
RATE = FrameRate(25)


def cut(*kept: tuple[float, float]) -> TimeMap:
    return TimeMap(
        [(0, TimeRange(source_time(a), source_time(b)), Fraction(1)) for a, b in kept], RATE
    )


def face(x: float, y: float = 0.35, size: float = 0.12) -> Face:
    """A face with its middle at a place, as high as it is wide on a 16:9 picture."""
    height = size * 16 / 9
    return Face(
        box=Box(x=x - size / 2, y=y - height / 2, width=size, height=height), confidence=0.9
    )


def seen(*samples: tuple[float, list[Face]], shots: list[Shot] | None = None) -> VideoAnalysis:
    everything = [Shot(start=source_time(0), end=source_time(60), kind="talking_head")]
    return VideoAnalysis(
        shots=tuple(shots or everything),
        faces=tuple(FaceSample(time=source_time(t), faces=tuple(f)) for t, f in samples),
    )


def reframed(
    video: VideoAnalysis | None, time_map: TimeMap, aspect: str = "9:16"
) -> tuple[Framing, ...]:
    return reframing_of(time_map, video, [(1280, 720)], HD, ASPECTS[aspect])


def window(framings: tuple[Framing, ...], frame: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom edge at a frame."""
    (framing,) = (f for f in framings if f.start <= frame < f.end)
    x, y = framing.center(frame)
    return (
        x - framing.width / 2, y - framing.height / 2,
        x + framing.width / 2, y + framing.height / 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("canvas", "aspect", "wanted"),
    [
        (Canvas(1920, 1080), "9:16", Canvas(1080, 1920)),
        (Canvas(1920, 1080), "1:1", Canvas(1080, 1080)),
        (Canvas(1920, 1080), "4:5", Canvas(1080, 1350)),
        (Canvas(1080, 1920), "16:9", Canvas(1920, 1080)),
        (Canvas(640, 360), "9:16", Canvas(360, 640)),
        (Canvas(322, 182), "9:16", Canvas(182, 324)),
    ],
)
def test_the_shorter_side_keeps_its_length(canvas: Canvas, aspect: str, wanted: Canvas) -> None:
    assert target_canvas(canvas, ASPECTS[aspect]) == wanted


def test_a_film_of_that_shape_already_is_left_alone() -> None:
    assert reframed(None, cut((0, 4)), "16:9") == ()


def test_a_face_that_hardly_moves_is_not_followed() -> None:
    video = seen(*((n / 5, [face(0.7 + 0.012 * (-1) ** n)]) for n in range(50)))
    (framing,) = reframed(video, cut((0, 10)))
    assert len(framing.points) == 1
    assert framing.center(0)[0] == pytest.approx(0.7, abs=0.03)


def test_a_face_that_changes_its_place_is_followed_once_and_gently() -> None:
    video = seen(*((n / 5, [face(0.3 if n < 25 else 0.6)]) for n in range(50)))
    (framing,) = reframed(video, cut((0, 10)))
    xs = [framing.center(frame)[0] for frame in range(250)]
    assert xs[0] == pytest.approx(0.3, abs=0.05)
    assert xs[-1] == pytest.approx(0.6, abs=0.05)
    assert xs == sorted(xs)
    assert len({round(x, 6) for x in xs[:90]}) == 1
    assert len({round(x, 6) for x in xs[170:]}) == 1


def test_a_new_shot_is_a_jump() -> None:
    shots = [
        Shot(start=source_time(0), end=source_time(4), kind="talking_head"),
        Shot(start=source_time(4), end=source_time(8), kind="talking_head"),
    ]
    video = seen(*((n / 5, [face(0.25 if n < 20 else 0.8)]) for n in range(40)), shots=shots)
    one, two = reframed(video, cut((0, 8)))
    assert (one.end, two.start) == (100, 100)
    assert one.center(99)[0] == pytest.approx(0.25, abs=0.06)
    assert two.center(100)[0] == pytest.approx(0.8, abs=0.06)


def test_a_jump_cut_within_a_shot_keeps_the_window_where_the_face_allows_it() -> None:
    video = seen(*((n / 5, [face(0.5 if n < 25 else 0.53)]) for n in range(50)))
    (framing,) = reframed(video, cut((0, 4), (6, 10)))
    assert len(framing.points) == 1


def test_two_faces_are_both_seen_where_they_fit() -> None:
    pair = [face(0.44, size=0.1), face(0.56, size=0.095)]
    video = seen(*((n / 5, pair) for n in range(20)))
    left, _, right, _ = window(reframed(video, cut((0, 4))), 50)
    assert left < 0.39
    assert right > 0.61


def test_of_two_faces_far_apart_the_speaker_is_seen() -> None:
    pair = [face(0.15, size=0.13), face(0.85, size=0.12)]
    speaker = Box(x=0.79, y=0.25, width=0.12, height=0.2)
    shots = [Shot(start=source_time(0), end=source_time(4), kind="talking_head", speaker=speaker)]
    video = seen(*((n / 5, pair) for n in range(20)), shots=shots)
    left, _, right, _ = window(reframed(video, cut((0, 4))), 50)
    assert left < 0.79
    assert right > 0.91


def test_without_faces_or_analysis_the_middle_is_shown() -> None:
    for video in (None, seen()):
        (framing,) = reframed(video, cut((0, 4)))
        assert framing.center(30) == (0.5, 0.5)
        assert framing.height == 1


def test_slides_are_shown_whole() -> None:
    shots = [
        Shot(start=source_time(0), end=source_time(2), kind="talking_head"),
        Shot(start=source_time(2), end=source_time(4), kind="slide"),
        Shot(start=source_time(4), end=source_time(6), kind="title_card"),
    ]
    framings = reframed(seen(shots=shots), cut((0, 6)))
    assert [(f.start, f.end, f.whole) for f in framings] == [(0, 50, False), (50, 150, True)]


def test_a_portrait_input_in_a_landscape_film_fills_the_portrait_window() -> None:
    video = seen(*((n / 5, [face(0.5)]) for n in range(20)))
    (framing,) = reframing_of(cut((0, 4)), video, [(720, 1280)], HD, ASPECTS["9:16"])
    assert framing.width == pytest.approx(0.316, abs=0.004)
    assert framing.center(10)[0] == pytest.approx(0.5, abs=0.004)


def test_a_tall_picture_made_wide_keeps_head_room() -> None:
    tall = Canvas(720, 1280)
    video = seen(*((n / 5, [face(0.5, y=0.3, size=0.35)]) for n in range(20)))
    (framing,) = reframing_of(cut((0, 4)), video, [(720, 1280)], tall, ASPECTS["16:9"])
    _, y = framing.center(10)
    share = (0.3 - (y - framing.height / 2)) / framing.height
    assert 0.3 < share < 0.5


def test_a_small_speaker_is_brought_nearer_but_not_beyond_the_pixels() -> None:
    video = seen(*((n / 5, [face(0.5, size=0.05)]) for n in range(20)))
    (framing,) = reframed(video, cut((0, 4)))
    assert 1 / 1.25 - 0.001 <= framing.height < 1


@st.composite
def walks(draw: st.DrawFn) -> list[float]:
    """Where a face is at every fifth of a second: it walks, stands and turns round."""
    place = draw(st.floats(0.1, 0.9))
    places = []
    for _ in range(draw(st.integers(1, 5))):
        speed = draw(st.floats(-0.1, 0.1))
        for _ in range(draw(st.integers(3, 15))):
            place = min(max(place + speed / 5, 0.08), 0.92)
            places.append(place)
    return places


@settings(max_examples=60)
@given(walks())
def test_the_window_stays_in_the_picture_keeps_the_face_and_the_limits(walk: list[float]) -> None:
    video = seen(*((n / 5, [face(x)]) for n, x in enumerate(walk)))
    time_map = cut((0, len(walk) / 5))
    framings = reframed(video, time_map)
    assert [f.start for f in framings] == [0, *(f.end for f in framings[:-1])]
    assert framings[-1].end == time_map.frames
    edges = [window(framings, frame) for frame in range(time_map.frames)]
    for left, top, right, bottom in edges:
        assert left >= -1e-6 and right <= 1 + 1e-6
        assert top >= -1e-6 and bottom <= 1 + 1e-6
    width = edges[0][2] - edges[0][0]
    for n, x in enumerate(walk):
        left, _, right, _ = edges[min(n * 5, len(edges) - 1)]
        assert left <= max(0, x - 0.06) + 1e-3
        assert right >= min(1, x + 0.06) - 1e-3
    speeds = [(b[0] - a[0]) * 25 / width for a, b in pairwise(edges)]
    assert max(map(abs, speeds), default=0) <= 0.6 * 1.05


@settings(max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_even_a_face_that_leaps_about_moves_the_camera_gently(places: list[float]) -> None:
    limits = Limits(0.16, 0.84, 0.04, 0.2, 0.45)
    path = follow([Sight(n / 3, x, 0.1) for n, x in enumerate(places)], limits)
    times = [n / 50 for n in range(len(places) * 17 + 50)]
    xs = [path.at(t) for t in times]
    assert all(0.16 - 1e-9 <= x <= 0.84 + 1e-9 for x in xs)
    speeds = [(b - a) * 50 for a, b in pairwise(xs)]
    assert max(map(abs, speeds)) <= 0.2 + 1e-6
    assert max((abs(b - a) * 50 for a, b in pairwise(speeds)), default=0) <= 0.45 + 1e-6


def test_punch_ins_are_carried_into_the_window() -> None:
    framings = (
        Framing(0, 50, 0.316, 1.0, (KeyPoint(0, 0.7, 0.5),)),
        Framing(50, 100, 1, 1, (KeyPoint(50, 0.5, 0.5),), whole=True),
    )
    zooms = [Zoom(10, 40, 1.2, 0.7, 0.4), Zoom(60, 90, 1.2)]
    (zoom,) = reframed_zooms(zooms, framings)
    assert (zoom.start, zoom.center_y) == (10, 0.4)
    assert zoom.center_x == pytest.approx(0.5)


def test_a_head_that_fills_the_window_does_not_make_it_tremble() -> None:
    video = seen(*((n / 5, [face(0.5 + 0.01 * (-1) ** n, size=0.29)]) for n in range(50)))
    (framing,) = reframed(video, cut((0, 10)))
    assert len(framing.points) == 1


def test_a_head_that_fills_the_window_is_not_cut_by_a_punch_in() -> None:
    near = reframed(seen(*((n / 5, [face(0.5, size=0.25)]) for n in range(50))), cut((0, 10)))
    far = reframed(seen(*((n / 5, [face(0.5, size=0.12)]) for n in range(50))), cut((0, 10)))
    zooms = [Zoom(10, 40, 1.12, 0.5, 0.4)]
    assert reframed_zooms(zooms, near) == ()
    assert [zoom.scale for zoom in reframed_zooms(zooms, far)] == [1.12]


def test_sound_before_the_first_picture_does_not_make_the_window_jump() -> None:
    shots = [Shot(start=source_time(0.033), end=source_time(10), kind="talking_head")]
    video = seen(*((0.04 + n / 5, [face(0.3)]) for n in range(49)), shots=shots)
    (framing,) = reframed(video, cut((0, 10)))
    assert (framing.start, framing.end) == (0, 250)


@settings(max_examples=40)
@given(walks(), st.integers(0, 200), st.integers(1, 120))
def test_a_stretch_of_the_film_has_the_same_window_counted_from_its_own_start(
    walk: list[float], start: int, length: int
) -> None:
    video = seen(*((n / 5, [face(x)]) for n, x in enumerate(walk)))
    time_map = cut((0, len(walk) / 5))
    whole = reframed(video, time_map)
    start = start % time_map.frames
    end = min(start + length, time_map.frames)
    part = Reframed(whole, HD).within(start, end).framings
    assert (part[0].start, part[-1].end) == (0, end - start)
    for frame in range(start, end):
        assert window(part, frame - start) == pytest.approx(window(whole, frame), abs=1e-9)


def test_everything_that_draws_for_the_film_is_told_one_size() -> None:
    metadata = film(Fraction(10))
    wide = Canvas(metadata.width, metadata.height)
    upright = shaped(metadata, "9:16")
    assert Canvas(upright.width, upright.height) == film_canvas(wide, "9:16")
    assert upright.height > upright.width
    assert shaped(metadata, None) == shaped(metadata, "16:9") == metadata
