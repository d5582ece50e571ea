"""What belongs into a project folder: every deliverable made, checked and kept in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ai_video_editor.composition.captions import srt, vtt
from ai_video_editor.composition.composer import unedited
from ai_video_editor.composition.exports import export_all
from ai_video_editor.composition.film_shape import Reframed, window_of
from ai_video_editor.composition.steps import part_of
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import (
    ABPair,
    DeliveryPackage,
    MetadataPackage,
    ThumbnailPackage,
    Verification,
)
from ai_video_editor.delivery.made import Made
from ai_video_editor.delivery.shorts import deliver_shorts
from ai_video_editor.errors import ContextStateError
from ai_video_editor.media.timecode import start_timecode
from ai_video_editor.metadata.pairs import ab_pairs
from ai_video_editor.progress import Report, silent
from ai_video_editor.reporting.documents import (
    chapters_txt,
    description_txt,
    metadata_json,
    plan_json,
    plan_with_shorts,
    verification_json,
)
from ai_video_editor.reporting.page import render as render_page
from ai_video_editor.reporting.pictures import PagePictures
from ai_video_editor.verification.verifier import verify
from ai_video_editor.verification.words import HearAgain

EDIT_LISTS = ("timeline.otio", "timeline.fcpxml", "timeline.xml", "timeline.edl")


def bundle(
    context: ContentContext,
    sources: Mapping[str, Path],
    *,
    path_of: Callable[[MediaRef], Path],
    keep: Callable[[Path], MediaRef],
    scratch: Path,
    audio_track: str = "0",
    hear_again: HearAgain | None = None,
    not_heard: str = "",
    chosen_thumbnail: str | None = None,
    report: Report = silent,
) -> DeliveryPackage:
    """Make every file of the project folder but those that tell of one run.

    Args:
        context: a context with at least the plan and the film.
        sources: where each input lies, by its SHA-256.
        path_of: where a file of the store lies.
        keep: moves a finished file into the store.
        scratch: an empty folder to write in.
        audio_track: sound track that was kept, or "mix".
        hear_again: gives the recogniser that wrote the words, to hear the film with.
        not_heard: why there is none.
        chosen_thumbnail: file name of the one that is delivered as thumbnail.jpg too.
        report: told how far it is.

    Raises:
        ContextStateError: there is no plan or no film yet.
    """
    plan, film = context.ai_director_plan, context.composed_video
    if plan is None or film is None:
        raise ContextStateError("There is no plan or no film to deliver.")
    made = Made(keep, scratch)
    made.add("video.mp4", film.film)
    thumbnails = context.thumbnail_package or ThumbnailPackage()
    for thumbnail in thumbnails.thumbnails:
        made.add(f"thumbnails/{thumbnail.file_name}", thumbnail.image)
        if thumbnail.file_name == chosen_thumbnail:
            made.add("thumbnail.jpg", thumbnail.image)
    if context.generated_broll is not None:
        for number, asset in enumerate(context.generated_broll.assets, start=1):
            made.add(f"broll/{number:02d}-{asset.content_type}{asset.clip.suffix}", asset.clip)

    report(0.1, "writing captions and texts")
    with made.part("captions"):
        made.write("captions.srt", srt(film.captions))
        made.write("captions.vtt", vtt(film.captions))
    with made.part("plan.json"):
        made.write("plan.json", plan_json(plan_with_shorts(context)))
    pairs = _texts(made, context, thumbnails)

    report(0.2, "writing edit lists")
    files = [(file, sources[file.sha256]) for file in context.video_files]
    notes = _edit_lists(made, context, files)

    verification: Verification | None = None
    captions = next((path_of(f.content) for f in made.files if f.path == "captions.srt"), None)
    with made.part("verification"):
        verification = verify(
            path_of(film.film),
            plan,
            film,
            files=files,
            broll=context.generated_broll,
            captions=captions,
            thumbnails=[
                (thumbnail.file_name, path_of(thumbnail.image))
                for thumbnail in thumbnails.thumbnails
            ],
            metadata=context.metadata_variations,
            audio_track=audio_track,
            window=_window(context),
            audio=context.audio_analysis,
            hear_again=hear_again,
            not_heard=not_heard,
            report=part_of(report, 0.3, 0.8),
        )
        made.write("verification.json", verification_json(verification))
    shorts = deliver_shorts(
        made,
        context,
        files,
        path_of=path_of,
        audio_track=audio_track,
        report=part_of(report, 0.8, 1.0),
    )
    package = DeliveryPackage(
        files=tuple(made.files),
        ab_pairs=pairs,
        verification=verification,
        shorts=shorts,
        left_out=tuple(made.left_out),
        notes=tuple(notes),
    )
    pictures = PagePictures()
    delivered = context.model_copy(update={"delivery": package})
    render_page(delivered, path_of=path_of, pictures=pictures)
    drawn = scratch / "page-pictures.json"
    drawn.write_text(pictures.to_json(), encoding="utf-8")
    return package.model_copy(update={"pictures": keep(drawn)})


def _window(context: ContentContext) -> Reframed | None:
    """The window through which the film shows the recording."""
    plan, film, metadata = (
        context.ai_director_plan, context.composed_video, context.video_metadata,
    )  # fmt: skip
    if plan is None or film is None or metadata is None:
        return None
    cut = unedited(plan) if film.method == "reencode" else plan
    return window_of(film, cut.time_map(), context.video_files, context.video_analysis, metadata)


def _edit_lists(
    made: Made, context: ContentContext, files: Sequence[tuple[VideoFile, Path]]
) -> list[str]:
    """The cut for other editing programs; what is different there, in words."""
    plan, metadata, film = context.ai_director_plan, context.video_metadata, context.composed_video
    if plan is None or metadata is None or film is None:
        return []
    metadata = metadata.model_copy(update={"width": film.width, "height": film.height})
    chapters = context.metadata_variations.chapters if context.metadata_variations else ()
    notes: list[str] = []
    with made.part("edit lists"):
        timecodes = [start_timecode(file, path) for file, path in files]
        exported = export_all(plan, files, metadata, chapters, timecodes)
        for name, content in exported.items():
            made.write(name, content)
        missing = [name for name in EDIT_LISTS if name not in exported]
        made.left_out.extend(
            note for note in exported.notes if any(name in note for name in missing)
        )
        notes = [note for note in exported.notes if note not in made.left_out]
        if film.aspect is not None:
            notes.append(
                "The edit lists have the film's shape; the window that follows who speaks is not "
                "in them: reframe the recording there by hand."
            )
    return notes


def _texts(made: Made, context: ContentContext, thumbnails: ThumbnailPackage) -> tuple[ABPair, ...]:
    texts: MetadataPackage | None = context.metadata_variations
    plan = context.ai_director_plan
    if texts is None or plan is None:
        return ()
    pairs: tuple[ABPair, ...] = ()
    with made.part("A/B pairs"):
        pairs = ab_pairs(texts, thumbnails, plan)
    with made.part("metadata"):
        language = context.audio_analysis.language if context.audio_analysis else "und"
        made.write("metadata.json", metadata_json(texts, pairs, language))
        made.write("description.txt", description_txt(texts))
        made.write("chapters.txt", chapters_txt(texts.chapters))
    return pairs
