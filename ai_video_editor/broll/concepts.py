"""Concepts as moving pictures: each explains one idea without a number, and stands as a picture."""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, pi, sin

from PIL import Image, ImageDraw

from ai_video_editor.broll import shapes
from ai_video_editor.broll.links import links_scene
from ai_video_editor.broll.scene import Entrance, Scene, Sprite, capital
from ai_video_editor.broll.way import Step, Way
from ai_video_editor.context.plan import ChartData, Drawing
from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import HEADING, LABEL
from ai_video_editor.look.typography import fitted

LASTS = 3.8
"""Seconds that a concept's animation takes, where its place is long enough."""


def animation_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """A concept: the words that were said on it, and its drawing below them.

    Of the labels the first is what was said, the second the concept's name; of links they are the
    idea and what belongs to it.

    Raises:
        ValueError: there is nothing to say, or no such drawing.
    """
    labels = [label.strip() for label in data.labels if label.strip()]
    scene.lasts = LASTS
    if data.drawing == "links":
        links_scene(scene, labels, heading)
        return
    draw = DRAWINGS.get(data.drawing)
    if draw is None or not labels:
        raise ValueError("an animation needs its words and one of our drawings")
    draw(scene, _captioned(scene, labels))


def _captioned(scene: Scene, labels: list[str]) -> Area:
    """The concept's name, what was said on it, and the room below."""
    frame, ink = scene.frame, scene.palette
    top = frame.top
    if len(labels) > 1:
        small = frame.units(LABEL + 0.4)
        scene.rows(
            [labels[1]], "body", small, (frame.left, top), ink.accent, begins=0.0, takes=0.12
        )
        top += capital("body", small) + frame.units(4)
    face, lines = fitted(
        labels[0],
        "headline",
        width=frame.inner_width,
        largest=frame.units(HEADING + 0.6),
        smallest=frame.units(5),
        lines=3 if frame.portrait else 2,
    )
    below = scene.rows(lines, "headline", round(face.size), (frame.left, top), ink.ink, takes=0.14)
    return Area(frame.left, below + frame.units(6), frame.right, frame.above_captions)


def _put(
    scene: Scene,
    image: Image.Image,
    middle: tuple[float, float],
    begins: float,
    takes: float,
    *,
    way: Way = (),
    entrance: Entrance = "pop",
) -> None:
    """Lay a picture about a middle."""
    left = round(middle[0] - image.width / 2)
    top = round(middle[1] - image.height / 2)
    takes = min(takes, 1 - begins)
    scene.add(Sprite(image, left, top, entrance, begins, takes, "", way))


def _snowball(scene: Scene, area: Area) -> None:
    """A ball that rolls down a slope and grows with every turn."""
    ink = scene.palette
    last = round(min(area.height * 0.74, area.width * 0.3))
    foot = area.y(1.0)
    thick = max(3, scene.frame.units(1.2))
    start = (area.x(0.04), area.y(0.2))
    end = (area.right - last * 0.62, foot - last / 2 - thick)
    slope = atan2((foot - thick) - (start[1] + last * 0.1), area.width)
    line = shapes.painted(
        area.width,
        area.height,
        lambda draw, k: draw.line(
            (0, (start[1] + last * 0.1 - area.top) * k, area.width * k,
             (area.height - thick / 2) * k),
            fill=tuple(ink.line.mix(ink.quiet, 0.3)), width=round(thick * k),
        ),
        ink.line,
    )  # fmt: skip
    _put(scene, line, (area.x(0.5), area.y(0.5)), 0.02, 0.2, entrance="grow_right")

    def place(share: float) -> tuple[float, float, float]:
        size = last * (0.16 + 0.84 * share**1.5)
        x = start[0] + (end[0] - start[0]) * share
        ground = start[1] + last * 0.1 + (x - area.left) * sin(slope) / cos(slope)
        return x, ground - size / 2 / cos(slope) - thick / 2, size

    for index, share in enumerate((0.0, 0.3, 0.62)):
        x, y, size = place(share)
        ghost = shapes.disc(round(size), ink.ink.mix(ink.ground, 0.74), shade=0.0)
        _put(scene, ghost, (x, y), 0.2 + 0.5 * share + 0.04 * (index > 0), 0.08, entrance="fade")
    x, y, size = place(1.0)
    ball = shapes.snowball(round(size), ink.ink, ink.accent)
    steps = []
    for index in range(9):
        share = index / 8
        px, py, part = place(share)
        steps.append(Step(share, px - x, py - y, part / size, -540 * (1 - share)))
    _put(scene, ball, (x, y), 0.14, 0.7, way=_evenly(steps))


