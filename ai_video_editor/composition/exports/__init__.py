"""The same cut for Resolve, Final Cut and Premiere: `export_all`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ai_video_editor.composition.exports.edit import Edit, clean, edit_of, nearest_smpte
from ai_video_editor.composition.exports.edl import MOST_EVENTS, edl_files
from ai_video_editor.composition.exports.fcp7 import fcp7_xml
from ai_video_editor.composition.exports.fcpxml import fcpxml
from ai_video_editor.composition.exports.otio_timeline import otio_json
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.media.timecode import Timecode


class Exports(dict[str, bytes | str]):
    """File name to content, with notes on what differs from the film or could not be made.

    Attributes:
        notes: sentences for the user.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.notes: list[str] = []


def export_all(
    plan: AIDirectorPlan,
    files: Sequence[tuple[VideoFile, Path]],
    metadata: VideoMetadata,
    chapters: Sequence[FilmChapter],
    timecodes: Sequence[Timecode | None] = (),
) -> Exports:
    """`timeline.otio`, `.fcpxml`, `.xml` and `.edl` with markers for chapters and reasons.

    A format that fails is left out and named in `notes`; the others are there.

    Args:
        plan: the edit.
        files: the inputs and where they lie; the exports refer to them by absolute path.
        metadata: name and size of the film.
        chapters: on the film's clock.
        timecodes: the time code each input begins with; source times then count from it, as
            editing programs do.
    """
    exports = Exports()
    known = nearest_smpte(plan.rate)
    own = edit_of(plan, files, metadata, chapters, plan.rate, timecodes)
    shared = own
    if known != plan.rate:
        shared = edit_of(plan, files, metadata, chapters, known, timecodes)
        exports.notes.append(
            f"Editing programs do not know {float(plan.rate.fraction):.3f} frames a second: "
            f"timeline.fcpxml, .xml and .edl are in {float(known.fraction):.3f}, with every cut on "
            "the nearest frame; timeline.otio is exact."
        )
    makers: tuple[tuple[str, Callable[[], dict[str, str]]], ...] = (
        ("timeline.otio", lambda: {"timeline.otio": otio_json(own)}),
        ("timeline.fcpxml", lambda: {"timeline.fcpxml": fcpxml(shared)}),
        ("timeline.xml", lambda: {"timeline.xml": fcp7_xml(shared)}),
        ("timeline.edl", lambda: edl_files(shared)),
    )
    for name, make in makers:
        try:
            exports.update(make())
        except Exception as error:  # adapters are plug-ins: any of them may raise anything
            exports.notes.append(f"{name} could not be written: {type(error).__name__}: {error}")
    parts = [name for name in exports if name.endswith(".edl")]
    if len(parts) > 1:
        exports.notes.append(
            f"An EDL holds {MOST_EVENTS} events and the film has {len(shared.clips)}: it is "
            f"divided into {', '.join(parts[:-1])} and {parts[-1]}, to be laid on one timeline."
        )
    varying = [clean(file.name) for file, _ in files if _varies(file)]
    if varying:
        exports.notes.append(
            f"{', '.join(varying)}: the frame rate varies, and editing programs place the frames "
            "of such a recording differently; check the cuts of the edit lists there."
        )
    return exports


def _varies(file: VideoFile) -> bool:
    return file.video is not None and file.video.variable_frame_rate


__all__ = ["Edit", "Exports", "export_all"]
