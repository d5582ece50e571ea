"""Scenes over the film: a low band that leaves the face free, at the foot or above the head."""

from __future__ import annotations

from dataclasses import dataclass

from ai_video_editor.broll.charts import figure
from ai_video_editor.broll.scene import Scene
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.palette import Color
from ai_video_editor.look.spacing import LABEL, SOURCE
from ai_video_editor.look.typography import Role, fitted, font, shortened, text_width

_HEAD_SHARE = 0.42
"""Share of the band's width that its large words may take where others stand beside them."""


@dataclass(frozen=True)
class _Row:
    text: str
    role: Role
    size: int
    step: int
    color: Color

    @property
    def width(self) -> int:
        return round(text_width(self.text, font(self.role, self.size)))


def band(scene: Scene, data: ChartData, heading: str, *, above: bool = False) -> None:
    """A number or a term, large, and beside it what it means.

    Args:
        scene: what it is drawn on.
        data: what it says.
        heading: its words where the data has none.
        above: stand at the head of the picture, because captions stand at its foot. In an upright
            one it always does: there the player's own words stand below.

    Raises:
        ValueError: there is nothing to say, or the kind needs the whole picture.
    """
    head, below = _words(data, heading)
    frame, ink = scene.frame, scene.palette
    pad, between = frame.units(3.6), frame.units(4)
    number = data.kind == "big_number"
    # An upright picture is too narrow for a sentence beside its term: it stands below.
    stacked = frame.portrait and not number
    inner = frame.inner_width - 2 * pad - frame.units(2.4)
    face, names = fitted(
        head,
        "headline",
        width=round(inner * _HEAD_SHARE) if below and not stacked else inner,
        largest=frame.units(12 if number else 7.4),
        smallest=frame.units(4.6),
        lines=1 if number else 2,
    )
    size, step = round(face.size), round(face.size * 1.12)
    heads = [
        _Row(name, "headline", size, step, ink.accent if number else ink.ink) for name in names
    ]
    head_width = max(row.width for row in heads)
    room = inner if stacked else inner - head_width - between
    rest = _beside(scene, below, data.source_line, room)
    rest_width = max((row.width for row in rest), default=-between)
    tall_head, tall_rest = (sum(row.step for row in rows) for rows in (heads, rest))
    high = tall_head + tall_rest + frame.units(1.6) if stacked else max(tall_head, tall_rest)
    tall = high + 2 * pad
    foot = frame.bottom
    if above or frame.portrait:
        foot = max(frame.top, round(frame.height * 0.1)) + tall
    top = foot - tall
    left = frame.left
    wide = max(head_width, rest_width) if stacked else head_width + between + rest_width
    right = left + 2 * pad + frame.units(2.4) + wide
    scene.box(
        (left, top, right, foot), ink.ground, radius=frame.units(2.2), opacity=0.93, takes=0.4
    )
    scene.box(
        (left + frame.units(1.8), top + pad, left + frame.units(2.7), foot - pad),
        ink.accent if not number else ink.second,
        radius=frame.unit * 0.45,
        entrance="grow_up",
        begins=0.15,
        takes=0.5,
    )
    x = left + pad + frame.units(2.4)
    if stacked:
        _column(scene, heads, x, top + pad + tall_head // 2, 0.15)
        _column(scene, rest, x, foot - pad - tall_rest // 2, 0.3)
        return
    _column(scene, heads, x, (top + foot) // 2, 0.15)
    _column(scene, rest, x + head_width + between, (top + foot) // 2, 0.3)


def _beside(scene: Scene, words: str, source: str, room: int) -> list[_Row]:
    frame, ink = scene.frame, scene.palette
    rows = []
    if words:
        face, lines = fitted(
            words,
            "body",
            width=room,
            largest=frame.units(LABEL + 0.4),
            smallest=frame.units(LABEL - 0.8),
            lines=4 if frame.portrait else 3,
        )
        size = round(face.size)
        rows = [_Row(line, "body", size, round(size * 1.26), ink.ink) for line in lines]
    if source:
        small = frame.units(SOURCE)
        text = shortened(source, font("body", small), room)
        rows.append(_Row(text, "body", small, round(small * 1.5), ink.quiet))
    return rows


def _column(scene: Scene, rows: list[_Row], x: int, middle: int, begins: float) -> None:
    """Rows one under the other about a middle."""
    y = middle - sum(row.step for row in rows) // 2
    for index, row in enumerate(rows):
        scene.text(
            row.text,
            row.role,
            row.size,
            (x, y + row.step // 2),
            row.color,
            anchor="lm",
            begins=begins + 0.06 * index,
            takes=0.4,
        )
        y += row.step


def _words(data: ChartData, heading: str) -> tuple[str, str]:
    """What stands large and what stands beside it."""
    labels = [label.strip() for label in data.labels if label.strip()]
    if data.kind == "big_number" and data.values:
        unit = data.units[0] if data.units else ""
        return figure(data.values[0], unit), labels[0] if labels else heading
    if data.kind in ("definition", "title"):
        words = labels if len(labels) > 1 or not heading else [heading, *labels]
        if words:
            return words[0], words[1] if len(words) > 1 and words[1] != words[0] else ""
    raise ValueError(f"a graphic of the kind {data.kind} has nothing to lay over the film")
