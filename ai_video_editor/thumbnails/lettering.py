"""Hook text: broken and sized to fill its box, with a key line, and measured after it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ai_video_editor.look.area import Area
from ai_video_editor.look.palette import Color
from ai_video_editor.look.typography import font
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.stills import softened

Pixels = NDArray[np.uint8]
KeyStyle = Literal["plate", "colour"]

LEGIBLE = 0.145
"""Height of capitals, as a share of the picture, that is still read at 168 x 94."""
TALLEST = 0.26
"""Height of capitals above which a short word looks like shouting."""
CONDENSED = 0.77
"""Narrowest width of letters, as a share of their own; less looks squeezed."""
GAP = 1.5
"""Width of the space between words in that of the font: outlines eat into it."""
LEADING = 1.34
"""Distance of lines in heights of a capital: tight, as headlines are set."""
OUTLINE = 0.050
"""Width of the outline in heights of a capital."""


@dataclass(frozen=True)
class Setting:
    """Text as it will stand.

    Attributes:
        lines: in reading order.
        capital: height of a capital, pixels.
        condensed: width of the letters, as a share of their own.
        key: number of the key line.
    """

    lines: tuple[str, ...]
    capital: float
    condensed: float
    key: int


def words_of(text: str) -> list[str]:
    """Words of a hook in capitals; control signs and anything unprintable left out."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    return clean.upper().split()


def setting(text: str, width: int, height: int, picture_height: int) -> Setting:
    """The breaking of a hook into lines that gives the largest letters in a box."""
    words = words_of(text)
    best: Setting | None = None
    for count in range(1, min(4, len(words)) + 1):
        for breaks in combinations(range(1, len(words)), count - 1):
            edges = (0, *breaks, len(words))
            lines = tuple(" ".join(words[a:b]) for a, b in pairwise(edges))
            widest = max(_width_at_one(line) for line in lines)
            usable = width * 0.94  # the plate reaches out a little
            tall = min(
                TALLEST * picture_height,
                height / (LEADING * (len(lines) - 1) + 1.30),
            )
            natural = usable / widest
            capital = min(tall, natural / CONDENSED)
            squeeze = min(1.0, natural / capital)
            found = Setting(lines, capital, squeeze, _key(lines))
            if best is None or _worth(found) > _worth(best):
                best = found
    if best is None:
        raise ValueError("a hook without words cannot be set")
    return best


def _worth(found: Setting) -> float:
    # Even lines look composed; a squeezed one is worth a little less than its size.
    widths = [_width_at_one(line) for line in found.lines]
    even = min(widths) / max(widths)
    # A number alone on a line looks lost, unless nothing else fits.
    lost = 0.80 if len(found.lines) > 1 and min(map(len, found.lines)) < 3 else 1.0
    return found.capital * (0.75 + 0.25 * found.condensed) * (0.9 + 0.1 * even) * lost


def _key(lines: tuple[str, ...]) -> int:
    for index, line in enumerate(lines):
        if any(sign.isdigit() for sign in line):
            return index
    return len(lines) - 1


def _width_at_one(line: str) -> float:
    """Width of a line in heights of a capital."""
    face = font("headline", 400)
    wider = (GAP - 1) * face.getlength(" ") * line.count(" ")
    return (face.getlength(line) + wider) / _capital_at(400)


def _capital_at(size: int) -> float:
    top = font("headline", size).getbbox("H", anchor="ls")[1]
    return float(-top)


@dataclass
class _Line:
    mask: Pixels
    box: Area


