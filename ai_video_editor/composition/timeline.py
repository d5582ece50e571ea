"""The cut as runs of frames, and the passes over the inputs that yield them.

A pass reads one input once, forwards. An ordinary cut needs one pass an input, however many cuts
there are and however the inputs alternate; a moment that is shown before an earlier one needs a
pass of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ai_video_editor.timebase import FrameRate, TimeMap


@dataclass(frozen=True)
class Section:
    """A run of film frames from one input.

    Attributes:
        input: index of the input.
        source: first source frame, counted at the film's rate; a fraction only where a sped-up run
            was divided.
        film: first film frame.
        frames: film frames; at least 1.
        speed: source frames for one film frame.
    """

    input: int
    source: Fraction
    film: int
    frames: int
    speed: Fraction = Fraction(1)

    @property
    def source_end(self) -> Fraction:
        """Source frame after the last."""
        return self.source + self.frames * self.speed

    @property
    def film_end(self) -> int:
        """Film frame after the last."""
        return self.film + self.frames

    @property
    def first(self) -> int:
        """First whole source frame that is needed."""
        return floor(self.source)

    @property
    def after_last(self) -> int:
        """Whole source frame after the last that is needed."""
        return ceil(self.source_end)

    def part(self, start: int, end: int) -> Section:
        """The film frames `start` to `end` of it."""
        source = self.source + (start - self.film) * self.speed
        return Section(self.input, source, start, end - start, self.speed)


@dataclass(frozen=True)
class Pass:
    """One reading of an input: sections with ascending source and film frames."""

    input: int
    sections: tuple[Section, ...]

    @property
    def first(self) -> int:
        """First source frame that is needed."""
        return self.sections[0].first

    @property
    def after_last(self) -> int:
        """Source frame after the last that is needed."""
        return self.sections[-1].after_last


def sections_of(time_map: TimeMap) -> list[Section]:
    """The film's sections in order; pieces that go on where the last one ended are one section."""
    found: list[Section] = []
    for piece in time_map.pieces:
        here = Section(
            piece.input, Fraction(piece.source_frame), piece.film_frame, piece.frames, piece.speed
        )
        last = found[-1] if found else None
        if (
            last is not None
            and (last.input, last.speed) == (here.input, here.speed)
            and last.source_end == here.source
        ):
            found[-1] = Section(
                last.input, last.source, last.film, last.frames + here.frames, last.speed
            )
        else:
            found.append(here)
    return found


def without(sections: Iterable[Section], holes: Sequence[tuple[int, int]]) -> list[Section]:
    """Sections with film frame ranges (half-open) taken out."""
    left: list[Section] = []
    for section in sections:
        position = section.film
        for start, end in sorted(holes):
            if end <= position or start >= section.film_end:
                continue
            if start > position:
                left.append(section.part(position, start))
            position = max(position, end)
        if position < section.film_end:
            left.append(section.part(position, section.film_end))
    return left


def passes_over(sections: Iterable[Section]) -> list[Pass]:
    """The fewest forward readings, one input at a time, that yield the sections."""
    open_passes: dict[int, list[list[Section]]] = {}
    order: list[list[Section]] = []
    for section in sections:
        mine = open_passes.setdefault(section.input, [])
        # The pass that was used last comes first: it is the one that is near.
        fitting = next((p for p in mine if p[-1].after_last <= section.first), None)
        if fitting is None:
            fitting = []
            order.append(fitting)
        else:
            mine.remove(fitting)
        fitting.append(section)
        mine.insert(0, fitting)
    return [Pass(p[0].input, tuple(p)) for p in order]


def sample_at(frame: Fraction | int, rate: FrameRate, sample_rate: int) -> int:
    """The sample nearest to a frame boundary; the same for picture and sound, so nothing drifts."""
    return floor(frame * rate.frame_duration * sample_rate + Fraction(1, 2))
