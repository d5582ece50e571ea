"""The same cut for Resolve, Final Cut and Premiere: `export_all`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ai_video_editor.composition.exports.edit import Edit, edit_of, nearest_smpte
from ai_video_editor.composition.exports.edl import MOST_EVENTS, edl_files
from ai_video_editor.composition.exports.fcpxml import fcpxml
from ai_video_editor.composition.exports.otio_timeline import fcp7_xml, otio_json
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan


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
) -> Exports:
    """`timeline.otio`, `.fcpxml`, `.xml` and `.edl` with markers for chapters and reasons.

    A format that fails is left out and named in `notes`; the others are there.

    Args:
        plan: the edit.
        files: the inputs and where they lie; the exports refer to them by absolute path.
        metadata: name and size of the film.
        chapters: on the film's clock.
    """
    exports = Exports()
    known = nearest_smpte(plan.rate)
    own = edit_of(plan, files, metadata, chapters, plan.rate)
    shared = own if known == plan.rate else edit_of(plan, files, metadata, chapters, known)
    if known != plan.rate:
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
    if len(own.clips) > MOST_EVENTS:
        exports.notes.append(
            f"An EDL holds {MOST_EVENTS} events and the film has {len(own.clips)}: it is divided "
            "into numbered files, to be laid on one timeline."
        )
    return exports


__all__ = ["Edit", "Exports", "export_all"]
