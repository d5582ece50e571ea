"""What a picture is made of: empty ground, lines of text, colour. It tells slides from films."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.picture import BLOCK, TINY, Picture, Pixels, Plane, changed_blocks

CELLS = (48, 27)
"""Columns and rows the picture is divided in to look for empty ground."""
EMPTY = 3.0
"""Standard deviation of luma below which a cell is empty; a little above zero for coding noise."""
HOLDS = 1.0
"""Seconds for which the marks of a picture are taken to stand."""
STRONG = 12.0
"""Change of a block, grey levels, that is more than light and noise."""
SCENE = 0.3
"""Share of blocks that change so when another scene begins, which is looked at at once."""


@dataclass(frozen=True, eq=False, slots=True)
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
        self._searched: Picture | None = None
        self._marked = (0.0, 0.0, 0)

    def see(self, picture: Picture) -> None:
        """Measure one picture; its marks are searched for once a second and in new scenes."""
        if self._searched is None or not _stands(self._searched, picture):
            self._searched, self._marked = picture, (_empty(picture), *_marks(picture))
        self._textures.append(
            Texture(picture.time, *self._marked, _colour(picture), _signature(picture.tiny))
        )

    def result(self) -> tuple[Texture, ...]:
        """One entry for each sampled picture."""
        return tuple(self._textures)


def _stands(searched: Picture, picture: Picture) -> bool:
    changed = changed_blocks(searched.tiny, picture.tiny, threshold=STRONG)
    if np.abs(searched.tiny - picture.tiny).max() < 1.0:
        return True
    return changed < SCENE and picture.seconds - searched.seconds < HOLDS - 0.02


def _empty(picture: Picture) -> float:
    import cv2

    grey = picture.grey
    rows, columns = max(1, grey.shape[0] // CELLS[1]), max(1, grey.shape[1] // CELLS[0])
    used = grey[: grey.shape[0] // rows * rows, : grey.shape[1] // columns * columns]
    levels = used.astype(np.float32)
    size = (used.shape[1] // columns, used.shape[0] // rows)
    mean = cv2.resize(levels, size, interpolation=cv2.INTER_AREA)
    squares = cv2.resize(levels * levels, size, interpolation=cv2.INTER_AREA)
    return float((squares - mean * mean < EMPTY * EMPTY).mean())


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
    import cv2

    # Red against green, and yellow against blue, of blue-green-red pixels.
    opponents = np.array([[0, -1, 1], [-1, 0.5, 0.5]], np.float32)
    mean, spread = cv2.meanStdDev(cv2.transform(picture.small.astype(np.float32), opponents))
    return float(np.hypot(*np.ravel(spread)) + 0.3 * np.hypot(*np.ravel(mean)))


def _signature(tiny: Plane) -> Pixels:
    rows, columns = TINY[1] // BLOCK, TINY[0] // BLOCK
    blocks = tiny.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))
    return np.asarray(blocks, dtype=np.uint8)
