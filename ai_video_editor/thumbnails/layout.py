"""Where things stand: the text, the subject, and the corner that the duration badge covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_video_editor.look.area import Area
from ai_video_editor.thumbnails.lettering import LEGIBLE, setting, words_of

Side = Literal["left", "right"]

BADGE = (0.18, 0.14)
"""Shares of width and height of the bottom-right corner that YouTube's duration badge may cover."""
MARGIN = 0.045
"""Share of the width kept free at the edges; rounded corners and phones eat some of it."""


@dataclass(frozen=True)
class Canvas:
    """The thumbnail's size.

    Attributes:
        width: pixels.
        height: pixels.
    """

    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height

    @property
    def badge(self) -> Area:
        """The corner that stays clear."""
        return Area(
            round(self.width * (1 - BADGE[0])),
            round(self.height * (1 - BADGE[1])),
            self.width,
            self.height,
        )

    def box(self, left: float, top: float, right: float, bottom: float) -> Area:
        """A box given in shares of the picture."""
        return Area(
            round(left * self.width),
            round(top * self.height),
            round(right * self.width),
            round(bottom * self.height),
        )


def other(side: Side) -> Side:
    """The opposite side."""
    return "left" if side == "right" else "right"


def beside(canvas: Canvas, subject: Side, edge: float) -> Area:
    """Room for text beside a subject.

    Args:
        canvas: the picture.
        subject: the side on which the subject stands.
        edge: where the subject's face begins (or ends), as a share of the width.
    """
    if subject == "right":
        return canvas.box(MARGIN, 0.07, max(MARGIN + 0.30, edge - 0.02), 0.93)
    return canvas.box(min(1 - MARGIN - 0.30, edge + 0.02), 0.07, 1 - MARGIN, 1 - BADGE[1] - 0.04)


def capital_share(canvas: Canvas, text: str, box: Area) -> float:
    """Height of capitals a hook would get in a box, as a share of the picture's height."""
    if not words_of(text):
        return LEGIBLE
    return setting(text, box.width, box.height, canvas.height).capital / canvas.height


def fits(canvas: Canvas, text: str, box: Area) -> bool:
    """Whether a hook is legible at 168 x 94 in a box."""
    return capital_share(canvas, text, box) >= LEGIBLE
