"""Scenes of words alone: a kinetic title, the card of a topic, a quotation."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import ImageFont

from ai_video_editor.broll.scene import Scene, capital
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import BODY, GAP, LABEL, TITLE, Frame
from ai_video_editor.look.typography import fitted, font, text_width

MOST_TOPICS = 12
"""Parts of a film that are shown as marks; more would be too small to count."""

_QUOTE_LEADING = 1.26
"""From one baseline of a quotation to the next, in sizes."""


def title_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """A title word by word in large letters; a second label stands below it in small ones.

    Raises:
        ValueError: there are no words.
    """
    labels = [label.strip() for label in data.labels if label.strip()]
    title = labels[0] if labels else heading
    if not title:
        raise ValueError("a title card needs words")
    below = labels[1] if len(labels) > 1 else ""
    frame, ink = scene.frame, scene.palette
    face, lines = fitted(
        title,
        "headline",
        width=frame.inner_width,
        largest=frame.units(TITLE + 3),
        smallest=frame.units(7),
        lines=4 if frame.portrait else 3,
    )
    size, small = round(face.size), frame.units(BODY)
    cap, step = capital("headline", size), round(size * 1.14)
    under = frame.units(6)
    whole = cap + step * (len(lines) - 1) + under
    if below:
        whole += frame.units(4.6) + capital("body", small)
    top = frame.middle - whole // 2
    _spoken(scene, lines, face, (frame.left, top + cap), step)
    rule = top + cap + step * (len(lines) - 1) + under
    scene.box(
        (frame.left, rule, frame.left + frame.units(18), rule + frame.units(1)),
        ink.second,
        radius=frame.unit * 0.5,
        entrance="grow_right",
        begins=0.45,
        takes=0.4,
    )
    if below:
        found, shown = fitted(
            below, "body", width=frame.inner_width, largest=small, smallest=frame.units(LABEL)
        )
        scene.rows(
            shown,
            "body",
            round(found.size),
            (frame.left, rule + frame.units(4.6)),
            ink.quiet,
            begins=0.55,
            takes=0.4,
        )


def _spoken(
    scene: Scene,
    lines: Sequence[str],
    face: ImageFont.FreeTypeFont,
    place: tuple[int, int],
    step: int,
) -> None:
    """Words that rise one after the other; the last line, where there are several, is stressed."""
    ink = scene.palette
    words = [
        (word, text_width(" ".join([*line.split()[:at], ""]), face) if at else 0.0, row)
        for row, line in enumerate(lines)
        for at, word in enumerate(line.split())
    ]
    for index, (word, offset, row) in enumerate(words):
        scene.text(
            word,
            "headline",
            round(face.size),
            (place[0] + round(offset), place[1] + row * step),
            ink.accent if row == len(lines) - 1 and len(lines) > 1 else ink.ink,
            anchor="ls",
            begins=0.55 * index / len(words),
            takes=0.4,
        )


def topic_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Where a new part begins: its number, its title, and how many parts there are.

    Raises:
        ValueError: there is no title, or the number is not one of the parts.
    """
    title = next((label.strip() for label in data.labels if label.strip()), heading)
    if not title or len(data.values) != 2:
        raise ValueError("a topic card needs a title, its number and how many there are")
    number, count = (round(value) for value in data.values)
    if not 1 <= number <= count <= MOST_TOPICS:
        raise ValueError(f"part {number} of {count} cannot be shown")
    frame, ink = scene.frame, scene.palette
    small = frame.units(BODY + 0.8)
    face, lines = fitted(
        title,
        "headline",
        width=frame.inner_width,
        largest=frame.units(TITLE + 1),
        smallest=frame.units(7),
        lines=3,
    )
    size = round(face.size)
    step = round(size * 1.14)
    cap = capital("body", small)
    whole = cap + frame.units(6) + capital("headline", size) + step * (len(lines) - 1)
    whole += frame.units(10)
    top = frame.middle - whole // 2
    below = scene.rows(
        [f"Part {number} of {count}"],
        "headline",
        small,
        (frame.left, top),
        ink.accent,
        takes=0.4,
    )
    below = scene.rows(
        lines,
        "headline",
        size,
        (frame.left, below + frame.units(6)),
        ink.ink,
        leading=1.14,
        begins=0.12,
        takes=0.45,
    )
    _marks(scene, number, count, below + frame.units(9))


