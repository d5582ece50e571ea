"""One example of every graphic, for the gallery, for benchmarks and for those who make a brand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sin

from PIL import Image

from ai_video_editor.broll.generator import draw_data
from ai_video_editor.broll.presenter.flat import Figure, FlatFigure
from ai_video_editor.broll.presenter.stage import Presence, cels_in
from ai_video_editor.broll.scene import Scene
from ai_video_editor.broll.still import still
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import palette_for
from ai_video_editor.look.spacing import Frame
from ai_video_editor.progress import silent

WIDE = (1280, 720)
UPRIGHT = (608, 1080)
PHONE = (336, 189)
"""Pixels: a film on a laptop, upright on a phone, and as small as a phone shows a wide one."""

_AT = "as said at 3:12"


@dataclass(frozen=True)
class Example:
    """A graphic as a talk would call for it.

    Attributes:
        title: what it is, for a page.
        data: what it shows.
        heading: what stands above it.
        content_type: whose colours it is shown in.
        overlay: whether it stands over the picture.
    """

    title: str
    data: ChartData
    heading: str = ""
    content_type: ContentType = ContentType.FINANCIAL
    overlay: bool = False


EXAMPLES: dict[str, Example] = {
    "growth": Example(
        "Growth curve",
        ChartData(
            kind="growth", contribution=500, annual_rate=7, years=30, units=("usd",),
            source_line=_AT,
        ),
    ),
    "allocation": Example(
        "Allocation",
        ChartData(
            kind="allocation", labels=("Stocks", "Bonds", "Cash"), values=(60, 30, 10),
            units=("percent",), source_line=_AT,
        ),
        "How the money is divided",
    ),
    "bars": Example(
        "Comparison",
        ChartData(
            kind="bars", labels=("Index fund", "Managed fund"), values=(0.1, 2),
            units=("percent",), source_line=_AT,
        ),
        "What the fund keeps every year",
    ),
    "timeline": Example(
        "Timeline",
        ChartData(
            kind="timeline", values=(1848, 1871, 1917), source_line=_AT,
            labels=("The manifesto is printed in London", "Paris rises and falls",
                    "The revolution takes Russia"),
        ),
        "From a pamphlet to a state",
        ContentType.EDUCATIONAL,
    ),
    "before_after": Example(
        "Before and after",
        ChartData(
            kind="before_after", labels=("Before", "After"), values=(500, 800), units=("usd",),
            source_line=_AT,
        ),
        "My savings each month",
    ),
    "formula": Example(
        "Formula",
        ChartData(
            kind="formula", labels=("a month", "months a year", "years", "paid in"),
            values=(500, 12, 30, 180_000), units=("usd", "", "", "usd"),
            operators=("times", "times"), source_line=_AT,
        ),
        "What is paid in",
    ),
    "big_number": Example(
        "Big number",
        ChartData(
            kind="big_number", labels=("Paid in over 30 years",), values=(180_000,),
            units=("usd",), source_line=_AT,
        ),
    ),
    "list": Example(
        "List, built up as it is said",
        ChartData(
            kind="list", source_line=_AT,
            labels=("Spend less than you earn", "Automate your savings", "Invest your money"),
        ),
        "Three ways to save money",
        ContentType.GENERAL,
    ),
    "definition": Example(
        "Definition",
        ChartData(
            kind="definition", source_line=_AT,
            labels=("Photosynthesis", "The process by which plants turn light into food."),
        ),
        content_type=ContentType.EDUCATIONAL,
    ),
    "title": Example(
        "Kinetic title",
        ChartData(kind="title", labels=("Fees are the silent killer of your portfolio",)),
        content_type=ContentType.GENERAL,
    ),
    "topic": Example(
        "Topic card",
        ChartData(kind="topic", labels=("Why fees matter more than returns",), values=(2, 4)),
        content_type=ContentType.EDUCATIONAL,
    ),
    "quote": Example(
        "Quotation",
        ChartData(
            kind="quote", source_line=_AT,
            labels=("Imagination is more important than knowledge.", "Albert Einstein"),
        ),
        content_type=ContentType.MUSIC,
    ),
    "snowball": Example(
        "Concept: compound interest",
        ChartData(
            kind="animation", drawing="snowball", source_line=_AT,
            labels=("Your interest earns interest, year after year", "Compound interest"),
        ),
    ),
    "many_one": Example(
        "Concept: an index fund",
        ChartData(
            kind="animation", drawing="many_one", source_line=_AT,
            labels=("An index fund holds a little of everything", "Index fund"),
        ),
    ),
    "spread": Example(
        "Concept: diversification",
        ChartData(
            kind="animation", drawing="spread", source_line=_AT,
            labels=("Do not keep all your eggs in one basket", "Diversification"),
        ),
    ),
    "shrink": Example(
        "Concept: inflation",
        ChartData(
            kind="animation", drawing="shrink", source_line=_AT,
            labels=("With inflation the same money buys less every year", "Inflation"),
        ),
    ),
    "weight": Example(
        "Concept: debt",
        ChartData(
            kind="animation", drawing="weight", source_line=_AT,
            labels=("Credit card debt grows while you sleep", "Debt"),
        ),
    ),
    "reserve": Example(
        "Concept: an emergency fund",
        ChartData(
            kind="animation", drawing="reserve", source_line=_AT,
            labels=("An emergency fund is for the day it rains", "Emergency fund"),
        ),
    ),
    "links": Example(
        "An idea and what belongs to it",
        ChartData(
            kind="animation", drawing="links", source_line=_AT,
            labels=("Photosynthesis", "Sunlight", "Water from the roots", "Carbon dioxide"),
        ),
        "What belongs together",
        ContentType.EDUCATIONAL,
    ),
    "presenter_point": Example(
        "The presenter points at a chart",
        ChartData(
            kind="growth", contribution=500, annual_rate=7, years=30, units=("usd",),
            source_line=_AT, action="point",
        ),
    ),
    "presenter_talk": Example(
        "The presenter talks",
        ChartData(kind="presenter", action="talk", labels=("Plants eat light",)),
        content_type=ContentType.EDUCATIONAL,
    ),
    "presenter_cheer": Example(
        "The presenter is glad",
        ChartData(kind="presenter", action="cheer", labels=("And then it simply worked",)),
        content_type=ContentType.GENERAL,
    ),
    "presenter_gasp": Example(
        "The presenter is surprised",
        ChartData(kind="presenter", action="gasp", labels=("Nobody told me about the fees",)),
    ),
    "presenter_over_film": Example(
        "The presenter over the picture", ChartData(kind="presenter", action="talk"), overlay=True
    ),
    "number_band": Example(
        "Number over the picture",
        ChartData(
            kind="big_number", labels=("Every month",), values=(500,), units=("usd",),
            source_line=_AT,
        ),
        overlay=True,
    ),
    "definition_band": Example(
        "Definition over the picture",
        ChartData(
            kind="definition", source_line=_AT,
            labels=("Compound interest",
                    "Interest earned on money you put in and on the interest it has already "
                    "earned."),
        ),
        overlay=True,
    ),
    "lower_third": Example(
        "Lower third",
        ChartData(kind="lower_third", labels=("What index funds really cost",)),
        overlay=True,
    ),
}  # fmt: skip


def example_scene(
    kind: str, frame: Frame, *, figure: Figure | None = None, seconds: float = 6.0
) -> Scene:
    """The pieces of one example, in the brand's colours where one is worn.

    Args:
        kind: key of `EXAMPLES`.
        frame: size of the picture.
        figure: who draws the presenter; a flat one where none is given.
        seconds: how long it stands.

    Raises:
        KeyError: there is no such example.
    """
    example = EXAMPLES[kind]
    scene = Scene(frame, palette_for(example.content_type), seconds=seconds)
    presence = None
    if example.data.action:
        levels = [abs(sin(at / 1.9)) * abs(sin(at / 13)) for at in range(cels_in(seconds))]
        presence = Presence(figure or FlatFigure(), example.data.action, levels, silent)
    draw_data(scene, example.data, example.heading, overlay=example.overlay, presence=presence)
    return scene


def example_stills(size: tuple[int, int] = WIDE) -> Iterator[tuple[str, Image.Image]]:
    """Every example at rest, with its title; RGB, overlays on a plain grey.

    Args:
        size: width and height, pixels; at `PHONE` the wide one is made smaller.
    """
    drawn = WIDE if size == PHONE else size
    for kind, example in EXAMPLES.items():
        picture = still(example_scene(kind, Frame(*drawn)), transparent=example.overlay)
        below = Image.new("RGBA", drawn, _BEHIND)
        whole = Image.alpha_composite(below, picture).convert("RGB")
        yield example.title, whole.resize(size, Image.Resampling.LANCZOS)


_BEHIND = (126, 122, 118, 255)
"""Stands for the recording under an overlay."""
