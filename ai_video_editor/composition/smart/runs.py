"""The film as runs of frames that are copied and runs that are encoded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.smart.index import PacketIndex
from ai_video_editor.composition.timeline import Section

Span = tuple[int, int]
"""Film frames, half-open."""

_SHORTEST = 6
"""Frames below which a run is not worth copying: the encoder would have to begin anew behind it
with a key frame, which costs as many bits as these."""


@dataclass(frozen=True)
class CopyRun:
    """Packets that become film frames as they are.

    Attributes:
        input: index of the input.
        first: first packet, an IDR picture.
        count: packets, and film frames.
        film: first film frame.
    """

    input: int
    first: int
    count: int
    film: int

    @property
    def end(self) -> int:
        """Film frame after the last."""
        return self.film + self.count


@dataclass(frozen=True)
class EncodeRun:
    """Film frames that are encoded, `film` to `end`, half-open."""

    film: int
    end: int

    @property
    def count(self) -> int:
        """Film frames."""
        return self.end - self.film


def touched(graphics: Graphics) -> list[Span]:
    """Film frames on which something is drawn, of whatever kind; what touches is one span."""
    kinds = (getattr(graphics, kind.name) for kind in fields(graphics))
    return joined((item.start, item.end) for items in kinds for item in items)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans with those that touch or overlap made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif start < end:
            found.append((start, end))
    return found


def runs_of(
    sections: Sequence[Section],
    indexes: Mapping[int, PacketIndex],
    drawn: Sequence[Span],
    frames: int,
) -> tuple[list[CopyRun], list[EncodeRun]]:
    """What is copied and what is encoded; together exactly the film, each in film order.

    A GOP is copied from its first picture as far as the section reaches and nothing is drawn: what
    was coded first never needs what was coded later, so a GOP's tail may be left out.

    Args:
        sections: the cut.
        indexes: input to its packets, for those that may be copied.
        drawn: film frames that are touched, in order, apart from each other.
        frames: length of the film.
    """
    copies: list[CopyRun] = []
    for section in sections:
        index = indexes.get(section.input)
        if index is None or section.speed != 1 or section.source.denominator != 1:
            continue
        for start, end in _untouched((section.film, section.film_end), drawn):
            copies.extend(_copied(section.part(start, end), index))
    copies = _worthwhile(copies, frames)
    return copies, [EncodeRun(start, end) for start, end in _between(copies, frames)]


def _untouched(span: Span, drawn: Sequence[Span]) -> Iterator[Span]:
    position = span[0]
    for start, end in drawn[max(0, bisect_left(drawn, (span[0], span[0])) - 1) :]:
        if start >= span[1]:
            break
        if end <= position:
            continue
        if start > position:
            yield position, start
        position = end
    if position < span[1]:
        yield position, span[1]


def _copied(section: Section, index: PacketIndex) -> Iterator[CopyRun]:
    first = section.first
    gop = bisect_left(index.first_numbers, first)
    pending: CopyRun | None = None
    while gop < len(index.entries):
        number = index.first_numbers[gop]
        if number >= section.after_last:
            break
        count = copyable(index, gop, section.after_last)
        if count:
            run = CopyRun(section.input, index.entries[gop], count, section.film + number - first)
            if (
                pending is not None
                and pending.end == run.film
                and pending.first + pending.count == run.first
            ):
                run = CopyRun(run.input, pending.first, pending.count + count, pending.film)
            elif pending is not None:
                yield pending
            pending = run
        gop += 1
    if pending is not None:
        yield pending


def copyable(index: PacketIndex, gop: int, end: int) -> int:
    """Packets from a GOP's beginning that are its first frames, one on each place of the grid.

    Args:
        index: the file's packets.
        gop: number of the GOP.
        end: grid number before which the frames must stay.
    """
    first, after = index.entries[gop], index.gop_end(gop)
    base = index.numbers[first]
    numbers = index.numbers[first:after]
    ordered = sorted(numbers)
    following = index.numbers[after] if after < index.frames else None
    steady = _steady(ordered, base, following)
    if gop and index.numbers[first - 1] >= base:
        return 0  # a frame before it shares its place
    best, highest = 0, base - 1
    for count, number in enumerate(numbers, 1):
        highest = max(highest, number)
        if highest >= end or highest >= base + steady:
            break
        if highest == base + count - 1:
            best = count
    return best


def _steady(ordered: Sequence[int], base: int, following: int | None) -> int:
    """How many frames from `base` on have a place of their own, without gap."""
    for place, number in enumerate(ordered):
        if number != base + place:
            # One that shares its place with the next is replaced by it on the grid.
            return max(0, place - 1) if number == base + place - 1 else place
    if following is not None and following <= base + len(ordered) - 1:
        return len(ordered) - 1
    return len(ordered)


def _worthwhile(copies: Sequence[CopyRun], frames: int) -> list[CopyRun]:
    """Runs that are long enough, or stand among copies only."""
    kept: list[CopyRun] = []
    for place, run in enumerate(copies):
        before = copies[place - 1].end if place else 0
        after = copies[place + 1].film if place + 1 < len(copies) else frames
        if run.count >= _SHORTEST or (before == run.film and after == run.end):
            kept.append(run)
    return kept


def _between(copies: Sequence[CopyRun], frames: int) -> Iterator[Span]:
    position = 0
    for run in copies:
        if run.film > position:
            yield position, run.film
        position = run.end
    if position < frames:
        yield position, frames
