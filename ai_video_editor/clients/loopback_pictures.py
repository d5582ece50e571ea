"""Drawn pictures for the loopback service: lights over a dark ground, calm on one side."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from ai_video_editor.clients.loopback_answers import texts_of

_WIDE = 1344
"""Pixels, as the service's own pictures of 16:9 have."""
_MOST = 4


def pictures_for(body: Mapping[str, Any], fault: str = "ok") -> list[str]:
    """The pictures of a generateContent request, PNG in base64: as many as its words ask for.

    Args:
        body: the request; "2 pictures" in its text asks for two.
        fault: what the last of them shall be: black_picture, small_picture, broken_picture,
            busy_picture, missing_picture; anything else is none.
    """
    told = "\n".join(texts_of(body.get("contents")))
    config = (body.get("generationConfig") or {}).get("imageConfig") or {}
    aspect = str(config.get("aspectRatio") or "1:1")
    asked = re.search(r"\b(\d) (?:\w+ )?pictures\b", told)
    count = max(1, min(_MOST, int(asked[1]) if asked else 1))
    seed = zlib.crc32(told.encode())
    found = [painted(aspect, seed + number) for number in range(count)]
    if fault == "missing_picture":
        return found[:-1]
    if fault == "broken_picture":
        found[-1] = base64.b64encode(b"this is no picture").decode("ascii")
    elif fault in ("black_picture", "small_picture", "busy_picture"):
        found[-1] = painted(aspect, seed, kind=fault.removesuffix("_picture"))
    return found


def painted(aspect: str = "16:9", seed: int = 0, *, kind: str = "") -> str:
    """One PNG in base64: soft lights to the right over a dark ground.

    Args:
        aspect: width to height, such as 16:9.
        seed: another number, another picture.
        kind: black, small or busy for one that nobody can use.
    """
    import numpy as np
    from PIL import Image

    found = re.fullmatch(r"(\d{1,2}):(\d{1,2})", aspect)
    wide = 64 if kind == "small" else _WIDE
    high = max(1, wide * int(found[2]) // max(1, int(found[1]))) if found else wide
    draw = np.random.default_rng(seed)
    if kind == "black":
        picture: Any = np.zeros((high, wide, 3))
    elif kind == "busy":
        picture = np.kron(
            draw.integers(0, 256, (high // 8 + 1, wide // 8 + 1, 3)), np.ones((8, 8, 1))
        )[:high, :wide]
    else:
        y, x = np.mgrid[0 : 1 : high * 1j, 0 : 1 : wide * 1j]
        picture = np.full((high, wide, 3), 14.0) + 26 * x[..., None]
        for _ in range(9):
            across, up, size = draw.uniform((0.55, 0.05, 0.03), (1.0, 0.95, 0.16))
            light = np.exp(-(((x - across) / size) ** 2 + ((y - up) / (1.6 * size)) ** 2))
            picture += light[..., None] * draw.uniform(40, 200, 3)
    target = BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(target, "PNG", compress_level=1)
    return base64.b64encode(target.getvalue()).decode("ascii")
