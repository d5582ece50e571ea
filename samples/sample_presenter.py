"""The sample's presenter: a drawn person at a desk, whose mouth, eyes and head move.

Everything is drawn once in a few states; a frame is a choice of states, put together with a slight
turn of the head. Proportions and light follow a real face closely enough for a face detector.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sample_canvas import Canvas, mirrored, spline

WIDTH, HEIGHT = 1280, 720

HEAD = (440, 540)
"""Size of the head's picture; the face's middle is at x = 220."""
HEAD_PLACE = (420, 36)
"""Where the head's picture lies in the frame."""
PIVOT = (220.0, 470.0)
"""The neck, about which the head turns, in the head's picture."""

MOUTHS = 7
LIDS = 3
BROWS = 3

SKIN, SHADE, DEEP, LIGHT = "#e8b08c", "#c98763", "#a8664a", "#f7cfae"
HAIR, HAIR_DARK, HAIR_LIGHT = "#3b241c", "#27160f", "#6b4431"

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Pose:
    """One frame's state.

    Attributes:
        mouth: 0 (closed) to `MOUTHS` - 1 (wide open).
        lids: 0 (open) to 2 (closed).
        brows: 0 (at rest) to 2 (raised).
        turn: degrees, clockwise.
        shift: pixels, of the head.
        breath: pixels by which the shoulders rise.
    """

    mouth: int
    lids: int
    brows: int
    turn: float
    shift: tuple[float, float]
    breath: float


def room() -> Image.Image:
    """The room behind her: a warm wall, a shelf and a plant out of focus, light from the left."""
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.rounded((-10, -10, WIDTH + 10, HEIGHT + 10), 0, "#d9925c")
    canvas.ellipse((300, 130), (560, 420), "#f6c98f", blur=130)
    canvas.ellipse((1180, 640), (420, 340), "#a8623c", blur=120, opacity=0.75)
    # shelf with books, a plant pot and a small frame
    canvas.rounded((930, 300, 1300, 316), 3, "#7b4a2f")
    canvas.rounded((930, 316, 1300, 330), 3, "#5b3320", opacity=0.5, blur=6)
    books = (
        (958, 172, 30, "#2f6f73"), (992, 190, 24, "#e9c46a"), (1020, 160, 34, "#8f3b3b"),
        (1058, 184, 26, "#35495e"), (1088, 200, 22, "#d9d2c0"),
    )  # fmt: skip
    for left, top, width, color in books:
        canvas.rounded((left, top, left + width, 300), 3, color)
        canvas.rounded((left, top + 18, left + width, top + 24), 0, "#ffffff", opacity=0.25)
    canvas.rounded((1140, 236, 1220, 300), 10, "#efe3d0")
    for x, y, r in ((1150, 214, 30), (1182, 190, 38), (1214, 216, 28), (1180, 224, 32)):
        canvas.ellipse((x, y), (r, r * 0.9), "#5d8a52")
    canvas.rounded((930, 560, 1300, 574), 3, "#7b4a2f")
    for left, width, color in (
        (950, 120, "#3e5c76"), (1080, 70, "#c8553d"), (1160, 90, "#588157"),
    ):  # fmt: skip
        canvas.rounded((left, 452, left + width, 560), 6, color, opacity=0.9)
    # a picture frame and a floor lamp on the left
    canvas.rounded((92, 150, 272, 290), 6, "#fbeedb")
    canvas.rounded((104, 162, 260, 278), 2, "#2f6f73")
    canvas.stroke([(118, 258), (160, 240), (200, 214), (246, 176)], "#f6c98f", 7)
    canvas.rounded((300, 330, 306, 720), 3, "#5b3320")
    canvas.shape([(256, 336), (276, 262), (330, 262), (350, 336)], "#fff0d2", smooth=False)
    canvas.ellipse((303, 330), (150, 120), "#fff0c8", blur=60, opacity=0.55)
    # leaves near the lens
    for tip, bend in (((30, 420), (70, 560)), ((120, 400), (90, 560)), ((180, 470), (110, 600))):
        canvas.shape(
            [(60, 730), (bend[0] - 30, bend[1]), tip, (bend[0] + 36, bend[1] + 10), (110, 730)],
            "#4c7a4a",
        )
    canvas.blurred(5.0)
    return canvas.finished()


