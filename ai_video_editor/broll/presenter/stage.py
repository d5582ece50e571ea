"""Where the presenter stands: beside a chart, beside the words said, or small over the film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from PIL import Image

from ai_video_editor.broll.presenter import poses
from ai_video_editor.broll.presenter.acting import CELS_A_SECOND, Cel, acted
from ai_video_editor.broll.presenter.flat import Figure, laid
from ai_video_editor.broll.scene import Scene, Sprite, capital
from ai_video_editor.broll.shapes import painted
from ai_video_editor.context.plan import PresenterAction
from ai_video_editor.look.spacing import LABEL, Frame
from ai_video_editor.look.typography import fitted
from ai_video_editor.progress import Report

ASIDE = 0.285
"""Share of a wide picture's width that is left to the presenter beside a chart."""

_WIDE = 1.5
"""Width by height from which a chart leaves room for somebody beside it."""

_SHOWN = 14
"""Cel that a still shows: the gesture is made, a reaction not over."""

_TALL = 2.45
"""Units from the presenter's foot to the tip of its antenna."""

_DISC = 46
"""Frame units across the disc behind a presenter that stands over the film."""


@dataclass(frozen=True)
class Presence:
    """What a scene needs to know of its presenter.

    Attributes:
        figure: who draws it.
        action: what it does.
        levels: loudness of the voice, one for each cel of the scene.
        report: how to say how far the drawing is.
    """

    figure: Figure
    action: PresenterAction
    levels: Sequence[float]
    report: Report


def cels_in(seconds: float) -> int:
    """How many cels a stretch has."""
    return max(1, ceil(seconds * CELS_A_SECOND))


def beside_chart(frame: Frame) -> Frame | None:
    """The part of a picture that is left to the chart; None where both do not fit."""
    if frame.width < frame.height * _WIDE:
        return None
    return replace(frame, aside=round(frame.width * ASIDE))


def stand_beside(scene: Scene, presence: Presence, moving: float) -> None:
    """Lay the presenter beside a chart that is drawn already.

    Args:
        scene: the chart, laid out in `beside_chart`.
        presence: the presenter.
        moving: seconds in which the chart comes in.
    """
    frame = scene.frame
    _by_the_second(scene, moving)
    tall = min(frame.height * 0.56, frame.aside * 1.55)
    x = frame.width - frame.margin * 0.5 - tall * 0.36
    _lay(scene, presence, tall, (x, frame.bottom))


def presenter_scene(scene: Scene, words: str, presence: Presence) -> None:
    """The presenter, large, and beside it what is said.

    Raises:
        ValueError: there are no words.
    """
    if not words:
        raise ValueError("a presenter who fills the picture needs words beside it")
    frame, ink = scene.frame, scene.palette
    if frame.portrait:
        tall = min((frame.above_captions - frame.top) * 0.6, frame.width * 0.9)
        width, left = frame.inner_width, frame.left
        place = (frame.width / 2, float(frame.above_captions))
        top, foot = frame.top, round(frame.above_captions - tall * 1.04)
    else:
        tall = frame.height * 0.8
        place = (frame.right - tall * 0.4, frame.height * 0.93)
        width, left = round(place[0] - tall * 0.56) - frame.left, frame.left
        top, foot = frame.top, frame.bottom
    face, lines = fitted(
        words,
        "headline",
        width=width,
        largest=frame.units(11),
        smallest=frame.units(LABEL + 0.6),
        lines=5,
    )
    size = round(face.size)
    high = capital("headline", size) + round(size * 1.18) * (len(lines) - 1)
    share = min(0.2, 0.5 / scene.seconds)
    under = scene.rows(
        lines, "headline", size, (left, (top + foot - high) // 2), ink.ink, takes=share
    )
    rule = under + frame.units(4.4)
    scene.box(
        (left, rule, left + frame.units(16), rule + frame.units(1)), ink.accent,
        radius=frame.unit * 0.5, entrance="grow_right", begins=share, takes=share,
    )  # fmt: skip
    scene.paced = True
    _lay(scene, presence, tall, place)


def presenter_over_film(scene: Scene, presence: Presence, *, above: bool = False) -> None:
    """The presenter on a small disc in a corner of the film.

    Args:
        scene: what it is drawn on.
        presence: the presenter.
        above: stand in an upper corner, because captions stand at the foot.
    """
    frame, ink = scene.frame, scene.palette
    side = frame.units(_DISC * (0.86 if frame.portrait else 0.8))
    left = frame.right - side + frame.units(2)
    foot = frame.above_captions
    if above and not frame.portrait:
        foot = frame.top + round(side * 1.32)
    top = foot - side
    edge = frame.units(0.9)
    disc = painted(
        side, side,
        lambda draw, k: draw.ellipse(
            (0, 0, side * k - 1, side * k - 1), fill=tuple(ink.ground),
            outline=tuple(ink.accent), width=round(edge * k),
        ),
        ink.ground,
    )  # fmt: skip
    share = min(0.1, 0.35 / scene.seconds)
    scene.paced = True
    scene.add(Sprite(disc, left, top, "pop", 0.0, share))
    tall = side * 1.16
    _lay(scene, presence, tall, (left + side / 2, foot - side * 0.04), begins=share * 0.3)


def _by_the_second(scene: Scene, moving: float) -> None:
    """Let what comes in come in as fast as before, though the scene is now in motion to its end."""
    if scene.paced:
        return
    part = moving / scene.seconds
    scene.sprites = [
        replace(one, begins=one.begins * part, takes=one.takes * part) for one in scene.sprites
    ]
    scene.paced = True


def _lay(
    scene: Scene,
    presence: Presence,
    tall: float,
    place: tuple[float, float],
    *,
    begins: float = 0.0,
) -> None:
    """The presenter with its foot about a place, every distinct drawing put together once."""
    unit = tall / _TALL
    side = max(8, round(unit * poses.SIDE))
    cels = acted(presence.action, presence.levels)
    drawn = presence.figure.cels(
        {pose for cel in cels for pose in (cel.body, cel.head)}, side, scene.palette,
        presence.report,
    )  # fmt: skip
    room = round(unit * 0.13)
    distinct: dict[Cel, int] = {}
    pictures: list[Image.Image] = []
    for cel in cels:
        if cel in distinct:
            continue
        distinct[cel] = len(pictures)
        canvas = Image.new("RGBA", (side, side + room))
        figure = laid(drawn, cel.body, cel.head, -round(cel.nod * unit))
        canvas.paste(figure, (0, room // 2 - round(cel.lift * unit)))
        pictures.append(canvas)
    box = _common(pictures)
    pictures = [picture.crop(box) for picture in pictures]
    order = tuple(distinct[cel] for cel in cels)
    foot_row = side - (poses.BODY[1] - poses.BODY_SIZE[1] - poses.FLOOR) * unit + room // 2
    scene.add(
        Sprite(
            pictures[order[min(_SHOWN, len(order) - 1)]],
            round(place[0] - side / 2) + box[0],
            round(place[1] - foot_row) + box[1],
            "rise", begins, min(0.12, 0.45 / scene.seconds), "",
            cels=tuple(pictures), order=order,
        )
    )  # fmt: skip


def _common(pictures: Sequence[Image.Image]) -> tuple[int, int, int, int]:
    """The box that holds what is drawn in any of the pictures."""
    boxes = [box for one in pictures if (box := one.getchannel("A").getbbox()) is not None]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
