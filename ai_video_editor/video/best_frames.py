"""Full-size frames kept while the film is decoded, so that few moments are decoded twice.

Which moments are best is known only at the end; going back to one costs decoding everything from
the key frame before it. So the best frame so far of each stretch of the film is held on to, one
with somebody in it and one without, as many as fit into a fixed piece of memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from ai_video_editor.media.frames import Original
from ai_video_editor.timebase import SourceTime

STRETCHES = 20
"""Parts of the film; twelve highlights are chosen, not all from different parts."""
SHORTEST = 0.7
"""Seconds of a stretch at least; two highlights are never nearer than that."""
MEMORY = 128_000_000
"""Bytes of decoded frames held over all inputs: forty in HD, ten in 4K."""
EQUAL = 0.99
"""Share of a score from which it is the same but for noise."""


@dataclass(frozen=True, eq=False)
class _Held:
    score: float
    time: SourceTime
    original: Original


class BestFrames:
    """The best frame of each stretch of one input.

    Args:
        duration: of the input, seconds.
        memory: bytes that may be held.
    """

    def __init__(self, duration: float, memory: int = MEMORY) -> None:
        """Begin with nothing held."""
        self._stretch = max(SHORTEST, duration / STRETCHES)
        self._memory = memory
        self._held: dict[tuple[int, bool], _Held] = {}

    def offer(self, time: SourceTime, score: float, original: Original, *, people: bool) -> None:
        """Hold a frame if it is the best of its stretch; of equals the later, which is fuller."""
        place = (int(float(time) // self._stretch), people)
        before = self._held.get(place)
        if before is not None and score < EQUAL * before.score:
            return
        self._held[place] = _Held(score, time, original)
        if len(self._held) * original.size > self._memory:
            del self._held[min(self._held, key=lambda other: self._held[other].score)]

    def result(self) -> dict[SourceTime, Original]:
        """The frames held, by their times."""
        return {held.time: held.original for held in self._held.values()}
