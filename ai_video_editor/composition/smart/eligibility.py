"""Whether an input's picture may go into the film as it is, and in words why not."""

from __future__ import annotations

from ai_video_editor.composition.conform import Canvas, as_it_is
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.smart.parameter_sets import HIGH
from ai_video_editor.context.inputs import VideoFile, VideoTrack

_CONTAINERS = frozenset({"mov", "matroska"})
"""Containers whose time stamps are true, that have an index, and that hold H.264 with lengths."""

_MAIN = {66: "Baseline", 77: "Main", 88: "Extended", 110: "High 10", 122: "High 4:2:2",
         244: "High 4:4:4"}  # fmt: skip
"""Names of `profile_idc`, ITU-T H.264, Annex A."""


def obstacle(file: VideoFile, shape: FilmShape) -> str:
    """Why an input's frames must be encoded, from what is known without reading it; "" if not."""
    track = file.video
    if track is None:
        return "it has no picture"
    if track.codec != "h264":
        return f"its codec is {track.codec}, not H.264"
    if file.container not in _CONTAINERS:
        return f"frames cannot be copied out of {file.container} files"
    if file.clock_jumps:
        return "its clock starts anew inside"
    return _conformed(track, shape)


def _conformed(track: VideoTrack, shape: FilmShape) -> str:
    if track.hdr:
        return "it is HDR"
    if track.interlaced:
        return "it is interlaced"
    if track.rotation or track.mirrored:
        return f"it is turned by {track.rotation} degrees" if track.rotation else "it is mirrored"
    if track.sample_aspect != "1/1":
        return "its pixels are not square"
    if (track.coded_width, track.coded_height) != (shape.canvas.width, shape.canvas.height):
        return "its size is not the film's"
    if track.rate != shape.rate:
        return "its frame rate is not the film's"
    if not as_it_is(track, Canvas(track.width, track.height)):
        return "its colours must be converted"
    return ""


def coded_obstacle(index: PacketIndex) -> str:
    """Why an indexed input cannot be copied after all; "" if it can."""
    if index.sets.profile != HIGH:
        name = _MAIN.get(index.sets.profile, str(index.sets.profile))
        return f"its profile is {name} and the film is High"
    return ""
