"""One piece of a graphic on its way in, drawn by movis in a picture no larger than the piece."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Hashable, Sequence
from copy import copy
from functools import lru_cache
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.broll.scene import Scene, Sprite
from ai_video_editor.broll.way import Step, along, half_side
from ai_video_editor.errors import UnavailableError
from ai_video_editor.look.area import Area
from ai_video_editor.look.motion import ease_out, overshoot

RISE = 2.6
"""Units that a rising piece comes up."""

_TURN = 1000

_POP = 0.86
"""Size from which a popping piece grows to its own."""

_ROOM = 0.05
"""Share of a popping piece's size by which it passes its own on the way."""

UNCOVERED = frozenset({"grow_up", "grow_right", "grow_down", "sweep"})
"""Entrances in which a piece stands still and is uncovered."""


class Uncovered:
    """A movis layer that uncovers its picture from one side, or round its middle.

    Args:
        image: shape (height, width, 4), RGBA.
        sprite: how and when.
        length: seconds of the whole animation.
    """

    def __init__(self, image: NDArray[np.uint8], sprite: Sprite, length: float) -> None:
        """Keep the picture."""
        self._image = image
        self._sprite = sprite
        self._length = length
        self._turns: NDArray[np.int64] | None = None

    def shown(self, time: float) -> int:
        """Rows, columns or thousandths of a turn that are uncovered."""
        whole = int(self._image.shape[1])
        if self._sprite.entrance == "sweep":
            whole = _TURN
        elif self._sprite.entrance in ("grow_up", "grow_down"):
            whole = int(self._image.shape[0])
        return round(whole * ease_out(own_time(self._sprite, time, self._length)))

    def get_key(self, time: float) -> Hashable:
        """State at a time; movis draws again only where it differs."""
        return self.shown(time)

    def __call__(self, time: float) -> NDArray[np.uint8]:
        """Picture at a time."""
        shown = self.shown(time)
        image = self._image.copy()
        if self._sprite.entrance == "grow_up":
            image[: image.shape[0] - shown, :, 3] = 0
        elif self._sprite.entrance == "grow_down":
            image[shown:, :, 3] = 0
        elif self._sprite.entrance == "sweep":
            if self._turns is None:
                self._turns = _turns(image.shape[0], image.shape[1])
            image[:, :, 3][self._turns > shown] = 0
        else:
            image[:, shown:, 3] = 0
        return image


def _turns(height: int, width: int) -> NDArray[np.int64]:
    """For each pixel how far round it lies, clockwise from noon, in thousandths of a turn."""
    y, x = np.mgrid[0:height, 0:width]
    angle = np.arctan2(x - (width - 1) / 2, (height - 1) / 2 - y) % (2 * np.pi)
    return np.asarray(np.ceil(angle / (2 * np.pi) * _TURN), dtype=np.int64)


class Taking:
    """A movis layer whose cels take turns.

    Args:
        cels: pictures, each of shape (height, width, 4), RGBA.
        sprite: says which is shown when.
    """

    def __init__(self, cels: Sequence[NDArray[np.uint8]], sprite: Sprite) -> None:
        """Keep them."""
        self._cels = cels
        self._sprite = sprite

    def get_key(self, time: float) -> Hashable:
        """Which one is shown."""
        return self._sprite.cel(time)

    def __call__(self, time: float) -> NDArray[np.uint8]:
        """The one that is shown."""
        return self._cels[self._sprite.cel(time)]


class _Nothing(dict[Any, Any]):
    """A cache that keeps nothing: movis' own one writes every frame to the disk."""

    def __setitem__(self, key: Any, value: Any) -> None:
        """Forget it."""