def draw_text(
    picture: Pixels,
    text: str,
    box: Area,
    mood: Mood,
    *,
    style: KeyStyle,
    align: Literal["left", "right", "center"] = "left",
) -> tuple[Pixels, Area, float, float]:
    """Set a hook into a box of a picture.

    Args:
        picture: RGB.
        text: the hook; at least one word.
        box: where it may stand.
        mood: colours.
        style: the key line on a plate, or in the plate's colour.
        align: which edge of the box the lines keep to.

    Returns:
        The picture, the box that is covered, the height of capitals in pixels, and the contrast
        of the worst letter against what is around it, measured on the pixels.
    """
    found = setting(text, box.width, box.height, picture.shape[0])
    lines = _placed(found, box, align)
    canvas = picture.astype(np.float32)
    canvas = _shaded(canvas, lines, found.capital)
    letters: list[tuple[Any, Any]] = []
    covered = []
    for index, line in enumerate(lines):
        on_plate = style == "plate" and index == found.key
        key = index == found.key
        color = mood.on_plate if on_plate else (mood.plate if key else mood.ink)
        if on_plate:
            plate = _plate(line.box, found.capital)
            canvas = _fill(canvas, _polygon(canvas.shape, plate), mood.plate)
            covered.append(_bounds(plate))
        else:
            covered.append(line.box)
        mask = _on_canvas(canvas.shape, line)
        grown = 0.0 if on_plate else max(2.0, OUTLINE * found.capital)
        if grown:
            canvas = _fill(canvas, _dilated(mask, grown), mood.outline)
        canvas = _fill(canvas, mask, color)
        letters.append((mask, max(3.0, grown or 0.05 * found.capital)))
    drawn = np.asarray(np.clip(canvas, 0, 255), dtype=np.uint8)
    ratio = min(glyph_contrast(drawn, mask, reach) for mask, reach in letters)
    return drawn, _around(covered), found.capital, ratio


def glyph_contrast(picture: Pixels, mask: Any, reach: float) -> float:
    """The contrast of the letter that reads worst; each is measured against what surrounds it.

    Args:
        picture: RGB with the letters drawn.
        mask: the letters, 0 to 1.
        reach: width of the ring around each letter in pixels.
    """
    import cv2

    count, _, boxes, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
    pad = round(reach) + 3
    ratios = []
    for left, top, width, height, size in boxes[1:count]:
        if size < 16:
            continue  # a speck where two letters touch
        area = (
            slice(max(0, top - pad), top + height + pad),
            slice(max(0, left - pad), left + width + pad),
        )
        ratios.append(measured_contrast(picture[area], mask[area], reach))
    return min(ratios, default=1.0)


def measured_contrast(picture: Pixels, mask: Any, reach: float) -> float:
    """WCAG contrast of drawn letters against the ring of pixels around them.

    The dimmer tenth of the letters is set against the worse tenth of the ring, so that one bright
    patch behind one letter counts.

    Args:
        picture: RGB with the letters drawn.
        mask: the letters, 0 to 1.
        reach: width of the ring in pixels.
    """
    import cv2

    linear = picture.astype(np.float32) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.asarray((0.2126, 0.7152, 0.0722), np.float32)
    solid = (mask > 0.98).astype(np.uint8)
    inside = luminance[cv2.erode(solid, np.ones((3, 3), np.uint8)) > 0]
    touched = cv2.dilate((mask > 0.02).astype(np.uint8), np.ones((3, 3), np.uint8))
    ring = luminance[(_dilated(mask, reach * 0.8) > 0.5) & (touched == 0)]
    if not inside.size or not ring.size:
        return 1.0
    if np.median(inside) >= np.median(ring):
        light, dark = np.percentile(inside, 10), np.percentile(ring, 90)
    else:
        light, dark = np.percentile(ring, 10), np.percentile(inside, 90)
    return float(max(1.0, (light + 0.05) / (dark + 0.05)))


