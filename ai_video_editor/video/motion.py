"""Movement second by second: still, a subject moving, the camera moving, a slide changing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ai_video_editor.context.video import MotionSample
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.camera import moved_as_one
from ai_video_editor.video.picture import Picture, changed_blocks
from ai_video_editor.video.quality import Measured, by_second
from ai_video_editor.video.shots import Boundary

STILL = 0.8
"""Mean luma difference of neighbouring samples below which a picture stands still."""
WHOLE = 0.45
"""Share of blocks that change when the camera moves, where corners cannot be followed."""
TOGETHER = 0.6
"""Share of the picture's areas that move as one when the camera moves."""
FOLLOWED_EVERY = 1.0
"""Seconds between two looks at where corners move to."""


@dataclass(frozen=True, slots=True)
class _Step:
    time: SourceTime
    amount: float
    blocks: float
    strong: float
    together: float | None = None


class MotionMeter:
    """Compares neighbouring samples.

    Args:
        input: index of the input.
    """

    def __init__(self, input: int) -> None:
        """Begin with nothing compared."""
        self._input = input
        self._last: Picture | None = None
        self._steps: list[_Step] = []
        self._next_look = float("-inf")

    def see(self, picture: Picture) -> float:
        """Compare with the sample before: mean change of luma, 0 to 255."""
        last, self._last = self._last, picture
        if last is None:
            self._steps.append(_Step(picture.time, 0.0, 0.0, 0.0))
            return 0.0
        amount = float(np.abs(picture.tiny - last.tiny).mean())
        together = None
        if amount > STILL / 8 and picture.seconds >= self._next_look - 0.02:
            self._next_look = picture.seconds + FOLLOWED_EVERY
            together = moved_as_one(last.grey, picture.grey)
        blocks = changed_blocks(last.tiny, picture.tiny, threshold=3.0)
        strong = changed_blocks(last.tiny, picture.tiny, threshold=12.0)
        self._steps.append(_Step(picture.time, amount, blocks, strong, together))
        return amount

    def summary(
        self, measured: list[Measured], boundaries: tuple[Boundary, ...]
    ) -> tuple[MotionSample, ...]:
        """One entry a second; a step over a shot boundary is a cut and not a movement."""
        steps = {step.time: step for step in self._steps}
        order = [step.time for step in self._steps]
        before = dict(zip(order[1:], order, strict=False))
        samples = []
        cuts = [boundary.time for boundary in boundaries]
        for start, end, group in by_second(measured):
            inside = [
                steps[m.time]
                for m in group
                if m.time in before and not any(before[m.time] < cut <= m.time for cut in cuts)
            ]
            amount = float(np.mean([step.amount for step in inside])) if inside else 0.0
            samples.append(
                MotionSample(
                    input=self._input,
                    start=start,
                    end=end,
                    amount=round(amount, 3),
                    kind=_kind(inside, amount),
                )
            )
        return tuple(samples)

    @property
    def amounts(self) -> dict[SourceTime, float]:
        """Movement towards each sample, grey levels."""
        return {step.time: step.amount for step in self._steps}


def _kind(steps: list[_Step], amount: float) -> str:
    if not steps:
        return "still"
    sudden = max(steps, key=lambda step: step.amount)
    others = [step.amount for step in steps if step is not sudden]
    if sudden.strong > 0.03 and sudden.amount > STILL and max(others, default=1.0) < STILL / 4:
        return "slide_change"
    followed = [step.together for step in steps if step.together is not None]
    if followed and float(np.mean(followed)) >= TOGETHER:
        return "camera"
    if amount < STILL:
        return "still"
    whole = float(np.median([step.blocks for step in steps])) > WHOLE
    return "camera" if whole and not followed else "subject"
