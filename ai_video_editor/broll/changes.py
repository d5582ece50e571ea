"""Scenes of arithmetic: what something was and became, and a formula with its result."""

from __future__ import annotations

from decimal import Decimal

from ai_video_editor.broll.charts import change, figure, result_of
from ai_video_editor.broll.scene import Scene, capital
from ai_video_editor.context.plan import ChartData, Operator
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import BODY, GAP, LABEL, Frame
from ai_video_editor.look.typography import fitted, font, text_width

MOST_TERMS = 4
"""Terms before the result; more cannot be read on a phone while they stand."""

_SIGNS: dict[Operator, str] = {
    "plus": "+",
    "minus": "\u2212",
    "times": "\u00d7",
    "over": "\u00f7",
}


def before_after_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Two numbers, the second one stressed, and how much lies between them.

    Raises:
        ValueError: there are not two numbers with names, or nothing changed.
    """
    if len(data.values) != 2 or len(data.labels) != 2:
        raise ValueError("before and after need two numbers, each with its name")
    unit = data.units[0] if data.units else ""
    changed = change(data.values[0], data.values[1], unit)
    texts = [figure(value, unit) for value in data.values]
    frame = scene.frame
    top = scene.heading(heading)
    foot = frame.above_captions
    gap = frame.units(8)
    if frame.portrait:
        wide = frame.inner_width
        tall = min(round((foot - top - gap) / 2), frame.units(40))
        boxes = [(frame.left, top + index * (tall + gap), wide, tall) for index in range(2)]
        chip = ((frame.left + frame.right) // 2, top + tall + gap // 2)
    else:
        wide = (frame.inner_width - gap) // 2
        tall = min(foot - top, frame.units(50))
        y = (top + foot - tall) // 2
        boxes = [(frame.left + index * (wide + gap), y, wide, tall) for index in range(2)]
        # A plate too wide for the gap hangs at the panels' lower edge, where no number stands.
        fits = _plate(changed, frame) <= frame.units(9)
        chip = ((frame.left + frame.right) // 2, y + (tall // 2 if fits else tall))
    face, _ = fitted(
        max(texts, key=len),
        "headline",
        width=wide - frame.units(8 if frame.portrait else 18),
        largest=min(frame.units(20), round(tall * 0.42)),
        smallest=frame.units(6),
    )
    for index, (box, text) in enumerate(zip(boxes, texts, strict=True)):
        _panel(scene, box, text, data.labels[index], round(face.size), after=index == 1)
    _chip(scene, changed, chip)


def _panel(
    scene: Scene, box: tuple[int, int, int, int], text: str, name: str, size: int, *, after: bool
) -> None:
    frame, ink = scene.frame, scene.palette
    left, top, wide, tall = box
    begins = 0.35 if after else 0.05
    scene.box(
        (left, top, left + wide, top + tall),
        ink.surface.mix(ink.accent, 0.12) if after else ink.surface,
        radius=frame.units(3),
        entrance="rise",
        begins=begins,
        takes=0.4,
    )
    label, lines = fitted(
        name,
        "body",
        width=wide - frame.units(8),
        largest=frame.units(BODY),
        smallest=frame.units(LABEL - 0.6),
        lines=2,
    )
    small = round(label.size)
    step = round(small * 1.24)
    above = capital("body", small) + step * (len(lines) - 1)
    high = above + frame.units(5) + capital("headline", size)
    y = top + (tall - high) // 2
    middle = left + wide // 2
    below = scene.rows(
        lines,
        "body",
        small,
        (middle, y),
        ink.quiet,
        anchor="m",
        leading=1.24,
        begins=begins + 0.05,
        takes=0.4,
    )
    scene.rows(
        [text],
        "headline",
        size,
        (middle, below + frame.units(5)),
        ink.accent if after else ink.ink,
        anchor="m",
        begins=begins + 0.1,
        takes=0.4,
        entrance="pop" if after else "rise",
    )


def _plate(words: str, frame: Frame) -> int:
    """Half the width of the plate with the change, pixels."""
    return round(text_width(words, font("headline", frame.units(BODY))) / 2) + frame.units(3)


def _chip(scene: Scene, words: str, middle: tuple[int, int]) -> None:
    """The change on a bright plate where the two panels meet."""
    frame, ink = scene.frame, scene.palette
    size = frame.units(BODY)
    half = _plate(words, frame)
    tall = frame.units(5)
    scene.box(
        (middle[0] - half, middle[1] - tall, middle[0] + half, middle[1] + tall),
        ink.second,
        radius=tall,
        entrance="pop",
        begins=0.55,
        takes=0.35,
    )
    place = (middle[0], middle[1] - capital("headline", size) // 2)
    color = ink.on(ink.second)
    scene.rows(
        [words], "headline", size, place, color, anchor="m", begins=0.6, takes=0.35, entrance="fade"
    )


def formula_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """The terms in a row with their names, and the result below, as large as it fits.

    Raises:
        ValueError: terms, names and operators do not pair, or the result is not what they give.
    """
    if len(data.labels) != len(data.values) or not 3 <= len(data.values) <= MOST_TERMS + 1:
        raise ValueError(f"a formula needs two to {MOST_TERMS} terms and a result, each named")
    units = (*data.units, *[""] * (len(data.values) - len(data.units)))
    terms, said = data.values[:-1], Decimal(str(data.values[-1]))
    result = result_of(terms, data.operators, units[:-1])
    if units[-1] == "percent":
        result *= 100
    if abs(result - said) > max(abs(said) * Decimal("0.0005"), Decimal("0.005")):
        raise ValueError(f"the formula gives {result:f}, not {said:f}")
    frame = scene.frame
    top = scene.heading(heading)
    texts = [figure(value, unit) for value, unit in zip(terms, units, strict=False)]
    draw = _stacked if frame.portrait and len(terms) > 2 else _row
    foot = frame.above_captions
    below = draw(scene, texts, data, (top, foot))
    _result(scene, figure(data.values[-1], units[-1]), data.labels[-1], below, foot)


def _row(scene: Scene, texts: list[str], data: ChartData, rows: tuple[int, int]) -> int:
    """Terms side by side, operators between them; gives the first free row below."""
    frame, ink = scene.frame, scene.palette
    count = len(texts)
    sign = frame.units(14)
    room = (frame.inner_width - sign * (count - 1)) / count
    face, _ = fitted(
        max(texts, key=len),
        "headline",
        width=room - frame.units(1),
        largest=frame.units(15),
        smallest=frame.units(4.4),
    )
    size = round(face.size)
    names = [
        fitted(name, "body", width=room, largest=frame.units(LABEL + 0.4),
               smallest=frame.units(3.6), lines=2)
        for name in data.labels[:count]
    ]  # fmt: skip
    small = min(round(found.size) for found, _ in names)
    # A third of what is free stands above, the terms and the result share the rest.
    y = rows[0] + frame.units(2)
    baseline = y + capital("headline", size)
    left, lowest = frame.left, baseline
    for index, text in enumerate(texts):
        _, lines = fitted(
            data.labels[index], "body", width=room, largest=small, smallest=small, lines=2
        )
        label = font("body", small)
        wide = max(text_width(text, face), *(text_width(line, label) for line in lines))
        begins = 0.35 * index / count
        scene.rows([text], "headline", size, (left, y), ink.ink, begins=begins, takes=0.4)
        below = scene.rows(
            lines,
            "body",
            small,
            (left, baseline + frame.units(3)),
            ink.quiet,
            begins=begins + 0.05,
            takes=0.4,
        )
        lowest = max(lowest, below)
        if index < count - 1:
            place = (round(left + wide + sign / 2), baseline)
            _sign(scene, _SIGNS[data.operators[index]], place, size, begins + 0.1, ink.second)
            left = round(left + wide + sign)
    return lowest + frame.units(7)


def _sign(
    scene: Scene, sign: str, place: tuple[int, int], size: int, begins: float, color: Color
) -> None:
    middle = place[1] - capital("headline", size) // 2
    scene.text(
        sign,
        "headline",
        round(size * 0.8),
        (place[0], middle),
        color,
        anchor="mm",
        entrance="fade",
        begins=begins,
        takes=0.35,
    )


def _stacked(scene: Scene, texts: list[str], data: ChartData, rows: tuple[int, int]) -> int:
    """Terms one under the other, as on paper; gives the first free row below the rule."""
    frame, ink = scene.frame, scene.palette
    top, foot = rows
    step = min(round((foot - top) * 0.62 / len(texts)), frame.units(15))
    face, _ = fitted(
        max(texts, key=len),
        "headline",
        width=frame.inner_width * 0.5,
        largest=round(min(frame.units(9.5), step * 0.72)),
        smallest=frame.units(4.4),
    )
    size = round(face.size)
    left = frame.left + frame.units(10)
    column = left + round(max(text_width(text, face) for text in texts)) + frame.units(4)
    for index, text in enumerate(texts):
        y = top + step * index
        begins = 0.35 * index / len(texts)
        baseline = scene.rows(
            [text], "headline", size, (left, y), ink.ink, begins=begins, takes=0.4
        )
        if index:
            x = frame.left + frame.units(3)
            _sign(scene, _SIGNS[data.operators[index - 1]], (x, baseline), size, begins, ink.second)
        label, lines = fitted(
            data.labels[index], "body", width=frame.right - column,
            largest=frame.units(LABEL + 0.4), smallest=frame.units(3.4),
        )  # fmt: skip
        small = round(label.size)
        scene.text(
            lines[0],
            "body",
            small,
            (column, baseline),
            ink.quiet,
            anchor="ls",
            begins=begins + 0.05,
            takes=0.4,
        )
    return top + step * len(texts)


def _result(scene: Scene, text: str, name: str, top: int, foot: int) -> None:
    frame, ink = scene.frame, scene.palette
    scene.box(
        (frame.left, top, frame.right, top + frame.units(0.6)),
        ink.line,
        entrance="grow_right",
        begins=0.4,
        takes=0.4,
    )
    label = frame.units(BODY)
    room = foot - top - frame.units(15) - capital("body", label)
    face, _ = fitted(
        f"= {text}",
        "headline",
        width=frame.inner_width,
        largest=min(frame.units(20), round(room / 0.74)),
        smallest=frame.units(6),
    )
    size = round(face.size)
    baseline = scene.rows(
        [f"= {text}"],
        "headline",
        size,
        (frame.left, top + frame.units(GAP + 4)),
        ink.accent,
        begins=0.5,
        takes=0.4,
        entrance="pop",
    )
    found, lines = fitted(
        name, "body", width=frame.inner_width, largest=label, smallest=frame.units(LABEL)
    )
    scene.rows(
        lines,
        "body",
        round(found.size),
        (frame.left, baseline + frame.units(6)),
        ink.ink,
        begins=0.58,
        takes=0.4,
    )
