"""Scenes of words: a list, a definition, a title."""

from __future__ import annotations

from ai_video_editor.broll.scene import Scene
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.spacing import BODY, GAP, HEADING, LABEL, TITLE
from ai_video_editor.look.typography import fitted

MOST_ITEMS = 5
"""More cannot be read on a phone in the seconds that a graphic stands."""


def list_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Numbered items on cards, one after the other.

    Raises:
        ValueError: there is nothing to list.
    """
    items = [label for label in data.labels if label.strip()][:MOST_ITEMS]
    if not items:
        raise ValueError("a list needs items")
    frame, ink = scene.frame, scene.palette
    top = frame.top
    if heading:
        top = scene.block(
            heading,
            "headline",
            frame.units(HEADING + 0.8),
            (frame.left, top),
            ink.ink,
            width=frame.inner_width,
            lines=2,
            smallest=frame.units(5),
            takes=0.35,
        ) + frame.units(4.5)
    gap = frame.units(2.4)
    high = min(
        round((frame.above_captions - top - gap * (len(items) - 1)) / len(items)), frame.units(20)
    )
    badge = round(high * 0.58)
    inset = (high - badge) // 2
    text_left = frame.left + high + frame.units(1)
    width = frame.right - text_left - frame.units(GAP)
    wanted = round(min(frame.units(BODY), high * 0.42))
    faces = [
        fitted(item, "body", width=width, largest=wanted, smallest=frame.units(3.8), lines=2)
        for item in items
    ]
    size = min(round(face.size) for face, _ in faces)
    for index, item in enumerate(items):
        y = top + index * (high + gap)
        begins = 0.15 + 0.45 * index / len(items)
        scene.box(
            (frame.left, y, frame.right, y + high),
            ink.surface,
            radius=frame.units(2.4),
            entrance="rise",
            begins=begins,
            takes=0.4,
        )
        scene.box(
            (frame.left + inset, y + inset, frame.left + inset + badge, y + inset + badge),
            ink.accent,
            radius=badge / 2,
            entrance="rise",
            begins=begins,
            takes=0.4,
        )
        scene.text(
            str(index + 1),
            "headline",
            round(badge * 0.58),
            (frame.left + inset + badge // 2, y + high // 2),
            ink.ground,
            anchor="mm",
            entrance="rise",
            begins=begins,
            takes=0.4,
        )
        _, lines = fitted(item, "body", width=width, largest=size, smallest=size, lines=2)
        step = round(size * 1.22)
        for row, line in enumerate(lines):
            middle = y + high // 2 + round((row - (len(lines) - 1) / 2) * step)
            scene.text(
                line,
                "body",
                size,
                (text_left, middle),
                ink.ink,
                anchor="lm",
                begins=begins + 0.04,
                takes=0.4,
            )


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
        largest=frame.units(BODY + 0.8),
        smallest=frame.units(LABEL),
        lines=4,
    )
    head_step, body_step = round(head.size * 1.1), round(body.size * 1.32)
    whole = head_step * len(names) + frame.units(4.5) + body_step * len(lines)
    top = frame.middle - whole // 2
    left = frame.left + frame.units(5)
    scene.box(
        (frame.left, top, frame.left + frame.units(1.2), top + whole),
        ink.accent,
        radius=frame.unit * 0.6,
        entrance="grow_up",
        takes=0.5,
    )
    for row, line in enumerate(names):
        scene.text(
            line,
            "headline",
            round(head.size),
            (left, top + row * head_step),
            ink.ink,
            begins=0.1 + 0.06 * row,
            takes=0.45,
        )
    below = top + head_step * len(names) + frame.units(4.5)
    for row, line in enumerate(lines):
        scene.text(
            line,
            "body",
            round(body.size),
            (left, below + row * body_step),
            ink.quiet,
            begins=0.3 + 0.06 * row,
            takes=0.45,
        )


def title_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """A title in large letters; a second label stands below it in small ones.

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
        lines=3,
    )
    step = round(face.size * 1.1)
    small = frame.units(BODY)
    whole = step * len(lines) + frame.units(7.5) + (round(small * 1.3) if below else 0)
    top = frame.middle - whole // 2
    for row, line in enumerate(lines):
        scene.text(
            line,
            "headline",
            round(face.size),
            (frame.left, top + row * step),
            ink.accent if row == len(lines) - 1 and len(lines) > 1 else ink.ink,
            begins=0.1 * row,
            takes=0.5,
        )
    rule = top + step * len(lines) + frame.units(3.4)
    scene.box(
        (frame.left, rule, frame.left + frame.units(18), rule + frame.units(1)),
        ink.accent,
        radius=frame.unit * 0.5,
        entrance="grow_right",
        begins=0.3,
        takes=0.45,
    )
    if below:
        scene.block(
            below,
            "body",
            small,
            (frame.left, rule + frame.units(4)),
            ink.quiet,
            width=frame.inner_width,
            lines=1,
            smallest=frame.units(LABEL),
            begins=0.4,
            takes=0.4,
        )
