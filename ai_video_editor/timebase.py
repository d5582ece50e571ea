"""Exact time: seconds as fractions, frame rates, half-open ranges, and the map from source to film.

Two clocks exist and never mix. `SourceTime` counts seconds on the timeline of one input file,
`FilmTime` counts seconds on the edited film; mypy keeps them apart and `TimeMap`, made from the
plan's kept ranges, is the only way across. A difference of two times is a plain `Fraction`.

Times that are stored are multiples of one microsecond, so that six decimals in a JSON file lose
nothing and a frame number is recovered exactly at any frame rate a camera has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Generic, NewType, TypeVar

from ai_video_editor.spans import SpanIndex

SourceTime = NewType("SourceTime", Fraction)
"""Seconds on the timeline of one input, zero at the container's first presented sample."""

FilmTime = NewType("FilmTime", Fraction)
"""Seconds on the edited film."""

T = TypeVar("T", SourceTime, FilmTime)

MICROSECOND = Fraction(1, 1_000_000)

_LONGEST = 10**10
"""Seconds, over 300 years: what is longer is a mistake, and too large for floating point soon."""

_NTSC_TOLERANCE = Fraction(1, 2000)
"""Containers store 29.97 as 2997/100 or 2996933/100000; within 0.05 % it is the NTSC rate."""


def exact(seconds: float | int | str | Fraction) -> Fraction:
    """Seconds as a fraction, rounded to the nearest microsecond.

    Raises:
        ValueError: not a finite number, or of no length that a recording has.
    """
    if isinstance(seconds, float):
        if not abs(seconds) <= _LONGEST:  # nor is "not a number"
            raise ValueError(f"not a time: {seconds}")
        return Fraction(round(seconds * 1_000_000), 1_000_000)
    value = Fraction(seconds)
    if abs(value) > _LONGEST:
        raise ValueError("not a time: longer than 300 years")
    return Fraction(round(value * 1_000_000), 1_000_000)


def source_time(seconds: float | int | str | Fraction) -> SourceTime:
    """Seconds of an input as an exact time, to the microsecond."""
    return SourceTime(exact(seconds))


def film_time(seconds: float | int | str | Fraction) -> FilmTime:
    """Seconds of the film as an exact time, to the microsecond."""
    return FilmTime(exact(seconds))


@dataclass(frozen=True, order=True)
class FrameRate:
    """Frames a second as an exact ratio, such as 30000/1001.

    Raises:
        ValueError: not positive.
    """

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        """Refuse a rate that is not positive."""
        if self.numerator <= 0 or self.denominator <= 0:
            raise ValueError(f"not a frame rate: {self.numerator}/{self.denominator}")

    @classmethod
    def parse(cls, text: str) -> FrameRate:
        """Read "30000/1001" or "25"."""
        return cls.of(Fraction(text))

    @classmethod
    def of(cls, value: Fraction) -> FrameRate:
        """The rate with the value of a fraction."""
        return cls(value.numerator, value.denominator)

    @classmethod
    def nominal(cls, measured: Fraction, *, highest: int = 240) -> FrameRate:
        """The rate that a camera meant: the nearest whole or NTSC rate within 0.05 %.

        A measured rate that is near neither (variable rate files) is rounded to a thousandth, and
        anything above `highest` is held there.
        """
        value = min(max(measured, Fraction(1, 10)), Fraction(highest))
        whole = Fraction(max(1, round(value)))
        ntsc = Fraction(ceil(value) * 1000, 1001)
        for candidate in (whole, ntsc):
            if abs(candidate - value) <= value * _NTSC_TOLERANCE:
                return cls.of(candidate)
        return cls.of(Fraction(round(value * 1000), 1000))

    @property
    def fraction(self) -> Fraction:
        """Frames a second."""
        return Fraction(self.numerator, self.denominator)

    @property
    def frame_duration(self) -> Fraction:
        """Seconds a frame lasts."""
        return Fraction(self.denominator, self.numerator)

    def nearest_frame(self, seconds: Fraction) -> int:
        """Number of the frame boundary nearest to a time; ties go up."""
        return floor(seconds * self.fraction + Fraction(1, 2))

    def frame_at(self, seconds: Fraction) -> int:
        """Number of the frame shown at a time, forgiving the microsecond that storing may cost."""
        return floor((seconds + 2 * MICROSECOND) * self.fraction)

    def frame_from(self, seconds: Fraction) -> int:
        """Number of the first frame that begins at or after a time, to the microsecond."""
        return ceil((seconds - 2 * MICROSECOND) * self.fraction)

    def time_of(self, frame: int) -> Fraction:
        """Seconds at which a frame begins, exact."""
        return frame * self.frame_duration

    def __str__(self) -> str:
        """As ffmpeg and `plan.json` write it."""
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, order=True)
class TimeRange(Generic[T]):
    """A half-open range of one clock: `start` belongs to it, `end` does not.

    Raises:
        ValueError: `end` lies before `start`.
    """

    start: T
    end: T

    def __post_init__(self) -> None:
        """Refuse a range that runs backwards."""
        if self.end < self.start:
            raise ValueError(f"range ends before it starts: {self.start} > {self.end}")

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> T:
        """The time halfway."""
        return type_of(self.start, (self.start + self.end) / 2)

    def __contains__(self, time: Fraction) -> bool:
        """Whether a time of the same clock lies inside."""
        return self.start <= time < self.end

    def overlaps(self, other: TimeRange[T]) -> bool:
        """Whether the two share more than a border."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: TimeRange[T]) -> TimeRange[T] | None:
        """The part both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return TimeRange(start, end) if start < end else None


