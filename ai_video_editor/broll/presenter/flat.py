"""The presenter as a flat figure: its parts drawn from the look, put together by movis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import cos, radians, sin
from typing import Protocol

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from ai_video_editor.broll.pieces import empty_composition
from ai_video_editor.broll.presenter import poses
from ai_video_editor.broll.presenter.colors import FigureColors
from ai_video_editor.broll.presenter.poses import BodyPose, HeadPose, Outline, Point
from ai_video_editor.broll.scene import OVERSAMPLING
from ai_video_editor.look.palette import Color, Palette
from ai_video_editor.progress import Report

Pose = BodyPose | HeadPose


class Figure(Protocol):
    """Whoever draws the presenter."""

    def cels(
        self, wanted: Iterable[Pose], side: int, palette: Palette, report: Report
    ) -> dict[Pose, Image.Image]:
        """A square picture (RGBA) of every pose.

        Args:
            wanted: poses, each drawn once.
            side: pixels of a cel's side.
            palette: colours.
            report: how to say how far it is.
        """
        ...


class FlatFigure:
    """Draws cels in a few milliseconds each, without Blender."""

    def cels(
        self, wanted: Iterable[Pose], side: int, palette: Palette, report: Report
    ) -> dict[Pose, Image.Image]:
        """A square picture (RGBA) of every pose.

        Raises:
            UnavailableError: movis or the graphics library under it is not there.
        """
        report(None, "drawing the presenter")
        return {pose: _cel(pose, side, palette) for pose in set(wanted)}


@lru_cache(maxsize=128)
def _cel(pose: Pose, side: int, palette: Palette) -> Image.Image:
    sheet = _Sheet(side, FigureColors.of(palette))
    if isinstance(pose, BodyPose):
        _draw_body(sheet, pose)
    else:
        _draw_head(sheet, pose)
    return sheet.picture()


class _Sheet:
    """A movis composition in the figure's own units."""

    def __init__(self, side: int, colors: FigureColors) -> None:
        self.colors = colors
        self._side = side
        self._unit = side / poses.SIDE
        self._composition, self._layer = empty_composition((side, side), 1.0)

    def shape(
        self,
        middle: Point,
        half: Point,
        color: Color,
        draw: Callable[[ImageDraw.ImageDraw, tuple[int, int]], None],
        *,
        shade: Color | None = None,
        light: Point = (0.13, 0.13),
        turn: float = 0.0,
    ) -> None:
        """A shape about a middle, its lower right in shade where a shade is given."""
        inner = [max(2, round(2 * length * self._unit * OVERSAMPLING)) for length in half]
        small = tuple(-(-length // OVERSAMPLING) + 2 for length in inner)
        size = (small[0] * OVERSAMPLING, small[1] * OVERSAMPLING)
        form = Image.new("L", (inner[0], inner[1]))
        draw(ImageDraw.Draw(form), form.size)
        mask = Image.new("L", size)
        mask.paste(form, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
        picture = Image.new("RGBA", (small[0], small[1]), color.alpha(0))
        if shade is not None:
            lit = Image.new("L", size)
            lit.paste(mask, (-round(inner[0] * light[0]), -round(inner[1] * light[1])))
            dark = ImageChops.subtract(mask, lit).resize(picture.size, Image.Resampling.LANCZOS)
            picture.paste(Image.new("RGBA", picture.size, shade.alpha(0)), (0, 0), dark)
        picture.putalpha(mask.resize(picture.size, Image.Resampling.LANCZOS))
        at = (
            self._side / 2 + middle[0] * self._unit,
            self._side - (middle[1] - poses.FLOOR) * self._unit,
        )
        self._composition.add_layer(
            self._layer(np.asarray(picture, dtype=np.uint8)), position=at, rotation=turn
        )

    def picture(self) -> Image.Image:
        """All that was laid."""
        return Image.fromarray(np.array(self._composition(0.0), dtype=np.uint8), "RGBA")


def _oval(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    draw.ellipse((0, 0, size[0] - 1, size[1] - 1), fill=255)


def _rounded(share: float) -> Callable[[ImageDraw.ImageDraw, tuple[int, int]], None]:
    """A box whose corners take a share of its shorter half."""

    def draw(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
        radius = min(size) / 2 * share
        draw.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)

    return draw


def _egg(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    wide, high = size
    points = []
    for index in range(96):
        angle = radians(index * 360 / 96)
        share = (1 + sin(angle)) / 2  # 0 at the crown, 1 at the foot
        taper = 1.04 - 0.2 * share**2
        points.append(
            (wide / 2 + wide / 2 / 1.04 * taper * cos(angle), high / 2 + high / 2 * sin(angle))
        )
    draw.polygon(points, fill=255)


def _moved(at: Point, angle: float, length: float, sign: int) -> Point:
    """From a point along a bone that hangs down, turned outwards by an angle in degrees."""
    return at[0] + sign * length * sin(radians(angle)), at[1] - length * cos(radians(angle))


def _draw_body(sheet: _Sheet, pose: BodyPose) -> None:
    ink = sheet.colors
    lean = radians(pose.lean)

    def leaning(point: Point) -> Point:
        foot = poses.BODY[1] - poses.BODY_SIZE[1]
        x, z = point[0], point[1] - foot
        return x * cos(lean) + z * sin(lean), foot + z * cos(lean) - x * sin(lean)

    wide, high = poses.BODY_SIZE
    grown = 1 + pose.breath
    sheet.shape(
        leaning(poses.BODY), (wide * 1.04 * grown, high), ink.ink, _egg, shade=ink.shade,
        turn=pose.lean,
    )  # fmt: skip
    sheet.shape(leaning((0, poses.BODY[1] + 0.13)), (0.1, 0.1), ink.accent, _oval)
    sheet.shape(
        leaning((0, poses.BODY[1] + high * 0.9)), (0.305, 0.07), ink.accent, _rounded(1.0),
        shade=ink.accent_shade, light=(0.05, 0.3), turn=pose.lean,
    )  # fmt: skip
    for sign, (upper, elbow) in zip((-1, 1), pose.arms, strict=True):
        _draw_arm(sheet, leaning((sign * poses.SHOULDER[0], poses.SHOULDER[1])), sign,
                  upper - sign * pose.lean, elbow, finger=pose.finger and sign < 0)  # fmt: skip


def _draw_arm(
    sheet: _Sheet, shoulder: Point, sign: int, upper: float, elbow: float, *, finger: bool
) -> None:
    ink, radius = sheet.colors, poses.ARM_RADIUS
    joint = _moved(shoulder, upper, poses.UPPER_ARM, sign)
    below = upper + elbow
    wrist = _moved(joint, below, poses.FOREARM, sign)
    for begin, angle, length in (
        (shoulder, upper, poses.UPPER_ARM),
        (joint, below, poses.FOREARM),
    ):
        middle = _moved(begin, angle, length / 2, sign)
        sheet.shape(
            middle, (radius, length / 2 + radius), ink.limb, _rounded(1.0), turn=-sign * angle
        )
    palm = _moved(wrist, below, 0.085, sign)
    if finger:
        tip = _moved(palm, below, 0.13, sign)
        sheet.shape(tip, (0.05, 0.16), ink.ink, _rounded(1.0), turn=-sign * below)
    hand = poses.HAND_RADIUS
    sheet.shape(palm, (hand, hand), ink.ink, _oval, shade=ink.shade)
    cuff = _moved(wrist, below, -0.035, sign)
    sheet.shape(cuff, (radius * 1.22, 0.045), ink.accent, _rounded(1.0), turn=-sign * below)


def _draw_head(sheet: _Sheet, pose: HeadPose) -> None:
    ink = sheet.colors
    (x, z), (wide, high) = poses.HEAD, poses.HEAD_SIZE
    shift = -0.15 if pose.turned else 0.0
    top = z + high
    sheet.shape((x, top + 0.06), (0.028, 0.12), ink.limb, _rounded(1.0))
    sheet.shape((x, top + 0.2), (0.088, 0.088), ink.second, _oval, shade=ink.second_shade)
    for sign in (-1, 1):
        if pose.turned:
            continue
        sheet.shape(
            (x + sign * (wide + 0.02), z), (0.075, 0.17), ink.accent, _rounded(0.7),
            shade=ink.accent_shade, light=(0.3, 0.0),
        )  # fmt: skip
    sheet.shape((x, z), (wide, high), ink.ink, _squircle, shade=ink.shade, light=(0.05, 0.07))
    if pose.turned:
        sheet.shape((x + wide - 0.13, z), (0.1, 0.17), ink.accent, _oval, shade=ink.accent_shade)
    fw, fh = poses.FACE_SIZE
    narrow = 0.9 if pose.turned else 1.0
    middle = (x + shift, z - 0.01)
    sheet.shape(middle, (fw * narrow, fh), ink.face_light, _squircle, shade=ink.face,
                light=(0.0, 0.3))  # fmt: skip
    for outline in pose.outlines:
        _glow(sheet, outline, middle, narrow)


def _squircle(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    """A box between round and square, as the rig's head has it."""
    power = 2 / 2.7
    points = []
    for index in range(120):
        angle = radians(index * 3)
        c, s = cos(angle), sin(angle)
        points.append(
            (
                size[0] / 2 * (1 + (abs(c) ** power) * (1 if c >= 0 else -1)),
                size[1] / 2 * (1 + (abs(s) ** power) * (1 if s >= 0 else -1)),
            )
        )
    draw.polygon(points, fill=255)


def _glow(sheet: _Sheet, outline: Outline, face: Point, narrow: float) -> None:
    """What glows on the face, laid at its place."""
    left, right = min(p[0] for p in outline), max(p[0] for p in outline)
    low, high = min(p[1] for p in outline), max(p[1] for p in outline)
    half = ((right - left) / 2 * narrow, (high - low) / 2)

    def draw(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
        points = [
            ((px - left) / (right - left) * size[0], (high - pz) / (high - low) * size[1])
            for px, pz in outline
        ]
        draw.polygon(points, fill=255)

    middle = (face[0] + (left + right) / 2 * narrow, face[1] + (low + high) / 2)
    sheet.shape(middle, half, sheet.colors.accent, draw)


def laid(cels: Mapping[Pose, Image.Image], body: BodyPose, head: HeadPose, bob: int) -> Image.Image:
    """A whole figure: the head over the body, moved up by some pixels."""
    whole = cels[body].copy()
    moved = Image.new("RGBA", whole.size)
    moved.paste(cels[head], (0, -bob))
    return Image.alpha_composite(whole, moved)
