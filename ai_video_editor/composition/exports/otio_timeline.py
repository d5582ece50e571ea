"""OpenTimelineIO's own file."""

from __future__ import annotations

from typing import Any

from ai_video_editor.composition.exports.edit import Clip, Edit, Mark


def otio_json(edit: Edit) -> str:
    """The cut as an `.otio` document.

    Raises:
        Exception: whatever OpenTimelineIO finds wrong.
    """
    import opentimelineio as otio

    return str(otio.adapters.write_to_string(_timeline(edit), "otio_json"))


def _timeline(edit: Edit) -> Any:
    import opentimelineio as otio

    timeline = otio.schema.Timeline(edit.name)
    rate = float(edit.rate.fraction)
    timeline.global_start_time = otio.opentime.RationalTime(0, rate)
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    sound = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
    for clip in edit.clips:
        medium = edit.media[clip.medium]
        length = otio.opentime.RationalTime(clip.frames, rate)
        for track, there in ((picture, medium.rate is not None), (sound, medium.sound)):
            made = _clip(edit, clip, rate) if there else otio.schema.Gap(duration=length)
            track.append(made)
    if any(medium.rate is not None for medium in edit.media):
        timeline.tracks.append(picture)
    if any(medium.sound for medium in edit.media):
        timeline.tracks.append(sound)
    for mark in edit.marks:
        timeline.tracks.markers.append(_marker(mark, rate))
    return timeline


def _clip(edit: Edit, clip: Clip, rate: float) -> Any:
    import opentimelineio as otio

    medium = edit.media[clip.medium]

    def span(start: int, length: int) -> Any:
        time = otio.opentime.RationalTime
        return otio.opentime.TimeRange(time(start, rate), time(length, rate))

    reference = otio.schema.ExternalReference(
        target_url=medium.url, available_range=span(medium.start, medium.frames)
    )
    reference.name = medium.name
    # In OTIO a range is that of the film's clock; the effect says how fast the source runs in it.
    made = otio.schema.Clip(
        name=medium.name,
        media_reference=reference,
        source_range=span(medium.start + clip.source, clip.frames),
    )
    if clip.speed != 1:
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=float(clip.speed)))
    return made


def _marker(mark: Mark, rate: float) -> Any:
    import opentimelineio as otio

    time = otio.opentime.RationalTime
    marker = otio.schema.Marker(
        name=mark.title,
        marked_range=otio.opentime.TimeRange(time(mark.frame, rate), time(1, rate)),
        color=otio.schema.MarkerColor.GREEN if mark.chapter else otio.schema.MarkerColor.YELLOW,
    )
    marker.comment = mark.note
    return marker