def type_of(_like: T, value: Fraction) -> T:
    """A computed value on the same clock as `_like`."""
    return value  # type: ignore[return-value]  # both clocks are fractions at run time


def merge(ranges: Iterable[TimeRange[T]], *, gap: Fraction = Fraction(0)) -> list[TimeRange[T]]:
    """Sorted ranges with those that touch, overlap or lie within `gap` seconds made one."""
    merged: list[TimeRange[T]] = []
    for current in sorted(ranges):
        if merged and current.start - merged[-1].end <= gap:
            merged[-1] = TimeRange(merged[-1].start, max(merged[-1].end, current.end))
        else:
            merged.append(current)
    return merged


def subtract(whole: TimeRange[T], holes: Iterable[TimeRange[T]]) -> list[TimeRange[T]]:
    """What is left of a range when holes are taken out, in order."""
    left: list[TimeRange[T]] = []
    position = whole.start
    for hole in merge(holes):
        if hole.end <= whole.start or hole.start >= whole.end:
            continue
        if hole.start > position:
            left.append(TimeRange(position, hole.start))
        position = max(position, hole.end)
    if position < whole.end:
        left.append(TimeRange(position, whole.end))
    return left


@dataclass(frozen=True)
class Piece:
    """A run of frames of one input as it stands in the film.

    Attributes:
        input: index of the input file.
        source_frame: first frame, counted in film frames on the input's timeline.
        film_frame: first frame in the film.
        frames: how many film frames it lasts; at least 1.
        speed: source seconds played in one second of film.
        rate: the film's frame rate.
    """

    input: int
    source_frame: int
    film_frame: int
    frames: int
    rate: FrameRate
    speed: Fraction = Fraction(1)

    @property
    def source(self) -> TimeRange[SourceTime]:
        """Range of the input that is played."""
        start = self.rate.time_of(self.source_frame)
        return TimeRange(
            SourceTime(start),
            SourceTime(start + self.frames * self.rate.frame_duration * self.speed),
        )

    @property
    def film(self) -> TimeRange[FilmTime]:
        """Range of the film it fills."""
        return TimeRange(
            FilmTime(self.rate.time_of(self.film_frame)),
            FilmTime(self.rate.time_of(self.film_frame + self.frames)),
        )


class TimeMap:
    """Source time to film time and back, for one ordered list of kept ranges.

    Args:
        kept: `(input, range, speed)` in film order. Ranges are rounded to the nearest frame
            boundary of `rate`; what rounds to nothing is left out.
        rate: the film's frame rate.
    """

    def __init__(
        self,
        kept: Iterable[tuple[int, TimeRange[SourceTime], Fraction]],
        rate: FrameRate,
    ) -> None:
        """Lay the pieces one after the other, counted in frames."""
        self.rate = rate
        pieces: list[Piece] = []
        position = 0
        for source_input, span, speed in kept:
            first, last = rate.nearest_frame(span.start), rate.nearest_frame(span.end)
            frames = round((last - first) / speed)
            if frames > 0:
                pieces.append(Piece(source_input, first, position, frames, rate, speed))
                position += frames
        self.pieces: Sequence[Piece] = tuple(pieces)
        self.frames = position
        self._film_starts = [piece.film_frame for piece in pieces]
        self._by_input = {
            source: SpanIndex(
                (piece.source.start, piece.source.end, piece)
                for piece in pieces
                if piece.input == source
            )
            for source in {piece.input for piece in pieces}
        }

    @property
    def duration(self) -> Fraction:
        """Length of the film in seconds, exact."""
        return self.rate.time_of(self.frames)

    def to_film(self, source_input: int, time: SourceTime) -> FilmTime | None:
        """When a moment of an input is seen in the film; None where it was cut away."""
        for piece in self._touching(source_input, time, time):
            if time in piece.source:
                return FilmTime(piece.film.start + (time - piece.source.start) / piece.speed)
        return None

    def _touching(self, source_input: int, start: SourceTime, end: SourceTime) -> list[Piece]:
        """Pieces that may show a range, in film order."""
        index = self._by_input.get(source_input)
        found = index.touching(start, end) if index is not None else []
        return sorted(found, key=lambda piece: piece.film_frame)

    def range_to_film(
        self, source_input: int, span: TimeRange[SourceTime]
    ) -> list[TimeRange[FilmTime]]:
        """The parts of the film that show a source range, in film order, touching ones joined."""
        parts = []
        for piece in self._touching(source_input, span.start, span.end):
            shared = piece.source.intersection(span)
            if shared is not None:
                offset = (shared.start - piece.source.start) / piece.speed
                start = FilmTime(piece.film.start + offset)
                parts.append(TimeRange(start, FilmTime(start + shared.duration / piece.speed)))
        return merge(parts)

    def next_film(self, source_input: int, time: SourceTime) -> FilmTime | None:
        """Where a moment lands, or where the film goes on after it when it was cut away.

        None when nothing of that input is kept at or after the moment.
        """
        after = [
            FilmTime(piece.film.start + max(Fraction(0), time - piece.source.start) / piece.speed)
            for piece in self.pieces
            if piece.input == source_input and piece.source.end > time
        ]
        return min(after) if after else None

    def to_source(self, time: FilmTime) -> tuple[int, SourceTime] | None:
        """Input and moment that a film time shows; None outside the film."""
        if not self.pieces or time < 0 or time >= self.duration:
            return None
        frame = floor(time * self.rate.fraction)
        piece = self.pieces[bisect_right(self._film_starts, frame) - 1]
        return piece.input, SourceTime(piece.source.start + (time - piece.film.start) * piece.speed)
