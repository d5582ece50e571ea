"""A film in another shape than its recording: its frames, its window and what is drawn on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import film_canvas
from ai_video_editor.context.base import Box
from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.video import Face, FaceSample, Shot, VideoAnalysis
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import film_time, source_time
from tests.film_studio import HD_TAGS, Studio, camera, ffmpeg, grey_frames

UPRIGHT = CompositionSettings(aspect="9:16")


def face_at(x: float, seconds: float = 3) -> VideoAnalysis:
    """Somebody who speaks from one place."""
    face = Face(box=Box(x=x - 0.05, y=0.25, width=0.1, height=0.2), confidence=0.9)
    times = [n / 5 for n in range(int(seconds * 5))]
    return VideoAnalysis(
        shots=(Shot(start=source_time(0), end=source_time(seconds), kind="talking_head"),),
        faces=tuple(FaceSample(time=source_time(t), faces=(face,)) for t in times),
    )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Dark on the left, light on the right."""
    target = tmp_path / "halves.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=0x303030:size=320x180:rate=25:duration=3",
        "-f", "lavfi", "-i", "sine=300:sample_rate=48000:duration=3",
        "-vf", "drawbox=x=160:w=160:c=0xd0d0d0:t=fill",
        "-c:v", "libx264", "-pix_fmt", "yuv420p", *HD_TAGS, "-c:a", "aac", target,
    )  # fmt: skip
    return target


def test_the_film_is_upright_shows_who_speaks_and_has_every_frame(
    clip: Path, tmp_path: Path
) -> None:
    rendered = Studio(tmp_path).render(
        [clip], [(0, 0.2, 1.2), (0, 1.6, 2.8)], settings=UPRIGHT, seen=face_at(0.8)
    )
    composed = rendered.composed
    assert (composed.width, composed.height, composed.aspect) == (180, 320, "9:16")
    frames = grey_frames(rendered.film, 180, 320)
    assert len(frames) == composed.frames == 55
    assert frames[:, :, 8:-8].min() > 150
    assert any("9:16" in note for note in composed.notes)


def test_a_film_that_has_the_shape_already_is_still_copied_where_it_can_be(tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=6, size="320x180")
    wide = CompositionSettings(aspect="16:9")
    rendered = Studio(tmp_path).render([clip], [(0, 0.0, 6.0)], settings=wide, render="smart")
    assert (rendered.composed.method, rendered.composed.aspect) == ("smart", None)
    assert film_canvas(Canvas(320, 180), "16:9") == Canvas(320, 180)


def test_a_full_screen_graphic_fills_the_upright_picture_while_it_stands(
    clip: Path, tmp_path: Path
) -> None:
    studio = Studio(tmp_path)
    card = tmp_path / "card.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=white:size=180x320:rate=25:duration=1", "-pix_fmt",
           "yuv420p", card)  # fmt: skip
    asset = BRollAsset(
        start=film_time(1), end=film_time(2), opportunity_id="b", clip=studio.keep(card),
        placement="full_screen", content_type="chart", description="", method="still",
    )  # fmt: skip
    rendered = studio.render(
        [clip], [(0, 0.0, 3.0)], settings=UPRIGHT, seen=face_at(0.2),
        broll=BRollPackage(assets=(asset,)),
    )  # fmt: skip
    frames = grey_frames(rendered.film, 180, 320)
    lit = [n for n, frame in enumerate(frames) if frame.min() > 220]
    assert lit == list(range(25, 50))
    assert frames[24].max() < 90 and frames[50].max() < 90


def test_the_plain_reencode_of_last_resort_is_upright_as_well(clip: Path, tmp_path: Path) -> None:
    rendered = Studio(tmp_path).render(
        [clip], [(0, 0.2, 1.2)], settings=UPRIGHT, seen=face_at(0.8), method="reencode"
    )
    assert (rendered.composed.width, rendered.composed.height) == (180, 320)
    assert rendered.composed.frames == 75
