"""CMX 3600 edit decision lists, the format that every program reads."""

from __future__ import annotations

from collections.abc import Sequence

from ai_video_editor.composition.exports.edit import Clip, Edit, timecode

MOST_EVENTS = 999
"""Event numbers have three digits."""


def edl_files(edit: Edit) -> dict[str, str]:
    """`timeline.edl`, and `timeline-2.edl` and so on where there are more than 999 events.

    Record times go on from file to file, so that all of them laid on one timeline are the film.
    """
    parts = [edit.clips[i : i + MOST_EVENTS] for i in range(0, len(edit.clips), MOST_EVENTS)]
    return {
        "timeline.edl" if number == 1 else f"timeline-{number}.edl": _edl(edit, part, number)
        for number, part in enumerate(parts or [()], 1)
    }


def _edl(edit: Edit, clips: Sequence[Clip], number: int) -> str:
    title = edit.name if number == 1 else f"{edit.name} {number}"
    counting = "DROP FRAME" if edit.drop else "NON-DROP FRAME"
    lines = [f"TITLE: {title[:70]}", f"FCM: {counting}", ""]
    for event, clip in enumerate(clips, 1):
        lines.extend(_event(edit, clip, event))
    return "\n".join(lines) + "\n"


def _event(edit: Edit, clip: Clip, event: int) -> list[str]:
    rate = edit.rate
    medium = edit.media[clip.medium]
    channels = ("AA/V" if medium.sound else "V") if medium.rate is not None else "AA"
    source = medium.start + clip.source
    times = [
        timecode(frame, rate, drop=edit.drop)
        for frame in (
            source, source + clip.source_frames, clip.film, clip.film + clip.frames,
        )
    ]  # fmt: skip
    lines = [f"{event:03d}  AX       {channels:<5} C        {' '.join(times)}"]
    if clip.speed != 1:
        played = float(rate.fraction * clip.speed)
        lines.append(f"M2   AX       {played:05.1f}                {times[0]}")
    lines.append(f"* FROM CLIP NAME: {medium.name}")
    for mark in edit.marks_in(clip):
        color = "GREEN" if mark.chapter else "YELLOW"
        text = f"{mark.title}: {mark.note}" if mark.note else mark.title
        lines.append(f"* LOC: {timecode(mark.frame, rate, drop=edit.drop)} {color:<7} {text}")
    return lines