def desk() -> Image.Image:
    """What stands before her: the desk, a mug and a microphone."""
    canvas = Canvas(WIDTH, HEIGHT)
    canvas.rounded((-10, 650, WIDTH + 10, HEIGHT + 20), 0, "#8a5434")
    canvas.rounded((-10, 650, WIDTH + 10, 658), 0, "#b97a4d")
    canvas.ellipse((640, 700), (420, 40), "#5b3320", blur=26, opacity=0.5)
    # mug
    canvas.stroke([(1046, 602), (1090, 600), (1090, 650), (1044, 652)], "#1f5f63", 12)
    canvas.rounded((956, 580, 1052, 684), 14, "#2a7a7d")
    canvas.rounded((956, 580, 982, 684), 14, "#3f9a9b", opacity=0.8)
    canvas.ellipse((1004, 582), (48, 9), "#14474a")
    # microphone on its arm
    canvas.stroke([(210, 730), (236, 640), (318, 560)], "#2b2b2f", 12)
    canvas.rounded((300, 486, 362, 590), 30, "#2b2b2f")
    canvas.rounded((306, 492, 328, 584), 20, "#55555c", opacity=0.6)
    canvas.rounded((300, 546, 362, 556), 2, "#c9a24b")
    return canvas.finished()


def body() -> Image.Image:
    """Neck, shoulders and a jacket, on a picture as wide as the frame."""
    canvas = Canvas(WIDTH, HEIGHT)
    axis = 640.0
    jacket = mirrored(
        [(640, 520), (704, 520), (760, 548), (850, 580), (905, 640), (930, 760), (640, 780)], axis
    )
    # hair behind the neck
    canvas.shape(
        mirrored([(640, 300), (742, 330), (780, 420), (786, 500), (752, 560), (640, 566)], axis),
        HAIR_DARK,
    )
    mask = canvas.shape(jacket, "#1f5a5e")
    canvas.ellipse((860, 690), (120, 160), "#123b40", blur=40, opacity=0.8, clip=mask)
    canvas.ellipse((430, 640), (110, 120), "#37888a", blur=40, opacity=0.8, clip=mask)
    # neck, then the blouse's opening
    neck = mirrored([(640, 430), (690, 430), (692, 500), (712, 536), (676, 600), (640, 628)], axis)
    skin = canvas.shape(neck, SKIN)
    canvas.ellipse((644, 470), (72, 44), "#8f523a", blur=12, opacity=0.9, clip=skin)
    canvas.stroke([(600, 566), (626, 580), (638, 584)], SHADE, 4, opacity=0.6, clip=skin)
    canvas.stroke([(680, 566), (654, 580), (642, 584)], SHADE, 4, opacity=0.6, clip=skin)
    top = canvas.shape(
        mirrored([(640, 606), (668, 598), (690, 574), (702, 546), (716, 566), (700, 780),
                  (640, 790)], axis),
        "#f6ead6",
    )  # fmt: skip
    canvas.ellipse((700, 660), (44, 110), "#cbb596", blur=16, opacity=0.7, clip=top)
    canvas.stroke([(582, 556), (594, 582), (616, 600), (640, 606), (664, 600), (686, 582),
                   (698, 556)], "#cbb596", 3, opacity=0.8, clip=top)  # fmt: skip
    # lapels
    for side, color in ((-1, "#174a4e"), (1, "#123f43")):
        lapel = [
            (640 + side * dx, y)
            for dx, y in (
                (62, 516),
                (96, 556),
                (112, 624),
                (60, 740),
                (16, 760),
                (44, 640),
                (70, 570),
            )
        ]
        canvas.shape(lapel, color)
        canvas.stroke([(640 + side * dx, y) for dx, y in ((96, 556), (112, 624), (60, 740))],
                      "#3f9a9b", 2.2, opacity=0.5)  # fmt: skip
    return canvas.finished()


