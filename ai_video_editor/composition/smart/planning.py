"""What a film is rendered of: runs that are copied, and pieces that are encoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from ai_video_editor.composition.encoder import SHORT
from ai_video_editor.composition.film_shape import FilmShape, Reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.seeking import can_seek
from ai_video_editor.composition.smart.cost import Cost, cost_of
from ai_video_editor.composition.smart.eligibility import coded_obstacle, obstacle
from ai_video_editor.composition.smart.index import PacketIndex, index_packets
from ai_video_editor.composition.smart.piece import Piece, divided, piece_of
from ai_video_editor.composition.smart.runs import CopyRun, EncodeRun, Span, runs_of, touched
from ai_video_editor.composition.timeline import Section
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.progress import Report, silent

LONGEST = 6000
"""Frames of a piece where nobody says: what a crash can cost; 200 s at 30 frames a second."""

_FULL_DELAY = 2
"""Frames by which x264 with two B-frames in a pyramid is decoded ahead."""


@dataclass(frozen=True)
class RenderPlan:
    """How a film is put together of copied and encoded runs.

    Attributes:
        copies: runs that are copied, in film order.
        groups: runs that are encoded, by piece.
        pieces: one for each group.
        indexes: input to its packets, for those that may be copied.
        cost: why copying pays; None where nothing is copied.
    """

    copies: tuple[CopyRun, ...]
    groups: tuple[tuple[EncodeRun, ...], ...]
    pieces: tuple[Piece, ...]
    indexes: Mapping[int, PacketIndex]
    cost: Cost | None = None


def full_plan(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    graphics: Graphics,
    shape: FilmShape,
    *,
    quality: str,
    longest: int = LONGEST,
    captions: MediaRef | None = None,
    reframed: Reframed | None = None,
    look: Look | None = None,
) -> RenderPlan:
    """Plan a render that encodes every frame.

    A film of inputs that cannot be sought in is one piece: every further one would decode all that
    comes before it.

    Args:
        sections: the cut.
        files: the inputs.
        graphics: what is drawn on the film.
        shape: of the film.
        quality: of the encoding: low, medium, high or ultra.
        longest: frames of a piece; what is drawn over its end makes it longer.
        captions: ASS document that is drawn into the picture.
        reframed: the window on the inputs that the film shows.
        look: grade of the inputs.
    """
    used = {section.input for section in sections}
    parted = all(can_seek(files[number][0]) for number in used)
    groups = divided(
        [EncodeRun(0, shape.frames)],
        longest=longest if parted else shape.frames,
        unbroken=_unbroken(graphics),
    )
    pieces = []
    for group in groups:
        piece = piece_of(
            group, sections, graphics, shape,
            inputs=[file.sha256 for file, _ in files],
            indexes={}, quality=quality, delay=_FULL_DELAY if shape.frames > SHORT else 0,
        )  # fmt: skip
        start, end = group[0].film, group[-1].end
        window = reframed.within(start, end) if reframed is not None else None
        pieces.append(replace(piece, captions=captions, reframed=window, look=look or Look()))
    return RenderPlan((), tuple(map(tuple, groups)), tuple(pieces), {})


def _unbroken(graphics: Graphics) -> list[Span]:
    """Film frames that what is drawn keeps together; spans that only touch can be parted."""
    kinds = (getattr(graphics, kind.name) for kind in fields(graphics))
    found: list[Span] = []
    for start, end in sorted((item.start, item.end) for items in kinds for item in items):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def smart_plan(
    sections: Sequence[Section],
    files: Sequence[tuple[VideoFile, Path]],
    graphics: Graphics,
    shape: FilmShape,
    *,
    quality: str,
    longest: int = LONGEST,
    report: Report = silent,
) -> RenderPlan | str:
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
    return RenderPlan(tuple(copies), tuple(map(tuple, groups)), pieces, indexes, cost)


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
