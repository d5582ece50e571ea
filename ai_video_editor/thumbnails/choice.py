"""Which frame each thumbnail shows: what its concept asks for, else what suits its strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from ai_video_editor.context.plan import STRATEGIES, Strategy, ThumbnailConcept
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.thumbnails.stills import Still

Variant = Literal["a", "b"]

NEAR = 2.0
"""Seconds within which a highlight counts as the one that a concept names."""

_LIKES: dict[Strategy, dict[str, float]] = {
    "emotional": {"expression": 0.30, "gesture": 0.20, "portrait": 0.10},
    "curiosity": {"gesture": 0.22, "action": 0.18, "slide": 0.10, "expression": 0.08},
    "authority": {"portrait": 0.25, "expression": 0.10, "slide": 0.06},
}
"""What is added to a highlight's score, by kind."""

BEHIND = 0.18
"""How far behind the best a frame may be and still be shown."""
RECOGNISED = 0.2
"""Height of a face, as a share of the frame, from which it is recognised in a small picture."""
OPEN = 0.5
"""Eyes less open than that, or not found at all, are half-closed in the picture."""
FOCUSED = 60.0
"""Variance of the Laplacian of a face that is in focus; below it, it is in the background."""
ALIKE = 14.0
"""Mean difference of coarse pictures, grey levels, below which two frames look the same."""


def assign(
    concepts: Mapping[Strategy, ThumbnailConcept],
    highlights: Sequence[VisualHighlight],
    stills: Sequence[Still],
) -> dict[tuple[Strategy, Variant], list[Still]]:
    """For each thumbnail its stills in order of preference; used ones come later for the others."""
    used: dict[int, float] = {}
    order: dict[tuple[Strategy, Variant], list[Still]] = {}
    for variant in ("a", "b"):
        for strategy in STRATEGIES:
            concept = concepts[strategy]
            cost = {
                still.index: 0.2 * used.get(still.index, 0)
                - _worth(highlights[still.index], strategy)
                for still in stills
            }
            ranked = sorted(_good(stills, highlights, strategy), key=lambda s: cost[s.index])
            asked = _asked(concept, highlights, stills) if variant == "a" else None
            if asked is not None:
                ranked = [asked, *(still for still in ranked if still is not asked)]
            if ranked:
                for still in stills:
                    share = 1.0 if still is ranked[0] else 0.6 * _alike(still, ranked[0])
                    used[still.index] = used.get(still.index, 0.0) + share
            order[strategy, "a" if variant == "a" else "b"] = ranked
    return order


def _good(
    stills: Sequence[Still], highlights: Sequence[VisualHighlight], strategy: Strategy
) -> list[Still]:
    """Those near the best: variety is no reason to show a poor frame."""
    best = sorted(stills, key=lambda still: -_worth(highlights[still.index], strategy))
    top = max((highlights[still.index].score for still in stills), default=0.0)
    near = [s for s in best if highlights[s.index].score >= top - BEHIND]
    return near if len(near) >= 2 else best[:3]


def _worth(highlight: VisualHighlight, strategy: Strategy) -> float:
    fault = 0.0
    if highlight.faces:
        face = highlight.faces[0]
        fault = max(0.0, 1 - face.box.height / RECOGNISED)
        fault += 0.25 * (face.eyes_open is None or face.eyes_open < OPEN)
        fault += 0.6 * max(0.0, 1 - face.sharpness / FOCUSED)
    return highlight.score + _LIKES[strategy].get(highlight.kind, 0.0) - 0.9 * fault


def _alike(one: Still, other: Still) -> bool:
    import cv2

    small = (16, 9)
    first, second = (
        cv2.resize(still.rgb, small, interpolation=cv2.INTER_AREA).astype(np.float32)
        for still in (one, other)
    )
    return bool(np.abs(first - second).mean() < ALIKE)


def _asked(
    concept: ThumbnailConcept, highlights: Sequence[VisualHighlight], stills: Sequence[Still]
) -> Still | None:
    if concept.frame_time is None:
        return None
    near = [
        (abs(float(highlights[still.index].time - concept.frame_time)), still.index)
        for still in stills
        if highlights[still.index].input == concept.frame_input
    ]
    away, index = min(near, default=(NEAR + 1, -1))
    if away > NEAR:
        return None
    return next(still for still in stills if still.index == index)
