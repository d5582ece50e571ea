"""What the presenter does, cel by cel: the mouth in time with the voice, blinks, breath, gestures.

Twelve cels a second: animation "on twos" at the cinema's 24 frames. The same action and the same
voice give the same cels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from math import pi, sin

from ai_video_editor.broll.presenter.poses import BodyPose, Eyes, Gesture, HeadPose, Mouth
from ai_video_editor.broll.scene import CEL
from ai_video_editor.context.plan import PresenterAction

CELS_A_SECOND = round(1 / CEL)

OPENINGS: tuple[tuple[Mouth, float], ...] = (
    ("smile", 0.0), ("small", 0.22), ("middle", 0.62), ("large", 0.86),
)  # fmt: skip
"""Shapes of the mouth with the loudness, 0 to 1, from which each is taken."""

_STICKS = 0.06
"""Loudness that a mouth must fall below a shape's threshold before it closes: no flutter."""

_LONGEST_SHAPE = 3
"""Cels that a speaking mouth stays the same: even a long vowel moves."""

_BLINKS = (2.1, 3.4, 2.6, 4.1, 3.0)
"""Seconds between blinks; people blink about 17 times a minute."""

_CALM = 0.14
"""Loudness under which nobody speaks."""

_BREAK = 3
"""Calm cels that end a phrase."""

_TALKING: tuple[Gesture, ...] = ("explain", "open", "offer")

_FELT = 2.2
"""Seconds for which a reaction lasts; then the presenter talks on."""


@dataclass(frozen=True)
class Cel:
    """One drawing: which body, which head, and how far up it hovers.

    Attributes:
        body: pose of body and arms.
        head: pose of the head.
        lift: units that the whole figure hovers above its place.
        nod: units that the head comes down besides.
    """

    body: BodyPose
    head: HeadPose
    lift: float = 0.0
    nod: float = 0.0


def mouths(levels: Sequence[float]) -> tuple[Mouth, ...]:
    """The mouth of each cel.

    Args:
        levels: loudness of the voice in each cel, 0 (silence) to 1 (this speaker's loudest).
    """
    found: list[int] = []
    now = 0
    for level in levels:
        rises = max(i for i, (_, least) in enumerate(OPENINGS) if level >= least or i == 0)
        stays = max(i for i, (_, least) in enumerate(OPENINGS) if level >= least - _STICKS)
        now = rises if rises > now else min(now, stays)
        shown = now
        last = found[-_LONGEST_SHAPE:]
        if now > 0 and last == [now] * _LONGEST_SHAPE:
            shown = now - 1 if now > 1 else 2
        found.append(shown)
    return tuple(OPENINGS[index][0] for index in found)


def blinking(count: int) -> tuple[Eyes, ...]:
    """The eyes of each cel."""
    eyes: list[Eyes] = ["open"] * count
    at = 0.0
    for gap in cycle(_BLINKS):
        at += gap
        first = round(at * CELS_A_SECOND)
        if first >= count:
            return tuple(eyes)
        blink: tuple[Eyes, ...] = ("half", "closed", "half")
        for cel, look in enumerate(blink, first):
            if cel < count:
                eyes[cel] = look
    return tuple(eyes)


def phrases(levels: Sequence[float]) -> tuple[tuple[int, int], ...]:
    """Runs of cels in which somebody speaks, half-open; a short calm does not end one."""
    found: list[tuple[int, int]] = []
    for at, level in enumerate(levels):
        if level < _CALM:
            continue
        if found and at - found[-1][1] < _BREAK:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return tuple(found)


def acted(action: PresenterAction, levels: Sequence[float]) -> tuple[Cel, ...]:
    """Every cel of an action.

    Args:
        action: what is done.
        levels: loudness of the voice in each cel, 0 to 1; there are as many cels.
    """
    count = len(levels)
    quiet = action == "idle"
    mouth = mouths([0.0] * count if quiet else levels)
    eyes = blinking(count)
    bodies = _BODIES[action](levels)
    cels = []
    for at in range(count):
        seconds = at / CELS_A_SECOND
        head = HeadPose(eyes[at], mouth[at], action == "point" and _looks_aside(at, count))
        lift = _hover(seconds)
        if action in ("cheer", "gasp") and seconds < _FELT:
            head = _felt(action, at, head)
            lift += _bounce(seconds) if action == "cheer" else 0.0
        nod = 0.018 if not quiet and levels[at] >= OPENINGS[-1][1] else 0.0
        cels.append(Cel(bodies[at], head, round(lift, 3), nod))
    return tuple(cels)


def _hover(seconds: float) -> float:
    """A slow float, in steps that can be seen."""
    return round(0.024 * sin(2 * pi * seconds / 2.6) / 0.006) * 0.006


def _bounce(seconds: float) -> float:
    return round(0.07 * abs(sin(2 * pi * seconds / 1.1)) / 0.01) * 0.01


def _felt(action: PresenterAction, at: int, head: HeadPose) -> HeadPose:
    """The face of a reaction."""
    if at < 2:
        return HeadPose("half", "smile")
    if action == "cheer":
        return HeadPose("happy", "laugh")
    return HeadPose("wide", "round") if at < _FELT * CELS_A_SECOND * 0.7 else head


def _looks_aside(at: int, count: int) -> bool:
    """At the chart from the gesture on, now and then back at the viewer."""
    if at < 3:
        return False
    share = at / max(count, 1)
    return not 0.55 <= share < 0.72


def _breathing(count: int) -> list[BodyPose]:
    order = (0, 1, 2, 1)
    return [BodyPose("rest", order[at // 4 % 4]) for at in range(count)]


def _idle(levels: Sequence[float]) -> list[BodyPose]:
    return _breathing(len(levels))


def _talk(levels: Sequence[float]) -> list[BodyPose]:
    """A gesture for each phrase that is long enough for one, stressed where the voice is loud."""
    bodies = _breathing(len(levels))
    gestures = cycle(_TALKING)
    for first, last in phrases(levels):
        if last - first >= CELS_A_SECOND * 2 // 3:
            _make(bodies, next(gestures), first, last, levels)
    return bodies


def _point(levels: Sequence[float]) -> list[BodyPose]:
    bodies = _breathing(len(levels))
    _make(bodies, "point", 2, len(levels), levels)
    for at in range(12, len(levels), 20):  # a small jab: look here
        bodies[at] = BodyPose("point", 2)
    return bodies


def _cheer(levels: Sequence[float]) -> list[BodyPose]:
    return _react("cheer", levels)


def _gasp(levels: Sequence[float]) -> list[BodyPose]:
    return _react("gasp", levels)


def _react(gesture: Gesture, levels: Sequence[float]) -> list[BodyPose]:
    end = min(len(levels), round(_FELT * CELS_A_SECOND))
    after = [0.0] * end + list(levels[end:])
    bodies = _talk(after)
    _make(bodies, gesture, 1, end, [0.0] * len(levels))
    return bodies


def _make(
    bodies: list[BodyPose], gesture: Gesture, first: int, last: int, levels: Sequence[float]
) -> None:
    """Lay a gesture over some cels: out in two drawings, held, and back in one."""
    steps = {first: 1, first + 1: 2, last - 1: 1}
    for at in range(first, min(last, len(bodies))):
        loud = levels[at] >= OPENINGS[-1][1]
        held = 2 if loud and (at - first) % 4 < 2 else 3
        bodies[at] = BodyPose(gesture, steps.get(at, held))


_BODIES = {"": _idle, "idle": _idle, "talk": _talk, "point": _point, "cheer": _cheer, "gasp": _gasp}
