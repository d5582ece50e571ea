"""Reads the letters of a thumbnail with tesseract, as a check that anybody can."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.base import Box

Pixels = NDArray[np.uint8]

TESSERACT = shutil.which("tesseract")


def words(text: str) -> set[str]:
    """The words of a text in capitals, without stops and marks."""
    return set(re.findall(r"[A-Z0-9$,]+", _unmarked(text.upper())))


def _unmarked(text: str) -> str:
    """Without apostrophes, of which a machine writes one of several, or none."""
    return re.sub("['\u2018\u2019`]", "", text)


def unread(
    image: Pixels, hook: str, area: Box | None, size: tuple[int, int] | None = None
) -> set[str]:
    """Words of a hook that could not be read on a picture, blue-green-red.

    Args:
        image: the thumbnail.
        hook: what stands on it.
        area: where it stands; None looks all over the picture.
        size: width and height at which it is shown; None for its own.
    """
    if size is not None:
        shown = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        enlarged = cv2.resize(shown, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
        image = np.asarray(enlarged, np.uint8)
    else:
        image = np.asarray(cv2.resize(image, (960, 540), interpolation=cv2.INTER_AREA), np.uint8)
    if area is not None:
        rows, columns = image.shape[:2]
        pad = 0.03
        image = image[
            max(0, round((area.y - pad) * rows)) : round((area.y + area.height + pad) * rows),
            max(0, round((area.x - pad) * columns)) : round((area.x + area.width + pad) * columns),
        ]
    missing = words(hook)
    for mode in ("6", "11"):
        for grey in _views(image):
            # Narrow gaps are lost on the machine at times; the letters of a line are what counts.
            lines = [line.replace(" ", "") for line in _read(grey, mode).upper().splitlines()]
            missing = {word for word in missing if not any(word in line for line in lines)}
            if not missing:
                return missing
    return missing


def _views(image: Pixels) -> Iterator[Pixels]:
    """Greys in which light letters on dark, dark on light, and yellow on anything stand out."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    strong = image.max(axis=2)
    yield grey
    yield 255 - grey
    yield 255 - strong
    for level in (70, 100, 130):
        yield np.where(grey > level, 255, 0).astype(np.uint8)
    yield np.where(strong > 165, 0, 255).astype(np.uint8)


def _read(grey: Pixels, mode: str) -> str:
    assert TESSERACT is not None
    written, data = cv2.imencode(".png", grey)
    assert written
    command = [TESSERACT, "-", "-", "--psm", mode]
    done = subprocess.run(command, input=data.tobytes(), capture_output=True, timeout=60)
    return _unmarked(done.stdout.decode(errors="ignore"))
