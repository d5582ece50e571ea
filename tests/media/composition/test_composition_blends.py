"""Dissolves and wipes, measured on the pixels of small films."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.context.outputs import BRollAsset, BRollPackage
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.timebase import film_time, source_time
from tests.film_studio import (
    HD_TAGS,
    KeptRange,
    Rendered,
    Studio,
    ffmpeg,
    grey_frames,
    sound,
)

KEPT: list[KeptRange] = [(0, 1.0, 2.0), (0, 4.0, 5.0)]

CODING = 3.0
"""Levels by which encoding may change a flat picture that grows lighter by one a frame."""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def ramp(target: Path, *, seconds: float = 6, extra: Sequence[str] = ()) -> Path:
    """A clip whose luma is 16 and the frame's number: what is blended can be told apart."""
    ffmpeg(
        "-f", "lavfi", "-i", f"color=black:size=160x96:rate=25:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=440:sample_rate=48000:duration={seconds}",
        "-vf", "geq=lum='16+N':cb=128:cr=128", "-pix_fmt", "yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "4", *HD_TAGS, "-c:a", "aac", *extra,
        target,
    )  # fmt: skip
    return target


def transition(at: float, style: str, seconds: float = 0.4, **more: int) -> EditingDecision:
    return EditingDecision(
        start=source_time(str(at)), end=source_time(str(at)), decision_id="transition-001",
        decision_type="transition", parameters={"style": style, "duration": seconds, **more},
        rationale="a new chapter", confidence=1.0, decided_by="rules",
    )  # fmt: skip


def light(rendered: Rendered) -> NDArray[np.float64]:
    found: NDArray[np.float64] = over_black(rendered).mean(axis=(1, 2))
    return found


def over_black(rendered: Rendered) -> NDArray[np.float64]:
    """All pixels, 0 for black, in steps of video levels."""
    return grey_frames(rendered.film, 160, 96).astype(np.float64) * (219 / 255)


def mixed(start: int, end: int) -> NDArray[np.float64]:
    """The frames' numbers in a film of `KEPT` whose cut is dissolved over `start` to `end`."""
    film = np.arange(50, dtype=float)
    before, after = film + 25, film + 75
    share = np.clip((film + 0.5 - start) / (end - start), 0, 1)
    return before * (1 - share) + after * share


def test_a_dissolve_mixes_the_frames_beside_the_cut(studio: Studio, tmp_path: Path) -> None:
    clip = ramp(tmp_path / "clip.mp4")
    plain = studio.render([clip], KEPT)
    film = studio.render([clip], KEPT, decisions=[transition(4.0, "dissolve")])
    assert light(film) == pytest.approx(mixed(20, 30), abs=CODING)
    assert (sound(film.film) == sound(plain.film)).all(), "the sound is cut as without it"
    assert film.composed.duration == plain.composed.duration


def test_a_dissolve_leans_to_the_side_that_has_frames(studio: Studio, tmp_path: Path) -> None:
    one, two = ramp(tmp_path / "one.mp4", seconds=4), ramp(tmp_path / "two.mp4", seconds=3)
    cut = transition(1.0, "dissolve").model_copy(update={"input": 1})
    film = studio.render([one, two], [(0, 3.0, 4.0), (1, 1.0, 2.0)], decisions=[cut])
    frames = np.arange(50, dtype=float)
    share = np.clip((frames + 0.5 - 15) / 10, 0, 1)
    numbers = (75 + frames) * (1 - share) + frames * share
    assert light(film) == pytest.approx(numbers, abs=CODING)


def test_without_frames_on_either_side_it_dips_and_says_so(studio: Studio, tmp_path: Path) -> None:
    one, two = ramp(tmp_path / "one.mp4", seconds=2), ramp(tmp_path / "two.mp4", seconds=2)
    cut = transition(0.0, "dissolve").model_copy(update={"input": 1})
    film = studio.render([one, two], [(0, 0.0, 2.0), (1, 0.0, 2.0)], decisions=[cut])
    assert light(film)[49] < 12 and light(film)[40] > 35
    assert any("dip instead of a dissolve" in note for note in film.composed.notes)


