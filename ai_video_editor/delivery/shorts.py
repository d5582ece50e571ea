"""The folder `shorts/`: each clip with its captions, measured before it is handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ai_video_editor.composition.captions import srt
from ai_video_editor.composition.film_shape import window_of
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import ComposedShort, DeliveredShort
from ai_video_editor.delivery.made import Made
from ai_video_editor.errors import ContextStateError
from ai_video_editor.intelligence.director.short_list import short_of
from ai_video_editor.intelligence.director.shorts import short_plan
from ai_video_editor.progress import Report
from ai_video_editor.reporting.documents import shorts_json
from ai_video_editor.verification.verifier import verify

FOLDER = "shorts"


def deliver_shorts(
    made: Made,
    context: ContentContext,
    files: Sequence[tuple[VideoFile, Path]],
    *,
    path_of: Callable[[MediaRef], Path],
    audio_track: str,
    report: Report,
) -> tuple[DeliveredShort, ...]:
    """Name the clips' files; one that does not pass its checks is left out and named.

    Args:
        made: the project folder's files as they are made.
        context: the project with the clips that were rendered.
        files: the inputs and where they lie.
        path_of: where a file of the store lies.
        audio_track: sound track that was kept, or "mix".
        report: told the share done.
    """
    package = context.composed_shorts
    if package is None:
        return ()
    made.left_out.extend(package.left_out)
    delivered: list[DeliveredShort] = []
    for index, short in enumerate(package.shorts):
        name = short.planned.short_id
        report(index / len(package.shorts), f"checking {name}")
        with made.part(name):
            captions = made.stored(f"{name}.srt", srt(short.video.captions))
            one = _measured(context, short, files, path_of, path_of(captions), audio_track)
            if not one.verification.passed:
                failed = [c for c in one.verification.checks if c.state == "failed"]
                told = "; ".join(f"{c.name}: {c.reason}" for c in failed)
                made.left_out.append(f"{name}: it did not pass its checks ({told})")
                continue
            made.add(one.film, short.video.film)
            made.add(one.captions, captions)
            delivered.append(one)
    with made.part("shorts.json"):
        made.write(f"{FOLDER}/shorts.json", shorts_json(delivered))
    return tuple(delivered)


def _measured(
    context: ContentContext,
    short: ComposedShort,
    files: Sequence[tuple[VideoFile, Path]],
    path_of: Callable[[MediaRef], Path],
    captions: Path,
    audio_track: str,
) -> DeliveredShort:
    plan, metadata = context.ai_director_plan, context.video_metadata
    cut = short_of(plan, short.planned) if plan is not None else None
    if plan is None or metadata is None or cut is None:
        raise ContextStateError("The plan no longer keeps anything of this clip.")
    own = short_plan(plan, cut)
    composed, name = short.video, f"{FOLDER}/{short.planned.short_id}"
    verification = verify(
        path_of(composed.film),
        own,
        composed,
        files=files,
        broll=short.broll,
        captions=captions if composed.captions else None,
        audio_track=audio_track,
        window=window_of(
            composed, own.time_map(), context.video_files, context.video_analysis, metadata
        ),
    )
    return DeliveredShort(
        planned=short.planned,
        film=f"{name}.mp4",
        captions=f"{name}.srt",
        width=composed.width,
        height=composed.height,
        duration=composed.duration,
        verification=verification,
        notes=composed.notes,
    )
