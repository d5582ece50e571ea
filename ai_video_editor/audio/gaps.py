"""Where a recording has no sound at all: it starts late, has a hole, ends before the picture.

Extraction fills such places with digital silence, so that nothing moves; here they are named. A
room is never that silent, so digital silence in a recording with a room was not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ai_video_editor.audio.sound import STEP, Row, Sound
from ai_video_editor.audio.speech import Runs, runs_of
from ai_video_editor.context.inputs import AudioTrack, VideoFile

_NOTHING = -95.0
"""dBFS under which nothing was recorded: 16 bits with dither have -93."""

_HOLE = 0.3
_LATE = 0.1
_EARLY = 1.0
"""Seconds without sound inside, before and behind it from which it is told."""

_ROOM = 50
"""Rows of a quiet room that a recording must have for its digital silence to be a hole."""

_NOBODY = 0.1
_MOST = 5
"""Voice probability under which nobody speaks; how many holes are named one by one."""


def notes_on(
    file: VideoFile, tracks: Sequence[AudioTrack], sound: Sound, probability: Row
) -> list[str]:
    """What is missing of an input's sound, and what was done, in the user's words.

    Args:
        file: the input.
        tracks: those of its sound tracks that are heard.
        sound: its rows.
        probability: of voice in each row.
    """
    return list(_told(file, tracks, sound, probability))


def _told(
    file: VideoFile, tracks: Sequence[AudioTrack], sound: Sound, probability: Row
) -> Iterator[str]:
    late = min((float(track.start) for track in tracks), default=0.0)
    if late >= _LATE:
        yield (
            f"The sound of {file.name} starts {late:.1f} s late; silence stands before it, so that "
            "it stays with the picture."
        )
    silent = sound.level <= _NOTHING
    room = (~silent & (probability < _NOBODY)).sum()
    if room < _ROOM:
        return
    rows = sound.level.size
    runs = [run for run in runs_of(silent) if (run[1] - run[0]) * STEP >= _HOLE]
    inside = [run for run in runs if run[0] > 0 and run[1] < rows]
    if inside:
        yield _holes(file, inside)
    if runs and runs[-1][1] == rows and runs[-1][0] > 0:
        start = runs[-1][0] * STEP
        if rows * STEP - start >= _EARLY:
            yield (
                f"The sound of {file.name} ends at {start:.1f} s, {rows * STEP - start:.1f} s "
                "before the file does; the rest is silence."
            )


def _holes(file: VideoFile, runs: Runs) -> str:
    named = ", ".join(f"{a * STEP:.1f}-{b * STEP:.1f} s" for a, b in runs[:_MOST])
    more = f" and {len(runs) - _MOST} more" if len(runs) > _MOST else ""
    return (
        f"The sound of {file.name} is missing at {named}{more}; silence fills the place, so that "
        "what comes after stays in time."
    )
