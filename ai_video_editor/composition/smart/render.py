"""Smart render from the plan's cut to the film's file, or the reason for a full one."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.composition.caption_track import CaptionTrack
from ai_video_editor.composition.encoder import (
    AAC_PRIMING,
    AUDIO_ENCODING,
    Encoded,
)
from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.picture import FilmShape
from ai_video_editor.composition.smart.cost import Cost, cost_of
from ai_video_editor.composition.smart.eligibility import coded_obstacle, obstacle
from ai_video_editor.composition.smart.encoding import checked_piece, encode_piece
from ai_video_editor.composition.smart.index import PacketIndex, index_packets
from ai_video_editor.composition.smart.joining import Material, Strip, join
from ai_video_editor.composition.smart.piece import Piece, divided, piece_of
from ai_video_editor.composition.smart.playing import played_frames
from ai_video_editor.composition.smart.runs import CopyRun, EncodeRun, runs_of, touched
from ai_video_editor.composition.timeline import Section
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import MediaError
from ai_video_editor.media.ffmpeg import file_url, run
from ai_video_editor.progress import Report, silent

LONGEST = 6000
"""Frames of a piece: what a crash can cost; 200 s at 30 frames a second."""

_INDEXING, _ENCODING, _JOINED = 0.05, 0.85, 0.9
"""Shares of the work after which packets are indexed, pieces encoded, and all is joined."""


@dataclass(frozen=True)
class SmartPlan:
    """How a film is put together of copied and encoded runs.

    Attributes:
        copies: runs that are copied, in film order.
        groups: runs that are encoded, by piece.
        pieces: one for each group.
        indexes: input to its packets, for those that may be copied.
        cost: why it pays.
    """

    copies: tuple[CopyRun, ...]
    groups: tuple[tuple[EncodeRun, ...], ...]
    pieces: tuple[Piece, ...]
    indexes: Mapping[int, PacketIndex]
    cost: Cost


def smart_plan(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    graphics: Graphics,
    shape: FilmShape,
    *,
    quality: str,
    longest: int = LONGEST,
    report: Report = silent,
) -> SmartPlan | str:
    """Plan a smart render, or say in a sentence why the film is to be rendered in full.

    Args:
        sections: the cut.
        files: the inputs.
        graphics: what is drawn on the film.
        shape: of the film.
        quality: of what is encoded: low, medium, high or ultra.
        longest: frames of a piece.
        report: told while packets are read.
    """
    drawn = touched(graphics)
    if sum(end - start for start, end in drawn) >= shape.frames:
        return "Rendered in full: something is drawn on every frame."
    indexes, reasons = _indexed(sections, files, shape, report)
    if not indexes:
        return f"Rendered in full: {'; '.join(reasons)}."
    copies, encodes = runs_of(sections, indexes, drawn, shape.frames)
    if not copies:
        return f"Rendered in full: {_nothing(indexes)}."
    delay = max(index.delay for index in indexes.values())
    groups = divided(encodes, longest=longest, unbroken=drawn)
    pieces = tuple(
        piece_of(
            group, sections, graphics, shape,
            inputs=[file.sha256 for file, _ in files],
            indexes=indexes, quality=quality, delay=delay,
        )
        for group in groups
    )  # fmt: skip
    cost = cost_of(copies, encodes, indexes, sum(piece.reached for piece in pieces))
    if not cost.pays:
        return cost.sentence
    return SmartPlan(tuple(copies), tuple(map(tuple, groups)), pieces, indexes, cost)


def smart_render(
    plan: SmartPlan,
    sound: Sequence[str],
    files: Sequence[tuple[VideoFile, Path]],
    path_of: Callable[[MediaRef], Path],
    shape: FilmShape,
    *,
    parallel: bool,
    scratch: Path,
    timeout: float,
    captions: CaptionTrack | None = None,
    report: Report = silent,
) -> Encoded:
    """Make the film that was planned.

    Args:
        plan: from `smart_plan`.
        sound: arguments that open the mastered sound.
        files: the inputs.
        path_of: where a file of the store lies.
        shape: of the film.
        parallel: whether two pieces may be encoded at a time.
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
    folder = scratch / "smart"
    target = scratch / "film.mp4"
    folder.mkdir(parents=True, exist_ok=True)
    progress = _Progress(plan.pieces, report)
    try:
        with ThreadPoolExecutor(2 if parallel else 1) as pool:
            voice = pool.submit(_coded_sound, sound, folder / "sound.mp4", timeout)
            made = [
                pool.submit(
                    encode_piece, piece, files, path_of,
                    parallel=parallel, scratch=folder / f"piece{number}", timeout=timeout,
                    report=progress.of(number),
                )
                for number, piece in enumerate(plan.pieces)
            ]  # fmt: skip
            pieces = [future.result() for future in made]
            heard = voice.result()
        report(_ENCODING, "joining the film")
        strips, materials = _laid_out(plan, files, pieces)
        join(strips, materials, heard, shape, target, captions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(_JOINED, "playing the film once")
    frames = played_frames(target, timeout=max(1.0, end - time.monotonic()))
    if frames != shape.frames:
        raise MediaError(f"The film has {frames} frames where the plan has {shape.frames}.")
    return Encoded(target, frames)


def _indexed(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    shape: FilmShape,
    report: Report,
) -> tuple[dict[int, PacketIndex], list[str]]:
    found: dict[int, PacketIndex] = {}
    reasons: list[str] = []
    for number in sorted({section.input for section in sections}):
        file, path = files[number]
        reason = obstacle(file, shape)
        if not reason and file.video is not None:
            index = index_packets(
                path, file.container, file.video.stream_index, shape.rate, report=report
            )
            reason = coded_obstacle(index) if isinstance(index, PacketIndex) else index.reason
            if isinstance(index, PacketIndex) and not reason:
                found[number] = index
        if reason:
            reasons.append(f"{file.name}: {reason}")
    return found, reasons


def _nothing(indexes: Mapping[int, PacketIndex]) -> str:
    if any(index.keys > 2 * len(index.entries) for index in indexes.values()):
        return "the recording has open GOPs, which cannot be cut without decoding"
    gop = max(index.frames // len(index.entries) for index in indexes.values())
    return f"the cuts leave nothing whole between key frames, which are {gop} frames apart"


def _coded_sound(sound: Sequence[str], target: Path, timeout: float) -> Path:
    """The film's sound alone, as the full render codes it."""
    run(
        [
            *sound, "-map", "0:a:0",
            "-af", f"apad=whole_len={2 * AAC_PRIMING},atrim=start_sample={AAC_PRIMING}",
            *AUDIO_ENCODING, "-use_editlist", "0", "-f", "mp4", file_url(target),
        ],
        timeout=timeout, doing="coding the sound", what="the film's sound",
    )  # fmt: skip
    return target


def _laid_out(
    plan: SmartPlan, files: Sequence[tuple[VideoFile, Path]], pieces: Sequence[Path]
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


class _Progress:
    """Shares of pieces that are encoded side by side, as one share."""

    def __init__(self, pieces: Sequence[Piece], report: Report) -> None:
        self._frames = [piece.frames for piece in pieces]
        self._shares = [0.0] * len(pieces)
        self._report = report
        self._lock = threading.Lock()

    def of(self, number: int) -> Report:
        def part(fraction: float | None, doing: str = "") -> None:
            with self._lock:
                self._shares[number] = max(self._shares[number], fraction or 0.0)
                done = sum(s * f for s, f in zip(self._shares, self._frames, strict=True))
                whole = done / max(1, sum(self._frames))
                self._report(_INDEXING + whole * (_ENCODING - _INDEXING), doing)

        return part
