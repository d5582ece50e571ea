"""An idea and what belongs to it: the generic concept animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ai_video_editor.broll import shapes
from ai_video_editor.broll.scene import Entrance, Scene, Sprite, capital
from ai_video_editor.look.spacing import BODY, LABEL
from ai_video_editor.look.typography import Role, fitted

MOST_LINKS = 4
"""More cannot be read in the seconds that a graphic stands."""

Box = tuple[int, int, int, int]


def links_scene(scene: Scene, labels: Sequence[str], heading: str) -> None:
    """An idea on the left (above, in an upright picture), what belongs to it on the other side.

    Raises:
        ValueError: there is no idea, or fewer than two things belong to it.
    """
    if len(labels) < 3:
        raise ValueError("links need an idea and at least two things that belong to it")
    frame = scene.frame
    top = scene.heading(heading)
    _slower(scene)
    related = list(labels[1 : 1 + MOST_LINKS])
    foot = frame.above_captions
    if frame.portrait:
        high = frame.units(15)
        hub = (frame.left, top, frame.right, top + high)
        first = top + high + frame.units(13)
        left = frame.left + frame.units(9)
    else:
        width = round(frame.inner_width * 0.36)
        high = frame.units(28)
        middle = (top + foot) // 2
        hub = (frame.left, middle - high // 2, frame.left + width, middle + high // 2)
        first = top
        left = hub[2] + round(frame.inner_width * 0.16)
    gap = frame.units(3.4)
    tall = min(round((foot - first - gap * (len(related) - 1)) / len(related)), frame.units(18))
    whole = tall * len(related) + gap * (len(related) - 1)
    if not frame.portrait:
        first = (top + foot - whole) // 2
    boxes = [
        (left, first + index * (tall + gap), frame.right, first + index * (tall + gap) + tall)
        for index in range(len(related))
    ]
    for index, box in enumerate(boxes):
        _link(scene, hub, box, 0.2 + 0.16 * index)
    _card(scene, hub, labels[0], 0.06, hub=True)
    for index, (box, words) in enumerate(zip(boxes, related, strict=True)):
        _card(scene, box, words, 0.28 + 0.16 * index, hub=False)


def _slower(scene: Scene) -> None:
    """The heading comes in as fast as in other graphics, though the animation lasts longer."""
    scene.sprites = [replace(s, begins=s.begins * 0.4, takes=s.takes * 0.4) for s in scene.sprites]


def _card(scene: Scene, box: Box, words: str, begins: float, *, hub: bool) -> None:
    frame, ink = scene.frame, scene.palette
    left, top, right, bottom = box
    ground = ink.accent if hub else ink.surface
    scene.box(box, ground, radius=frame.unit * 2.6, entrance="pop" if hub else "rise",
              begins=begins, takes=0.16)  # fmt: skip
    inner = right - left - frame.units(6)
    role: Role = "headline" if hub else "body"
    face, lines = fitted(
        words,
        role,
        width=inner,
        largest=frame.units(BODY + 2 if hub else BODY + 0.8),
        smallest=frame.units(LABEL - 0.6),
        lines=3 if hub and not frame.portrait else 2,
    )
    size = round(face.size)
    step = round(size * 1.18)
    high = capital(role, size) + step * (len(lines) - 1)
    middle = (left + right) // 2
    x = middle if hub else left + frame.units(3.4)
    scene.rows(
        lines,
        role,
        size,
        (x, (top + bottom - high) // 2),
        ink.on(ground) if hub else ink.ink,
        anchor="m" if hub else "l",
        leading=step / size,
        begins=begins + 0.04,
        takes=0.14,
    )


def _link(scene: Scene, hub: Box, box: Box, begins: float) -> None:
    """A bent line from the idea to one thing."""
    frame, ink = scene.frame, scene.palette
    thick = max(3, frame.units(0.8))
    if frame.portrait:
        start = (hub[0] + frame.units(4), hub[3])
        end = (box[0], (box[1] + box[3]) // 2)
        corner = (start[0], end[1])
        points = [start, corner, end]
    else:
        start, end = (hub[2], (hub[1] + hub[3]) // 2), (box[0], (box[1] + box[3]) // 2)
        points = [
            (
                round(start[0] + (end[0] - start[0]) * share),
                round(start[1] + (end[1] - start[1]) * share * share * (3 - 2 * share)),
            )
            for share in (index / 24 for index in range(25))
        ]
    left, top = min(p[0] for p in points) - thick, min(p[1] for p in points) - thick
    right, bottom = max(p[0] for p in points) + thick, max(p[1] for p in points) + thick
    image = shapes.painted(
        right - left,
        bottom - top,
        lambda draw, k: draw.line(
            [((x - left) * k, (y - top) * k) for x, y in points],
            fill=tuple(ink.accent.mix(ink.ground, 0.35)), width=round(thick * k), joint="curve",
        ),
        ink.accent,
    )  # fmt: skip
    entrance: Entrance = "grow_down" if frame.portrait else "grow_right"
    scene.add(Sprite(image, left, top, entrance, begins, 0.14))
