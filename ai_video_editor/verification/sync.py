"""Picture and sound begin together at zero, end together, and nothing is hidden in an edit list."""

from __future__ import annotations

from fractions import Fraction

from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check

AAC_FRAME = Fraction(1024, 48000)
"""Seconds: the grid on which AAC can end."""

_START_TOLERANCE = Fraction(1, 1000)


def checks(subject: Subject) -> list[Check]:
    """Start, offset, end and edit lists."""
    video, audio = subject.measured.video, subject.measured.audio
    edits = sum(1 for name in subject.measured.boxes if name.endswith("/elst"))
    edit_list = check(
        "edit_list", 0, edits, edits == 0, unit="edit lists",
        reason="Programs that ignore edit lists would play this out of step.",
    )  # fmt: skip
    if video is None or audio is None:
        missing = "picture" if video is None else "sound"
        return [
            check("av_offset", 0.0, None, False, unit="ms", reason=f"The film has no {missing}."),
            edit_list,
        ]
    start = video.times[0]
    offset = audio.times[0] - start
    apart = audio.end - video.end
    return [
        check(
            "start", 0.0, _ms(start), abs(start) <= _START_TOLERANCE, unit="ms",
            reason="The first frame is not at zero.",
        ),
        check(
            "av_offset", 0.0, _ms(offset), abs(offset) <= _START_TOLERANCE, unit="ms",
            reason="Sound and picture do not begin together.",
        ),
        check(
            "av_end", f"within {_ms(AAC_FRAME)}", _ms(apart), abs(apart) < AAC_FRAME, unit="ms",
            reason="Sound and picture do not end together.",
        ),
        edit_list,
    ]  # fmt: skip


def _ms(seconds: Fraction) -> float:
    return round(float(seconds) * 1000, 3)
