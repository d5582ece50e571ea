"""From a plan of copied runs and encoded pieces to the film's file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

from ai_video_editor.composition.caption_track import CaptionTrack
from ai_video_editor.composition.encoder import (
    AAC_PRIMING,
    AUDIO_ENCODING,
    Encoded,
)
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.smart.encoding import checked_piece, encode_piece
from ai_video_editor.composition.smart.joining import Material, Strip, join
from ai_video_editor.composition.smart.piece import Piece
from ai_video_editor.composition.smart.planning import RenderPlan
from ai_video_editor.composition.smart.playing import played_frames
from ai_video_editor.composition.steps import part_of, side_by_side, time_left
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import file_url, run
from ai_video_editor.progress import Report, silent

EncodePieces = Callable[[Sequence[Piece], Report], Sequence[Path]]
"""Encodes pieces and says where each lies; told the share done of all."""

_INDEXED, _ENCODED, _JOINED = 0.05, 0.9, 0.95
"""Shares of the work after which packets are indexed, pieces encoded, and all is joined."""


def render_film(
    plan: RenderPlan,
    sound: Callable[[], Sequence[str]],
    files: Sequence[tuple[VideoFile, Path]],
    shape: FilmShape,
    encode: EncodePieces,
    *,
    scratch: Path,
    timeout: float,
    captions: CaptionTrack | None = None,
    report: Report = silent,
) -> Encoded:
    """Make the film that was planned.

    Args:
        plan: from `smart_plan` or `full_plan`.
        sound: gives the arguments that open the mastered sound, once that is there.
        files: the inputs.
        shape: of the film.
        encode: encodes the pieces, here or elsewhere.
        scratch: folder for files on the way; only the film is left in it.
        timeout: seconds.
        captions: a track that viewers can switch on.
        report: told the share done.

    Raises:
        MediaError: ffmpeg failed, or the file has another number of frames than the plan.
        ProcessingTimeoutError: it took too long.
        DiskSpaceError: the disk is full.
    """
    end = time.monotonic() + timeout
    folder = scratch / "joining"
    target = scratch / "film.mp4"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with ThreadPoolExecutor(1) as beside:
            # in a copy of this context: children belong to who may give this work up
            own = copy_context().run
            voice = beside.submit(own, _coded_sound, sound, folder / "sound.mp4", timeout)
            pieces = encode(plan.pieces, part_of(report, _INDEXED, _ENCODED))
            heard = voice.result()
        report(_ENCODED, "joining the film")
        strips, materials = _laid_out(plan, files, pieces)
        join(strips, materials, heard, shape, target, captions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    frames = sum(strip.count for strip in strips)
    if plan.copies:  # nobody has looked at what was copied
        report(_JOINED, "playing the film once")
        frames = played_frames(target, timeout=time_left(end))
    if frames != shape.frames:
        raise MediaError(f"The film has {frames} frames where the plan has {shape.frames}.")
    return Encoded(target, frames)


def encoded_here(
    files: Sequence[tuple[VideoFile, Path]],
    path_of: Callable[[MediaRef], Path],
    scratch: Path,
    *,
    parallel: bool,
    timeout: float,
) -> EncodePieces:
    """Encodes pieces in this process, two at a time.

    Args:
        files: the inputs.
        path_of: where a file of the store lies.
        scratch: folder for the pieces.
        parallel: whether two may be encoded at a time, each by several threads.
        timeout: seconds for one piece.
    """

    def encode(pieces: Sequence[Piece], report: Report) -> Sequence[Path]:
        reports = side_by_side(report, [float(piece.frames) for piece in pieces])
        with ThreadPoolExecutor(2 if parallel else 1) as pool:
            made = [
                pool.submit(
                    copy_context().run, encode_piece, piece, files, path_of,
                    parallel=parallel, scratch=scratch / f"piece{number}", timeout=timeout,
                    report=reports[number],
                )
                for number, piece in enumerate(pieces)
            ]  # fmt: skip
            return [future.result() for future in made]

    return encode


def _coded_sound(sound: Callable[[], Sequence[str]], target: Path, timeout: float) -> Path:
    """The film's sound alone."""
    run(
        [
            *sound(), "-map", "0:a:0",
            "-af", f"apad=whole_len={2 * AAC_PRIMING},atrim=start_sample={AAC_PRIMING}",
            *AUDIO_ENCODING, "-use_editlist", "0", "-f", "mp4", file_url(target),
        ],
        timeout=timeout, doing="coding the sound", what="the film's sound",
    )  # fmt: skip
    return target


def _laid_out(
    plan: RenderPlan, files: Sequence[tuple[VideoFile, Path]], pieces: Sequence[Path]
) -> tuple[list[Strip], list[Material]]:
    """All runs in film order, and the files that they are in."""
    materials: list[Material] = []
    numbers: dict[int, int] = {}
    for number, index in plan.indexes.items():
        file, path = files[number]
        stream = file.video.stream_index if file.video is not None else 0
        numbers[number] = len(materials)
        materials.append(Material(path, file.container, stream, index))
    strips = [Strip(numbers[run.input], run.first, run.count, run.film) for run in plan.copies]
    for piece, group, path in zip(plan.pieces, plan.groups, pieces, strict=True):
        materials.append(Material(path, "mov", 0, checked_piece(piece, path)))
        for start, one in zip(piece.starts, group, strict=True):
            strips.append(Strip(len(materials) - 1, start, one.count, one.film))
    return sorted(strips, key=lambda strip: strip.film), materials