def head() -> Image.Image:
    """Hair, ears and the face without what moves in it."""
    canvas = Canvas(*HEAD)
    axis = 220.0
    canvas.shape(
        mirrored(
            [(220, 40), (300, 56), (356, 120), (372, 220), (366, 330), (372, 420), (340, 452),
             (300, 430), (220, 400)],
            axis,
        ),
        HAIR,
    )  # fmt: skip
    face = mirrored(
        [(220, 92), (288, 108), (330, 170), (336, 250), (326, 330), (296, 392), (254, 430),
         (220, 438)],
        axis,
    )  # fmt: skip
    skin = canvas.shape(face, SKIN)
    # light from the left, shade on the right and under the hair
    canvas.ellipse((160, 190), (80, 90), LIGHT, blur=34, opacity=0.75, clip=skin)
    canvas.ellipse((216, 300), (26, 60), LIGHT, blur=14, opacity=0.6, clip=skin)
    canvas.ellipse((160, 318), (36, 26), LIGHT, blur=16, opacity=0.7, clip=skin)
    canvas.ellipse((276, 318), (32, 26), LIGHT, blur=16, opacity=0.5, clip=skin)
    canvas.ellipse((346, 300), (44, 140), SHADE, blur=24, opacity=0.85, clip=skin)
    canvas.ellipse((92, 310), (22, 120), SHADE, blur=18, opacity=0.55, clip=skin)
    canvas.ellipse((220, 96), (120, 40), SHADE, blur=18, opacity=0.8, clip=skin)
    canvas.ellipse((220, 446), (84, 20), SHADE, blur=12, opacity=0.75, clip=skin)
    canvas.ellipse((214, 414), (22, 12), LIGHT, blur=9, opacity=0.55, clip=skin)
    # eye sockets, the sides of the nose, cheeks, the hollow under the lip
    for x in (162, 278):
        canvas.ellipse((x, 244), (42, 26), DEEP, blur=12, opacity=0.55, clip=skin)
    for x in (150, 290):
        canvas.ellipse((x, 326), (34, 22), "#e07f63", blur=16, opacity=0.5, clip=skin)
    canvas.stroke([(204, 244), (202, 280), (196, 318)], SHADE, 9, opacity=0.5, blur=4)
    canvas.stroke([(238, 240), (244, 282), (250, 320)], DEEP, 11, opacity=0.5, blur=5)
    canvas.ellipse((220, 326), (27, 15), SHADE, blur=5, opacity=0.75)
    canvas.ellipse((216, 312), (14, 16), LIGHT, blur=6, opacity=0.9)
    for x in (204, 237):
        canvas.ellipse((x, 331), (7, 4.2), "#7a3f2d", blur=1.2, opacity=0.9)
    canvas.ellipse((220, 346), (9, 5), SHADE, blur=4, opacity=0.5)
    canvas.ellipse((220, 402), (34, 7), SHADE, blur=6, opacity=0.6)
    _front_hair(canvas)
    return canvas.finished()


def _front_hair(canvas: Canvas) -> None:
    """A side parting, locks that frame the face, and their shine."""
    left = canvas.shape(
        [(250, 66), (196, 96), (142, 148), (112, 214), (102, 300), (110, 372), (104, 440),
         (76, 462), (54, 420), (62, 320), (60, 220), (78, 130), (134, 62), (210, 36)],
        HAIR,
    )  # fmt: skip
    right = canvas.shape(
        [(242, 62), (286, 104), (322, 160), (334, 230), (336, 310), (326, 380), (338, 446),
         (368, 458), (388, 410), (378, 310), (382, 210), (362, 120), (310, 58), (262, 40)],
        HAIR,
    )  # fmt: skip
    for mask, strands in (
        (left, ([(230, 58), (140, 100), (92, 200), (84, 330)],
                [(210, 60), (116, 110), (76, 220), (74, 380)],
                [(238, 72), (160, 124), (112, 200), (94, 320), (92, 430)])),
        (right, ([(256, 56), (326, 100), (356, 200), (360, 330)],
                 [(252, 64), (310, 112), (346, 210), (348, 330), (356, 430)])),
    ):  # fmt: skip
        for index, strand in enumerate(strands):
            color = HAIR_LIGHT if index == 0 else HAIR_DARK
            canvas.stroke(strand, color, 11, opacity=0.65, blur=3, clip=mask)
    canvas.ellipse((142, 96), (52, 20), "#9a6a4c", blur=14, opacity=0.6, clip=left)