def test_where_nothing_is_cut_nothing_is_drawn(studio: Studio, tmp_path: Path) -> None:
    clip = ramp(tmp_path / "clip.mp4", seconds=3)
    film = studio.render([clip], [(0, 0.0, 3.0)], decisions=[transition(1.0, "wipe")])
    assert light(film) == pytest.approx(np.arange(75), abs=CODING)
    assert any("nothing is cut there" in note for note in film.composed.notes)


def test_a_wipe_uncovers_the_next_picture_from_the_left(studio: Studio, tmp_path: Path) -> None:
    clip = ramp(tmp_path / "clip.mp4")
    film = studio.render([clip], KEPT, decisions=[transition(4.0, "wipe", 0.8)])
    frames = over_black(film).mean(axis=1)
    shares = (frames - (np.arange(50) + 25)[:, None]) / 50
    assert shares[:15].max() < 0.06 and shares[35:].min() > 0.94
    for row in shares[15:35]:
        assert np.diff(row).max() < 0.06, "what is new lies left"
    assert (np.diff(shares[14:36], axis=0) > -0.06).all(), "and never goes back"
    halfway = shares[24:26].mean(axis=0)
    assert halfway[:40].min() > 0.9 and halfway[-40:].max() < 0.1
    soft = ((halfway > 0.1) & (halfway < 0.9)).sum()
    assert 12 < soft < 40, "the edge is soft"


def test_a_smart_render_blends_as_a_full_one(studio: Studio, tmp_path: Path) -> None:
    clip = ramp(tmp_path / "clip.mp4", seconds=8, extra=["-g", "25", "-sc_threshold", "0"])
    kept: list[KeptRange] = [(0, 0.4, 3.2), (0, 4.4, 7.6)]
    cut = [transition(4.4, "dissolve")]
    smart = studio.render([clip], kept, decisions=cut, render="smart", quality="ultra")
    full = studio.render([clip], kept, decisions=cut, render="full", quality="ultra")
    assert smart.composed.method == "smart", smart.composed.notes
    assert light(smart) == pytest.approx(light(full), abs=1.0)
    assert light(smart)[67] == pytest.approx(77 * 0.75 + 107 * 0.25, abs=3)


def test_each_side_of_a_blend_keeps_its_own_framing(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "box.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=black:size=320x180:rate=25:duration=6",
        "-vf", "drawbox=140:70:40:40:white:fill", "-pix_fmt", "yuv420p", clip,
    )  # fmt: skip
    zoom = EditingDecision(
        start=source_time(4), end=source_time(5), decision_id="zoom-001", decision_type="zoom",
        parameters={"scale": 1.5, "center_x": 0.5, "center_y": 0.5},
        rationale="closer", confidence=1.0, decided_by="rules",
    )  # fmt: skip
    film = studio.render([clip], KEPT, decisions=[zoom, transition(4.0, "dissolve")]).film
    rows = grey_frames(film, 320, 180).astype(float)[:, 90]
    ring = rows[:, 133:137].mean(axis=1)
    assert ring[:19].max() < 25 and ring[31:].min() > 200
    assert (np.diff(ring[19:31]) > 5).all(), "the larger framing comes in slowly"
    assert rows[20:30, 150:170].min() > 200


def test_a_graphic_that_fills_the_picture_is_not_blended(studio: Studio, tmp_path: Path) -> None:
    clip, graphic = ramp(tmp_path / "clip.mp4"), tmp_path / "full.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=gray:size=160x96:rate=25:duration=0.4",
        "-pix_fmt", "yuv420p", graphic,
    )  # fmt: skip
    asset = BRollAsset(
        start=film_time("0.8"), end=film_time("1.2"), opportunity_id="b", method="still",
        clip=studio.keep(graphic), placement="full_screen", content_type="chart", description="",
    )  # fmt: skip
    film = studio.render(
        [clip], KEPT, decisions=[transition(4.0, "dissolve")], broll=BRollPackage(assets=(asset,))
    )
    assert np.ptp(light(film)[20:30]) < 2
    assert any("a graphic fills the picture" in note for note in film.composed.notes)
