"""A piece: encoded runs of the film as a value that says all that its file depends on.

A piece names its inputs by their hash and by the packets it decodes, so that it can be made on any
machine that holds the inputs, and kept under its own digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import FilmShape, Reframed
from ai_video_editor.composition.grading import Look
from ai_video_editor.composition.graphics import Graphics, Insert, Zoom
from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.smart.reading import Reach
from ai_video_editor.composition.smart.runs import EncodeRun, Span
from ai_video_editor.composition.timeline import Section
from ai_video_editor.composition.transitions import Blend, Fade
from ai_video_editor.context.base import MediaRef
from ai_video_editor.timebase import FrameRate


@dataclass(frozen=True)
class Excerpted:
    """The packets of an input that a piece decodes.

    Attributes:
        input: index of the input.
        reaches: runs of packets, ascending.
        whole: whether the first is the file's first packet.
    """

    input: int
    reaches: tuple[Reach, ...]
    whole: bool


@dataclass(frozen=True)
class Piece:
    """Runs of the film, laid one after the other and encoded in one go.

    Attributes:
        width: picture width.
        height: picture height.
        rate: frames a second, "30000/1001".
        starts: frame of the piece at which each run begins; a key frame stands there.
        frames: of the piece.
        sections: of the cut, in frames of the piece.
        graphics: laid on it, in frames of the piece.
        inputs: SHA-256 of each input.
        excerpts: what is decoded of inputs that are indexed; others are read as they are.
        quality: low, medium, high or ultra.
        delay: frames by which the copied packets are decoded ahead.
        film: film frame of its first frame; what follows is for pieces without gaps only.
        captions: ASS document, timed in the film, that is drawn into the picture.
        reframed: the window on the inputs that is shown, in frames of the piece.
        look: grade of the inputs.
    """

    width: int
    height: int
    rate: str
    starts: tuple[int, ...]
    frames: int
    sections: tuple[Section, ...]
    graphics: Graphics
    inputs: tuple[str, ...]
    excerpts: tuple[Excerpted, ...]
    quality: str
    delay: int
    film: int = 0
    captions: MediaRef | None = None
    reframed: Reframed | None = None
    look: Look = field(default_factory=Look)

    @property
    def shape(self) -> FilmShape:
        """The piece as if it were a film."""
        return FilmShape(Canvas(self.width, self.height), FrameRate.parse(self.rate), self.frames)

    @property
    def reached(self) -> int:
        """Packets that are decoded of indexed inputs."""
        return sum(reach.count for one in self.excerpts for reach in one.reaches)

    def payload(self) -> dict[str, Any]:
        """The piece as plain JSON values; `piece_from` reads them."""
        payload: dict[str, Any] = _PIECE.dump_python(self, mode="json")
        return payload


def piece_from(payload: Mapping[str, Any]) -> Piece:
    """The piece that `Piece.payload` wrote.

    Raises:
        ValueError: it is no piece.
    """
    return _PIECE.validate_python(dict(payload))


def divided(
    runs: Iterable[EncodeRun], *, longest: int, unbroken: Sequence[Span]
) -> list[list[EncodeRun]]:
    """Runs in groups of at most `longest` frames; a long run is parted where nothing is drawn.

    Args:
        runs: in film order.
        longest: frames of a group; a drawn span that is longer makes a longer one.
        unbroken: film frames that must stay together, in order, apart from each other.
    """
    groups: list[list[EncodeRun]] = [[]]
    room = longest
    for run in runs:
        position = run.film
        while position < run.end:
            if room <= 0:
                groups.append([])
                room = longest
            end = _parted(position, min(run.end, position + room), run.end, unbroken)
            groups[-1].append(EncodeRun(position, end))
            room -= end - position
            position = end
    return [group for group in groups if group]


def _parted(start: int, wanted: int, end: int, unbroken: Sequence[Span]) -> int:
    for first, last in unbroken:
        if first < wanted < last:
            return first if first > start else min(last, end)
    return wanted


def piece_of(
    runs: Sequence[EncodeRun],
    sections: Sequence[Section],
    graphics: Graphics,
    shape: FilmShape,
    *,
    inputs: Sequence[str],
    indexes: Mapping[int, PacketIndex],
    quality: str,
    delay: int,
) -> Piece:
    """The piece that holds some runs of the film.

    Args:
        runs: in film order; graphics lie wholly inside one or wholly outside all.
        sections: the cut.
        graphics: on the film.
        shape: of the film.
        inputs: SHA-256 of each input.
        indexes: input to its packets, for those that are indexed.
        quality: low, medium, high or ultra.
        delay: frames by which the copied packets are decoded ahead.
    """
    places: list[tuple[EncodeRun, int]] = []
    position = 0
    for run in runs:
        places.append((run, position - run.film))
        position += run.count
    mine = [
        replace(part, film=part.film + shift)
        for run, shift in places
        for part in _within(sections, run)
    ]
    drawn = replace(
        graphics,
        **{
            kind.name: tuple(_moved(getattr(graphics, kind.name), places))
            for kind in fields(graphics)
        },
    )
    decoded = [*mine, *(handle.section for blend in drawn.blends for handle in blend.handles)]
    return Piece(
        width=shape.canvas.width,
        height=shape.canvas.height,
        rate=str(shape.rate),
        starts=tuple(run.film + shift for run, shift in places),
        frames=position,
        sections=tuple(mine),
        graphics=drawn,
        inputs=tuple(inputs),
        excerpts=tuple(
            _excerpted(number, index, decoded)
            for number, index in sorted(indexes.items())
            if any(section.input == number for section in decoded)
        ),
        quality=quality,
        delay=delay,
        film=runs[0].film,
    )


def _within(sections: Sequence[Section], run: EncodeRun) -> Iterable[Section]:
    for section in sections:
        start, end = max(section.film, run.film), min(section.film_end, run.end)
        if start < end:
            yield section.part(start, end)


_Drawn = TypeVar("_Drawn", Zoom, Fade, Blend, Insert)


def _moved(items: Iterable[_Drawn], places: Sequence[tuple[EncodeRun, int]]) -> Iterable[_Drawn]:
    for item in items:
        for run, shift in places:
            if run.film <= item.start and item.end <= run.end:
                yield replace(item, start=item.start + shift, end=item.end + shift)


def _excerpted(number: int, index: PacketIndex, sections: Sequence[Section]) -> Excerpted:
    wanted: list[Span] = []
    for section in sections:
        if section.input == number:
            wanted.extend(_packets(index, section.first, section.after_last))
    spans: list[Span] = []
    for first, end in sorted(wanted):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((first, end))
    reaches = tuple(Reach(first, end - first, index.stamps[first]) for first, end in spans)
    return Excerpted(number, reaches, whole=reaches[0].first == 0)


def _packets(index: PacketIndex, first: int, after_last: int) -> Iterable[Span]:
    """Packets that show the grid places `first` to `after_last`, each from a GOP's beginning."""
    gop = index.gop_showing(first)
    while True:
        start, end = index.entries[gop], index.gop_end(gop)
        needed = max((n for n in range(start, end) if index.numbers[n] < after_last), default=start)
        yield start, needed + 1
        gop += 1
        if gop >= len(index.entries) or index.first_numbers[gop] >= after_last:
            return


_PIECE = TypeAdapter(Piece)
