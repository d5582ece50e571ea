"""Shot boundaries from made-up pictures."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.timebase import source_time
from ai_video_editor.video.picture import Picture, changed_blocks, correlation
from ai_video_editor.video.shots import Boundary, ShotBoundaries, SparseBoundaries

Pixels = NDArray[np.uint8]


def scene(seed: int) -> Pixels:
    coarse = np.random.default_rng(seed).integers(30, 230, (6, 8, 3), dtype=np.uint8)
    return np.ascontiguousarray(np.kron(coarse, np.ones((30, 40, 1), np.uint8)))


def boundaries_of(images: list[Pixels], rate: int = 25) -> tuple[Boundary, ...]:
    finder = ShotBoundaries()
    for number, image in enumerate(images):
        finder.see(Picture(source_time(Fraction(number, rate)), image))
    return finder.result()


def test_a_hard_cut_is_found_on_its_frame() -> None:
    found = boundaries_of([scene(1)] * 30 + [scene(2)] * 30)
    assert [(b.time, b.transition) for b in found] == [(Fraction(30, 25), "cut")]


def test_a_flash_is_no_cut() -> None:
    white = np.full_like(scene(1), 250)
    assert boundaries_of([scene(1)] * 30 + [white] * 2 + [scene(1)] * 30) == ()


def test_one_take_has_no_boundary() -> None:
    moving = [np.roll(scene(1), number, axis=1) for number in range(60)]
    assert boundaries_of(moving) == ()


def test_black_of_half_a_second_is_a_shot_of_its_own() -> None:
    black = np.zeros_like(scene(1))
    found = boundaries_of([scene(1)] * 30 + [black] * 25 + [scene(2)] * 30)
    assert [b.time for b in found] == [Fraction(30, 25), Fraction(55, 25)]


def test_a_fade_through_black_is_one_boundary_at_its_darkest() -> None:
    down = [(scene(1) * (1 - step / 20)).astype(np.uint8) for step in range(21)]
    up = [(scene(2) * (step / 20)).astype(np.uint8) for step in range(21)]
    found = boundaries_of([scene(1)] * 25 + down + up + [scene(2)] * 25)
    assert [b.transition for b in found] == ["fade"]
    assert abs(found[0].time - Fraction(46, 25)) < Fraction(1, 5)


def test_a_dissolve_is_found_in_its_middle() -> None:
    mixed = [
        (scene(3) * (1 - step / 20) + scene(4) * (step / 20)).astype(np.uint8) for step in range(21)
    ]
    found = boundaries_of([scene(3)] * 30 + mixed + [scene(4)] * 40)
    assert [b.transition for b in found] == ["dissolve"]
    assert abs(found[0].time - Fraction(40, 25)) < Fraction(2, 5)


def test_pictures_seconds_apart_show_a_rough_cut() -> None:
    finder = SparseBoundaries()
    for number, image in enumerate([scene(1), scene(1), scene(2), scene(2)]):
        finder.see(Picture(source_time(2 * number), image))
    found = finder.result()
    assert [b.time for b in found] == [4]
    assert found[0].confidence <= 0.5


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (180, 320), (1280, 720)])
def test_pictures_of_any_size_can_be_compared(size: tuple[int, int]) -> None:
    picture = Picture(source_time(0), np.full((*size, 3), 90, np.uint8))
    assert changed_blocks(picture.tiny, picture.tiny) == 0
    assert correlation(picture.tiny, picture.tiny) == pytest.approx(1, abs=1e-5)
