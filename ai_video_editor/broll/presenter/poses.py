"""The presenter's poses: one description for Blender's rig and for the flat figure.

A floating robot: an egg of a body, a large head with a dark face, two arms of two bones. Lengths
are in its own units, 2.9 of which are the side of a cel; x goes to the viewer's right, z up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

SIDE = 2.9
"""Side of a cel, units; its lower left corner lies at (-SIDE / 2, FLOOR)."""

FLOOR = 0.05
"""Lowest row of a cel, units."""

HEAD = (0.0, 1.83)
"""Middle of the head, (x, z)."""

HEAD_SIZE = (0.66, 0.52)
"""Half width and half height of the head."""

FACE_SIZE = (0.545, 0.375)
"""Half width and half height of the dark face."""

BODY = (0.0, 0.83)
BODY_SIZE = (0.46, 0.5)
SHOULDER = (0.43, 1.06)
"""Where an arm begins, on the viewer's right; mirrored on the left."""

UPPER_ARM = 0.34
FOREARM = 0.3
ARM_RADIUS = 0.088
HAND_RADIUS = 0.125

Point = tuple[float, float]
Outline = tuple[Point, ...]
Gesture = Literal["rest", "explain", "offer", "open", "point", "cheer", "gasp"]
Eyes = Literal["open", "half", "closed", "wide", "happy"]
Mouth = Literal["smile", "small", "middle", "large", "round", "laugh"]

_ARMS: dict[Gesture, tuple[float, float, float, float]] = {
    "rest": (20, 14, 20, 14),
    "explain": (22, 16, 46, 92),
    "offer": (46, 92, 22, 16),
    "open": (48, 66, 48, 66),
    "point": (100, 30, 44, -104),
    "cheer": (112, 48, 112, 48),
    "gasp": (52, 102, 52, 102),
}
"""Degrees: upper arm out from hanging down, then the elbow's bend outwards; left arm, right arm as
the viewer sees them."""

_LEAN: dict[Gesture, float] = {"explain": 1.5, "offer": -1.5, "point": -4.0, "gasp": 2.0}
"""Degrees that the body leans to the viewer's right."""

STEPS = 3
"""Drawings from rest to a gesture, the gesture itself included."""

_ON_THE_WAY = (0.0, 0.5, 1.06, 1.0)
"""How far an arm is at each step: it swings a little too far and settles."""

BREATHS = 3
"""Drawings of a breath."""


@dataclass(frozen=True, order=True)
class BodyPose:
    """Body and arms.

    Attributes:
        gesture: what the arms do.
        step: how far they are, 0 to `STEPS`; of a rest the phase of its breath, from 0.
    """

    gesture: Gesture = "rest"
    step: int = 0

    @property
    def name(self) -> str:
        """Unique among bodies; part of a file's name."""
        return f"body-{self.gesture}-{self.step}"

    @property
    def arms(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Upper arm and elbow of the left and the right arm, degrees."""
        rest = _ARMS["rest"]
        if self.gesture == "rest":
            out = 2.0 * self.step
            return (rest[0] + out, rest[1] + out), (rest[2] + out, rest[3] + out)
        share = _ON_THE_WAY[self.step]
        mixed = [a + (b - a) * share for a, b in zip(rest, _ARMS[self.gesture], strict=True)]
        return (mixed[0], mixed[1]), (mixed[2], mixed[3])

    @property
    def lean(self) -> float:
        """Degrees to the viewer's right."""
        return _LEAN.get(self.gesture, 0.0) * _ON_THE_WAY[min(self.step, STEPS)]

    @property
    def breath(self) -> float:
        """Growth of the chest, a share of its size."""
        return 0.012 * self.step if self.gesture == "rest" else 0.0

    @property
    def finger(self) -> bool:
        """Whether the left hand points with its finger."""
        return self.gesture == "point" and self.step > 1


@dataclass(frozen=True, order=True)
class HeadPose:
    """Head and face.

    Attributes:
        eyes: how they look.
        mouth: its shape.
        turned: whether it looks towards the viewer's left, where the chart is.
    """

    eyes: Eyes = "open"
    mouth: Mouth = "smile"
    turned: bool = False

    @property
    def name(self) -> str:
        """Unique among heads; part of a file's name."""
        return f"head-{self.eyes}-{self.mouth}{'-turned' if self.turned else ''}"

    @property
    def turn(self) -> float:
        """Degrees to the viewer's left."""
        return 21.0 if self.turned else 0.0

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """What glows on the face: polygons about the face's middle, units."""
        return (*_EYES[self.eyes], _MOUTHS[self.mouth])


def ellipse(x: float, z: float, wide: float, high: float, *, count: int = 28) -> Outline:
    """An ellipse's outline about a middle; `wide` and `high` are half its size."""
    turns = [2 * pi * index / count for index in range(count)]
    return tuple((x + wide * cos(t), z + high * sin(t)) for t in turns)


def arc(x: float, z: float, wide: float, high: float, thick: float, *, count: int = 14) -> Outline:
    """A bent stroke with round ends; `high` is how far its middle hangs, negative: rises."""
    shares = [index / count for index in range(count + 1)]
    spine = [(x + wide * (2 * s - 1), z - high * (1 - (2 * s - 1) ** 2)) for s in shares]
    half = thick / 2
    upper = [(px, pz + half) for px, pz in spine]
    lower = [(px, pz - half) for px, pz in reversed(spine)]
    turns = [pi * index / 6 for index in range(1, 6)]
    right = [(spine[-1][0] + half * sin(t), spine[-1][1] + half * cos(t)) for t in turns]
    left = [(spine[0][0] - half * sin(t), spine[0][1] - half * cos(t)) for t in turns]
    return (*upper, *right, *lower, *left)


def _grin(wide: float, high: float, *, z: float = -0.135) -> Outline:
    """An open mouth: nearly straight above, round below."""
    turns = [pi * index / 16 for index in range(17)]
    lower = [(-wide * cos(t), z - high * sin(t)) for t in turns]
    upper = [(wide * cos(t), z + 0.028 * sin(t)) for t in turns[1:-1]]
    return (*lower, *upper)


_EYE = 0.225
"""Distance of an eye from the middle of the face."""


def _pair(left: Outline) -> tuple[Outline, Outline]:
    """An eye on the viewer's right, and its mirror image."""
    return left, tuple((-x, z) for x, z in reversed(left))


_EYES: dict[Eyes, tuple[Outline, Outline]] = {
    "open": _pair(ellipse(_EYE, 0.075, 0.078, 0.122)),
    "half": _pair(ellipse(_EYE, 0.045, 0.084, 0.06)),
    "closed": _pair(arc(_EYE, 0.035, 0.085, 0.028, 0.044)),
    "wide": _pair(ellipse(_EYE, 0.085, 0.098, 0.148)),
    "happy": _pair(arc(_EYE, 0.03, 0.085, -0.085, 0.052)),
}

_MOUTHS: dict[Mouth, Outline] = {
    "smile": arc(0, -0.135, 0.118, 0.055, 0.046),
    "small": _grin(0.085, 0.062),
    "middle": _grin(0.108, 0.1),
    "large": _grin(0.122, 0.145),
    "round": ellipse(0, -0.19, 0.068, 0.088),
    "laugh": _grin(0.165, 0.16, z=-0.115),
}
