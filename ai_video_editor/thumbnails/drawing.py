"""What every design gives: the picture half of a thumbnail, and where the hook may stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.area import Area
from ai_video_editor.thumbnails.backgrounds import Background
from ai_video_editor.thumbnails.layout import Canvas, Side
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.stills import Still

Pixels = NDArray[np.uint8]

SOFT = 4.15
"""Most that a frame is enlarged in a picture of 720 lines; more shows the codec's blocks."""
SMALL_FACE = 0.16
"""Height of a face, as a share of the picture, below which nobody is recognised."""
SOFT_SUBJECT = 3.0
"""Most that a subject is enlarged in a picture of 720 lines: eyes must stay eyes."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """The picture half of a thumbnail.

    Attributes:
        picture: RGB at full size.
        text: where the hook may stand.
        face: where the face is, None where there is none.
        align: the edge that the hook keeps to.
    """

    picture: Pixels
    text: Area
    face: Area | None
    align: Any = "left"


Design = Callable[[Canvas, Mood, Still, Side, Background], "Drawing | None"]
"""Draws a still on a side over a named background; None where the still does not suit it."""


def softest(canvas: Canvas, least: float = SOFT) -> float:
    """Most that a frame is enlarged: a thumbnail of more lines is shown no larger."""
    return least * canvas.height / 720