def _placed(found: Setting, box: Area, align: str) -> list[_Line]:
    # FreeType sizes are whole: draw somewhat larger than needed and scale down to the exact size.
    size = max(8, round(1.15 * found.capital / _capital_at(400) * 400))
    face = font("headline", size)
    shrink = found.capital / _capital_at(size)
    total = found.capital * (LEADING * (len(found.lines) - 1) + 1)
    baseline = box.top + (box.height - total) / 2 + found.capital
    placed = []
    for number, text in enumerate(found.lines):
        left, top, right, bottom = face.getbbox(text, anchor="ls")
        gap = GAP * face.getlength(" ")
        wider = (GAP - 1) * face.getlength(" ") * text.count(" ")
        image = Image.new("L", (int(right - left + wider) + 2, int(bottom - top) + 2), 0)
        pen, reached = ImageDraw.Draw(image), 1.0 - left
        for word in text.split(" "):
            pen.text((reached, 1 - top), word, font=face, fill=255, anchor="ls")
            reached += face.getlength(word) + gap
        width = max(1, round(image.width * shrink * found.condensed))
        height = max(1, round(image.height * shrink))
        mask = np.asarray(image.resize((width, height), Image.Resampling.LANCZOS), np.uint8)
        room = box.width - width
        inset = round(0.03 * box.width)
        x = {"left": inset, "right": room - inset, "center": room // 2}[align]
        y = round(baseline + number * LEADING * found.capital + top * shrink)
        x = box.left + max(0, min(x, room))
        placed.append(_Line(mask, Area(x, y, x + width, y + height)))
    return placed


def _plate(line: Area, capital: float) -> list[tuple[float, float]]:
    reach, lean = 0.20 * capital, 0.10 * capital
    pad = 0.165 * capital
    left, right = line.left - reach, line.right + reach
    return [
        (left + lean, line.top - pad), (right + lean * 0.4, line.top - pad),
        (right - lean, line.bottom + pad), (left - lean * 0.4, line.bottom + pad),
    ]  # fmt: skip


def _bounds(points: list[tuple[float, float]]) -> Area:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Area(int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)


def _around(boxes: list[Area]) -> Area:
    return Area(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


def _polygon(shape: Any, points: list[tuple[float, float]]) -> Any:
    import cv2

    mask = np.zeros(shape[:2], np.uint8)
    corners = np.round(np.asarray(points) * 16).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


def _on_canvas(shape: Any, line: _Line) -> Any:
    mask = np.zeros(shape[:2], np.float32)
    top, left = max(0, line.box.top), max(0, line.box.left)
    bottom, right = min(shape[0], line.box.bottom), min(shape[1], line.box.right)
    part = line.mask[top - line.box.top : bottom - line.box.top,
                     left - line.box.left : right - line.box.left]  # fmt: skip
    mask[top:bottom, left:right] = part.astype(np.float32) / 255
    return mask


def _dilated(mask: Any, reach: float) -> Any:
    import cv2

    side = 2 * round(reach) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown = np.zeros_like(mask)
    # Only where there are letters: a round kernel is slow over a whole picture.
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size and columns.size:
        top, left = max(0, rows[0] - side), max(0, columns[0] - side)
        area = (slice(top, rows[-1] + side), slice(left, columns[-1] + side))
        grown[area] = cv2.GaussianBlur(cv2.dilate(mask[area], kernel), (0, 0), 0.7)
    return grown


def _fill(canvas: Any, mask: Any, color: Color) -> Any:
    return canvas + (np.asarray(color, np.float32) - canvas) * mask[..., None]


def _shaded(canvas: Any, lines: list[_Line], capital: float) -> Any:
    """With a soft shadow under the letters."""
    together = np.zeros(canvas.shape[:2], np.float32)
    for line in lines:
        together = np.maximum(together, _on_canvas(canvas.shape, line))
    drop = max(1, round(0.07 * capital))
    moved = np.roll(together, (drop, drop // 2), axis=(0, 1))
    near = softened(_dilated(moved, 0.05 * capital), 0.06 * capital)
    far = softened(moved, 0.40 * capital)
    return canvas * (1 - np.clip(0.70 * near + 0.55 * far, 0, 0.85))[..., None]
