"""A scene in motion: movis draws each moving piece, and only the pixels that change are laid anew.

movis alone makes some ten full-HD frames a second, most of them of what stands still.
`plain_frames` draws so, for tests and benchmarks; `frames` gives the same pictures.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ai_video_editor.broll.pieces import RISE, Piece, add_sprite, empty_composition
from ai_video_editor.broll.scene import Scene, ground
from ai_video_editor.look.area import Area


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
        Shape (height, width, 4), RGBA, where the ground is left out, else (height, width, 3), RGB;
        the very same array as before where nothing moved.

    Raises:
        UnavailableError: movis or the graphics library under it is not there.
    """
    size = (scene.frame.height, scene.frame.width)
    whole = Area(0, 0, scene.frame.width, scene.frame.height)
    if transparent:
        base = np.zeros((*size, 4), dtype=np.uint8)
    else:
        base = np.asarray(ground(scene.frame, scene.palette), dtype=np.uint8)
    pieces = [Piece(sprite, scene, length) for sprite in scene.sprites]
    empty_composition((2, 2), 1.0)  # says early, and for a scene at rest too, that movis is missing
    states: list[Hashable] = [0] * len(pieces)
    canvas = base
    for time in _times(count, length):
        dirty = []
        for index, piece in enumerate(pieces):
            state = piece.state(time)
            if state != states[index]:
                box = piece.changed(states[index], time).within(whole)
                states[index] = state
                dirty += [box] if box is not None else []
        if dirty:
            canvas = canvas.copy()
            for box in _outermost(dirty):
                _lay(canvas, base, pieces, box, time)
        yield canvas


def _times(count: int, length: float) -> Iterator[float]:
    for index in range(count):
        yield length if count == 1 else length * index / (count - 1)


def _outermost(boxes: Sequence[Area]) -> list[Area]:
    """Boxes without those that lie inside another."""
    kept: list[Area] = []
    for box in sorted(set(boxes), key=lambda b: -(b.right - b.left) * (b.bottom - b.top)):
        if not any(other.holds(box) for other in kept):
            kept.append(box)
    return kept


def _lay(
    canvas: NDArray[np.uint8],
    base: NDArray[np.uint8],
    pieces: Sequence[Piece],
    box: Area,
    time: float,
) -> None:
    """Lay the ground and all pieces of one box anew, lowest first."""
    rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
    canvas[rows, columns] = base[rows, columns]
    for piece in pieces:
        if not piece.moves_far and piece.reach.within(box) is None:
            continue
        drawn = piece.draw(time)
        if drawn is None:
            continue
        image, place = drawn
        part = place.within(box)
        if part is None:
            continue
        own = image[
            part.top - place.top : part.bottom - place.top,
            part.left - place.left : part.right - place.left,
        ]
        below = canvas[part.top : part.bottom, part.left : part.right]
        below[...] = _over(own, below)


def _over(above: NDArray[np.uint8], below: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One picture (RGBA) over another (RGB or RGBA), rounded to the nearest level."""
    alpha = above[:, :, 3:4]
    if alpha.min() == 255:
        return above[:, :, : below.shape[2]]
    if below.shape[2] == 3:
        picture = Image.fromarray(np.ascontiguousarray(below))
        upper = Image.fromarray(np.ascontiguousarray(above))
        picture.paste(upper, (0, 0), upper)
        return np.asarray(picture, dtype=np.uint8)
    shares = alpha.astype(np.float32) / 255
    under = below[:, :, 3:4].astype(np.float32) / 255 * (1 - shares)
    whole = shares + under
    safe = np.where(whole > 0, whole, 1)
    colors = (above[:, :, :3] * shares + below[:, :, :3] * under) / safe
    return np.asarray(np.concatenate((colors, whole * 255), axis=2).round(), dtype=np.uint8)


def plain_frames(
    scene: Scene, count: int, *, length: float, transparent: bool
) -> Iterator[NDArray[np.uint8]]:
    """The same frames by one movis composition of the whole scene; shape (height, width, 4).

    Raises:
        UnavailableError: movis or the graphics library under it is not there.
    """
    size = (scene.frame.width, scene.frame.height)
    composition, picture = empty_composition(size, length + 1.0)
    if not transparent:
        behind = ground(scene.frame, scene.palette).convert("RGBA")
        composition.add_layer(picture(np.asarray(behind)))
    for sprite in scene.sprites:
        add_sprite(composition, picture, sprite, scene.frame.unit * RISE, length)
    for time in _times(count, length):
        yield np.array(composition(time), dtype=np.uint8)
