"""The scene of a timeline: what happened when, and how long lay between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

from ai_video_editor.broll.scene import Scene, capital
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.spacing import BODY, GAP, LABEL
from ai_video_editor.look.typography import fitted

MOST_EVENTS = 4
"""More cannot be read on a phone in the seconds that a graphic stands."""


def timeline_scene(scene: Scene, data: ChartData, heading: str) -> None:
    """Years on a line, what happened below each, and the years between on the line.

    The places are evenly spaced, so that every one can be read; the distance is said in words.

    Raises:
        ValueError: names and years do not pair, there are too few, or they are out of order.
    """
    years = [round(value) for value in data.values if isfinite(value)]
    if len(data.labels) != len(years) or not 2 <= len(years) <= MOST_EVENTS:
        raise ValueError(f"a timeline needs two to {MOST_EVENTS} years, each with what happened")
    if any(later <= earlier for earlier, later in pairwise(years)):
        raise ValueError("the years of a timeline must follow each other")
    top = scene.heading(heading)
    if scene.frame.portrait:
        _upright(scene, years, data.labels, top)
    else:
        _lying(scene, years, data.labels, top)


def between(earlier: int, later: int) -> str:
    """How long lay between two years, as it is printed."""
    return "1 year" if later - earlier == 1 else f"{later - earlier} years"


def _lying(scene: Scene, years: Sequence[int], labels: Sequence[str], top: int) -> None:
    frame, ink = scene.frame, scene.palette
    count = len(years)
    slot = frame.inner_width / count
    room = round(slot - frame.units(5))
    faces = [
        fitted(
            label,
            "body",
            width=room,
            largest=frame.units(BODY + 0.2),
            smallest=frame.units(3.8),
            lines=4,
        )
        for label in labels
    ]
    size = min(round(face.size) for face, _ in faces)
    set_lines = [
        fitted(label, "body", width=room, largest=size, smallest=size, lines=4)[1]
        for label in labels
    ]
    year, _ = fitted(
        str(max(years)), "headline", width=room, largest=frame.units(14), smallest=frame.units(5)
    )
    big = round(year.size)
    step = round(size * 1.26)
    high = (
        capital("headline", big)
        + frame.units(10)
        + capital("body", size)
        + step * (max(len(lines) for lines in set_lines) - 1)
    )
    y = (top + frame.above_captions - high) // 2
    line = y + capital("headline", big) + frame.units(5)
    thick = frame.units(0.7)
    scene.box(
        (frame.left, line - thick // 2, frame.right, line - thick // 2 + thick),
        ink.line,
        radius=thick / 2,
        entrance="grow_right",
        takes=0.75,
    )
    dot = frame.units(3.2)
    for index, (number, lines) in enumerate(zip(years, set_lines, strict=True)):
        x = round(frame.left + index * slot)
        begins = 0.08 + 0.5 * index / count
        last = index == count - 1
        scene.rows(
            [str(number)],
            "headline",
            big,
            (x, y),
            ink.accent if last else ink.ink,
            begins=begins,
            takes=0.4,
        )
        scene.box(
            (x, line - dot // 2, x + dot, line - dot // 2 + dot),
            ink.accent if last else ink.second,
            radius=dot / 2,
            entrance="pop",
            begins=begins,
            takes=0.35,
        )
        scene.rows(
            lines,
            "body",
            size,
            (x, line + frame.units(5)),
            ink.ink,
            leading=1.26,
            begins=begins + 0.06,
            takes=0.4,
        )
        if not last:
            _distance(
                scene,
                between(number, years[index + 1]),
                (round(x + (slot + dot) / 2), line),
                begins + 0.1,
            )


def _distance(scene: Scene, words: str, place: tuple[int, int], begins: float) -> None:
    """A small plate on the line with the years between."""
    frame, ink = scene.frame, scene.palette
    size = frame.units(3.8)
    face, _ = fitted(words, "body", width=frame.inner_width, largest=size, smallest=size)
    half = round(face.getlength(words) / 2) + frame.units(1.6)
    tall = frame.units(3)
    scene.box(
        (place[0] - half, place[1] - tall, place[0] + half, place[1] + tall),
        ink.surface,
        radius=tall,
        begins=begins,
        takes=0.35,
    )
    scene.text(
        words,
        "body",
        size,
        place,
        ink.quiet,
        anchor="mm",
        entrance="fade",
        begins=begins,
        takes=0.35,
    )


def _upright(scene: Scene, years: Sequence[int], labels: Sequence[str], top: int) -> None:
    frame, ink = scene.frame, scene.palette
    count = len(years)
    slot = min((frame.above_captions - top) / count, frame.unit * 34)
    dot = frame.units(3.6)
    x = frame.left + dot + frame.units(5)
    room = frame.right - x
    big = round(min(frame.units(10), slot * 0.34))
    size = round(min(frame.units(BODY - 0.6), slot * 0.2))
    gap = round(min(frame.units(GAP), slot * 0.1))
    middle = frame.left + dot // 2
    first = top + capital("headline", big) // 2
    thick = frame.units(0.8)
    scene.box(
        (
            middle - thick // 2,
            first,
            middle - thick // 2 + thick,
            round(first + slot * (count - 1)),
        ),
        ink.line,
        radius=thick / 2,
        entrance="grow_down",
        takes=0.75,
    )
    for index, (number, label) in enumerate(zip(years, labels, strict=True)):
        y = round(top + index * slot)
        begins = 0.08 + 0.5 * index / count
        last = index == count - 1
        color = ink.accent if last else ink.ink
        below = scene.rows([str(number)], "headline", big, (x, y), color, begins=begins, takes=0.4)
        if index:
            small = frame.units(LABEL - 0.6)
            scene.text(
                f"{between(years[index - 1], number)} later",
                "body",
                small,
                (frame.right, below),
                ink.quiet,
                anchor="rs",
                entrance="fade",
                begins=begins + 0.1,
                takes=0.35,
            )
        centre = y + capital("headline", big) // 2
        scene.box(
            (frame.left, centre - dot // 2, frame.left + dot, centre - dot // 2 + dot),
            ink.accent if last else ink.second,
            radius=dot / 2,
            entrance="pop",
            begins=begins,
            takes=0.35,
        )
        face, lines = fitted(
            label, "body", width=room, largest=size, smallest=frame.units(3.8), lines=2
        )
        scene.rows(
            lines,
            "body",
            round(face.size),
            (x, below + gap),
            ink.ink,
            begins=begins + 0.06,
            takes=0.4,
        )