class Piece:
    """A sprite in motion.

    Args:
        sprite: what moves.
        scene: where it belongs.
        length: seconds of the whole animation.
    """

    def __init__(self, sprite: Sprite, scene: Scene, length: float) -> None:
        """Nothing is drawn yet."""
        self._sprite = sprite
        self._length = length
        self._image = np.asarray(sprite.image, dtype=np.uint8)
        high, wide = self._image.shape[:2]
        self.rest = Area(sprite.left, sprite.top, sprite.left + wide, sprite.top + high)
        rise = round(scene.frame.unit * RISE) + 2 if sprite.entrance == "rise" else 0
        pop = round(max(wide, high) * _ROOM) + 2 if sprite.entrance == "pop" else 0
        reach = Area(
            self.rest.left - pop - 1 * (rise > 0),
            self.rest.top - pop,
            self.rest.right + pop + 1 * (rise > 0),
            self.rest.bottom + max(pop, rise),
        )
        self.reach = reach if rise or pop else self.rest
        self.moves_far = bool(sprite.way)
        self._half = half_side(sprite.way, wide, high) if sprite.way else 0
        self._cels = [np.asarray(cel, dtype=np.uint8) for cel in sprite.cels]
        self._rise = scene.frame.unit * RISE
        self._layer = Uncovered(self._image, sprite, length)
        self._movis: Any = None
        self._drawn: tuple[Hashable, NDArray[np.uint8]] | None = None

    def state(self, time: float) -> Hashable:
        """What it looks like: 0 before it comes in, 1 at rest, else how far it is."""
        if self._sprite.cels:
            return self._entered(time), self._sprite.cel(time)
        return self._entered(time)

    def _entered(self, time: float) -> float | int:
        if self._sprite.entrance == "still" and not self._sprite.way:
            return 1
        if self._sprite.entrance in UNCOVERED and not self._sprite.way:
            share = own_time(self._sprite, time, self._length)
            shown = self._layer.shown(time)
            return 1 if share >= 1 else (0 if not shown else -shown)
        share = own_time(self._sprite, time, self._length)
        return 1 if share >= 1 else (0 if share <= 0 else share)

    def changed(self, before: Hashable, time: float) -> Area:
        """The pixels that differ from an earlier state."""
        now = self.state(time)
        entrance = self._sprite.entrance
        box = self.rest
        if self._sprite.way:
            return self._on_way(before).around(self._on_way(now))
        if entrance not in UNCOVERED or entrance == "sweep":
            return self.reach
        whole = box.right - box.left if entrance == "grow_right" else box.bottom - box.top
        low, high = (self._extent(state, whole) for state in (before, now))
        if entrance == "grow_right":
            return Area(box.left + low, box.top, box.left + high, box.bottom)
        if entrance == "grow_down":
            return Area(box.left, box.top + low, box.right, box.top + high)
        return Area(box.left, box.bottom - high, box.right, box.bottom - low)

    def _on_way(self, state: Hashable) -> Area:
        """The square about a piece on its way that holds it, whatever its turn."""
        share = float(state) if isinstance(state, int | float) else 1.0
        x, y = _middle(self._sprite, share)
        left, top = floor(x) - self._half, floor(y) - self._half
        side = 2 * self._half + 1
        return Area(left, top, left + side, top + side)

    @staticmethod
    def _extent(state: Hashable, whole: int) -> int:
        if state == 1:
            return whole
        return -state if isinstance(state, int) else 0

    def draw(self, time: float) -> tuple[NDArray[np.uint8], Area] | None:
        """Its picture (RGBA) and where that lies; None before it comes in."""
        state = self.state(time)
        entered = self._entered(time)
        if entered == 0:
            return None
        if entered == 1:
            resting = self._cels[self._sprite.cel(time)] if self._cels else self._image
            return resting, self.rest
        if self._drawn is None or self._drawn[0] != state:
            if self._movis is None:
                self._movis = self._composition()
            self._drawn = state, np.asarray(self._movis(time), dtype=np.uint8)
        return self._drawn[1], self._on_way(entered) if self._sprite.way else self.reach

    def _composition(self) -> Any:
        if self._sprite.way:
            side = 2 * self._half + 1
            composition, picture = empty_composition((side, side), self._length + 1.0)
            add_sprite(
                composition, picture, self._sprite, self._rise, self._length, followed=self._half
            )
            return composition
        box = self.reach
        composition, picture = empty_composition(
            (box.right - box.left, box.bottom - box.top), self._length + 1.0
        )
        add_sprite(
            composition, picture, self._sprite, self._rise, self._length, (box.left, box.top)
        )
        return composition