def _marks(scene: Scene, number: int, count: int, top: int) -> None:
    """One mark for each part; those that were and the one that begins are filled."""
    frame, ink = scene.frame, scene.palette
    gap = frame.units(1.6)
    wide = min(frame.units(14), (frame.inner_width - gap * (count - 1)) // count)
    for index in range(count):
        left = frame.left + index * (wide + gap)
        color: Color = ink.line
        if index < number - 1:
            color = ink.quiet
        elif index == number - 1:
            color = ink.accent
        scene.box(
            (left, top, left + wide, top + frame.units(1.4)),
            color,
            radius=frame.unit * 0.7,
            entrance="grow_right" if index == number - 1 else "fade",
            begins=0.45 if index == number - 1 else 0.25,
            takes=0.45,
        )


def quote_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Somebody's words between large marks, and whose they are.

    Raises:
        ValueError: the words or their speaker is missing.
    """
    labels = [label.strip() for label in data.labels if label.strip()]
    if len(labels) < 2:
        raise ValueError("a quotation needs its words and who said them")
    words, name = labels[0].strip("\"'\u201c\u201d"), labels[1]
    frame, ink = scene.frame, scene.palette
    small = frame.units(BODY)
    mark = frame.units(34)
    indent = round(text_width("\u201c", font("headline", mark))) + frame.units(1)
    left = frame.left if frame.portrait else frame.left + indent
    above = round(mark * 0.26) + frame.units(5) if frame.portrait else 0
    room = frame.above_captions - frame.top - above - frame.units(8) - capital("body", small)
    size, lines = _set_within(words, frame.right - left, room, frame)
    step = round(size * _QUOTE_LEADING)
    whole = above + capital("headline", size) + step * (len(lines) - 1)
    whole += frame.units(8) + capital("body", small)
    top = max(frame.top, frame.middle - whole // 2)
    # The mark's ink begins well below its line's top: hang it from its own upper edge.
    ink_top = _mark_top(mark)
    scene.text(
        "\u201c",
        "headline",
        mark,
        (frame.left - frame.units(1.2), top - ink_top),
        ink.accent,
        anchor="ls",
        entrance="pop",
        takes=0.45,
    )
    below = scene.rows(
        lines,
        "headline",
        size,
        (left, top + above),
        ink.ink,
        leading=_QUOTE_LEADING,
        begins=0.15,
        takes=0.45,
    )
    dash = below + frame.units(8) + capital("body", small) // 2
    scene.box(
        (left, dash - frame.units(0.4), left + frame.units(7), dash + frame.units(0.4)),
        ink.second,
        radius=frame.unit * 0.4,
        entrance="grow_right",
        begins=0.5,
        takes=0.35,
    )
    found, shown = fitted(
        name,
        "body",
        width=frame.right - left - frame.units(7 + GAP),
        largest=small,
        smallest=frame.units(LABEL),
    )
    scene.rows(
        shown,
        "body",
        round(found.size),
        (left + frame.units(7 + GAP), below + frame.units(8)),
        ink.quiet,
        begins=0.55,
        takes=0.4,
    )


def _set_within(words: str, width: int, high: int, frame: Frame) -> tuple[int, list[str]]:
    """The largest size at which words fill no more than a width and a height, with the lines."""
    lines: list[str] = []
    size = frame.units(9.6)
    for share in range(100, 30, -6):
        face, lines = fitted(
            words,
            "headline",
            width=width,
            largest=round(frame.units(9.6) * share / 100),
            smallest=frame.units(4.6),
            lines=8,
        )
        size = round(face.size)
        if capital("headline", size) + size * _QUOTE_LEADING * (len(lines) - 1) <= high:
            break
    return size, lines


def _mark_top(size: int) -> int:
    """Where a quotation mark's ink begins above (negative) its baseline, pixels."""
    return round(font("headline", size).getbbox("\u201c", anchor="ls")[1])
