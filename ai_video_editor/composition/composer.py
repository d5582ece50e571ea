"""`VideoComposer`: a plan and its media become the film."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

from ai_video_editor.composition.captions import captions_of
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.encoder import QUALITIES, encode
from ai_video_editor.composition.graphics import Graphics, graphics_of
from ai_video_editor.composition.loudness import Mastered, mastered, raw_input
from ai_video_editor.composition.picture import FilmShape, picture_graph
from ai_video_editor.composition.sound import CutSound, cut_sound
from ai_video_editor.composition.timeline import Section, sections_of
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import BRollPackage, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, Kept
from ai_video_editor.errors import InputError
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import SourceTime

Method = Literal["film", "plain_cuts", "reencode"]

_METHOD_NAMES: dict[Method, str] = {
    "film": "full",
    "plain_cuts": "plain_cuts",
    "reencode": "reencode",
}


class VideoComposer:
    """Renders films.

    Args:
        settings: loudness and fades.
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
    ) -> ComposedVideo:
        """Render a plan.

        Args:
            plan: the edit.
            files: the inputs in the plan's order, and where they lie.
            metadata: size and rate of the film.
            audio: what was heard; None where the analysis failed.
            broll: graphics that were made.
            path_of: where a file of the store lies.
            keep: takes a finished file into the store.
            scratch: folder for files on the way; they are removed again.
            report: told the share done.
            timeout: seconds for all of it.
            method: the film with its graphics, plain cuts, or the inputs unedited.

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
        shape = FilmShape(Canvas(metadata.width, metadata.height), time_map.rate, time_map.frames)
        sections = sections_of(time_map)
        scratch.mkdir(parents=True, exist_ok=True)
        made: list[Path] = []
        try:
            sound = self._cut(sections, files, shape, scratch, _left(end), _part(report, 0, 0.08))
            made.append(sound.path)
            master = self._master(
                sound, _speech(audio), scratch, _left(end), _part(report, 0.08, 0.15)
            )
            made.append(master.path)
            graphics = graphics_of(plan, time_map, broll) if method == "film" else Graphics()
            graph = picture_graph(shape, sections, files, graphics, path_of, scratch)
            encoded = encode(
                graph, raw_input(master.path), shape,
                quality=self._quality, parallel=self._parallel, scratch=scratch,
                timeout=_left(end), report=_part(report, 0.15, 1.0),
            )  # fmt: skip
            film = keep(encoded.path)
        finally:
            for path in (*made, scratch / "graph.txt", *scratch.glob("card-pass*.png")):
                path.unlink(missing_ok=True)
        return ComposedVideo(
            film=film,
            frames=encoded.frames,
            frame_rate=str(shape.rate),
            width=metadata.width,
            height=metadata.height,
            duration=time_map.duration,
            captions=captions_of(plan, audio),
            method=_METHOD_NAMES[method],
            gain_db=master.gain,
            loudness_target=master.target,
            encoder=encoded.encoder,
            notes=(*sound.notes, *master.notes),
        )

    def _cut(
        self,
        sections: Sequence[Section],
        files: Sequence[tuple[VideoFile, Path]],
        shape: FilmShape,
        scratch: Path,
        timeout: float,
        report: Report,
    ) -> CutSound:
        return cut_sound(
            sections,
            files,
            shape.rate,
            frames=shape.frames,
            audio_track=self._audio_track,
            edge_fade=self._settings.edge_fade,
            target=scratch / "cut.f32",
            timeout=timeout,
            report=report,
        )

    def _master(
        self, sound: CutSound, speech: bool, scratch: Path, timeout: float, report: Report
    ) -> Mastered:
        if not sound.audible:
            return Mastered(sound.path, sound.samples, 0.0, None)
        return mastered(
            sound,
            target=self._settings.loudness,
            max_gain=self._settings.max_gain,
            speech=speech,
            scratch=scratch,
            timeout=timeout,
            report=report,
        )


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


def _speech(audio: AudioAnalysis | None) -> bool:
    return audio is not None and bool(audio.speech or audio.words)


def _left(end: float) -> float:
    return max(1.0, end - time.monotonic())


def _part(report: Report, start: float, end: float) -> Report:
    def part(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else start + fraction * (end - start), doing)

    return part
