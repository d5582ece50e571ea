"""`VideoComposer`: a plan and its media become the film."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from ai_video_editor.composition.burning import (
    ass_document,
    caption_style,
    emphasis_of,
    lay_out_fonts,
)
from ai_video_editor.composition.caption_track import CaptionTrack, caption_track
from ai_video_editor.composition.captions import captions_of, words_on_film
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.encoder import QUALITIES, Encoded, encode
from ai_video_editor.composition.encoders import Encoder, choose
from ai_video_editor.composition.film_shape import Reframed, film_canvas, reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics, graphics_notes, graphics_of
from ai_video_editor.composition.loudness import raw_input
from ai_video_editor.composition.picture import BurnedCaptions, FilmShape, picture_graph
from ai_video_editor.composition.soundtrack import Soundtrack
from ai_video_editor.composition.steps import part_of, time_left
from ai_video_editor.composition.timeline import Section, sections_of
from ai_video_editor.composition.treatment import REDUCTION
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import ContentType, VideoFile, VideoMetadata
from ai_video_editor.context.outputs import BRollPackage, Caption, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, Kept
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.errors import InputError, MediaError
from ai_video_editor.look.palette import Palette, palette_for
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import SourceTime

Method = Literal["film", "plain_cuts", "reencode"]

Render = Literal["smart", "full"]

_METHOD_NAMES: dict[Method, str] = {
    "film": "full",
    "plain_cuts": "plain_cuts",
    "reencode": "reencode",
}


@dataclass(frozen=True)
class _Picture:
    """All that the film's picture is made of."""

    shape: FilmShape
    sections: Sequence[Section]
    files: Sequence[tuple[VideoFile, Path]]
    graphics: Graphics
    path_of: Callable[[MediaRef], Path]
    scratch: Path
    burned: BurnedCaptions | None = None
    reframed: Reframed | None = None
    track: CaptionTrack | None = None
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class _How:
    """How the picture was rendered, and what to tell of it."""

    smart: bool = False
    notes: tuple[str, ...] = ()

    def told(self, note: str) -> _How:
        """With one note more, where it says anything."""
        return replace(self, notes=(*self.notes, note)) if note else self


