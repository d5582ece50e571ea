"""The time code that a camera put into a recording: editing programs find frames by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.media.container import opened

_WRITTEN = re.compile(r"^(\d{1,2}):(\d\d):(\d\d)([:;.,])(\d{2,3})$")


@dataclass(frozen=True)
class Timecode:
    """What the first frame of a recording is labelled with.

    Attributes:
        text: "01:00:00:00", or "01:00:00;00" in drop-frame code.
        seconds: from the label 00:00:00:00 to it, at the recording's rate.
        drop: whether numbers are left out to keep up with the clock (SMPTE ST 12-1).
    """

    text: str
    seconds: Fraction
    drop: bool


def start_timecode(file: VideoFile, path: Path) -> Timecode | None:
    """The time code a recording begins with; None where it has none, or none that makes sense.

    Args:
        file: what `probe` found.
        path: where the file lies.

    Raises:
        InputError: the file is not there or cannot be opened.
    """
    if file.video is None:
        return None
    with opened(path, file.container) as source:
        written = [text for text in _tags(source) if text]
    return read_timecode(written[0], file.video.rate.fraction) if written else None


def read_timecode(text: str, rate: Fraction) -> Timecode | None:
    """A label as time; None where it is no time code of this rate.

    Args:
        text: as written in the file.
        rate: frames a second of the recording.
    """
    match = _WRITTEN.match(text.strip())
    base = max(1, round(rate))
    if match is None:
        return None
    hours, minutes, seconds, frames = (int(match.group(n)) for n in (1, 2, 3, 5))
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= base:
        return None
    # Only the NTSC rates of 30 and 60 have drop-frame code, whatever mark a file uses.
    drop = match.group(4) != ":" and base in (30, 60) and rate.denominator == 1001
    number = ((hours * 60 + minutes) * 60 + seconds) * base + frames
    if drop:
        whole = hours * 60 + minutes
        number -= base // 15 * (whole - whole // 10)
    return Timecode(text.strip(), number / rate, drop)


def _tags(source: object) -> Iterator[str]:
    """Where containers keep it: on the picture, on a track of its own, or on the whole file."""
    streams = getattr(source, "streams", ())
    for stream in sorted(streams, key=lambda one: one.type != "video"):
        yield stream.metadata.get("timecode", "")
    yield getattr(source, "metadata", {}).get("timecode", "")
