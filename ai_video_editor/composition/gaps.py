"""Digital silence inside a recording: late sound, a lost packet, a track that ends early."""

from __future__ import annotations

import numpy as np

from ai_video_editor.composition.samples import SAMPLE_RATE, Curve, Samples

_DEAD = 1e-5
"""Full scale (-100 dBFS): a microphone's noise never stays under it."""

_RAMP = round(0.015 * SAMPLE_RATE)
_SHORTEST = 3 * _RAMP


class Gaps:
    """How far a sound that is read block by block is missing."""

    def __init__(self) -> None:
        """Begin with sound."""
        self._missing = 0.0

    def share(self, block: Samples) -> Curve | None:
        """For each sample how far it wants filling, 0 to 1 (amplitude); None for not at all.

        It rises inside a gap and has fallen when the sound comes back; only where a gap ends
        with a block does it fall in the first moment of the next.
        """
        dead = np.concatenate(([0], (np.abs(block).max(axis=1) < _DEAD).astype(np.int8), [0]))
        edges = np.flatnonzero(np.diff(dead))
        points: list[tuple[float, float]] = [(-1, self._missing)]
        if self._missing and (not len(edges) or edges[0] > 0):
            points.append((_RAMP, 0.0))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            goes_on = start == 0 and self._missing > 0
            if end - start < _SHORTEST and not goes_on:
                continue
            if not goes_on:
                points += [(max(start, points[-1][0]), 0.0), (start + _RAMP, 1.0)]
            if end < len(block):
                points += [(max(end - _RAMP, points[-1][0]), self._at(points)), (end, 0.0)]
        self._missing = self._at(points)
        if len(points) == 1 and not self._missing:
            return None
        times, shares = zip(*points, strict=True)
        ramp = np.interp(np.arange(len(block)), times, shares)
        filled: Curve = np.sin(ramp * (np.pi / 2)).astype(np.float32)
        return filled

    def _at(self, points: list[tuple[float, float]]) -> float:
        return points[-1][1]