class VideoComposer:
    """Renders films.

    Args:
        settings: the film's shape, loudness and fades, smart or full render.
        quality: low, medium, high or ultra.
        audio_track: number of the sound track to keep, or "mix".
        parallel: whether ffmpeg may use several filter threads.

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
    ) -> None:
        """Keep how to render."""
        if quality not in QUALITIES:
            raise InputError(f"There is no quality {quality!r}: take {', '.join(QUALITIES)}.")
        self._settings = settings
        self._quality = quality
        self._audio_track = audio_track
        self._parallel = parallel

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
        try:
            master = soundtrack.render(
                scratch / "sound", timeout=time_left(end), report=part_of(report, 0, 0.15)
            )
            graphics, notes = Graphics(), master.notes
            if method == "film":
                pictured = [number for number, (file, _) in enumerate(files) if file.video]
                graphics = graphics_of(plan, time_map, broll, pictured=pictured)
                notes += graphics_notes(plan, time_map, broll, pictured=pictured)
            captions = captions_of(plan, audio)
            burned = None
            if method == "film":
                burned = self._burned(plan, audio, captions, shape, palette_for(style), scratch)
            track = caption_track(
                captions, audio.language if audio else "", time_map.duration,
                scratch / "captions.mp4",
            )  # fmt: skip
            look = Look()
            if method == "film":
                look = Look(self._settings.grade, self._settings.denoise_picture)
            picture = _Picture(
                shape,
                sections,
                files,
                graphics,
                path_of,
                scratch,
                burned,
                window,
                track,
                look,
            )
            wanted = render or self._settings.render
            smart = wanted == "smart" and method == "film"
            encoded, how = self._rendered(
                picture, raw_input(master.path), smart, end, part_of(report, 0.15, 1.0)
            )
            film = keep(encoded.path)
        finally:
            for folder in ("sound", "fonts"):
                shutil.rmtree(scratch / folder, ignore_errors=True)
            for path in (
                scratch / "graph.txt",
                scratch / "captions.ass",
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
            method="smart" if how.smart else _METHOD_NAMES[method],
            gain_db=master.gain,
            loudness_target=master.target,
            denoise_db=REDUCTION[self._settings.denoise],
            voice_eq=self._settings.voice_eq,
            encoder=encoded.encoder,
            notes=(*notes, *how.notes),
        )

    def _rendered(
        self, picture: _Picture, sound: list[str], smart: bool, end: float, report: Report
    ) -> tuple[Encoded, _How]:
        """Picture and sound in one file: smart where that was asked for and can be, else full."""
        choice = choose(self._settings.codec, self._settings.encoder, picture.shape)
        how = _How()
        if smart and picture.reframed is not None:
            how = _How(notes=(f"Rendered in full: the film is {self._settings.aspect}.",))
        elif smart and choice.encoder is not None:
            how = _How(notes=(f"Rendered in full: only x264 joins copied frames, and "
                              f"{choice.encoder.name} was to encode.",))  # fmt: skip
        elif smart and picture.burned is not None:
            how = _How(notes=("Rendered in full: captions are drawn into every frame.",))
        elif smart and picture.look.changes:
            how = _How(notes=("Rendered in full: every frame is graded or cleared of grain.",))
        elif smart:
            try:
                encoded, how = self._smart(picture, sound, end, report)
            except MediaError as error:
                how = _How(notes=(f"Rendered in full: the smart render failed ({error}).",))
                encoded = None
            if encoded is not None:
                return encoded, how.told(choice.note)
        try:
            encoded = self._full(picture, sound, choice.encoder, end, report)
        except MediaError as error:
            if choice.encoder is None or not choice.encoder.hardware:
                raise
            name = choice.encoder.name
            choice = choose(self._settings.codec, "cpu", picture.shape)
            how = how.told(f"Encoded on the processor: {name} failed ({error}).")
            encoded = self._full(picture, sound, choice.encoder, end, report)
        return encoded, how.told(choice.note)

    def _full(
        self,
        picture: _Picture,
        sound: list[str],
        encoder: Encoder | None,
        end: float,
        report: Report,
    ) -> Encoded:
        graph = picture_graph(
            picture.shape, picture.sections, picture.files, picture.graphics, picture.path_of,
            picture.scratch, burned=picture.burned, reframed=picture.reframed, look=picture.look,
        )  # fmt: skip
        return encode(
            graph, sound, picture.shape, encoder=encoder,
            quality=self._quality, parallel=self._parallel, scratch=picture.scratch,
            timeout=time_left(end), captions=picture.track, report=report,
        )  # fmt: skip

    def _burned(
        self,
        plan: AIDirectorPlan,
        audio: AudioAnalysis | None,
        captions: Sequence[Caption],
        shape: FilmShape,
        palette: Palette,
        scratch: Path,
    ) -> BurnedCaptions | None:
        """The captions as a document to draw; None where none are wanted or nothing is said."""
        if self._settings.burn_captions is None or not captions:
            return None
        text = ass_document(
            captions, words_on_film(plan, audio), caption_style(self._settings.burn_captions),
            shape.canvas, shape.rate, emphasis_of(plan), palette,
        )  # fmt: skip
        document = scratch / "captions.ass"
        document.write_text(text, encoding="utf-8")
        return BurnedCaptions(document, lay_out_fonts(scratch / "fonts"))

    def _smart(
        self, picture: _Picture, sound: list[str], end: float, report: Report
    ) -> tuple[Encoded | None, _How]:
        # PyAV takes 0.1 s to load, which a run that reuses its film should not pay for.
        from ai_video_editor.composition.smart.render import smart_plan, smart_render

        plan = smart_plan(
            picture.sections, picture.files, picture.graphics, picture.shape,
            quality=self._quality, report=report,
        )  # fmt: skip
        if isinstance(plan, str):
            return None, _How(notes=(plan,))
        encoded = smart_render(
            plan, sound, picture.files, picture.path_of, picture.shape,
            parallel=self._parallel, scratch=picture.scratch, timeout=time_left(end),
            captions=picture.track, report=report,
        )  # fmt: skip
        return encoded, _How(smart=True, notes=(plan.cost.sentence,))


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
