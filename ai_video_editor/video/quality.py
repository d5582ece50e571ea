"""Picture quality second by second: sharpness, exposure, black and frozen picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import log10

import numpy as np

from ai_video_editor.context.video import QualitySample
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.picture import Picture, Pixels
from ai_video_editor.video.shots import BLACK_LEVEL

FROZEN = 0.02
"""Mean difference of neighbouring samples, grey levels, below which nothing at all moves."""
SECOND = Fraction(1)
HOURS = 3600
"""Seconds of film from which two seconds are told together: every entry takes 2 kB for good."""
DARK, BRIGHT = 35.0, 215.0
"""Mean luma below and above which a picture is badly exposed."""
PALE = 12.0
"""Contrast below which hardly anything stands out."""
BLURRED = 12.0
"""Variance of the Laplacian at 360 rows below which nothing is in focus."""
NOISY = 9.0
"""Grain, grey levels, that a viewer sees at once."""
SHAKY = 0.8
"""Jumps from frame to frame, % of the width, of a camera held badly."""


Shake = Callable[[SourceTime, SourceTime], float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Quality of one sampled picture.

    Attributes:
        time: of the picture.
        sharpness: variance of the Laplacian of luma.
        brightness: mean luma, 0 to 255.
        contrast: standard deviation of luma.
        clipped: share of pixels that are pure white or black.
        change: mean luma difference from the sample before, 0 to 255.
        noise: standard deviation of the grain, grey levels.
    """

    time: SourceTime
    sharpness: float
    brightness: float
    contrast: float
    clipped: float
    change: float
    noise: float = 0.0

    @property
    def black(self) -> bool:
        """Whether nothing can be seen."""
        return self.brightness < BLACK_LEVEL and self.contrast < BLACK_LEVEL

    @property
    def score(self) -> float:
        """0 unusable to 1 good, from exposure, contrast and sharpness."""
        if self.black:
            return 0.0
        exposure = min(1.0, self.brightness / 70, (275 - self.brightness) / 80)
        sharp = min(1.0, max(0.0, log10(1 + self.sharpness) / 2.6))
        rich = min(1.0, self.contrast / 45)
        burnt = 1 - min(0.5, self.clipped)
        return float(max(0.0, exposure) ** 0.5 * (0.25 + 0.45 * sharp + 0.3 * rich) * burnt)


class QualityMeter:
    """Measures sampled pictures; keeps numbers only.

    Args:
        input: index of the input.
    """

    def __init__(self, input: int) -> None:
        """Begin with nothing measured."""
        self._input = input
        self._last: Picture | None = None
        self._noise, self._next_noise = 0.0, float("-inf")
        self.measured: list[Measured] = []

    def see(self, picture: Picture) -> Measured:
        """Measure one picture."""
        import cv2

        grey, small = picture.grey, picture.small
        mean, deviation = cv2.meanStdDev(grey)
        white = cv2.countNonZero(cv2.inRange(small, (254, 254, 254), (255, 255, 255)))
        dark = cv2.countNonZero(cv2.inRange(small, (0, 0, 0), (1, 1, 1)))
        clipped = (white + dark) / (small.shape[0] * small.shape[1])
        last, self._last = self._last, picture
        change = float(np.abs(picture.tiny - last.tiny).mean()) if last is not None else 0.0
        if picture.seconds >= self._next_noise:
            self._noise, self._next_noise = grain(grey), picture.seconds + float(SECOND) - 0.02
        measured = Measured(
            picture.time,
            sharpness(grey),
            float(np.ravel(mean)[0]),
            float(np.ravel(deviation)[0]),
            clipped,
            change,
            self._noise,
        )
        self.measured.append(measured)
        return measured

    def result(self, shake: Shake | None = None) -> tuple[QualitySample, ...]:
        """One entry for each second that has samples, in order, without gaps in between.

        Args:
            shake: tells how much the picture jumps between two times; None where nobody looked.
        """
        return tuple(
            self._sample(start, end, group, shake(start, end) if shake else 0.0)
            for start, end, group in by_second(self.measured)
        )

    def _sample(
        self, start: SourceTime, end: SourceTime, group: list[Measured], shake: float
    ) -> QualitySample:
        quiet = [m.change < FROZEN for m in group if m is not self.measured[0]]
        sample = QualitySample(
            input=self._input,
            start=start,
            end=end,
            sharpness=round(float(np.median([m.sharpness for m in group])), 2),
            brightness=round(float(np.mean([m.brightness for m in group])), 2),
            contrast=round(float(np.mean([m.contrast for m in group])), 2),
            black=all(m.black for m in group),
            frozen=len(quiet) > 0 and all(quiet),
            noise=round(float(np.median([m.noise for m in group])), 2),
            shake=round(shake, 2),
            score=round(float(np.mean([m.score for m in group])), 3),
        )
        return sample.model_copy(update={"problems": _problems(sample)})


def _problems(sample: QualitySample) -> tuple[str, ...]:
    if sample.black:
        return ("black",)
    found = [word for word, is_so in (
        ("frozen", sample.frozen),
        ("dark", sample.brightness < DARK),
        ("bright", sample.brightness > BRIGHT),
        ("pale", sample.contrast < PALE),
        ("blurred", sample.sharpness < BLURRED and sample.contrast >= PALE),
        ("noisy", sample.noise > NOISY),
        ("shaky", sample.shake > SHAKY),
    ) if is_so]  # fmt: skip
    return tuple(found)


def grain(grey: Pixels) -> float:
    """Standard deviation of the noise, grey levels, whatever the picture shows.

    Immerkaer's mask (1996, doi:10.1006/cviu.1996.0060) leaves flat ground and straight edges out;
    the median keeps texture from counting as grain.
    """
    import cv2

    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    if min(grey.shape) < 8:
        return 0.0
    left = np.abs(cv2.filter2D(grey, cv2.CV_16S, mask)[1:-1, 1:-1])
    # The mask multiplies noise by 6; the median of its size is 0.6745 standard deviations.
    return float(np.median(left)) / (6 * 0.6745)


def sharpness(grey: Pixels) -> float:
    """Variance of the Laplacian, 0 for one flat colour; it depends on the size of the picture."""
    import cv2

    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(np.ravel(deviation)[0]) ** 2


def by_second(
    measured: list[Measured],
) -> list[tuple[SourceTime, SourceTime, list[Measured]]]:
    """Samples in groups of about a second: `(start, end, samples)`, half-open and touching.

    In films of hours the groups last two seconds.
    """
    groups: list[list[Measured]] = []
    lasts = measured[-1].time - measured[0].time if measured else Fraction(0)
    together = 2 * SECOND if lasts > HOURS else SECOND
    for sample in measured:
        if groups and sample.time - groups[-1][0].time < together:
            groups[-1].append(sample)
        else:
            groups.append([sample])
    spans = []
    for index, group in enumerate(groups):
        last = index + 1 == len(groups)
        step = group[-1].time - group[-2].time if len(group) > 1 else Fraction(1, 5)
        end = SourceTime(group[-1].time + step) if last else groups[index + 1][0].time
        spans.append((group[0].time, end, group))
    return spans
