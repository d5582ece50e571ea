"""The subject cut out: placed large on a side, with a rim, a glow, a shadow and a soft foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import BLACK
from ai_video_editor.thumbnails.backgrounds import Background, ground_of
from ai_video_editor.thumbnails.drawing import SOFT_SUBJECT, Drawing, softest
from ai_video_editor.thumbnails.layout import Canvas, Side, beside
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.stills import Still, scaled, softened
from ai_video_editor.thumbnails.subject import roundness

Pixels = NDArray[np.uint8]

LARGE_FACE = 0.42
"""Least height of a face, as a share of the picture; desks and lecterns then lie below its edge."""
ROUND_ENOUGH = 0.012
"""How much less of its convex outline a head may fill than the best one does."""
LARGEST_FACE = 0.62
"""Most; more leaves no room for the hook."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A subject as it will stand.

    Attributes:
        pixels: RGBA in thumbnail colours.
        left: column on the canvas.
        top: row on the canvas.
        face: where its face will be.
    """

    pixels: Pixels
    left: int
    top: int
    face: Area

    def paste(self, ground: Pixels, mood: Mood) -> tuple[Pixels, Area]:
        """The picture with the subject on it, and the subject's face."""
        return paste_subject(ground, self.pixels, self.left, self.top, mood), self.face


def cleanest_first(stills: Sequence[Still]) -> list[Still]:
    """In their order, but those whose head has a lump or a bite, beside others, at the end."""
    found = [(_head_roundness(still), still) for still in stills]
    best = max((roundness for roundness, _ in found), default=0.0)
    return [s for _, s in sorted(found, key=lambda pair: pair[0] < best - ROUND_ENOUGH)]


def _head_roundness(still: Still) -> float:
    if still.cutout is None or still.face is None:
        return 0.0
    last = max(2, round(still.face[1] + 0.6 * still.face[3]))
    return roundness((still.cutout[:last, :, 3] > 128).astype(np.uint8))


def placed_subject(canvas: Canvas, still: Still, side: Side) -> Subject | None:
    """The cut-out of a still, its lower edge at or below the canvas's; None where it is too small.

    A body that was cut at a desk is never seen to end: it is enlarged until it does not.
    """
    if still.cutout is None or still.face is None:
        return None
    rows = np.flatnonzero(still.cutout[..., 3].max(axis=1) > 128)
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    face_x, face_y, face_width, face_height = still.face
    factor = max(0.95 * canvas.height / (bottom - top), LARGE_FACE * canvas.height / face_height)
    factor = min(factor, LARGEST_FACE * canvas.height / face_height)
    if factor > softest(canvas, SOFT_SUBJECT) or (bottom - top) * factor < 0.80 * canvas.height:
        return None
    pixels = scaled(still.cutout, factor)
    target = 0.765 if side == "right" else 0.235
    left = round(target * canvas.width - (face_x + face_width / 2) * factor)
    left = _no_cut_edge(pixels, left, canvas, side)
    first = round(0.05 * canvas.height - top * factor)
    lowest = round(canvas.height - bottom * factor) + 2
    y = max(first, lowest)
    face = Area(
        round(left + face_x * factor),
        round(y + face_y * factor),
        round(left + (face_x + face_width) * factor),
        round(y + (face_y + face_height) * factor),
    )
    if face.top < 0 or face.bottom > 0.9 * canvas.height or face.overlaps(canvas.badge):
        return None
    return Subject(pixels, left, y, face)


def hero(
    canvas: Canvas, mood: Mood, still: Still, side: Side, background: Background
) -> Drawing | None:
    """The subject cut out, large, before a drawn background."""
    subject = placed_subject(canvas, still, side)
    if subject is None:
        return None
    face = subject.face
    focus = ((face.left + face.right) / 2 / canvas.width, 0.45)
    ground = ground_of(background, canvas.size, mood, focus, still.rgb)
    picture, face = subject.paste(ground, mood)
    # Hair and ears reach beyond the box a detector gives.
    reach = 0.16 * (face.right - face.left)
    edge = (face.left - reach if side == "right" else face.right + reach) / canvas.width
    return Drawing(picture, beside(canvas, side, edge), face)


def paste_subject(ground: Pixels, subject: Pixels, left: int, top: int, mood: Mood) -> Pixels:
    """A cut-out with a light rim, a glow in the mood's colour and a shadow on the ground."""
    import cv2

    height, width = ground.shape[:2]
    layer = np.zeros((height, width, 4), np.float32)
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(height, top + subject.shape[0]), min(width, left + subject.shape[1])
    if y1 <= y0 or x1 <= x0:
        return ground
    layer[y0:y1, x0:x1] = subject[y0 - top : y1 - top, x0 - left : x1 - left]
    alpha = layer[..., 3] / 255
    canvas = ground.astype(np.float32)
    shadow = softened(np.roll(alpha, round(0.02 * height), axis=0), 0.045 * height)
    canvas *= (1 - 0.60 * shadow)[..., None]
    glow = softened(alpha, 0.030 * height)
    canvas += (np.asarray(mood.glow.mix(mood.rim, 0.35)) - canvas) * (0.55 * glow)[..., None]
    side = 2 * max(2, round(0.0075 * height)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    rim = cv2.GaussianBlur(cv2.dilate((alpha > 0.5).astype(np.float32), kernel), (0, 0), 1.0)
    canvas += (np.asarray(mood.rim, np.float32) - canvas) * rim[..., None]
    canvas += (layer[..., :3] - canvas) * alpha[..., None]
    # The foot sinks into the ground's dark, so that no body seems to be cut off.
    foot = np.clip((np.linspace(0, 1, height, dtype=np.float32) - 0.80) / 0.20, 0, 1) ** 1.5
    deep = np.asarray(mood.deep.mix(BLACK, 0.5), np.float32)
    canvas += (deep - canvas) * (0.72 * foot)[:, None, None]
    return np.asarray(np.clip(canvas, 0, 255), dtype=np.uint8)


def _no_cut_edge(subject: Pixels, left: int, canvas: Canvas, side: Side) -> int:
    """Moves a subject that the frame cut off at its side to the canvas's edge."""
    rows = max(1, int(subject.shape[0]))
    columns = int(subject.shape[1])
    cut_left = float((subject[:, :3, 3].max(axis=1) > 128).sum()) / rows > 0.06
    cut_right = float((subject[:, -3:, 3].max(axis=1) > 128).sum()) / rows > 0.06
    if cut_right and side == "right" and left + columns < canvas.width:
        return canvas.width - columns
    if cut_left and side == "left" and left > 0:
        return 0
    return left
