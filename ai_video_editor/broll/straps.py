"""Lower thirds: a small strap that names what is shown, and leaves the rest of the picture alone.

An edge in the accent colour comes first, the ground is uncovered from it, then the words rise.
"""

from __future__ import annotations

from ai_video_editor.broll.scene import Scene
from ai_video_editor.context.plan import ChartData
from ai_video_editor.look.brand import StrapStyle
from ai_video_editor.look.spacing import LABEL
from ai_video_editor.look.typography import fitted, text_width

_WORDS = 5.8
"""Units; a strap that is read in passing stands a little larger than a label."""

_WIDEST = 0.62
"""Share of the width between the margins in a wide picture; a high one gives all of it."""

_PORTRAIT_FOOT = 0.70
"""Share of the height: in a high picture, apps lay their own words over what is below."""


def strap(
    scene: Scene, data: ChartData, *, above: bool = False, style: StrapStyle = "plate"
) -> None:
    """The title of a lower third.

    Args:
        scene: what it is drawn on.
        data: its labels: the title.
        above: stand at the head of the picture, because captions stand at its foot.
        style: a dark plate with an edge, a plate in the accent, or a line under the words.

    Raises:
        ValueError: there is no title.
    """
    title = next((label.strip() for label in data.labels if label.strip()), "")
    if not title:
        raise ValueError("a lower third has no title")
    frame, ink = scene.frame, scene.palette
    across, down, edge = frame.units(3), frame.units(2.2), frame.units(0.9)
    wide = frame.width > frame.height
    room = round(frame.inner_width * (_WIDEST if wide else 1.0)) - 2 * across - edge
    face, lines = fitted(
        title,
        "headline",
        width=room,
        largest=frame.units(_WORDS),
        smallest=frame.units(LABEL),
        lines=2,
    )
    size = round(face.size)
    step = round(size * 1.2)
    width = edge + 2 * across + round(max(text_width(line, face) for line in lines))
    height = 2 * down + step * len(lines)
    foot = round(frame.height * _PORTRAIT_FOOT) if frame.portrait else frame.bottom
    top = frame.top if above else foot - height
    left = frame.left
    scene.box(
        (left, top, left + width, top + height),
        ink.accent if style == "bar" else ink.ground,
        radius=frame.units(1.2),
        opacity=0.9 if style == "plate" else 1.0 if style == "bar" else 0.78,
        entrance="grow_right",
        begins=0.1,
        takes=0.5,
    )
    if style != "bar":
        under = style == "line"
        scene.box(
            (left, top + height - edge, left + width, top + height)
            if under
            else (left, top, left + edge, top + height),
            ink.accent,
            radius=edge / 2,
            entrance="grow_right" if under else "grow_up",
            takes=0.3,
        )
    color = ink.on(ink.accent) if style == "bar" else ink.ink
    for number, line in enumerate(lines):
        scene.text(
            line,
            "headline",
            size,
            (left + edge + across, top + down + step * number + step // 2),
            color,
            anchor="lm",
            begins=0.35 + 0.1 * number,
            takes=0.5,
        )