def eyes(lids: int, brows: int) -> Image.Image:
    """Both eyes and brows; `lids` 0 open to 2 closed, `brows` 0 at rest to 2 raised."""
    canvas = Canvas(*HEAD)
    open_by = (1.0, 0.5, 0.0)[lids]
    for side, x in ((-1, 162.0), (1, 278.0)):
        y, half, up, down = 252.0, 29.0, 15.0 * open_by, 10.0 * open_by + 2.0 * (1 - open_by)
        inner, outer = x - side * half, x + side * half
        outline = spline(
            [(inner, y + 4), (x - side * 10, y - up), (x + side * 10, y - up - 1),
             (outer, y - 1), (x + side * 10, y + down), (x - side * 12, y + down)]
        )  # fmt: skip
        if open_by:
            mask = canvas.polygon_mask(outline)
            canvas.fill(mask, "#fbf4ee")
            canvas.ellipse((x, y - 1), (14, 14.5), "#5b3a22", clip=mask)
            canvas.ellipse((x, y + 3), (10, 9), "#8a5c36", clip=mask, blur=2, opacity=0.8)
            canvas.ellipse((x, y - 1), (6.6, 6.8), "#140c08", clip=mask)
            canvas.ellipse((x - 5, y - 6), (3.6, 3.8), "#ffffff", clip=mask)
            canvas.ellipse((x, y - up), (32, 6), "#3a211a", blur=3, opacity=0.6, clip=mask)
        lash = [(inner, y + 4), (x - side * 10, y - up), (x + side * 10, y - up - 1),
                (outer + side * 4, y - 3)]  # fmt: skip
        if not open_by:
            lash = [(inner, y + 4), (x - side * 10, y + 9), (x + side * 12, y + 9),
                    (outer + side * 4, y + 1)]  # fmt: skip
        canvas.stroke(lash, "#20110c", 6.2)
        canvas.stroke(
            [(inner + side * 4, y - up - 7), (x, y - up - 12), (outer, y - up - 4)],
            DEEP, 3, opacity=0.7,
        )  # fmt: skip
        if open_by:
            canvas.stroke(
                [(inner + side * 8, y + down + 1), (x, y + down + 2), (outer - side * 2, y + 4)],
                DEEP, 2, opacity=0.7,
            )  # fmt: skip
        lift = 4.5 * brows
        canvas.stroke(
            [(inner - side * 1, 216 - lift * 1.2), (x - side * 6, 210 - lift * 1.2),
             (x + side * 14, 208 - lift), (outer + side * 8, 220 - lift * 0.8)],
            "#38211a", 9.5,
        )  # fmt: skip
    return canvas.finished()


