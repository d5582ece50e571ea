"""A few pictures of a recording, small enough to be sent along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.video import VisualHighlight

LONGEST_SIDE = 384
"""Pixels; up to this size a picture counts as one tile of 258 tokens."""

_QUALITY = 80


def small_pictures(
    highlights: Sequence[VisualHighlight], count: int, path: Callable[[MediaRef], Path]
) -> list[bytes]:
    """JPEG files of the best highlights, each of another kind while there are some.

    Args:
        highlights: with their frames.
        count: how many are wanted.
        path: where a frame lies.
    """
    from PIL import Image

    ranked = sorted(highlights, key=lambda h: -h.score)
    by_kind = {h.kind: h for h in reversed(ranked)}
    best = [h for h in ranked if by_kind[h.kind] is h]
    rest = [h for h in ranked if by_kind[h.kind] is not h]
    found = []
    for highlight in [*best, *rest][:count]:
        with Image.open(path(highlight.frame)) as picture:
            small = picture.convert("RGB")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        data = BytesIO()
        small.save(data, "JPEG", quality=_QUALITY)
        found.append(data.getvalue())
    return found
