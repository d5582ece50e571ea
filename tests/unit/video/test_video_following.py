"""Following faces, noticing a moving camera, keeping frames, working beside the decoder."""

from __future__ import annotations

import threading
from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.context.base import Box
from ai_video_editor.context.video import Face, FaceSample
from ai_video_editor.media.frames import Original
from ai_video_editor.timebase import source_time
from ai_video_editor.video.best_frames import BestFrames
from ai_video_editor.video.camera import moved_as_one
from ai_video_editor.video.face_detectors import Found
from ai_video_editor.video.faces import FaceTracker, worth_keeping
from ai_video_editor.video.following import Pattern
from ai_video_editor.video.picture import Picture
from ai_video_editor.video.worker import Worker, single_threaded_opencv

Pixels = NDArray[np.uint8]


def textured(seed: int, height: int = 180, width: int = 320) -> Pixels:
    coarse = np.random.default_rng(seed).integers(0, 255, (height // 6, width // 6), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def picture(time: float, grey: Pixels) -> Picture:
    return Picture(source_time(time), np.ascontiguousarray(np.dstack([grey] * 3)))


def test_a_pattern_is_found_where_it_moved_to() -> None:
    ground = np.full((180, 320), 90, np.uint8)
    patch = textured(1, 60, 60)
    before, after = ground.copy(), ground.copy()
    before[50:110, 100:160] = patch
    after[56:116, 112:172] = patch
    box = Box(x=100 / 320, y=50 / 180, width=60 / 320, height=60 / 180)
    found = Pattern(picture(0, before), box).found_in(picture(0.2, after), box)
    assert found is not None
    place, likeness = found
    assert likeness > 0.9
    assert place.x * 320 == pytest.approx(112, abs=3)
    assert place.y * 180 == pytest.approx(56, abs=3)


def test_a_pattern_that_is_gone_is_unlike() -> None:
    box = Box(x=0.3, y=0.3, width=0.2, height=0.33)
    found = Pattern(picture(0, textured(1)), box).found_in(picture(0.2, textured(2)), box)
    assert found is None or found[1] < 0.75


def test_a_slow_pan_moves_the_picture_as_one() -> None:
    wide = textured(3, 180, 360)
    moved = moved_as_one(wide[:, :320], wide[:, 3:323])
    assert moved is not None and moved > 0.8


def test_somebody_moving_in_a_standing_picture_is_no_camera() -> None:
    before = textured(3)
    after = before.copy()
    after[60:120, 100:160] = np.roll(before[60:120, 100:160], 5, axis=1)
    moved = moved_as_one(before, after)
    assert moved is not None and moved < 0.4


def test_a_plain_wall_says_nothing_about_the_camera() -> None:
    wall = np.full((180, 320), 120, np.uint8)
    assert moved_as_one(wall, wall) is None


class OneFace:
    """A detector that counts how often it is asked."""

    def __init__(self) -> None:
        self.box = Box(x=0.4, y=0.3, width=0.15, height=0.27)
        self.asked = 0

    def search(self, picture: Picture, *, small: bool = True, aside: bool = True) -> list[Found]:
        self.asked += 1
        return [Found(self.box, 0.8, True)]

    def near(self, picture: Picture, box: Box) -> Found | None:
        self.asked += 1
        return Found(self.box, 0.8, True)


def test_a_face_in_a_lively_picture_is_seen_in_every_sample_and_seldom_searched() -> None:
    detector, noise = OneFace(), np.random.default_rng(1)
    tracker = FaceTracker(detector, 0)
    base = textured(5)
    for number in range(50):
        lively = np.clip(base + noise.normal(0, 25, base.shape), 0, 255).astype(np.uint8)
        tracker.see(picture(number / 5, lively))
    assert all(len(sample.faces) == 1 for sample in tracker.result())
    assert detector.asked <= 22


def test_nothing_is_searched_again_in_a_picture_that_stands() -> None:
    detector = OneFace()
    tracker = FaceTracker(detector, 0)
    for number in range(50):
        tracker.see(picture(number / 5, textured(5)))
    assert detector.asked == 1
    assert all(len(sample.faces) == 1 for sample in tracker.result())


class Held(Original):
    def __init__(self, size: int) -> None:
        self._bytes = size

    @property
    def size(self) -> int:
        return self._bytes


def test_the_best_frame_of_each_stretch_is_held() -> None:
    best = BestFrames(40.0)
    for number in range(200):
        time = source_time(Fraction(number, 5))
        best.offer(time, 0.9 if number % 10 == 3 else 0.5, Held(1000), people=False)
    held = best.result()
    assert len(held) == 20
    assert all(float(time) % 2 == pytest.approx(0.6) for time in held)


def test_held_frames_never_take_more_memory_than_allowed() -> None:
    best = BestFrames(400.0, memory=5_000_000)
    for number in range(400):
        best.offer(source_time(number), number / 400, Held(1_000_000), people=True)
    assert len(best.result()) == 5
    assert min(best.result()) > 290


def test_a_worker_does_everything_in_order_and_waits_for_the_end() -> None:
    done: list[int] = []
    with Worker(done.append) as worker:
        for number in range(100):
            worker.give(number)
    assert done == list(range(100))


def test_an_error_in_the_worker_reaches_the_caller() -> None:
    def fail(number: int) -> None:
        raise ValueError(f"number {number}")

    with pytest.raises(ValueError, match="number 0"), Worker(fail) as worker:
        for number in range(1000):
            worker.give(number)


def test_an_error_in_the_block_ends_the_worker_too() -> None:
    done: list[int] = []
    with pytest.raises(KeyError), Worker(done.append) as worker:
        worker.give(1)
        raise KeyError("stop")
    assert not [t for t in threading.enumerate() if t.name == "video-analysers"]


def test_opencv_gets_its_threads_back() -> None:
    before = cv2.getNumThreads()
    with single_threaded_opencv():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before


def test_films_of_hours_keep_a_face_every_two_seconds_and_every_coming_and_going() -> None:
    def sample(second: int, people: int) -> FaceSample:
        face = Face(box=Box(x=0.4, y=0.3, width=0.2, height=0.3), confidence=0.9)
        return FaceSample(time=source_time(second), faces=(face,) * people)

    short = [sample(second, 1) for second in range(600)]
    assert worth_keeping(short) == tuple(short)
    long = [sample(second, 2 if second == 1001 else 1) for second in range(7200)]
    kept = worth_keeping(long)
    assert len(kept) < 3700
    assert [s.time for s in kept if len(s.faces) == 2] == [source_time(1001)]
    assert source_time(1002) in {s.time for s in kept}
