"""Cards: a list that is built up, and a term with its meaning."""

from __future__ import annotations

from ai_video_editor.broll.scene import Scene, capital
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.spacing import BODY, GAP, LABEL, TITLE
from ai_video_editor.look.typography import balanced, fitted

MOST_ITEMS = 5
"""More cannot be read on a phone in the seconds that a graphic stands."""

_ITEM_SECONDS = 0.5
"""Seconds in which an item comes in when it is said."""


def list_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Numbered items on cards, each when it is said, or one after the other.

    Raises:
        ValueError: there is nothing to list.
    """
    items = [label for label in data.labels if label.strip()][:MOST_ITEMS]
    if not items:
        raise ValueError("a list needs items")
    frame, ink = scene.frame, scene.palette
    top = scene.heading(heading)
    gap = frame.units(2.4)
    high = min(
        round((frame.above_captions - top - gap * (len(items) - 1)) / len(items)), frame.units(20)
    )
    badge = round(high * 0.56)
    inset = (high - badge) // 2
    text_left = frame.left + high + frame.units(1)
    width = frame.right - text_left - frame.units(GAP)
    wanted = round(min(frame.units(BODY + 1), high * 0.42))
    faces = [
        fitted(item, "body", width=width, largest=wanted, smallest=frame.units(3.8), lines=2)
        for item in items
    ]
    size = min(round(face.size) for face, _ in faces)
    for index, (item, (begins, takes)) in enumerate(
        zip(items, _entrances(scene, len(items)), strict=True)
    ):
        y = top + index * (high + gap)
        scene.box(
            (frame.left, y, frame.right, y + high),
            ink.surface,
            radius=frame.units(2.4),
            entrance="rise",
            begins=begins,
            takes=takes,
        )
        scene.box(
            (frame.left + inset, y + inset, frame.left + inset + badge, y + inset + badge),
            ink.accent,
            radius=badge / 2,
            entrance="rise",
            begins=begins,
            takes=takes,
        )
        number = round(badge * 0.58)
        middle = y + high // 2
        scene.rows(
            [str(index + 1)],
            "headline",
            number,
            (frame.left + inset + badge // 2, middle - capital("headline", number) // 2),
            ink.on(ink.accent),
            anchor="m",
            begins=begins,
            takes=takes,
        )
        _, lines = fitted(item, "body", width=width, largest=size, smallest=size, lines=2)
        step = round(size * 1.22)
        whole = capital("body", size) + step * (len(lines) - 1)
        scene.rows(
            lines,
            "body",
            size,
            (text_left, middle - whole // 2),
            ink.ink,
            leading=1.22,
            begins=begins,
            takes=takes,
        )


def _entrances(scene: Scene, count: int) -> list[tuple[float, float]]:
    """When each item comes in, and how long it takes, as shares of the animation."""
    if len(scene.moments) != count:
        return [(0.15 + 0.4 * index / count, 0.4) for index in range(count)]
    scene.paced = True
    takes = min(_ITEM_SECONDS / scene.seconds, 0.4)
    return [(min(max(moment / scene.seconds, 0.0), 1.0 - takes), takes) for moment in scene.moments]


def definition_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """A term and what it means.

    The term is the heading, or the first label where there are two; its meaning is the last label.

    Raises:
        ValueError: the term or its meaning is missing.
    """
    labels = [label.strip() for label in data.labels if label.strip()]
    term = labels[0] if len(labels) > 1 else heading
    if not labels or not term or labels[-1] == term:
        raise ValueError("a definition needs a term and its meaning")
    frame, ink = scene.frame, scene.palette
    inner = frame.inner_width - frame.units(5)
    head, names = fitted(
        term, "headline", width=inner, largest=frame.units(TITLE), smallest=frame.units(6), lines=2
    )
    body, lines = fitted(
        labels[-1],
        "body",
        width=inner,
        largest=frame.units(BODY + 1.2),
        smallest=frame.units(LABEL),
        lines=5,
    )
    if len(lines) < 5:
        lines = balanced(labels[-1], body, inner)
    large, small = round(head.size), round(body.size)
    between = frame.units(6.4)
    whole = capital("headline", large) + round(large * 1.12) * (len(names) - 1) + between
    whole += capital("body", small) + round(small * 1.36) * (len(lines) - 1)
    top = frame.middle - whole // 2
    left = frame.left + frame.units(5)
    scene.box(
        (frame.left, top, frame.left + frame.units(1.2), top + whole),
        ink.accent,
        radius=frame.unit * 0.6,
        entrance="grow_down",
        takes=0.5,
    )
    below = scene.rows(
        names, "headline", large, (left, top), ink.ink, leading=1.12, begins=0.1, takes=0.45
    )
    scene.rows(
        lines,
        "body",
        small,
        (left, below + between),
        ink.ink.mix(ink.quiet, 0.5),
        leading=1.36,
        begins=0.28,
        takes=0.45,
    )
