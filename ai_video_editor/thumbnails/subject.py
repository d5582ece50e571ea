"""Cutting the subject out of a frame: GrabCut seeded by the face, edges drawn by a guided filter.

Nothing is learned here, so the cut is only as good as the picture allows: a cut-out that fails the
checks at the end is not used, and the frame is shown as a picture instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.base import Box

Pixels = NDArray[np.uint8]

WORK_HEIGHT = 400
"""Rows of the region while GrabCut works; finer edges come from the guided filter afterwards."""
ITERATIONS = 6
SMALLEST_FACE = 40
"""Pixels; below that a cut-out has no outline worth showing."""
EDGE = 6.0
"""Least median colour difference (CIE Lab) across the outline; below it the outline is a guess."""
LUMP = 1.12
"""Half the head's width, in medians of it, beyond which something else begins."""
FLAT_TOP = 0.45
"""Width at the upper border, in widths of a face, that is wall and not hair."""
BRIGHT = 62.0
"""Lightness (CIE L*) from which the ground is a lit wall or a window."""
ALIKE = 13.0
"""Colour difference (CIE Lab) up to which a pixel beside the ground belongs to it."""
ROUND = 0.983
"""Least share of its convex outline that a head fills; a bite out of cheek or hair makes it less.
Of the cuts looked at, those from 0.985 on were clean and those up to 0.982 were not."""
TWO_TONED = 8.0
"""Colour difference (CIE Lab, a and b alone) of one part of the hair from the rest, from which it
belongs to something behind: a glove, a cap, a lamp."""
LOPSIDED = 0.38
"""Least width of the narrower shoulder in widths of the other; less is half a body."""
BORDER_LEAK = 0.30
"""Share of the region's upper sides that may belong to the subject; more is background."""


@dataclass(frozen=True)
class _Region:
    left: int
    top: int
    right: int
    bottom: int
    face: tuple[float, float, float, float]
    """Centre x, centre y, width, height of the face inside the region, pixels."""


