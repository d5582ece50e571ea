"""What is drawn: everything in the picture, nothing that was not said."""

from __future__ import annotations

import numpy as np
import pytest

from ai_video_editor.broll.generator import SCENES, heading_of
from ai_video_editor.broll.overlays import band
from ai_video_editor.broll.scene import Scene
from ai_video_editor.broll.still import still
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import BRollOpportunity, ChartData
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame

LONG = "A very long line of words that would never fit in one row of a picture " * 3

GRAPHICS = {
    "growth": ChartData(kind="growth", contribution=500, annual_rate=7, years=30),
    "bars": ChartData(kind="bars", labels=("Stocks", LONG), values=(10, 0), units=("percent",)),
    "big_number": ChartData(kind="big_number", labels=(LONG,), values=(123456789,), units=("usd",)),
    "list": ChartData(kind="list", labels=("Spend less", LONG, "Wait", "Four", "Five", "Six")),
    "definition": ChartData(kind="definition", labels=("Compound interest", LONG)),
    "title": ChartData(kind="title", labels=(LONG, "Part two")),
}

SIZES = [(1280, 720), (608, 1080), (320, 180), (720, 720)]


def drawn(data: ChartData, size: tuple[int, int]) -> Scene:
    scene = Scene(Frame(*size), palette_for(ContentType.FINANCIAL))
    SCENES[data.kind](scene, data, "")
    return scene


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", sorted(GRAPHICS))
def test_everything_stands_inside_the_picture(kind: str, size: tuple[int, int]) -> None:
    scene = drawn(GRAPHICS[kind], size)
    assert scene.sprites
    for sprite in scene.sprites:
        box = sprite.image.getchannel("A").getbbox()
        if box is not None:
            assert sprite.left + box[0] >= 0
            assert sprite.top + box[1] >= 0
            assert sprite.left + box[2] <= size[0]
            assert sprite.top + box[3] <= size[1]


@pytest.mark.parametrize("kind", sorted(GRAPHICS))
def test_every_entrance_ends_with_the_animation(kind: str) -> None:
    for sprite in drawn(GRAPHICS[kind], (640, 360)).sprites:
        assert sprite.begins >= 0
        assert sprite.begins + sprite.takes <= 1.0 + 1e-9


@pytest.mark.parametrize("kind", sorted(GRAPHICS))
def test_a_still_is_no_empty_picture(kind: str) -> None:
    picture = np.asarray(still(drawn(GRAPHICS[kind], (640, 360))).convert("L"))
    assert (picture > 140).mean() > 0.004


@pytest.mark.parametrize(
    "data",
    [
        ChartData(kind="growth", contribution=500, years=30),
        ChartData(kind="growth", annual_rate=7, years=30),
        ChartData(kind="bars", labels=("One",), values=(1,)),
        ChartData(kind="bars", labels=("One", "Two"), values=(1,)),
        ChartData(kind="big_number"),
        ChartData(kind="list", labels=(" ",)),
        ChartData(kind="definition", labels=("Alone",)),
        ChartData(kind="title"),
    ],
)
def test_a_graphic_without_its_numbers_is_refused(data: ChartData) -> None:
    with pytest.raises(ValueError):
        drawn(data, (640, 360))


def test_an_overlay_leaves_the_upper_half_free() -> None:
    scene = Scene(Frame(1280, 720), palette_for(None))
    band(scene, GRAPHICS["definition"], "")
    alpha = np.asarray(still(scene, transparent=True))[:, :, 3]
    assert alpha[:360].max() == 0
    assert alpha[360:].max() > 200


def test_a_chart_does_not_fit_into_an_overlay() -> None:
    with pytest.raises(ValueError, match="nothing to lay over"):
        band(Scene(Frame(1280, 720), palette_for(None)), GRAPHICS["growth"], "")


def test_a_note_of_the_director_is_not_printed() -> None:
    def described(text: str) -> BRollOpportunity:
        return BRollOpportunity(
            start=0, end=4, opportunity_id="b1", content_type="graphic", description=text,
            data=GRAPHICS["list"], priority=1, confidence=1,
        )  # fmt: skip

    assert heading_of(described("List: three ways to save")) == "Three ways to save"
    assert heading_of(described("show the three ways here")) == ""
