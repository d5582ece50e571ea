"""B-roll as files: the right frames, the right size, the right place in the film."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.broll.generator import BRollGenerator, Method, source_line
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoMetadata
from ai_video_editor.context.outputs import BRollPackage
from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity, ChartData, Kept
from ai_video_editor.progress import silent

GROWTH = ChartData(
    kind="growth", contribution=500, annual_rate=7, years=30, source_line="as said at 0:05"
)
NUMBER = ChartData(kind="big_number", labels=("a year",), values=(7,), units=("percent",))


def opportunity(
    name: str, start: float, end: float, data: ChartData = GROWTH, **more: object
) -> BRollOpportunity:
    return BRollOpportunity.model_validate(
        {
            "opportunity_id": name, "start": start, "end": end, "content_type": "chart",
            "description": name, "data": data, "priority": 0.5, "confidence": 0.9, **more,
        }
    )  # fmt: skip


def plan(
    *broll: BRollOpportunity, rate: str = "25/1", kept: tuple[Kept, ...] = ()
) -> AIDirectorPlan:
    return AIDirectorPlan(
        director="rules",
        film_frame_rate=rate,
        inputs=(),
        kept=kept or (Kept(input=0, start=0, end=60),),
        broll=broll,
    )


def film(width: int = 320, height: int = 180, rate: str = "25/1") -> VideoMetadata:
    return VideoMetadata(
        duration=60, file_size=1, format="mov", width=width, height=height, frame_rate=rate,
        has_audio=True, has_video=True, name="talk",
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


@pytest.fixture
def keep(store: Path) -> Callable[[Path], MediaRef]:
    def move(path: Path) -> MediaRef:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        size = path.stat().st_size
        shutil.move(path, store / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=size)

    return move


def made(
    keep: Callable[[Path], MediaRef],
    scratch: Path,
    edit: AIDirectorPlan,
    metadata: VideoMetadata,
    method: Method = "movis",
) -> BRollPackage:
    return BRollGenerator(method).generate(
        edit, metadata, keep=keep, scratch=scratch, report=silent
    )


def pictures(store: Path, clip: MediaRef) -> list[NDArray[np.uint8]]:
    with av.open(str(store / f"{clip.sha256}{clip.suffix}")) as container:
        assert not container.streams.audio
        alpha = container.streams.video[0].codec_context.pix_fmt == "argb"
        return [
            frame.to_ndarray(format="rgba" if alpha else "rgb24").astype(np.uint8)
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("method", ["movis", "still_card"])
@pytest.mark.parametrize("rate", ["30000/1001", "60/1"])
def test_a_clip_has_the_frames_of_its_place_and_the_film_s_size(
    method: Method, rate: str, tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    edit = plan(opportunity("growth", 10.02, 12.51), rate=rate)
    package = made(keep, tmp_path, edit, film(rate=rate), method)
    (asset,) = package.assets
    first, last = (edit.rate.nearest_frame(at) for at in (asset.start, asset.end))
    clip = pictures(store, asset.clip)
    assert len(clip) == last - first
    assert clip[0].shape == (180, 320, 3)
    assert asset.method == ("animated" if method == "movis" else "still")
    with av.open(str(store / f"{asset.clip.sha256}.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == edit.rate.fraction
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")


def test_the_graphic_comes_in_and_then_stands_still(
    tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    (asset,) = made(keep, tmp_path, plan(opportunity("growth", 0, 3)), film()).assets
    clip = [picture.astype(np.int16) for picture in pictures(store, asset.clip)]
    bright = [(picture.max(axis=2) > 120).mean() for picture in clip]
    assert bright[0] < 0.2 * bright[-1]
    assert np.abs(clip[-30] - clip[-1]).mean() < 1.0


def test_both_methods_end_with_the_same_picture(
    tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    edit = plan(opportunity("growth", 0, 2))
    (moved,) = made(keep, tmp_path, edit, film()).assets
    (stood,) = made(keep, tmp_path, edit, film(), "still_card").assets
    one, other = (pictures(store, a.clip)[-1].astype(np.int16) for a in (moved, stood))
    assert np.abs(one - other).mean() < 1.5


def test_an_overlay_is_clear_where_nothing_is_drawn_and_leaves_at_the_end(
    tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    edit = plan(opportunity("number", 0, 2, NUMBER, placement="overlay"))
    (asset,) = made(keep, tmp_path, edit, film()).assets
    clip = pictures(store, asset.clip)
    assert asset.clip.suffix == ".mov"
    assert len(clip) == 50
    assert clip[30][:90, :, 3].max() == 0
    assert clip[30][90:, :, 3].max() > 200
    assert clip[-1][:, :, 3].max() < 0.5 * clip[30][:, :, 3].max()


def test_graphics_move_with_the_cut_and_what_was_cut_away_is_named(
    tmp_path: Path, keep: Callable[[Path], MediaRef]
) -> None:
    kept = (Kept(input=0, start=0, end=5), Kept(input=0, start=20, end=40))
    edit = plan(
        opportunity("kept", 22, 24),
        opportunity("gone", 8, 12),
        opportunity("short", 4, 12),
        opportunity("below", 22.5, 25, priority=0.2),
        opportunity("empty", 30, 33, ChartData(kind="growth", years=3)),
        kept=kept,
    )
    package = made(keep, tmp_path, edit, film(), "still_card")
    (asset,) = package.assets
    assert (float(asset.start), float(asset.end)) == (7.0, 9.0)
    reasons = {text.split(":")[0]: text for text in package.skipped}
    assert set(reasons) == {"gone", "short", "below", "empty"}
    assert "cut away" in reasons["gone"]
    assert "1.0 s" in reasons["short"]
    assert "kept stands there" in reasons["below"]
    assert "rate" in reasons["empty"]


def test_a_film_larger_than_full_hd_gets_clips_of_its_size(
    tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    edit = plan(opportunity("number", 0, 1.6, NUMBER), rate="10/1")
    (asset,) = made(keep, tmp_path, edit, film(2560, 1440, "10/1"), "still_card").assets
    assert pictures(store, asset.clip)[0].shape == (1440, 2560, 3)


def test_nothing_is_left_in_the_scratch_folder_but_the_store(
    tmp_path: Path, keep: Callable[[Path], MediaRef]
) -> None:
    made(keep, tmp_path, plan(opportunity("growth", 0, 2)), film(), "still_card")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_plan_without_b_roll_makes_none(tmp_path: Path, keep: Callable[[Path], MediaRef]) -> None:
    assert made(keep, tmp_path, plan(), film()) == BRollPackage()


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (240, 240)])
@pytest.mark.parametrize("captioned", [False, True])
def test_a_lower_third_stands_small_and_leaves_the_rest_free(
    size: tuple[int, int],
    captioned: bool,
    tmp_path: Path,
    store: Path,
    keep: Callable[[Path], MediaRef],
) -> None:
    data = ChartData(kind="lower_third", labels=("What index funds really cost",))
    edit = plan(opportunity("strap", 10, 14, data, placement="overlay", content_type="graphic"))
    generator = BRollGenerator("movis", foot_taken=captioned)
    (asset,) = generator.generate(
        edit, film(*size), keep=keep, scratch=tmp_path, report=silent
    ).assets
    clip = pictures(store, asset.clip)
    solid = [(picture[:, :, 3] > 200).mean() for picture in clip]
    assert solid[0] == 0 and solid[50] > 0.02 and solid[-1] < 0.02, "it comes in and goes"
    assert max(solid) < 0.2
    rows, columns = np.nonzero(clip[50][:, :, 3] > 40)
    width, height = size
    assert columns.min() >= width * 0.05 and columns.max() <= width * 0.95
    if captioned:
        assert rows.max() < height * 0.45, "captions have the foot for themselves"
    else:
        assert rows.min() > height * 0.5
        assert rows.max() < height * (0.72 if height > width else 0.93)


def test_a_lower_third_without_a_title_is_left_out(
    tmp_path: Path, keep: Callable[[Path], MediaRef]
) -> None:
    edit = plan(opportunity("strap", 10, 14, ChartData(kind="lower_third"), placement="overlay"))
    package = made(keep, tmp_path, edit, film())
    assert not package.assets and "no title" in package.skipped[0]


def test_the_items_of_a_list_come_in_when_they_are_said(
    tmp_path: Path, store: Path, keep: Callable[[Path], MediaRef]
) -> None:
    data = ChartData(
        kind="list", labels=("One", "Two", "Three"), moments=(10.4, 12.0, 14.0), said=10.4
    )
    edit = plan(opportunity("list", 10, 16, data), rate="30000/1001")
    (asset,) = made(keep, tmp_path, edit, film(rate="30000/1001")).assets
    clip = [picture.astype(np.int16) for picture in pictures(store, asset.clip)]
    first, last = (edit.rate.nearest_frame(at) for at in (asset.start, asset.end))
    assert len(clip) == last - first
    ends = clip[-1]

    def missing(seconds: float) -> float:
        return float(np.abs(clip[round(seconds * 30)] - ends).mean())

    assert missing(0.2) > missing(1.5) > missing(3.0) > missing(5.0)
    assert abs(missing(1.2) - missing(1.8)) < 0.15
    assert missing(5.0) < 0.3


def test_the_source_line_names_the_film_s_time(
    tmp_path: Path, keep: Callable[[Path], MediaRef]
) -> None:
    graphic = opportunity("number", 70, 74, NUMBER.model_copy(update={"said": Fraction(71)}))
    kept = (Kept(input=0, start=0, end=10), Kept(input=0, start=65, end=90))
    edit = plan(graphic, kept=kept)
    assert source_line(edit.broll[0], edit.time_map()) == "as said at 0:16"
    gone = plan(graphic, kept=(Kept(input=0, start=0, end=10),))
    assert source_line(gone.broll[0], gone.time_map()) == "as said in the whole recording"
