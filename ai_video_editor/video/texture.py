"""What a picture is made of: empty ground, lines of text, colour. It tells slides from films."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.picture import BLOCK, TINY, Picture, Pixels

CELLS = (48, 27)
"""Columns and rows the picture is divided in to look for empty ground."""
EMPTY = 3.0
"""Standard deviation of luma below which a cell is empty; a little above zero for coding noise."""


@dataclass(frozen=True, eq=False)
class Texture:
    """What one sampled picture is made of.

    Attributes:
        time: of the picture.
        empty: share of the picture that is flat ground, 0 to 1.
        edges: share of pixels on hard edges, 0 to 1.
        text_lines: lines of small hard-edged marks, as text makes them.
        colour: colourfulness, 0 (grey) to about 100 (Hasler and Süsstrunk 2003).
        signature: luma of 9 x 16 blocks, to know the same picture again.
    """

    time: SourceTime
    empty: float
    edges: float
    text_lines: int
    colour: float
    signature: Pixels


class TextureMeter:
    """Measures sampled pictures."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._textures: list[Texture] = []

    def see(self, picture: Picture) -> None:
        """Measure one picture."""
        self._textures.append(
            Texture(
                picture.time,
                _empty(picture),
                *_marks(picture),
                _colour(picture),
                _signature(picture),
            )
        )

    def result(self) -> tuple[Texture, ...]:
        """One entry for each sampled picture."""
        return tuple(self._textures)


def _empty(picture: Picture) -> float:
    grey = picture.grey
    rows, columns = max(1, grey.shape[0] // CELLS[1]), max(1, grey.shape[1] // CELLS[0])
    used = grey[: grey.shape[0] // rows * rows, : grey.shape[1] // columns * columns]
    cells = used.reshape(used.shape[0] // rows, rows, -1, columns).astype(np.float32)
    return float((cells.std(axis=(1, 3)) < EMPTY).mean())


def _marks(picture: Picture) -> tuple[float, int]:
    import cv2

    grey = picture.grey
    gradient = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    hard = (gradient > 60).astype(np.uint8)
    reach = max(3, grey.shape[1] // 50)
    joined = cv2.morphologyEx(hard, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    rows: list[tuple[int, int]] = []
    for _, top, width, height, area in stats[1:count]:
        low = 0.012 * grey.shape[0] <= height <= 0.2 * grey.shape[0]
        if low and width >= 2.5 * height and area >= 0.45 * width * height:
            rows.append((int(top), int(top + height)))
    return float(hard.mean()), _apart(rows)


def _apart(rows: list[tuple[int, int]]) -> int:
    """How many lines are left when words that stand side by side count once."""
    lines, bottom = 0, -1
    for top, end in sorted(rows):
        if top >= bottom:
            lines += 1
        bottom = max(bottom, end)
    return lines


def _colour(picture: Picture) -> float:
    small = picture.small.astype(np.float32)
    blue, green, red = small[..., 0], small[..., 1], small[..., 2]
    red_green, yellow_blue = red - green, 0.5 * (red + green) - blue
    spread = float(np.hypot(red_green.std(), yellow_blue.std()))
    return spread + 0.3 * float(np.hypot(red_green.mean(), yellow_blue.mean()))


def _signature(picture: Picture) -> Pixels:
    rows, columns = TINY[1] // BLOCK, TINY[0] // BLOCK
    blocks = picture.tiny.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
    return np.asarray(blocks, dtype=np.uint8)
