"""Scenes drawn from numbers: the growth of money, bars, one big number."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from ai_video_editor.broll.charts import GrowthPoint, figure, growth, round_ticks, shares
from ai_video_editor.broll.scene import OVERSAMPLING, Scene, Sprite
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import BODY, DISPLAY, GAP, HEADING, LABEL
from ai_video_editor.look.typography import fitted, font, text_width

MOST_BARS = 6
"""More cannot be read on a phone in the seconds that a graphic stands."""


def growth_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """What regular saving becomes: paid in below, interest above, the sums beside.

    Raises:
        ValueError: a number is missing or cannot be.
    """
    if data.annual_rate is None or data.years is None:
        raise ValueError("a growth chart needs a rate and a number of years")
    unit = data.units[0] if data.units and data.units[0] in ("usd", "eur", "gbp") else "usd"
    points = growth(data.contribution or 0, data.principal or 0, data.annual_rate, data.years)
    frame, ink = scene.frame, scene.palette
    title = heading or _growth_title(data, unit)
    top = scene.block(
        title,
        "headline",
        frame.units(HEADING),
        (frame.left, frame.top),
        ink.ink,
        width=frame.inner_width,
        lines=2,
        smallest=frame.units(5),
        takes=0.35,
    )
    last = points[-1]
    sums = (
        (figure(last.total, unit), _years(data.years, short=frame.portrait), ink.ink),
        (figure(last.interest, unit), "interest", ink.accent),
        (figure(last.contributed, unit), "paid in", ink.second),
    )
    if frame.portrait:
        width, foot = frame.inner_width, frame.above_captions - frame.units(27)
        side = (frame.left, foot + frame.units(11))
        room = round((frame.inner_width - 2 * frame.units(GAP)) / 3)
    else:
        room = round(frame.inner_width * 0.31)
        width, foot = frame.inner_width - room - frame.units(6), frame.bottom - frame.units(7)
        side = (frame.right - room, top + frame.units(6))
    _growth_bars(scene, points, (frame.left, top + frame.units(6.5), width, foot), unit)
    _sums(scene, sums, side, room)


def _growth_title(data: ChartData, unit: str) -> str:
    parts = []
    if data.principal:
        parts.append(figure(data.principal, unit))
    if data.contribution:
        parts.append(f"{figure(data.contribution, unit)} a month")
    return f"{' + '.join(parts)} at {figure(data.annual_rate or 0, 'percent')} a year"


def _years(years: float, *, short: bool) -> str:
    return figure(years, "years") if short else f"after {figure(years, 'years')}"


def _growth_bars(
    scene: Scene, points: Sequence[GrowthPoint], place: tuple[int, int, int, int], unit: str
) -> None:
    """Axis and stacked columns; `place` is left, top, width and foot."""
    frame, ink = scene.frame, scene.palette
    left, top, width, foot = place
    label = frame.units(LABEL)
    ticks = round_ticks(float(points[-1].total), most=3)
    names = [figure(tick, unit, short=True) for tick in ticks]
    gutter = round(max(text_width(name, font("body", label)) for name in names))
    first = left + gutter + frame.units(2)
    right = left + width
    scale = (foot - top) / ticks[-1]
    for tick, name in zip(ticks, names, strict=True):
        y = round(foot - tick * scale)
        scene.box((first, y - 1, right, y + 1), ink.line, begins=0.05, takes=0.3)
        scene.text(
            name,
            "body",
            label,
            (first - frame.units(2), y),
            ink.quiet,
            anchor="rm",
            entrance="fade",
            begins=0.05,
            takes=0.3,
        )
    columns = [point for point in points if point.month > 0]
    step = (right - first) / len(columns)
    shown = _marked_years([point.month for point in columns])
    chart = Image.new("RGBA", (right - first, foot - top))
    for index, point in enumerate(columns):
        x0 = round((index + 0.14) * step)
        x1 = max(x0 + 1, round((index + 0.86) * step))
        paid = round(float(point.contributed) * scale)
        whole = max(round(float(point.total) * scale), paid, 1)
        column = _column((x1 - x0, whole), paid, ink.second, ink.accent)
        chart.paste(column, (x0, chart.height - whole))
        if point.month in shown:
            years = figure(point.month / 12)
            scene.text(
                f"Year {years}" if point.month == min(shown) else years,
                "body",
                label,
                (first + (x0 + x1) // 2, foot + frame.units(1.6)),
                ink.quiet,
                anchor="ma",
                entrance="fade",
                begins=0.15 + 0.4 * index / len(columns),
                takes=0.3,
            )
    scene.add(Sprite(chart, first, top, "grow_right", 0.15, 0.7))


def _marked_years(months: Sequence[int]) -> tuple[int, ...]:
    """Three or four full years to name under the columns, the last one among them."""
    last = months[-1]
    if last <= 36:
        return tuple(month for month in months if month % 12 == 0 or month == last)
    for years in (1, 2, 5, 10, 20, 25):
        if last / (12 * years) <= 4:
            marked = tuple(m for m in months if m % (12 * years) == 0)
            near = marked and last != marked[-1] and last - marked[-1] < 6 * years
            return (*(marked[:-1] if near else marked), *(() if last in marked else (last,)))
    return (last,)


def _column(size: tuple[int, int], paid: int, below: Color, above: Color) -> Image.Image:
    """A column with round shoulders: what was paid in below, interest above."""
    width, height = size
    image = Image.new("RGBA", size, (*above, 255))
    image.paste((*below, 255), (0, height - paid, width, height))
    mask = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    radius = min(width * 0.25, 8) * OVERSAMPLING
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((0, 0, mask.width - 1, mask.height + radius), radius, fill=255)
    image.putalpha(mask.resize(size, Image.Resampling.LANCZOS))
    return image


def _sums(
    scene: Scene, sums: Sequence[tuple[str, str, Color]], side: tuple[int, int], room: int
) -> None:
    """The three amounts, the total first; in a row below the chart where the picture is high."""
    frame = scene.frame
    face, _ = fitted(
        max((amount for amount, _, _ in sums), key=len),
        "headline",
        width=room,
        largest=frame.units(9.5),
        smallest=frame.units(4),
    )
    size, small = round(face.size), frame.units(LABEL + 0.4)
    step = size + small + frame.units(6.4)
    for index, (amount, name, color) in enumerate(sums):
        x, y = side[0], side[1] + index * step
        if frame.portrait:
            x, y = side[0] + index * (room + frame.units(GAP)), side[1]
        begins = 0.45 + 0.12 * index
        scene.text(amount, "headline", size, (x, y), color, begins=begins, takes=0.3)
        scene.text(
            name,
            "body",
            small,
            (x, y + size + frame.units(1.6)),
            scene.palette.quiet,
            begins=begins + 0.03,
            takes=0.25,
        )


def bars_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Values side by side as bars that lie, each with its name above and its figure behind.

    Raises:
        ValueError: names and values do not pair, or a value cannot be drawn.
    """
    if len(data.labels) != len(data.values) or len(data.values) < 2:
        raise ValueError("bars need at least two values, each with its name")
    values, labels = data.values[:MOST_BARS], data.labels[:MOST_BARS]
    units = [
        data.units[min(i, len(data.units) - 1)] if data.units else "" for i in range(len(values))
    ]
    frame, ink = scene.frame, scene.palette
    top = frame.top
    if heading:
        top = scene.block(
            heading,
            "headline",
            frame.units(HEADING),
            (frame.left, top),
            ink.ink,
            width=frame.inner_width,
            lines=2,
            smallest=frame.units(5),
            takes=0.35,
        ) + frame.units(4.5)
    slot = min((frame.above_captions - top) / len(values), frame.unit * 34)
    name_size = round(min(frame.units(LABEL + 0.8), slot * 0.3))
    figures = [figure(value, unit) for value, unit in zip(values, units, strict=True)]
    number, _ = fitted(
        max(figures, key=len),
        "headline",
        width=frame.inner_width * 0.3,
        largest=round(min(frame.units(8), slot * 0.5)),
        smallest=frame.units(4),
    )
    behind = max(text_width(text, number) for text in figures)
    longest = frame.inner_width - round(behind) - frame.units(GAP)
    thickness = round(min(slot * 0.42, frame.units(10)))
    peak = max(values)
    for index, share in enumerate(shares(values)):
        y = round(top + index * slot)
        begins = 0.1 + 0.4 * index / len(values)
        color = ink.accent if values[index] == peak else ink.second.mix(ink.surface, 0.35)
        scene.block(
            labels[index],
            "body",
            name_size,
            (frame.left, y),
            ink.quiet,
            width=frame.inner_width,
            lines=1,
            smallest=frame.units(3.6),
            begins=begins,
            takes=0.3,
        )
        bar = y + round(name_size * 1.45)
        width = max(round(longest * share), frame.units(0.8))
        scene.box(
            (frame.left, bar, frame.left + width, bar + thickness),
            color,
            radius=min(thickness * 0.22, width / 2),
            entrance="grow_right",
            begins=begins,
            takes=0.45,
        )
        scene.text(
            figures[index],
            "headline",
            round(number.size),
            (frame.left + width + frame.units(GAP), bar + thickness // 2),
            ink.ink,
            anchor="lm",
            entrance="fade",
            begins=begins + 0.25,
            takes=0.25,
        )


def big_number_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """One number that fills the picture, and what it is.

    Raises:
        ValueError: there is no number.
    """
    if not data.values:
        raise ValueError("a big number needs a value")
    frame, ink = scene.frame, scene.palette
    text = figure(data.values[0], data.units[0] if data.units else "")
    face, lines = fitted(
        text,
        "headline",
        width=frame.inner_width,
        largest=frame.units(DISPLAY),
        smallest=frame.units(9),
        lines=1,
    )
    words = heading or (data.labels[0] if data.labels else "")
    label, broken = fitted(
        words,
        "body",
        width=frame.inner_width,
        largest=frame.units(BODY + 1.2),
        smallest=frame.units(LABEL),
        lines=3,
    )
    high = round(face.size * 0.74)
    step = round(label.size * 1.28)
    whole = high + frame.units(7) + step * len(broken)
    top = frame.middle - whole // 2
    scene.text(
        lines[0],
        "headline",
        round(face.size),
        (frame.left, top + high),
        ink.accent,
        anchor="ls",
        entrance="pop",
        takes=0.55,
    )
    rule = top + high + frame.units(3.4)
    scene.box(
        (frame.left, rule, frame.left + frame.units(14), rule + frame.units(0.9)),
        ink.second,
        radius=frame.unit * 0.45,
        entrance="grow_right",
        begins=0.3,
        takes=0.4,
    )
    for index, line in enumerate(broken):
        y = rule + frame.units(4.4) + index * step
        scene.text(
            line,
            "body",
            round(label.size),
            (frame.left, y),
            ink.ink,
            begins=0.4 + 0.06 * index,
            takes=0.4,
        )
