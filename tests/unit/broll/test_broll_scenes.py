"""What is drawn: everything in the picture, nothing that was not said."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ai_video_editor.broll.concepts import DRAWINGS
from ai_video_editor.broll.examples import EXAMPLES, PHONE, UPRIGHT, WIDE, example_stills
from ai_video_editor.broll.generator import SCENES, heading_of
from ai_video_editor.broll.overlays import band
from ai_video_editor.broll.scene import Scene
from ai_video_editor.broll.still import still
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import BRollOpportunity, ChartData
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame

LONG = "A very long line of words that would never fit in one row of a picture " * 3

GRAPHICS: dict[str, ChartData] = {
    "growth": ChartData(kind="growth", contribution=500, annual_rate=7, years=30),
    "bars": ChartData(kind="bars", labels=("Stocks", LONG), values=(10, 0), units=("percent",)),
    "big_number": ChartData(kind="big_number", labels=(LONG,), values=(123456789,), units=("usd",)),
    "allocation": ChartData(
        kind="allocation", labels=("Stocks", "Bonds", "Cash"), values=(60, 30, 10),
        units=("percent",),
    ),
    "spending": ChartData(
        kind="allocation", labels=("Rent", "Everything else that money goes to", "Food", "Fun"),
        values=(1500, 700, 500, 300), units=("usd",),
    ),
    "timeline": ChartData(
        kind="timeline", labels=("The manifesto is printed in London", "Paris", LONG),
        values=(1848, 1871, 1917),
    ),
    "before_after": ChartData(
        kind="before_after", labels=("Before", "After a long and happy year of saving"),
        values=(500, 1234567), units=("usd",),
    ),
    "formula": ChartData(
        kind="formula", labels=("a month", "months a year", "years", "paid in by yourself"),
        values=(500, 12, 30, 180000), units=("usd", "", "", "usd"), operators=("times", "times"),
    ),
    "percent": ChartData(
        kind="formula", labels=("fee", "invested", "gone"), values=(2, 100000, 2000),
        units=("percent", "usd", "usd"), operators=("times",),
    ),
    "topic": ChartData(kind="topic", labels=("Why fees matter more",), values=(2, 12)),
    "quote": ChartData(kind="quote", labels=(LONG, "Warren Buffett")),
    "list": ChartData(kind="list", labels=("Spend less", LONG, "Wait", "Four", "Five", "Six")),
    "definition": ChartData(kind="definition", labels=("Compound interest", LONG)),
    "title": ChartData(kind="title", labels=(LONG, "Part two")),
    **{
        drawing: ChartData(kind="animation", drawing=drawing, labels=(LONG, "Diversification"))
        for drawing in DRAWINGS
    },
    "links": ChartData(
        kind="animation", drawing="links", labels=("Diversification", LONG, "Funds", "Bonds"),
    ),
}  # fmt: skip

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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", sorted(GRAPHICS))
def test_no_words_stand_on_other_words(kind: str, size: tuple[int, int]) -> None:
    scene = drawn(GRAPHICS[kind], size)
    scene.source("as said at 12:34")
    boxes = []
    for sprite in scene.sprites:
        ink = sprite.image.getchannel("A").point(lambda alpha: 255 * (alpha > 96)).getbbox()
        if sprite.words and ink is not None:
            x, y = sprite.left, sprite.top
            boxes.append((sprite.words, x + ink[0], y + ink[1], x + ink[2], y + ink[3]))
    for one, other in combinations(boxes, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, f"{one[0]!r} and {other[0]!r}"


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
        ChartData(kind="allocation", labels=("A", "B"), values=(60, 30), units=("percent",)),
        ChartData(kind="allocation", labels=("A", "B"), values=(60, -30), units=("usd",)),
        ChartData(kind="allocation", labels=tuple("ABCDEF"), values=(1,) * 6, units=("usd",)),
        ChartData(kind="timeline", labels=("Late", "Early"), values=(1917, 1848)),
        ChartData(kind="timeline", labels=("Alone",), values=(1917,)),
        ChartData(kind="before_after", labels=("Before", "After"), values=(5, 5)),
        ChartData(kind="before_after", labels=("Before", "After"), values=(0, 5), units=("usd",)),
        ChartData(kind="formula", labels=("a", "b", "c"), values=(2, 3, 7), operators=("times",)),
        ChartData(kind="formula", labels=("a", "b", "c"), values=(2, 0, 7), operators=("over",)),
        ChartData(kind="formula", labels=("a", "b", "c"), values=(2, 3, 5)),
        ChartData(kind="topic", labels=("Title",), values=(3, 2)),
        ChartData(kind="quote", labels=("Words of nobody",)),
    ],
)
def test_a_graphic_without_its_numbers_is_refused(data: ChartData) -> None:
    with pytest.raises(ValueError):
        drawn(data, (640, 360))


def test_the_items_of_a_list_come_in_when_they_are_said() -> None:
    scene = Scene(Frame(640, 360), palette_for(None), seconds=8.0, moments=(1.0, 3.0, 6.0))
    SCENES["list"](scene, ChartData(kind="list", labels=("One", "Two", "Three")), "")
    assert scene.paced
    begins = {sprite.words: sprite.begins * 8 for sprite in scene.sprites if sprite.words}
    assert begins["One"] == pytest.approx(1.0)
    assert begins["Two"] == pytest.approx(3.0)
    assert begins["Three"] == pytest.approx(6.0)


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


@pytest.mark.parametrize("size", [WIDE, UPRIGHT, PHONE])
def test_there_is_an_example_of_every_graphic(size: tuple[int, int]) -> None:
    pictures = dict(example_stills(size))
    assert len(pictures) == len(EXAMPLES)
    assert {example.data.kind for example in EXAMPLES.values()} >= set(SCENES)
    assert all(picture.size == size for picture in pictures.values())
