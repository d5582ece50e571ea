"""Loudness and true peak of the delivered file."""

from __future__ import annotations

from ai_video_editor.composition.loudness import TRUE_PEAK
from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check, skipped

TOLERANCE = 1.0
"""LU; EBU R128 allows ±1 LU where an exact level cannot be had."""

_METER = 0.1
"""dB by which two true-peak meters may differ (ITU-R BS.1770-4, four times oversampling)."""


def checks(subject: Subject) -> list[Check]:
    """Integrated loudness against what could be reached, and the highest peak."""
    measured = subject.measured
    target = subject.composed.loudness_target
    if measured.audio is None:
        return [skipped("loudness", "no sound"), skipped("true_peak", "no sound")]
    peak = measured.true_peak
    return [
        _loudness(target, measured.loudness),
        check(
            "true_peak", f"at most {TRUE_PEAK}", peak,
            peak is None or peak <= TRUE_PEAK + _METER, unit="dBTP",
            reason="Players may distort the loudest moments.",
        ),
    ]  # fmt: skip


def _loudness(target: float | None, measured: float | None) -> Check:
    if target is None and measured is None:
        return skipped("loudness", "the film is silent, as its source is")
    close = target is not None and measured is not None and abs(target - measured) <= TOLERANCE
    return check(
        "loudness", target, measured, close, unit="LUFS",
        reason="The film is not as loud as it should be.",
    )  # fmt: skip
