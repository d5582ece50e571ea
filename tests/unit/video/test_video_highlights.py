"""Which moments are picked, and what is said of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample, Shot
from ai_video_editor.timebase import SourceTime, TimeRange, source_time
from ai_video_editor.video.highlights import Moment, moments, pick, sharpest
from ai_video_editor.video.quality import Measured
from ai_video_editor.video.shot_kinds import Evidence, shots_of
from ai_video_editor.video.texture import Texture

FACE = Face(
    box=Box(x=0.4, y=0.2, width=0.2, height=0.35),
    confidence=0.9,
    sharpness=300,
    eyes_open=0.9,
    smile=0.7,
)
SIGNATURE = np.zeros((9, 16), np.uint8)


def evidence(seconds: int, *, face: Face | None, black: bool = False, lines: int = 0) -> Evidence:
    times = [source_time(number / 5) for number in range(5 * seconds)]
    light = 2.0 if black else 120.0
    empty = 0.8 if lines else 0.1
    movement: dict[SourceTime, float] = {time: 0.0 if lines else 2.0 for time in times}
    return Evidence(
        tuple(FaceSample(time=time, faces=(face,) if face else ()) for time in times),
        tuple(Measured(time, 400.0, light, 1.0 if black else 50.0, 0.0, 2.0) for time in times),
        tuple(
            Texture(time, empty, 0.1, lines, 50.0, SIGNATURE + i % 250)
            for i, time in enumerate(times)
        ),
        movement,
    )


def shots(found: Evidence, seconds: int) -> tuple[Shot, ...]:
    return shots_of((), TimeRange(source_time(0), source_time(seconds)), found, 0)


def test_a_face_that_stays_makes_a_talking_head() -> None:
    assert [shot.kind for shot in shots(evidence(4, face=FACE), 4)] == ["talking_head"]


def test_still_text_on_empty_ground_is_a_slide_and_little_of_it_a_title_card() -> None:
    assert shots(evidence(4, face=None, lines=7), 4)[0].kind == "slide"
    assert shots(evidence(4, face=None, lines=1), 4)[0].kind == "title_card"


def test_black_is_black_and_gives_no_highlight() -> None:
    dark = evidence(3, face=None, black=True)
    kinds = shots(dark, 3)
    assert kinds[0].kind == "black"
    assert pick(moments(0, kinds, dark)) == []


def test_highlights_are_spread_over_the_film_and_best_first() -> None:
    long = evidence(60, face=FACE)
    chosen = pick(moments(0, shots(long, 60), long))
    assert len(chosen) >= 6
    assert [m.score for m in chosen] == sorted((m.score for m in chosen), reverse=True)
    times = sorted(float(m.time) for m in chosen)
    assert times[-1] - times[0] > 30
    assert min(b - a for a, b in pairwise(times)) >= 0.7


def test_a_smile_is_named_as_probable() -> None:
    smiling = evidence(2, face=FACE)
    best = pick(moments(0, shots(smiling, 2), smiling))[0]
    assert best.kind == "expression"
    assert "probably smiling" in best.reason
    assert "35% of the height" in best.reason


def test_a_picture_that_never_changes_is_picked_once() -> None:
    kept = [
        Moment(0, source_time(number), 0, 0.5, "slide", "title card", (), SIGNATURE)
        for number in range(20)
    ]
    assert len(pick(kept)) == 1


def test_looking_for_sharper_neighbours_never_gives_a_moment_twice() -> None:
    near = [
        Moment(0, source_time(number / 5), 0, 0.5, "scene", "", (), SIGNATURE + 10 * number)
        for number in range(5)
    ]
    chosen = sharpest([near[0], near[2]], near, lambda moment: float(moment.time))
    assert len({moment.time for moment in chosen}) == 2
