"""The scene of an allocation: parts of a whole as a ring, each with its name and its share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from ai_video_editor.broll.charts import figure, parts_of_whole
from ai_video_editor.broll.scene import OVERSAMPLING, Scene, Sprite, capital
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import Color, Palette
from ai_video_editor.look.spacing import BODY, GAP, LABEL
from ai_video_editor.look.typography import fitted

MOST_PARTS = 5
"""More colours cannot be told apart on a phone in the seconds that a graphic stands."""

_THICK = 0.24
"""The ring's thickness as a share of its diameter."""


def allocation_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """A ring of the parts, the largest named in its middle, and all of them beside it.

    Raises:
        ValueError: names and values do not pair, there are too many, or they are no whole.
    """
    if len(data.labels) != len(data.values) or len(data.values) > MOST_PARTS:
        raise ValueError(f"an allocation needs two to {MOST_PARTS} parts, each with its name")
    unit = data.units[0] if data.units else "percent"
    shares = parts_of_whole(data.values, unit)
    order = sorted(range(len(shares)), key=lambda index: -shares[index])
    colors = part_colors(scene.palette, len(shares))
    percent = [figure(shares[index], "percent") for index in order]
    frame = scene.frame
    top = scene.heading(heading)
    foot = frame.above_captions
    if frame.portrait:
        rows = frame.units(9.5) * len(order)
        side = min(frame.inner_width, foot - top - rows - frame.units(GAP))
        left, ring_top = (frame.left + frame.right - side) // 2, top
        legend = (frame.left, top + side + frame.units(5), frame.inner_width)
        step = frame.units(9.5)
    else:
        side = min(foot - top, round(frame.inner_width * 0.44))
        left, ring_top = frame.left, (top + foot - side) // 2
        x = left + side + frame.units(9)
        step = min(round((foot - top) / len(order)), frame.units(17))
        legend = (x, (top + foot - step * len(order)) // 2, frame.right - x)
    ring = _ring([float(shares[index]) for index in order], colors, side)
    scene.add(Sprite(ring, left, ring_top, "sweep", 0.1, 0.7))
    _middle(scene, percent[0], data.labels[order[0]], (left, ring_top, side))
    names = [data.labels[index] for index in order]
    amounts = None
    if unit != "percent" and not frame.portrait:
        amounts = [figure(data.values[index], unit) for index in order]
    _legend(scene, names, percent, amounts, colors, legend, step)


def part_colors(palette: Palette, count: int) -> list[Color]:
    """Colours of the parts, the strongest first, each apart from its neighbours."""
    known = [
        palette.accent,
        palette.second,
        palette.quiet.mix(palette.ink, 0.35),
        palette.accent.mix(palette.ground, 0.5),
        palette.second.mix(palette.ground, 0.5),
    ]
    return known[:count]


def _ring(shares: Sequence[float], colors: Sequence[Color], side: int) -> Image.Image:
    """The ring from noon on, clockwise, a narrow gap between the parts."""
    size = side * OVERSAMPLING
    whole = sum(shares)
    edges = [0.0]
    for share in shares:
        edges.append(edges[-1] + 360 * share / whole)
    picture = Image.new("RGBA", (size, size), (*colors[0], 0))
    draw = ImageDraw.Draw(picture)
    gap = min(1.1, 90 * min(shares) / whole)
    for (begin, end), color in zip(pairwise(edges), colors, strict=True):
        draw.pieslice(
            (0, 0, size - 1, size - 1), begin - 90 + gap, end - 90 - gap, fill=(*color, 255)
        )
    hole = round(size * _THICK)
    draw.ellipse((hole, hole, size - hole, size - hole), fill=(*colors[0], 0))
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def _middle(scene: Scene, percent: str, name: str, place: tuple[int, int, int]) -> None:
    """The largest part's share and name inside the ring."""
    left, top, side = place
    frame = scene.frame
    room = round(side * (1 - 2 * _THICK) * 0.7)
    face, _ = fitted(
        percent, "headline", width=room, largest=frame.units(13), smallest=frame.units(5)
    )
    size, small = round(face.size), frame.units(LABEL)
    label, names = fitted(
        name, "body", width=room, largest=small, smallest=frame.units(3.6), lines=2
    )
    step = round(label.size * 1.2)
    high = capital("headline", size) + frame.units(2.6) + step * len(names)
    y = top + (side - high) // 2
    middle = left + side // 2
    below = scene.rows(
        [percent], "headline", size, (middle, y), scene.palette.ink, anchor="m", begins=0.35
    )
    scene.rows(
        names,
        "body",
        round(label.size),
        (middle, below + frame.units(2.6)),
        scene.palette.quiet,
        anchor="m",
        begins=0.4,
    )


def _legend(
    scene: Scene,
    names: Sequence[str],
    percent: Sequence[str],
    amounts: Sequence[str] | None,
    colors: Sequence[Color],
    place: tuple[int, int, int],
    step: int,
) -> None:
    """Colour, name and share of each part; its amount below the name where money was said."""
    frame, ink = scene.frame, scene.palette
    left, top, width = place
    chip, indent = frame.units(3.4), frame.units(6.4)
    largest = round(min(frame.units(BODY), step * 0.5))
    number, _ = fitted(
        max(percent, key=len),
        "headline",
        width=width * 0.34,
        largest=round(min(frame.units(8.4), step * 0.62)),
        smallest=frame.units(4),
    )
    room = width - indent - round(width * 0.34) - frame.units(2)
    faces = [
        fitted(n, "body", width=room, largest=largest, smallest=frame.units(3.6)) for n in names
    ]
    size = min(round(face.size) for face, _ in faces)
    small = frame.units(3.8)
    for index, percentage in enumerate(percent):
        middle = top + step * index + step // 2
        begins = 0.25 + 0.3 * index / len(percent)
        scene.box(
            (left, middle - chip // 2, left + chip, middle - chip // 2 + chip),
            colors[index],
            radius=chip * 0.3,
            entrance="rise",
            begins=begins,
            takes=0.4,
        )
        _, lines = fitted(names[index], "body", width=room, largest=size, smallest=size)
        high = capital("body", size)
        if amounts:
            high += frame.units(2.2) + capital("body", small)
        y = middle - high // 2
        below = scene.rows(
            lines, "body", size, (left + indent, y), ink.ink, begins=begins, takes=0.4
        )
        if amounts:
            scene.rows(
                [amounts[index]],
                "body",
                small,
                (left + indent, below + frame.units(2.2)),
                ink.quiet,
                begins=begins,
                takes=0.4,
            )
        tall = round(number.size)
        scene.rows(
            [percentage],
            "headline",
            tall,
            (left + width, middle - capital("headline", tall) // 2),
            colors[index] if index < 2 else ink.ink,
            anchor="r",
            begins=begins,
            takes=0.4,
        )