def mouth(state: int) -> Image.Image:
    """The mouth; 0 closed and smiling to `MOUTHS` - 1 wide open."""
    canvas = Canvas(*HEAD)
    share = state / (MOUTHS - 1)
    x, y = 220.0, 372.0
    half = 50.0 - 10.0 * share
    drop = 3.0 + 30.0 * share
    corner = y - 11 + 8 * share
    upper = [(x - half, corner), (x - 20, y - 9), (x - 7, y - 11), (x, y - 9), (x + 7, y - 11),
             (x + 20, y - 9), (x + half, corner)]  # fmt: skip
    lower = [(x + half * 0.62, y + drop + 6), (x, y + drop + 11), (x - half * 0.62, y + drop + 6)]
    canvas.shape([*upper, *lower], "#c05a4b")
    if state:
        inside = canvas.shape(
            [(x - half + 7, corner + 2), (x - 14, y - 3), (x, y - 2), (x + 14, y - 3),
             (x + half - 7, corner + 2), (x + half * 0.5, y + drop - 1), (x, y + drop + 1.5),
             (x - half * 0.5, y + drop - 1)],
            "#4a1512",
        )  # fmt: skip
        canvas.ellipse((x, y + drop + 2), (half * 0.5, 4 + 9 * share), "#c9605a", clip=inside)
        canvas.rounded_clip((x - half * 0.66, y - 12, x + half * 0.66, y + 2 + 4 * share),
                            "#fdf8f2", inside)  # fmt: skip
    else:
        canvas.stroke([(x - half - 2, corner - 2), (x - 22, y - 1), (x, y + 2), (x + 22, y - 1),
                       (x + half + 2, corner - 2)], "#7a2c25", 3.4)  # fmt: skip
    canvas.ellipse((x - 6, y + drop + 6), (14, 2.2), "#e59a88", blur=1.5, opacity=0.8)
    for side in (-1, 1):
        canvas.ellipse((x + side * (half + 4), corner - 1), (5, 6), DEEP, blur=3, opacity=0.55)
    return canvas.finished()


class Presenter:
    """Frames of the presenter, put together from drawn states."""

    def __init__(self) -> None:
        """Draw every state once."""
        self._room = _bgr(room())
        self._body = _premultiplied(body())
        self._desk = _premultiplied(desk())
        base = head()
        faces = [mouth(state) for state in range(MOUTHS)]
        self._heads: dict[tuple[int, int, int], NDArray[np.float32]] = {}
        for lids in range(LIDS):
            for brows in range(BROWS):
                upper = Image.alpha_composite(base, eyes(lids, brows))
                for state, lower in enumerate(faces):
                    whole = Image.alpha_composite(upper, lower)
                    self._heads[state, lids, brows] = _premultiplied(whole)

    def frame(self, pose: Pose) -> Picture:
        """One frame, 1280 by 720, BGR."""
        frame = self._room.astype(np.float32)
        shoulders = np.array([[1, 0, pose.shift[0] * 0.35], [0, 1, -pose.breath]], np.float64)
        _over(frame, cv2.warpAffine(self._body, shoulders, (WIDTH, HEIGHT)), 0, 0)
        pad = 24
        turn = cv2.getRotationMatrix2D(PIVOT, -pose.turn, 1.0)
        turn[:, 2] += np.array(pose.shift) + pad
        size = (HEAD[0] + 2 * pad, HEAD[1] + 2 * pad)
        moved = cv2.warpAffine(self._heads[pose.mouth, pose.lids, pose.brows], turn, size)
        _over(frame, moved, HEAD_PLACE[0] - pad, HEAD_PLACE[1] - pad)
        _over(frame, self._desk, 0, 0)
        return np.clip(frame + 0.5, 0, 255).astype(np.uint8)


def _bgr(image: Image.Image) -> Picture:
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8)


def _premultiplied(image: Image.Image) -> NDArray[np.float32]:
    """BGRA, 0 to 255, colour already multiplied by alpha: rotating it makes no dark fringe."""
    pixels = np.asarray(image.convert("RGBA")).astype(np.float32)
    alpha = pixels[..., 3:4] / 255
    return np.concatenate([pixels[..., 2::-1] * alpha, pixels[..., 3:4]], axis=2)


def _over(frame: NDArray[np.float32], layer: NDArray[np.float32], left: int, top: int) -> None:
    """Lay a premultiplied layer on a frame, in place."""
    height, width = layer.shape[:2]
    below = max(0, -top)
    part = frame[max(top, 0) : top + height, left : left + width]
    layer = layer[below : below + part.shape[0], : part.shape[1]]
    part *= 1.0 - layer[..., 3:4] / 255
    part += layer[..., :3]