def cut_out(image: Pixels, face: Box) -> Pixels | None:
    """The person with this face, as RGBA of the same size; None where no clean cut was found.

    Args:
        image: RGB, `(height, width, 3)`.
        face: the face, as shares of the picture.
    """
    import cv2

    if face.height * image.shape[0] < SMALLEST_FACE:
        return None
    region = _region(image, face)
    crop = image[region.top : region.bottom, region.left : region.right]
    scale = min(1.0, WORK_HEIGHT / crop.shape[0])
    size = (max(8, round(crop.shape[1] * scale)), max(8, round(crop.shape[0] * scale)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    x, y, width, height = (value * scale for value in region.face)
    seeds = _seeds(size, x, y, width, height)
    background: Any = np.zeros((1, 65))
    foreground: Any = np.zeros((1, 65))
    whole_picture: Any = None
    try:
        cv2.setRNGSeed(7)  # GrabCut's k-means draws at random: the same film, the same cut
        cv2.grabCut(
            cv2.cvtColor(small, cv2.COLOR_RGB2BGR), seeds, whole_picture, background, foreground,
            ITERATIONS, cv2.GC_INIT_WITH_MASK,
        )  # fmt: skip
    except cv2.error:
        return None  # a picture of one colour has no two groups to tell apart
    mask = _cleaned(np.isin(seeds, (cv2.GC_FGD, cv2.GC_PR_FGD)), (x, y), height)
    if mask is not None:
        mask[_desk(mask, y, width, height) :] = 0
        mask = _without_lumps(mask, x, y, height)
        mask = _without_wall(small, mask, (x, y, width, height))
        mask = _cleaned(mask, (x, y), height)
    if mask is None or not _believable(mask, x, y, width, height):
        return None
    if _edge_contrast(small, mask, max(2, round(0.06 * height))) < EDGE:
        return None
    if _strange_part(small, mask, (x, y, width, height)) > TWO_TONED:
        return None
    alpha = _edges(crop, mask, radius=max(2, round(0.045 * region.face[3])))
    whole = np.zeros((*image.shape[:2], 4), np.uint8)
    inner = _without_fringe(crop, alpha, max(2, round(0.05 * region.face[3])))
    whole[region.top : region.bottom, region.left : region.right, :3] = inner
    whole[region.top : region.bottom, region.left : region.right, 3] = np.round(255 * alpha)
    return whole


def _region(image: Pixels, face: Box) -> _Region:
    rows, columns = image.shape[:2]
    width, height = face.width * columns, face.height * rows
    x, y = (face.x + face.width / 2) * columns, (face.y + face.height / 2) * rows
    left, right = max(0, round(x - 2.6 * width)), min(columns, round(x + 2.6 * width))
    top, bottom = max(0, round(y - 1.35 * height)), min(rows, round(y + 3.4 * height))
    return _Region(left, top, right, bottom, (x - left, y - top, width, height))


def _seeds(size: tuple[int, int], x: float, y: float, width: float, height: float) -> Any:
    import cv2

    columns, rows = size
    seeds = np.full((rows, columns), cv2.GC_PR_BGD, np.uint8)
    chin = y + 0.55 * height

    def shoulders(neck: float, at_shoulder: float, drop: float, value: int) -> None:
        outline = np.array(
            [
                (x - neck * width, chin), (x + neck * width, chin),
                (x + at_shoulder * width, chin + drop * height), (x + at_shoulder * width, rows),
                (x - at_shoulder * width, rows), (x - at_shoulder * width, chin + drop * height),
            ]
        )  # fmt: skip
        cv2.fillPoly(seeds, [np.round(outline).astype(np.int32)], value)

    def head(wide: float, high: float, up: float, value: int) -> None:
        centre = (round(x), round(y - up * height))
        axes = (max(1, round(wide * width)), max(1, round(high * height)))
        cv2.ellipse(seeds, centre, axes, 0, 0, 360, value, -1)

    far = np.full((rows, columns), True)
    near = np.zeros((rows, columns), np.uint8)
    hair = (round(x), round(y - 0.06 * height))
    cv2.ellipse(near, hair, (round(0.78 * width), round(0.86 * height)), 0, 0, 360, 1, -1)
    far[near > 0] = False
    arms = slice(max(0, round(x - 2.1 * width)), min(columns, round(x + 2.1 * width)))
    far[max(0, round(chin - 0.05 * height)) :, arms] = False
    seeds[far] = cv2.GC_BGD
    shoulders(0.55, 1.7, 0.75, cv2.GC_PR_FGD)
    head(0.54, 0.70, 0.08, cv2.GC_PR_FGD)
    shoulders(0.26, 0.72, 0.75, cv2.GC_FGD)
    head(0.40, 0.52, 0.0, cv2.GC_FGD)
    return seeds


def _cleaned(mask: Any, centre: tuple[float, float], face: float) -> Any | None:
    import cv2

    kernel = cv2.getStructuringElement(
        cv2.MORPH_ELLIPSE, (max(3, round(0.11 * face)) | 1, max(3, round(0.11 * face)) | 1)
    )
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    subject = _one_piece(opened, centre)
    if subject is None:
        return None
    contours, _ = cv2.findContours(subject, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(subject)
    cv2.drawContours(filled, contours, -1, 1, -1)
    # A wavering outline is what gives a cut-out away: smooth it at the scale of an ear.
    soft = cv2.GaussianBlur(filled.astype(np.float32), (0, 0), max(1.0, 0.05 * face))
    return (soft > 0.5).astype(np.uint8)


def _one_piece(mask: Any, centre: tuple[float, float]) -> Any | None:
    """The part that holds the face; None where the face itself is not in the mask."""
    import cv2

    _, labels = cv2.connectedComponents(mask)
    row = min(labels.shape[0] - 1, max(0, round(centre[1])))
    column = min(labels.shape[1] - 1, max(0, round(centre[0])))
    label = labels[row, column]
    return (labels == label).astype(np.uint8) if label else None


def _without_lumps(mask: Any, x: float, y: float, height: float) -> Any:
    """The head without what sticks out at one side of it: somebody's cap behind, a lamp."""
    import cv2

    rows, columns = mask.shape
    head = np.arange(max(0, round(y - 0.7 * height)), min(rows, round(y + 0.28 * height)))
    middle = min(columns - 1, max(1, round(x)))
    if not head.size:
        return mask
    trimmed = mask.copy()
    left, right = mask[head, :middle].sum(axis=1), mask[head, middle:].sum(axis=1)
    core = np.abs(head - y) < 0.35 * height
    widest_left = LUMP * float(np.median(left[core]))
    widest_right = LUMP * float(np.median(right[core]))
    for row in head:
        trimmed[row, : max(0, round(middle - widest_left))] = 0
        trimmed[row, round(middle + widest_right) :] = 0
    soft = cv2.GaussianBlur(trimmed.astype(np.float32), (0, 0), max(1.0, 0.04 * height))
    return np.where(np.isin(np.arange(rows), head)[:, None], soft > 0.5, trimmed).astype(np.uint8)


def _without_wall(picture: Any, mask: Any, face: tuple[float, float, float, float]) -> Any:
    """The mask without the bright wall beside it that was taken for collar or skin.

    A light ground walks into the mask as far as its colour hardly changes; face, neck and
    everything from the shoulders down are safe from it, and so is dark hair before a dark ground.
    """
    import cv2

    x, y, width, height = face
    lab = cv2.cvtColor(np.asarray(picture, np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.2)
    safe = np.zeros(mask.shape, np.uint8)
    centre = (round(x), round(y))
    cv2.ellipse(safe, centre, (round(0.42 * width), round(0.54 * height)), 0, 0, 360, 1, -1)
    neck = round(0.30 * width)
    safe[round(y) :, max(0, centre[0] - neck) : centre[0] + neck] = 1
    safe[min(mask.shape[0], round(y + 0.78 * height)) :] = 1
    window = (2 * max(2, round(0.10 * height)) + 1,) * 2
    ground = (mask == 0).astype(np.float32)
    kernel = np.ones((3, 3), np.uint8)
    for _ in range(round(0.30 * height)):
        share = cv2.boxFilter(ground, -1, window)[..., None]
        near = cv2.boxFilter(lab * ground[..., None], -1, window) / np.maximum(share, 1e-3)
        alike = (np.linalg.norm(lab - near, axis=2) < ALIKE) & (near[..., 0] > BRIGHT)
        grown = cv2.dilate(ground, kernel)
        taken = (grown > 0) & (ground == 0) & alike & (safe == 0)
        if not taken.any():
            break
        ground[taken] = 1
    return (ground == 0).astype(np.uint8)


def _desk(mask: Any, y: float, width: float, height: float) -> int:
    """First row of a desk or a caption bar: the body suddenly grows wide. Else the last row.

    A desk that is cut off left and right gives the cut-out away; ending above it does not,
    because the subject's lower edge lies on the thumbnail's.
    """
    rows = int(mask.shape[0])
    widths = mask.sum(axis=1).astype(float)
    step = max(2, round(0.22 * height))
    for row in range(round(y + 1.15 * height), rows):
        before = float(np.median(widths[max(0, row - step) : row - step // 2]))
        if widths[row] > 1.28 * before and widths[row] > 2.6 * width:
            return max(1, row - max(1, round(0.04 * height)))
    return rows


def _believable(mask: Any, x: float, y: float, width: float, height: float) -> bool:
    rows, columns = mask.shape
    top, bottom = max(0, round(y - 0.4 * height)), min(rows, round(y + 0.4 * height))
    left, right = max(0, round(x - 0.38 * width)), min(columns, round(x + 0.38 * width))
    if mask[top:bottom, left:right].mean() < 0.95:
        return False
    beside = mask[top:bottom]
    head_width = float(beside.sum(axis=1).mean())
    if not 0.75 * width <= head_width <= 2.1 * width:
        return False
    shoulders = min(rows - 1, round(y + 1.25 * height))
    # A body that was ended above a desk has no such row.
    body = mask[shoulders].sum()
    if shoulders > y + 0.8 * height and 0 < body < 0.9 * width:
        return False
    if mask[0].sum() > FLAT_TOP * width:
        return False
    # A detector's box begins on the forehead: a mask that ends there has lost the hair.
    middle = slice(max(0, round(x - 0.25 * width)), round(x + 0.25 * width))
    if mask[max(0, round(y - 0.54 * height)), middle].mean() < 0.5 and y > 0.62 * height:
        return False
    if roundness(mask[: max(2, round(y + 0.1 * height))]) < ROUND:
        return False
    if _lopsided(mask, x, y, width, height):
        return False
    upper = mask[: max(1, round(y + 0.5 * height))]
    leak = float(np.concatenate([upper[:, 0], upper[:, -1]]).mean())
    return leak <= BORDER_LEAK


def roundness(head: Any) -> float:
    """Share of its convex outline that a head's mask fills, 0 to 1."""
    import cv2

    contours, _ = cv2.findContours(np.ascontiguousarray(head), cv2.RETR_EXTERNAL,
                                   cv2.CHAIN_APPROX_NONE)  # fmt: skip
    if not contours:
        return 0.0
    outline = max(contours, key=cv2.contourArea)
    return float(cv2.contourArea(outline) / max(1.0, cv2.contourArea(cv2.convexHull(outline))))


def _lopsided(mask: Any, x: float, y: float, width: float, height: float) -> bool:
    """Whether one shoulder is missing, and not because the frame ends there."""
    rows, columns = mask.shape
    band = mask[min(rows - 1, round(y + 0.85 * height)) : min(rows, round(y + 1.15 * height))]
    middle = round(x)
    left, right = band[:, :middle].sum(axis=1), band[:, middle:].sum(axis=1)
    if not left.size or not (left + right).any():
        return False
    one, other = float(np.median(left)), float(np.median(right))
    room_left, room_right = x / width, (columns - x) / width
    if min(room_left, room_right) < 0.9:
        return False
    return min(one, other) < LOPSIDED * max(one, other)


def _strange_part(picture: Any, mask: Any, face: tuple[float, float, float, float]) -> float:
    """Largest colour difference of a part of the hair from all that surrounds the face."""
    import cv2

    x, y, width, height = face
    lab = cv2.cvtColor(np.asarray(picture, np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:]
    rows, columns = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]]
    outside = np.hypot((columns - x) / (0.45 * width), (rows - y) / (0.5 * height)) > 1
    around = (mask > 0) & outside & (rows < y + 0.1 * height) & (np.abs(columns - x) < width)
    if not around.any():
        return 0.0
    usual = np.median(lab[around], axis=0)
    angle = np.arctan2(y + 0.2 * height - rows, columns - x)
    worst = 0.0
    for sector in range(1, 5):  # the lowest on both sides hold ears
        part = around & (angle >= sector * np.pi / 6) & (angle < (sector + 1) * np.pi / 6)
        if part.sum() > 0.003 * width * height:
            worst = max(worst, float(np.linalg.norm(np.median(lab[part], axis=0) - usual)))
    return worst


def _edge_contrast(picture: Any, mask: Any, reach: int) -> float:
    """Median colour difference between the two sides of the outline."""
    import cv2

    lab = cv2.cvtColor(np.asarray(picture, np.float32) / 255, cv2.COLOR_RGB2LAB)
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    solid = mask.astype(np.float32)
    window = (4 * reach + 1, 4 * reach + 1)

    def local(weight: Any) -> Any:
        share = cv2.boxFilter(weight, -1, window)[..., None]
        return cv2.boxFilter(lab * weight[..., None], -1, window) / np.maximum(share, 1e-3)

    outline = cv2.dilate(mask, kernel) != cv2.erode(mask, kernel)
    difference = np.linalg.norm(local(solid) - local(1 - solid), axis=2)
    return float(np.median(difference[outline])) if outline.any() else 0.0


def _edges(crop: Pixels, mask: Any, radius: int) -> Any:
    """The mask at full size, its edge drawn along the picture's (He et al., Guided Filter 2010)."""
    import cv2

    size = (crop.shape[1], crop.shape[0])
    smooth = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(np.clip(smooth, 0, 1), (0, 0), max(0.8, radius * 0.25))
    guide = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: Any) -> Any:
        return cv2.boxFilter(plane, -1, window)

    mean_guide, mean_mask = mean(guide), mean(smooth)
    covariance = mean(guide * smooth) - mean_guide * mean_mask
    slope = covariance / (mean(guide * guide) - mean_guide**2 + 1e-3)
    offset = mean_mask - slope * mean_guide
    guided = mean(slope) * guide + mean(offset)
    # Half of each: the filter finds hair, the smooth mask keeps it from following a wall's texture.
    alpha = np.clip(0.5 * guided + 0.5 * smooth, 0, 1)
    alpha = np.clip((alpha - 0.42) / 0.36, 0, 1)
    inside = cv2.erode(smooth, np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)) > 0.95
    alpha[inside] = 1.0
    return alpha * (cv2.GaussianBlur(smooth, (0, 0), radius) > 0.12)


def _without_fringe(crop: Pixels, alpha: Any, radius: int) -> Pixels:
    """Colours at the edge taken from inside the subject, so that no old background shines out."""
    import cv2

    sure = (alpha > 0.97).astype(np.float32)
    weight = cv2.GaussianBlur(sure, (0, 0), radius)[..., None]
    inner = cv2.GaussianBlur(crop.astype(np.float32) * sure[..., None], (0, 0), radius)
    inner = inner / np.maximum(weight, 1e-3)
    share = np.clip(1 - alpha, 0, 1)[..., None] * (weight > 0.02)
    return np.asarray(np.clip(crop * (1 - share) + inner * share, 0, 255), dtype=np.uint8)
