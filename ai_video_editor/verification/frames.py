"""Every frame of the plan is in the film, once, at its time."""

from __future__ import annotations

from itertools import pairwise

from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check


def checks(subject: Subject) -> list[Check]:
    """Frame count, even steps, duration."""
    video = subject.measured.video
    times = video.times if video else ()
    expected = subject.time_map.frames
    step = subject.time_map.rate.frame_duration
    uneven = sum(1 for a, b in pairwise(times) if abs(b - a - step) > step / 100)
    duration = (video.end - times[0]) if video and times else None
    return [
        check(
            "frames", expected, len(times), len(times) == expected, unit="frames",
            reason="The film does not have the frames of the plan.",
        ),
        check(
            "frame_times", 0, uneven, uneven == 0, unit="uneven steps",
            reason="Some frames do not follow each other at the film's rate.",
        ),
        check(
            "duration", round(float(subject.duration), 6),
            None if duration is None else round(float(duration), 6),
            duration is not None and abs(duration - subject.duration) < step, unit="s",
            reason="The film is not as long as the plan.",
        ),
    ]  # fmt: skip
