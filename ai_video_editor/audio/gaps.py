"""Where a recording has no sound at all: it starts late, has a hole, ends before the picture.

Extraction fills such places with digital silence, so that nothing moves; here they are named. A
room is never that silent, so digital silence is where to look; whether the file holds sound there
(a noise gate leaves silence, too) is asked of the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from ai_video_editor.audio.sound import STEP, Row, Sound
from ai_video_editor.audio.speech import runs_of
from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.media.audio_coverage import missing

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
_ASKED = 40
"""Voice probability under which nobody speaks; how many holes are named one by one; about how many
silences the file is asked."""


def notes_on(
    file: VideoFile, path: Path, tracks: Sequence[AudioTrack], sound: Sound, probability: Row
) -> list[str]:
    """What is missing of an input's sound, and what was done, in the user's words.

    Args:
        file: the input.
        path: where it lies.
        tracks: those of its sound tracks that are heard.
        sound: its rows.
        probability: of voice in each row.
    """
    return list(_told(file, path, tracks, sound, probability))


def _told(
    file: VideoFile, path: Path, tracks: Sequence[AudioTrack], sound: Sound, probability: Row
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
    holes = missing(file, path, tracks, [_seconds(run) for run in inside[:_ASKED]])
    if holes:
        yield _holes(file, holes)
    if runs and runs[-1][1] == rows and runs[-1][0] > 0:
        start = runs[-1][0] * STEP
        early = rows * STEP - start >= _EARLY
        if early and missing(file, path, tracks, [_seconds(runs[-1])]):
            yield (
                f"The sound of {file.name} ends at {start:.1f} s, {rows * STEP - start:.1f} s "
                "before the file does; the rest is silence."
            )


def _seconds(run: tuple[int, int]) -> tuple[Fraction, Fraction]:
    step = Fraction(STEP).limit_denominator(10_000)
    return run[0] * step, run[1] * step


def _holes(file: VideoFile, holes: Sequence[tuple[Fraction, Fraction]]) -> str:
    named = ", ".join(f"{float(a):.1f}-{float(b):.1f} s" for a, b in holes[:_MOST])
    more = f" and {len(holes) - _MOST} more" if len(holes) > _MOST else ""
    return (
        f"The sound of {file.name} is missing at {named}{more}; silence fills the place, so that "
        "what comes after stays in time."
    )


def changed_form(file: VideoFile, forms: Sequence[str]) -> list[str]:
    """What to tell of sound whose rate or channels change while it runs.

    Args:
        file: the input.
        forms: what it is one after the other, "48000 Hz, stereo"; none where nothing changes.
    """
    if not forms:
        return []
    more = f" and {len(forms) - _MOST} more" if len(forms) > _MOST else ""
    return [
        f"The sound of {file.name} changes its form while it runs ({' -> '.join(forms[:_MOST])}"
        f"{more}); all of it was brought to one, in its place."
    ]
