"""`VideoComposer`: a plan and its media become the film."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ai_video_editor.composition.burning import (
    ass_document,
    caption_style,
    emphasis_of,
)
from ai_video_editor.composition.caption_track import caption_track
from ai_video_editor.composition.captions import captions_of, words_on_film
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.encoder import QUALITIES
from ai_video_editor.composition.film_shape import FilmShape, film_canvas, reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics, graphics_notes, graphics_of
from ai_video_editor.composition.loudness import Mastered, raw_input
from ai_video_editor.composition.rendering import Picture, PictureRenderer
from ai_video_editor.composition.soundtrack import Soundtrack
from ai_video_editor.composition.steps import side_by_side, time_left
from ai_video_editor.composition.timeline import sections_of
from ai_video_editor.composition.treatment import REDUCTION
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import ContentType, VideoFile, VideoMetadata
from ai_video_editor.context.outputs import BRollPackage, Caption, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, Kept
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.errors import InputError
from ai_video_editor.look.palette import Palette, palette_for
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import SourceTime

if TYPE_CHECKING:
    from ai_video_editor.composition.smart.render import EncodePieces

Method = Literal["film", "plain_cuts", "reencode"]

Render = Literal["smart", "full"]

_SOUND = 0.15
"""Share of the work that the sound is."""

_METHOD_NAMES: dict[Method, str] = {
    "film": "full",
    "plain_cuts": "plain_cuts",
    "reencode": "reencode",
}


class VideoComposer:
    """Renders films.

    Args:
        settings: the film's shape, loudness and fades, smart or full render.
        quality: low, medium, high or ultra.
        audio_track: number of the sound track to keep, or "mix".
        parallel: whether ffmpeg may use several filter threads, and two pieces may be encoded at
            a time.
        piece_seconds: longest piece that is encoded at once.

    Raises:
        InputError: there is no such quality.
    """

    def __init__(
        self,
        settings: CompositionSettings,
        *,
        quality: str,
        audio_track: str,
        parallel: bool = True,
        piece_seconds: int = 200,
    ) -> None:
        """Keep how to render."""
        if quality not in QUALITIES:
            raise InputError(f"There is no quality {quality!r}: take {', '.join(QUALITIES)}.")
        self._settings = settings
        self._audio_track = audio_track
        self._parallel = parallel
        self._renderer = PictureRenderer(
            settings, quality=quality, parallel=parallel, piece_seconds=piece_seconds
        )

    def compose_video(
        self,
        plan: AIDirectorPlan,
        files: Sequence[tuple[VideoFile, Path]],
        metadata: VideoMetadata,
        audio: AudioAnalysis | None,
        broll: BRollPackage,
        *,
        path_of: Callable[[MediaRef], Path],
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report = silent,
        timeout: float,
        method: Method = "film",
        render: Render | None = None,
        style: ContentType = ContentType.GENERAL,
        video: VideoAnalysis | None = None,
        encode_pieces: EncodePieces | None = None,
    ) -> ComposedVideo:
        """Render a plan.

        A smart render copies the frames that the plan leaves untouched from the recording as they
        are, so these keep the recording's own quality and size; `quality` holds for the frames that
        are encoded. That is never worse to look at than a full render, but where a small file is
        wanted of a large recording, `render="full"` makes it. What was done, and why, is in the
        result's `method` and `notes`. The fallbacks `plain_cuts` and `reencode` are always full.

        Args:
            plan: the edit.
            files: the inputs in the plan's order, and where they lie.
            metadata: size and rate of the film before it is given another shape.
            audio: what was heard; None where the analysis failed.
            broll: graphics that were made.
            path_of: where a file of the store lies.
            keep: takes a finished file into the store.
            scratch: folder for files on the way; they are removed again.
            report: told the share done.
            timeout: seconds for all of it.
            method: the film with its graphics, plain cuts, or the inputs unedited.
            render: smart or full; the setting `composition.render` when None.
            style: kind of film, whose colours burned captions take.
            video: what was seen: faces that a film of another shape follows.
            encode_pieces: encodes the picture's pieces elsewhere; in this process when None.

        Raises:
            InputError: the plan keeps nothing, or names an input that is not there.
            MediaError: ffmpeg failed.
            ProcessingTimeoutError: it took too long.
            DiskSpaceError: the disk is full.
        """
        end = time.monotonic() + timeout
        plan = unedited(plan) if method == "reencode" else plan
        time_map = plan.time_map()
        _check(plan, time_map.frames, len(files))
        wide, aspect = Canvas(metadata.width, metadata.height), self._settings.aspect
        shape = FilmShape(film_canvas(wide, aspect), time_map.rate, time_map.frames)
        seen = None if method == "reencode" else video
        window = reframed(time_map, [file for file, _ in files], seen, wide, aspect)
        sections = sections_of(time_map)
        scratch.mkdir(parents=True, exist_ok=True)
        soundtrack = Soundtrack(
            plan, time_map, sections, files, audio, self._audio_track, self._settings
        )
        heard, seen_too = side_by_side(report, (_SOUND, 1 - _SOUND))
        try:
            graphics = Graphics()
            notes: tuple[str, ...] = ()
            if method == "film":
                pictured = [number for number, (file, _) in enumerate(files) if file.video]
                graphics = graphics_of(plan, time_map, broll, pictured=pictured)
                notes = graphics_notes(plan, time_map, broll, pictured=pictured)
            captions = captions_of(plan, audio)
            burned = None
            if method == "film":
                burned = self._burned(
                    plan, audio, captions, shape, palette_for(style), scratch, keep
                )
            track = caption_track(
                captions, audio.language if audio else "", time_map.duration,
                scratch / "captions.mp4",
            )  # fmt: skip
            look = Look()
            if method == "film":
                look = Look(self._settings.grade, self._settings.denoise_picture)
            picture = Picture(
                shape, sections, files, graphics, path_of, scratch,
                captions=burned, reframed=window, track=track, look=look, encode=encode_pieces,
            )  # fmt: skip
            wanted = render or self._settings.render
            with _beside(self._parallel) as beside:
                mastering = beside(
                    lambda: soundtrack.render(
                        scratch / "sound", timeout=time_left(end), report=heard
                    )
                )
                made = self._renderer.render(
                    picture, lambda: raw_input(mastering().path),
                    smart=wanted == "smart" and method == "film", end=end, report=seen_too,
                )  # fmt: skip
                master = mastering()
            encoded = made.film
            film = keep(encoded.path)
        finally:
            for folder in ("sound", "pieces", "fonts"):
                shutil.rmtree(scratch / folder, ignore_errors=True)
            for path in (
                scratch / "graph.txt",
                scratch / "captions.mp4",
                *scratch.glob("card-pass*.png"),
            ):
                path.unlink(missing_ok=True)
        return ComposedVideo(
            film=film,
            frames=encoded.frames,
            frame_rate=str(shape.rate),
            width=shape.canvas.width,
            height=shape.canvas.height,
            duration=time_map.duration,
            captions=captions,
            aspect=aspect if window is not None else None,
            method="smart" if made.smart else _METHOD_NAMES[method],
            gain_db=master.gain,
            loudness_target=master.target,
            denoise_db=REDUCTION[self._settings.denoise],
            voice_eq=self._settings.voice_eq,
            encoder=encoded.encoder,
            notes=(*master.notes, *notes, *made.notes),
        )

    def _burned(
        self,
        plan: AIDirectorPlan,
        audio: AudioAnalysis | None,
        captions: Sequence[Caption],
        shape: FilmShape,
        palette: Palette,
        scratch: Path,
        keep: Callable[[Path], MediaRef],
    ) -> MediaRef | None:
        """The captions as a document to draw; None where none are wanted or nothing is said."""
        if self._settings.burn_captions is None or not captions:
            return None
        text = ass_document(
            captions, words_on_film(plan, audio), caption_style(self._settings.burn_captions),
            shape.canvas, shape.rate, emphasis_of(plan), palette,
        )  # fmt: skip
        document = scratch / "captions.ass"
        document.write_text(text, encoding="utf-8")
        return keep(document)


@contextmanager
def _beside(parallel: bool) -> Iterator[Callable[[Callable[[], Mastered]], Callable[[], Mastered]]]:
    """Work that goes on beside the block: given what to do, something that waits for its result.

    Without `parallel` it is done where it is first waited for.
    """
    with ThreadPoolExecutor(1) as pool:
        # in a copy of this context: children belong to who may give this work up
        run = copy_context().run
        yield lambda work: pool.submit(run, work).result if parallel else cache(work)


def unedited(plan: AIDirectorPlan) -> AIDirectorPlan:
    """A plan that keeps all of every input and decides nothing."""
    kept = tuple(
        Kept(input=index, start=SourceTime(Fraction(0)), end=SourceTime(source.duration))
        for index, source in enumerate(plan.inputs)
    )
    return plan.model_copy(update={"kept": kept, "decisions": ()})


def _check(plan: AIDirectorPlan, frames: int, inputs: int) -> None:
    if frames < 1:
        raise InputError("The plan keeps nothing of the recording: there is no film to make.")
    highest = max(kept.input for kept in plan.kept)
    if highest >= inputs:
        raise InputError(
            f"The plan keeps ranges of input {highest + 1}, but only {inputs} were given."
        )
