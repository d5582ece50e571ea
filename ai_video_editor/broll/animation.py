"""A scene in motion, drawn by movis.

Only the entrance is rendered (movis makes some ten full-HD frames a second); afterwards nothing
moves and the last frame is held by whoever encodes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.broll.scene import Scene, Sprite, ground
from ai_video_editor.errors import UnavailableError
from ai_video_editor.look.motion import ease_out, overshoot

RISE = 2.6
"""Units that a rising piece comes up."""

_TURN = 1000

_POP = 0.86
"""Size from which a popping piece grows to its own."""


class Uncovered:
    """A movis layer that uncovers its picture from one side.

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

    def _shown(self, time: float) -> int:
        """Rows, columns or thousandths of a turn that are uncovered."""
        whole = int(self._image.shape[1])
        if self._sprite.entrance == "sweep":
            whole = _TURN
        elif self._sprite.entrance in ("grow_up", "grow_down"):
            whole = int(self._image.shape[0])
        return round(whole * ease_out(_own(self._sprite, time, self._length)))

    def get_key(self, time: float) -> Hashable:
        """State at a time; movis draws again only where it differs."""
        return self._shown(time)

    def __call__(self, time: float) -> NDArray[np.uint8]:
        """Picture at a time."""
        shown = self._shown(time)
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


class _Nothing(dict[Any, Any]):
    """A cache that keeps nothing: movis' own one writes every frame to the disk."""

    def __setitem__(self, key: Any, value: Any) -> None:
        """Forget it."""


def _own(sprite: Sprite, time: float, length: float) -> float:
    """How far a piece is on its own way, 0 to 1."""
    share = (time / length - sprite.begins) / sprite.takes
    return min(max(share, 0.0), 1.0)


def frames(
    scene: Scene, count: int, *, length: float, transparent: bool
) -> Iterator[NDArray[np.uint8]]:
    """The frames of a scene's entrance, evenly spaced; in the last one everything is at rest.

    Args:
        scene: what to draw.
        count: how many frames, at least 1.
        length: seconds from the first to the last.
        transparent: leave the ground out.

    Yields:
        Shape (height, width, 4), RGBA.

    Raises:
        UnavailableError: movis or the graphics library under it is not there.
    """
    composition = _composition(scene, length, transparent)
    try:
        for index in range(count):
            time = length if count == 1 else length * index / (count - 1)
            picture = composition(time)
            yield np.array(picture, dtype=np.uint8)
    finally:
        composition.clear()


def _composition(scene: Scene, length: float, transparent: bool) -> Any:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from movis.layer.composition import Composition
        from movis.layer.media import Image
    except (ImportError, OSError) as error:
        raise UnavailableError(
            f"movis cannot draw here ({error}); `make setup` names the system packages it needs."
        ) from error
    size = (scene.frame.width, scene.frame.height)
    composition = Composition(size=size, duration=length + 1.0)
    on_disk, composition._cache = composition._cache, _Nothing()
    on_disk.close()
    shutil.rmtree(on_disk.directory, ignore_errors=True)
    if not transparent:
        behind = ground(scene.frame, scene.palette).convert("RGBA")
        composition.add_layer(Image(np.asarray(behind)))
    for sprite in scene.sprites:
        _add(composition, Image, sprite, scene.frame.unit * RISE, length)
    return composition


def _add(composition: Any, picture: Any, sprite: Sprite, rise: float, length: float) -> None:
    image = np.asarray(sprite.image, dtype=np.uint8)
    height, width = image.shape[:2]
    middle = (sprite.left + width / 2, sprite.top + height / 2)
    if sprite.entrance in ("grow_up", "grow_right", "grow_down", "sweep"):
        composition.add_layer(Uncovered(image, sprite, length), position=middle)
        return
    item = composition.add_layer(picture(image), position=middle)
    if sprite.entrance == "still":
        return

    def progress(time: float) -> float:
        return _own(sprite, time, length)

    item.opacity.add_function(_each(lambda time: min(1.0, ease_out(progress(time)) * 1.2)))
    if sprite.entrance == "rise":
        item.position.add_function(
            _each(lambda time: (middle[0], middle[1] + rise * (1.0 - ease_out(progress(time)))))
        )
    elif sprite.entrance == "pop":
        item.scale.add_function(
            _each(lambda time: (_POP + (1.0 - _POP) * overshoot(progress(time)),) * 2)
        )


def _each(
    value: Callable[[float], float | tuple[float, ...]],
) -> Callable[[NDArray[np.float64], float], float | tuple[float, ...]]:
    """As movis wants it: a function of the value so far, which is not used, and the time."""
    return lambda _before, time: value(time)