def _evenly(steps: list[Step]) -> Way:
    """A way whose last step is rest exactly."""
    return (*steps[:-1], Step(1.0))


def _many_one(scene: Scene, area: Area) -> None:
    """Many small tiles fly together and are one thing."""
    ink = scene.palette
    columns, rows = (6, 4) if area.width > area.height * 1.2 else (5, 5)
    pitch = min(area.width * 0.62 / columns, area.height * 0.88 / rows)
    side = round(pitch * 0.84)
    middle = (area.x(0.5), area.y(0.5))
    colors = [ink.accent, ink.second, ink.quiet, ink.accent.mix(ink.ground, 0.45),
              ink.second.mix(ink.ground, 0.4), ink.ink]  # fmt: skip
    pad = round(pitch * 0.34)
    width, height = round(columns * pitch) + 2 * pad, round(rows * pitch) + 2 * pad
    left, top = middle[0] - width // 2, middle[1] - height // 2
    scene.box((left, top, left + width, top + height), ink.surface, radius=pitch * 0.5,
              entrance="fade", begins=0.72, takes=0.12)  # fmt: skip
    count = columns * rows
    for index in range(count):
        column, row = index % columns, index // columns
        x = middle[0] + (column - (columns - 1) / 2) * pitch
        y = middle[1] + (row - (rows - 1) / 2) * pitch
        turn = 2.399963 * index  # the golden angle: scattered evenly
        far = (0.34 + 0.62 * ((index * 7) % count) / count) * area.width * 0.5
        fx = min(max(middle[0] + far * cos(turn), area.left + side), area.right - side)
        fy = middle[1] + 0.46 * area.height * sin(turn)
        begins = 0.02 + 0.004 * index
        way = (
            Step(0, fx - x, fy - y, 0.3, 70 * sin(3 * turn), 0.0),
            Step(0.22, fx - x, fy - y, 0.8, 60 * sin(3 * turn), 1.0),
            Step(0.4 + 0.2 * index / count, fx - x, fy - y, 0.8, 60 * sin(3 * turn)),
            Step(1.0),
        )
        _put(scene, shapes.tile(side, colors[(index * 5 + row) % len(colors)]), (x, y), begins,
             0.76, way=way)  # fmt: skip
    edge = shapes.painted(
        width, height,
        lambda draw, k: draw.rounded_rectangle(
            (0, 0, width * k - 1, height * k - 1), pitch * 0.5 * k, outline=tuple(ink.accent),
            width=round(scene.frame.units(0.9) * k),
        ),
        ink.accent,
    )  # fmt: skip
    _put(scene, edge, middle, 0.82, 0.18)


_FALLEN = 96
"""Degrees that the falling basket turns: it lies on its side."""


