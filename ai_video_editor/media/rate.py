"""The frame rate that a camera meant, from the times of its frames and what the header says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ai_video_editor.timebase import FrameRate

_OFF_SHARE = 0.02
"""Share of gaps between frames that may differ from the usual one before the rate is variable."""

_OFF_BY = 0.1
"""A gap differs when it is this share longer or shorter than the usual one …"""

_ROUNDING = 1100
"""… and by more than this many microseconds: Matroska and FLV round to whole milliseconds."""

_MEAN_OFF = 0.01
"""Average and usual gap this far apart mean a variable rate (1 %, as phones' files show)."""

_NEAR = 0.1
"""Jitter and a dropped frame leave the average within a tenth of the usual gap."""

_RATE_AGREES = Fraction(1, 100)
"""Share by which a header's rate may miss the packets' and still be what the camera meant."""

_JITTERED = Fraction(1, 100)
"""Share by which jitter may move the average of a short clip."""

_UNKNOWN = FrameRate(30)
"""Where neither header nor packets say."""


@dataclass(frozen=True)
class Rhythm:
    """How frames follow each other.

    Attributes:
        rate: frames a second that the camera meant, not yet rounded to a standard rate.
        variable: whether the gaps between frames differ.
    """

    rate: Fraction
    variable: bool


def rhythm(times: Sequence[int]) -> Rhythm | None:
    """The rate of a stream's frames from their presentation times; None below three frames.

    A phone's jitter and a dropped frame leave the average right; where the rate itself changes,
    the usual gap tells what the camera was set to.

    Args:
        times: microseconds, in any order.
    """
    ordered = np.unique(np.asarray(times, dtype=np.int64))
    if len(ordered) < 3:
        return None
    gaps = np.diff(ordered)
    usual = float(np.median(gaps))
    mean = Fraction(int(ordered[-1] - ordered[0]), len(gaps))
    off = int(np.count_nonzero(np.abs(gaps - usual) > max(usual * _OFF_BY, _ROUNDING)))
    apart = abs(float(mean) - usual)
    near = apart <= max(usual * _NEAR, _ROUNDING)
    variable = off > len(gaps) * _OFF_SHARE or (not near and apart > usual * _MEAN_OFF)
    gap = mean if near else Fraction(usual)
    return Rhythm(1_000_000 / gap, variable)


def nominal_rate(times: Sequence[int], said: Sequence[Fraction]) -> tuple[FrameRate, bool]:
    """The nominal rate, and whether the frames come unevenly.

    A header's rate is taken where it is a standard one and agrees with the frames' own times;
    `r_frame_rate` of a phone's file, which may read 90000, is not.

    Args:
        times: presentation times, microseconds, in any order.
        said: rates that the header gives, most trusted first.
    """
    found = rhythm(times)
    if found is None:
        return (FrameRate.nominal(said[0]) if said else _UNKNOWN), False
    for rate in (*said, found.rate):
        nominal = FrameRate.nominal(rate)
        close = abs(rate - found.rate) <= found.rate * _RATE_AGREES
        if close and nominal.denominator in (1, 1001):
            return nominal, found.variable
    if found.variable:
        return _nearest_standard(found.rate), True
    return FrameRate.nominal(found.rate), False


def _nearest_standard(rate: Fraction) -> FrameRate:
    """A camera's rate for frames that jitter too much to tell it to 0.05 %."""
    whole = Fraction(max(1, round(rate)))
    nearest = min((whole, whole * 1000 / 1001), key=lambda one: abs(one - rate))
    near = abs(nearest - rate) <= rate * _JITTERED
    return FrameRate.nominal(nearest if near else rate)