def own_time(sprite: Sprite, time: float, length: float) -> float:
    """How far a piece is on its own way, 0 to 1."""
    share = (time / length - sprite.begins) / sprite.takes
    return min(max(share, 0.0), 1.0)


def empty_composition(size: tuple[int, int], length: float) -> tuple[Any, Any]:
    """A movis composition that keeps no frames, and movis' class for pictures.

    Raises:
        UnavailableError: movis or the graphics library under it is not there.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from movis.layer.composition import Composition
        from movis.layer.media import Image
    except (ImportError, OSError) as error:
        raise UnavailableError(
            f"movis cannot draw here ({error}); `make setup` names the system packages it needs."
        ) from error
    made = copy(_template(Composition))
    made._layers, made._name_to_layer, made._cache = [], {}, _Nothing()
    made._size, made._duration = size, length
    return made, Image


@lru_cache(maxsize=1)
def _template(kind: Callable[[], Any]) -> Any:
    """A movis composition without its cache: making one opens a database on the disk, 20 ms."""
    composition = kind()
    composition._cache.close()
    shutil.rmtree(composition._cache.directory, ignore_errors=True)
    return composition


def add_sprite(
    composition: Any,
    picture: Any,
    sprite: Sprite,
    rise: float,
    length: float,
    corner: tuple[int, int] = (0, 0),
    followed: int | None = None,
) -> None:
    """Lay a sprite into a movis composition, with its entrance.

    Args:
        composition: movis' composition.
        picture: movis' class for pictures.
        sprite: what is laid.
        rise: pixels that a rising piece comes up.
        length: seconds of the whole animation.
        corner: where the composition's upper left corner lies in the scene.
        followed: the composition follows a piece on its way, whose middle lies so many pixels
            from its edges.
    """
    image = np.asarray(sprite.image, dtype=np.uint8)
    height, width = image.shape[:2]
    middle = (sprite.left - corner[0] + width / 2, sprite.top - corner[1] + height / 2)
    if sprite.entrance in UNCOVERED and not sprite.way:
        composition.add_layer(Uncovered(image, sprite, length), position=middle)
        return
    cels = [np.asarray(cel, dtype=np.uint8) for cel in sprite.cels]
    layer = Taking(cels, sprite) if cels else picture(image)
    item = composition.add_layer(layer, position=middle)

    def progress(time: float) -> float:
        return own_time(sprite, time, length)

    if sprite.way:
        _follow(item, sprite, progress, followed)
        return
    if sprite.entrance == "still":
        return
    item.opacity.add_function(_each(lambda time: min(1.0, ease_out(progress(time)) * 1.2)))
    if sprite.entrance == "rise":
        item.position.add_function(
            _each(lambda time: (middle[0], middle[1] + rise * (1.0 - ease_out(progress(time)))))
        )
    elif sprite.entrance == "pop":
        item.scale.add_function(
            _each(lambda time: (_POP + (1.0 - _POP) * overshoot(progress(time)),) * 2)
        )


def _middle(sprite: Sprite, share: float) -> tuple[float, float]:
    """The middle of a piece on its way, pixels of the scene."""
    step = along(sprite.way, share)
    return (
        sprite.left + sprite.image.width / 2 + step.dx,
        sprite.top + sprite.image.height / 2 + step.dy,
    )


def _follow(
    item: Any, sprite: Sprite, progress: Callable[[float], float], followed: int | None
) -> None:
    """Lead a movis layer along its sprite's way; it is not there before its time."""

    def at(time: float) -> Step:
        return along(sprite.way, progress(time))

    def place(time: float) -> tuple[float, float]:
        x, y = _middle(sprite, progress(time))
        if followed is None:
            return x, y
        return x - floor(x) + followed, y - floor(y) + followed

    item.opacity.add_function(_each(lambda time: at(time).opacity if progress(time) > 0 else 0.0))
    item.position.add_function(_each(place))
    item.scale.add_function(_each(lambda time: (at(time).scale,) * 2))
    item.rotation.add_function(_each(lambda time: at(time).turn))


def _each(
    value: Callable[[float], float | tuple[float, ...]],
) -> Callable[[NDArray[np.float64], float], float | tuple[float, ...]]:
    """As movis wants it: a function of the value so far, which is not used, and the time."""
    return lambda _before, time: value(time)