def _spread(scene: Scene, area: Area) -> None:
    """Eggs in three baskets: one falls, the others hold."""
    ink = scene.palette
    wide = round(min(area.width * 0.27, area.height * 0.62))
    high = round(wide * 0.6)
    foot = area.y(0.95)
    egg_wide = round(wide * 0.25)
    egg_high = round(egg_wide * 1.3)
    egg = shapes.egg(egg_wide, egg_high, ink.ink)
    floor = shapes.tile(8, ink.line).resize((area.width, max(3, scene.frame.units(1))))
    _put(scene, floor, (area.x(0.5), foot + floor.height), 0.0, 0.12, entrance="grow_right")
    for number, share in enumerate((0.18, 0.5, 0.82)):
        x = area.x(share)
        falls = number == 1
        color = ink.second if not falls else ink.second.mix(ink.alarm, 0.85)
        nest = Image.new("RGBA", (round(wide * 1.16), high + egg_high), color.alpha(0))
        offsets = (-0.25, 0.0, 0.25)
        for at, offset in enumerate(offsets):
            place = (round(nest.width / 2 + offset * wide - egg_wide / 2),
                     round(egg_high * (0.3 if at != 1 else 0.12)))  # fmt: skip
            nest.alpha_composite(egg, place)
        nest.alpha_composite(shapes.basket(wide, high, color), ((nest.width - wide) // 2, egg_high))
        middle = (float(x), foot - nest.height / 2)
        if not falls:
            _land(scene, nest, middle, 0.06 + 0.1 * number, area)
            mark = _tick(round(wide * 0.3), ink.accent, ink.ground)
            _put(scene, mark, (x, middle[1] - nest.height * 0.72), 0.8 + 0.04 * number, 0.14)
            continue
        tilted = nest.rotate(-_FALLEN, Image.Resampling.BICUBIC, expand=True)
        down = (x + wide * 0.1, foot - _tall(tilted) / 2)
        upright = (middle[0] - down[0], middle[1] - down[1])
        way = (
            Step(0, upright[0], upright[1] - area.height * 0.5, 1, -_FALLEN, 0),
            Step(0.2, *upright, 1, -_FALLEN),
            Step(0.62, *upright, 1, -_FALLEN),
            Step(0.67, *upright, 1, -_FALLEN - 7),
            Step(0.86, 0, 0, 1, 6),
            Step(1.0),
        )
        _put(scene, tilted, down, 0.16, 0.72, way=way)


def _tall(image: Image.Image) -> int:
    """Rows that are not clear."""
    box = image.getchannel("A").getbbox()
    return box[3] - box[1] if box else image.height


def _land(
    scene: Scene, image: Image.Image, middle: tuple[float, float], begins: float, area: Area
) -> None:
    """Come down from above."""
    way = (Step(0, 0, -area.height * 0.5, opacity=0), Step(1.0))
    _put(scene, image, middle, begins, 0.16, way=way)


def _tick(side: int, color: Color, on: Color) -> Image.Image:
    """A tick on a disc."""

    def paint(draw: ImageDraw.ImageDraw, k: float) -> None:
        whole = side * k
        draw.ellipse((0, 0, whole - 1, whole - 1), fill=tuple(color))
        hook = [(0.27, 0.52), (0.44, 0.68), (0.74, 0.34)]
        points = [(x * whole, y * whole) for x, y in hook]
        draw.line(points, fill=tuple(on), width=round(whole * 0.11), joint="curve")

    return shapes.painted(side, side, paint, color)


def _shrink(scene: Scene, area: Area) -> None:
    """The same coin buys less and less."""
    ink = scene.palette
    count = 4
    foot = area.y(0.98)
    side = round(min(area.height * 0.25, area.width * 0.14))
    largest = min(area.height * 0.98 - side * 1.24, area.width / count * 0.84 / 0.78)
    for index in range(count):
        x = area.x((index + 0.5) / count)
        high = round(largest * (1.0, 0.76, 0.54, 0.34)[index])
        wide = round(high * 0.78)
        color = ink.alarm if index == count - 1 else ink.accent
        bag = shapes.bag(wide, high, color)
        begins = 0.08 + 0.2 * index
        if index:
            step = area.width / count
            way = (Step(0, -step), Step(0.08, -step), Step(1.0))
            _put(scene, shapes.coin(side, ink.second), (x, foot - side / 2), begins, 0.2, way=way)
        else:
            _put(scene, shapes.coin(side, ink.second), (x, foot - side / 2), 0.04, 0.14)
        middle = (float(x), foot - side * 1.24 - bag.height / 2)
        grow = (
            Step(0, 0, bag.height / 2 * 0.9, 0.1, 0, 0.0),
            Step(0.7, 0, -bag.height * 0.03, 1.06),
            Step(1.0),
        )
        _put(scene, bag, middle, begins + 0.14, 0.18, way=grow)


def _weight(scene: Scene, area: Area) -> None:
    """A small coin chained to a weight that grows."""
    ink = scene.palette
    foot = area.y(0.97)
    big = round(min(area.height * 0.88, area.width * 0.44))
    small = round(big * 0.34)
    floor = shapes.tile(8, ink.line).resize((area.width, max(3, scene.frame.units(1))))
    _put(scene, floor, (area.x(0.5), foot + floor.height / 2), 0.0, 0.12, entrance="grow_right")
    ball_x, coin_x = area.x(0.5) + big * 0.62, area.x(0.5) - big * 0.95
    links = 6
    begin = coin_x + small * 0.5
    end = ball_x - big * 0.46
    link = shapes.ring(round((end - begin) / links * 1.32), round(small * 0.24),
                       max(2, round(small * 0.065)), ink.quiet)  # fmt: skip
    for index in range(links):
        share = (index + 0.5) / links
        x = begin + (end - begin) * share
        y = foot - small * 0.5 + small * 0.24 * sin(pi * share) - (big * 0.02) * share
        _put(scene, link, (x, y), 0.3 + 0.03 * index, 0.12, entrance="fade")
    ball = shapes.disc(big, ink.alarm)
    eye = shapes.ring(round(big * 0.2), round(big * 0.2), max(3, round(big * 0.05)), ink.quiet)
    middle = (ball_x, foot - big / 2)
    steps = [
        Step(at, 0, big / 2 * (1 - scale), scale, 0, 1.0 if at else 0.0)
        for at, scale in ((0.0, 0.3), (0.12, 0.4), (0.3, 0.4), (0.42, 0.6), (0.55, 0.6),
                          (0.68, 0.8), (0.8, 0.8), (0.94, 1.03))
    ]  # fmt: skip
    _put(scene, eye, (end + big * 0.03, foot - big * 0.32), 0.3, 0.12, entrance="fade")
    _put(scene, ball, middle, 0.1, 0.82, way=(*steps, Step(1.0)))
    drag = (Step(0, 0, 0, 0.4, 0, 0), Step(0.14), Step(0.5), Step(0.62, small * 0.22, 0, 1, 16),
            Step(0.72), Step(0.82, small * 0.18, 0, 1, 13), Step(1.0))  # fmt: skip
    _put(scene, shapes.coin(small, ink.second), (coin_x, foot - small / 2), 0.16, 0.8, way=drag)


def _reserve(scene: Scene, area: Area) -> None:
    """Coins put by, and an umbrella over them when it rains."""
    ink = scene.palette
    wide = round(min(area.width * 0.7, area.height * 1.15))
    high = round(area.height * 0.78)
    top = area.y(0.19)
    middle = area.x(0.5)
    foot = area.y(1.0)
    side = round(wide * 0.125)
    step = round(side * 0.36)
    canopy = top + round(high * 0.48)
    room = max(2, (foot - canopy - side) // step)
    for pile, (share, count) in enumerate(((-0.27, 3), (-0.13, 5), (0.13, 4), (0.27, 2))):
        for number in range(min(count, room)):
            y = foot - side * 0.24 - number * step
            flat = shapes.coin(side, ink.second).resize((side, round(side * 0.46)))
            fall = (Step(0, 0, -area.height * 0.4, opacity=0), Step(0.2, 0, -area.height * 0.36),
                    Step(1.0))  # fmt: skip
            begins = 0.04 + 0.05 * number + 0.02 * pile
            _put(scene, flat, (middle + share * wide, y), begins, 0.13, way=fall)
    roof = shapes.umbrella(wide, high, ink.accent, ink.ink)
    opening = (Step(0, 0, high * 0.3, 0.2, 0, 0), Step(0.7, 0, 0, 1.05), Step(1.0))
    _put(scene, roof, (middle, top + high / 2), 0.36, 0.16, way=opening)
    small = max(4, scene.frame.units(2.3))
    rain = shapes.drop(small, round(small * 2.3), ink.quiet)
    spots = ((0.06, 0.5), (0.13, 0.12), (0.22, 0.07), (0.34, 0.09), (0.44, 0.04), (0.56, 0.09),
             (0.67, 0.05), (0.78, 0.07), (0.88, 0.18), (0.95, 0.46), (0.09, 0.84),
             (0.93, 0.8))  # fmt: skip
    for index, (x, y) in enumerate(spots):
        begins = 0.5 + 0.026 * ((index * 5) % len(spots))
        fall = (Step(0, 0, -area.height * 0.25, opacity=0), Step(0.3, 0, -area.height * 0.16),
                Step(1.0))  # fmt: skip
        _put(scene, rain, (area.x(x), area.y(y)), begins, 0.18, way=fall)


DRAWINGS: dict[Drawing, Callable[[Scene, Area], None]] = {
    "snowball": _snowball,
    "many_one": _many_one,
    "spread": _spread,
    "shrink": _shrink,
    "weight": _weight,
    "reserve": _reserve,
}
"""What draws each concept that has a picture of its own; `links` is for all others."""
