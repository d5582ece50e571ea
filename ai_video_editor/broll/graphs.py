"""Scenes drawn from numbers: the growth of money, bars, one big number."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from ai_video_editor.broll.charts import GrowthPoint, figure, growth, round_ticks, shares
from ai_video_editor.broll.scene import OVERSAMPLING, Scene, Sprite, capital
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import BODY, DISPLAY, GAP, LABEL
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
    top = scene.heading(title)
    last = points[-1]
    sums = (
        (figure(last.total, unit), _years(data.years, short=frame.portrait), ink.ink),
        (figure(last.interest, unit), "interest", ink.accent),
        (figure(last.contributed, unit), "paid in", ink.second),
    )
    if frame.portrait:
        width, foot = frame.inner_width, frame.above_captions - frame.units(41)
        box = (frame.left, foot + frame.units(9.5), width, frame.above_captions)
    else:
        room = round(frame.inner_width * 0.31)
        width, foot = frame.inner_width - room - frame.units(7), frame.bottom - frame.units(7)
        box = (frame.right - room, top + frame.units(1), room, foot)
    _growth_bars(scene, points, (frame.left, top + frame.units(1), width, foot), unit)
    _sums(scene, sums, box)


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
    scene: Scene,
    sums: Sequence[tuple[str, str, Color]],
    box: tuple[int, int, int, int],
) -> None:
    """The three amounts, the total first and largest; its parts below, or side by side.

    Args:
        scene: what it is drawn on.
        sums: amount, name and color of each.
        box: where they stand: left, top, width and foot, pixels.
    """
    frame = scene.frame
    left, top, width, foot = box
    gap = frame.units(GAP)
    small = frame.units(LABEL + 0.4)
    half = (width - gap) // 2 if frame.portrait else width
    sizes = []
    for room, largest in ((width, 12.0), (half, 8.6)):
        face, _ = fitted(
            max((amount for amount, _, _ in sums), key=len),
            "headline",
            width=room,
            largest=frame.units(largest),
            smallest=frame.units(4),
        )
        sizes.append(round(face.size))
    sizes.append(sizes[1])
    under = frame.units(2.4)
    heights = [capital("headline", size) + under + capital("body", small) for size in sizes]
    tops = [top, top + heights[0] + frame.units(4.5), top + heights[0] + frame.units(4.5)]
    if not frame.portrait:
        # The three share the height of the columns, whose foot is the last one's.
        free = max(gap, (foot - top - sum(heights)) // 2)
        tops = [top, top + heights[0] + free, top + heights[0] + heights[1] + 2 * free]
    for index, (amount, name, color) in enumerate(sums):
        begins = 0.45 + 0.12 * index
        x = left + (half + gap if frame.portrait and index == 2 else 0)
        below = scene.rows(
            [amount],
            "headline",
            sizes[index],
            (x, tops[index]),
            color,
            begins=begins,
            takes=0.3,
            entrance="rise" if index else "pop",
        )
        scene.rows(
            [name],
            "body",
            small,
            (x, below + under),
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
    top = scene.heading(heading)
    slot = (frame.above_captions - top) / len(values)
    name_size = round(min(frame.units(BODY + 0.8), slot * 0.2))
    figures = [figure(value, unit) for value, unit in zip(values, units, strict=True)]
    number, _ = fitted(
        max(figures, key=len),
        "headline",
        width=frame.inner_width * 0.3,
        largest=round(min(frame.units(11), slot * 0.5)),
        smallest=frame.units(4),
    )
    behind = max(text_width(text, number) for text in figures)
    longest = frame.inner_width - round(behind) - frame.units(GAP)
    thickness = round(min(slot * 0.42, frame.units(15)))
    one = capital("body", name_size) + round(name_size * 0.55) + thickness
    gap = min(round(slot - one), frame.units(11))
    top += round((slot * len(values) - one * len(values) - gap * (len(values) - 1)) / 2)
    peak = max(values)
    for index, share in enumerate(shares(values)):
        y = top + index * (one + gap)
        begins = 0.1 + 0.35 * index / len(values)
        color = ink.accent if values[index] == peak else ink.second
        label, lines = fitted(
            labels[index],
            "body",
            width=frame.inner_width,
            largest=name_size,
            smallest=frame.units(3.6),
        )
        below = scene.rows(
            lines, "body", round(label.size), (frame.left, y), ink.ink, begins=begins, takes=0.3
        )
        bar = below + round(name_size * 0.55)
        width = max(round(longest * share), frame.units(0.8))
        scene.box(
            (frame.left, bar, frame.left + width, bar + thickness),
            color,
            radius=min(thickness * 0.16, width / 2),
            entrance="grow_right",
            begins=begins,
            takes=0.45,
        )
        size = round(number.size)
        scene.rows(
            [figures[index]],
            "headline",
            size,
            (
                frame.left + width + frame.units(GAP),
                bar + (thickness - capital("headline", size)) // 2,
            ),
            color if values[index] == peak else ink.ink,
            begins=begins + 0.25,
            takes=0.25,
            entrance="fade",
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
        largest=frame.units(DISPLAY + 8),
        smallest=frame.units(9),
        lines=1,
    )
    words = heading or (data.labels[0] if data.labels else "")
    label, broken = fitted(
        words,
        "body",
        width=frame.inner_width,
        largest=frame.units(BODY + 2),
        smallest=frame.units(LABEL),
        lines=3,
    )
    size, small = round(face.size), round(label.size)
    high = capital("headline", size)
    under = frame.units(7)
    whole = high
    if broken:
        whole += 2 * under + capital("body", small) + round(small * 1.28) * (len(broken) - 1)
    top = frame.middle - whole // 2
    below = scene.rows(
        lines,
        "headline",
        size,
        (frame.left, top),
        ink.accent,
        entrance="pop",
        takes=0.55,
    )
    if not broken:
        return
    rule = below + under
    scene.box(
        (frame.left, rule, frame.left + frame.units(18), rule + frame.units(1)),
        ink.second,
        radius=frame.unit * 0.5,
        entrance="grow_right",
        begins=0.3,
        takes=0.4,
    )
    scene.rows(
        broken,
        "body",
        small,
        (frame.left, rule + under),
        ink.ink,
        leading=1.28,
        begins=0.4,
        takes=0.4,
    )
