"""Which way the picture is rendered: copied where it can be, in pieces, or by another encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ai_video_editor.composition.burning import lay_out_fonts
from ai_video_editor.composition.caption_track import CaptionTrack
from ai_video_editor.composition.encoder import Encoded, encode
from ai_video_editor.composition.encoders import Choice, Encoder, choose
from ai_video_editor.composition.film_shape import FilmShape, Reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.picture import BurnedCaptions, picture_graph
from ai_video_editor.composition.steps import time_left
from ai_video_editor.composition.timeline import Section
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.progress import Report
from ai_video_editor.settings import CompositionSettings

if TYPE_CHECKING:  # PyAV takes 0.1 s to load, which a run that reuses its film should not pay for
    from ai_video_editor.composition.smart.planning import RenderPlan
    from ai_video_editor.composition.smart.render import EncodePieces


OpenSound = Callable[[], Sequence[str]]
"""Gives the arguments with which ffmpeg opens the finished sound; waits until it is there."""


@dataclass(frozen=True)
class Picture:
    """All that the film's picture is made of.

    Attributes:
        shape: the film.
        sections: the cut.
        files: the inputs and where they lie.
        graphics: what is laid on it.
        path_of: where a file of the store lies.
        scratch: folder for files on the way; only the film is left in it.
        captions: ASS document that is drawn into the picture.
        reframed: the window on the inputs that the film shows.
        track: captions that viewers can switch on.
        look: grade of the recordings.
        encode: encodes pieces elsewhere; in this process when None.
    """

    shape: FilmShape
    sections: Sequence[Section]
    files: Sequence[tuple[VideoFile, Path]]
    graphics: Graphics
    path_of: Callable[[MediaRef], Path]
    scratch: Path
    captions: MediaRef | None = None
    reframed: Reframed | None = None
    track: CaptionTrack | None = None
    look: Look = field(default_factory=Look)
    encode: EncodePieces | None = None


@dataclass(frozen=True)
class Made:
    """The film, and how it was rendered.

    Attributes:
        film: its file.
        smart: whether untouched frames were copied.
        notes: what to tell of it.
    """

    film: Encoded
    smart: bool = False
    notes: tuple[str, ...] = ()


class PictureRenderer:
    """Renders the picture and joins it with the finished sound.

    Args:
        settings: shape, codec and encoder.
        quality: low, medium, high or ultra.
        parallel: whether ffmpeg may use several filter threads, and two pieces may be encoded at
            a time.
        piece_seconds: longest piece that is encoded at once.
    """

    def __init__(
        self, settings: CompositionSettings, *, quality: str, parallel: bool, piece_seconds: int
    ) -> None:
        """Keep how to render."""
        self._settings = settings
        self._quality = quality
        self._parallel = parallel
        self._piece_seconds = piece_seconds

    def render(
        self, picture: Picture, sound: OpenSound, *, smart: bool, end: float, report: Report
    ) -> Made:
        """Picture and sound in one file: smart where that was asked for and can be, else full.

        Args:
            picture: what it is made of.
            sound: gives the arguments that open the mastered sound, once that is there.
            smart: whether frames may be copied.
            end: moment of the monotonic clock at which it has to be done.
            report: told the share done.

        Raises:
            MediaError: ffmpeg failed.
            ProcessingTimeoutError: it took too long.
            DiskSpaceError: the disk is full.
        """
        choice = choose(self._settings.codec, self._settings.encoder, picture.shape)
        notes: tuple[str, ...] = (choice.note,) if choice.note else ()
        if smart:
            made = self._smart(picture, choice, sound, end, report)
            notes = (*made[1], *notes)
            if made[0] is not None:
                return Made(made[0], smart=True, notes=notes)
        if choice.encoder is None:
            return Made(self._in_pieces(picture, sound, end, report), notes=notes)
        try:
            film = self._by(choice.encoder, picture, sound, end, report)
        except MediaError as error:
            if not choice.encoder.hardware:
                raise
            notes = (*notes, f"Encoded on the processor: {choice.encoder.name} failed ({error}).")
            other = choose(self._settings.codec, "cpu", picture.shape).encoder
            if other is None:
                return Made(self._in_pieces(picture, sound, end, report), notes=notes)
            film = self._by(other, picture, sound, end, report)
        return Made(film, notes=notes)

    def _smart(
        self, picture: Picture, choice: Choice, sound: OpenSound, end: float, report: Report
    ) -> tuple[Encoded | None, tuple[str, ...]]:
        """The film, None where it is to be rendered in full, and what to tell."""
        obstacle = self._obstacle(picture, choice)
        if obstacle:
            return None, (f"Rendered in full: {obstacle}.",)
        from ai_video_editor.composition.smart.planning import smart_plan

        plan = smart_plan(
            picture.sections, picture.files, picture.graphics, picture.shape,
            quality=self._quality, longest=self._longest(picture), report=report,
        )  # fmt: skip
        if isinstance(plan, str):
            return None, (plan,)
        try:
            film = self._made(plan, picture, sound, end, report)
        except MediaError as error:
            return None, (f"Rendered in full: the smart render failed ({error}).",)
        return film, (plan.cost.sentence,) if plan.cost is not None else ()

    def _obstacle(self, picture: Picture, choice: Choice) -> str:
        """Why no frame can stay as it is; empty where some may."""
        if picture.reframed is not None:
            return f"the film is {self._settings.aspect}"
        if choice.encoder is not None:
            return f"only x264 joins copied frames, and {choice.encoder.name} was to encode"
        if picture.captions is not None:
            return "captions are drawn into every frame"
        if picture.look.changes:
            return "every frame is graded or cleared of grain"
        return ""

    def _in_pieces(self, picture: Picture, sound: OpenSound, end: float, report: Report) -> Encoded:
        from ai_video_editor.composition.smart.planning import full_plan

        plan = full_plan(
            picture.sections, picture.files, picture.graphics, picture.shape,
            quality=self._quality, longest=self._longest(picture),
            captions=picture.captions, reframed=picture.reframed, look=picture.look,
        )  # fmt: skip
        return self._made(plan, picture, sound, end, report)

    def _made(
        self, plan: RenderPlan, picture: Picture, sound: OpenSound, end: float, report: Report
    ) -> Encoded:
        from ai_video_editor.composition.smart.render import encoded_here, render_film

        here = encoded_here(
            picture.files, picture.path_of, picture.scratch / "pieces",
            parallel=self._parallel, timeout=time_left(end),
        )  # fmt: skip
        return render_film(
            plan, sound, picture.files, picture.shape, picture.encode or here,
            scratch=picture.scratch, timeout=time_left(end), captions=picture.track, report=report,
        )  # fmt: skip

    def _longest(self, picture: Picture) -> int:
        """Frames of a piece."""
        return max(1, picture.shape.rate.nearest_frame(Fraction(self._piece_seconds)))

    def _by(
        self, encoder: Encoder, picture: Picture, sound: OpenSound, end: float, report: Report
    ) -> Encoded:
        """The film by another encoder than x264, in one go."""
        burned = None
        if picture.captions is not None:
            fonts = lay_out_fonts(picture.scratch / "fonts")
            burned = BurnedCaptions(picture.path_of(picture.captions), fonts)
        graph = picture_graph(
            picture.shape, picture.sections, picture.files, picture.graphics, picture.path_of,
            picture.scratch, burned=burned, reframed=picture.reframed, look=picture.look,
        )  # fmt: skip
        return encode(
            graph, list(sound()), picture.shape, encoder=encoder,
            quality=self._quality, parallel=self._parallel, scratch=picture.scratch,
            timeout=time_left(end), captions=picture.track, report=report,
        )  # fmt: skip
