"""Whether the camera moves: most of the picture then moves as one, however slowly."""

from __future__ import annotations

from typing import Any

import numpy as np

from ai_video_editor.video.picture import Pixels

ROWS = 160
"""Rows of the pictures that are compared."""
POINTS = 90
"""Corners followed at most."""
LEAST = 0.10
"""Pixels of `ROWS` between two samples that are movement and not noise (corners of standing
pictures move by up to 0.05)."""
MISFIT = 0.6
"""Pixels by which a corner may miss the movement of the whole and still belong to it."""
GRID = 4
"""Columns and rows of the areas whose corners are counted together."""
FEWEST_AREAS = 5
"""Areas with corners that must be there to judge the whole picture."""
EVERYWHERE = 11
"""Areas with corners from which they lie all over the picture."""


def moved_as_one(one: Pixels, other: Pixels) -> float | None:
    """Share of the picture's areas that moved, as one where that can be told, to the other.

    Corners are followed by Lucas and Kanade's optical flow and a movement is fitted to them.
    None where there are too few corners to tell: a plain wall, a blur, another scene.
    """
    import cv2

    before, after = _shrunk(one), _shrunk(other)
    corners = cv2.goodFeaturesToTrack(before, POINTS, 0.02, 7)
    if corners is None or len(corners) < 2 * FEWEST_AREAS:
        return None
    no_guess: Any = None
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, no_guess)
    kept = np.ravel(found) == 1
    start, end = corners.reshape(-1, 2)[kept], moved.reshape(-1, 2)[kept]
    if len(start) < max(FEWEST_AREAS, 0.5 * len(corners)):
        return None
    cv2.setRNGSeed(7)
    _, fitting = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=MISFIT
    )
    far = np.hypot(*(end - start).T) > LEAST
    together = far & (np.ravel(fitting) == 1)
    height, width = before.shape
    areas = (start[:, 0] * GRID // width).astype(int) * GRID + (start[:, 1] * GRID // height)
    places = np.unique(areas)
    if len(places) < FEWEST_AREAS:
        return None
    # Over hills and through streets near things move otherwise than far ones: where corners lie
    # all over the picture, it is enough that nearly all of them move.
    moving = together if len(places) < EVERYWHERE else far
    return float(np.mean([moving[areas == place].mean() > 0.5 for place in places]))


def _shrunk(grey: Pixels) -> Any:
    import cv2

    scale = ROWS / min(grey.shape)
    if scale >= 1:
        return grey
    size = (round(grey.shape[1] * scale), round(grey.shape[0] * scale))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
