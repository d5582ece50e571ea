"""The edit as the report sees it: what was kept, what was removed, and why.

The plan's kept ranges are the truth; decisions only explain what they leave out. All look-ups are
by bisection, because an hour of speech has ten thousand words and a thousand cuts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.reporting.figures import one_line
from ai_video_editor.timebase import (
    FilmTime,
    FrameRate,
    SourceTime,
    TimeMap,
    TimeRange,
    merge,
    subtract,
)

_SLIVER = Fraction(1, 4)
"""Seconds: an unexplained rest of a removed part below this is padding of the cut beside it."""

KIND_OF_TYPE = {"take": "retake", "trim": "trim", "cut": "other"}
"""Kind of a removing decision that does not name one of `KINDS`."""

KINDS = {
    "filler": ("filler removed", "fillers removed"),
    "pause": ("pause shortened", "pauses shortened"),
    "retake": ("retake dropped", "retakes dropped"),
    "false_start": ("false start dropped", "false starts dropped"),
    "repeat": ("repeat removed", "repeats removed"),
    "trim": ("trim", "trims"),
    "other": ("other cut", "other cuts"),
}
"""Kinds of removed parts and what one and many are called, in the order of legends."""

_SYNONYMS = {
    "silence": "pause",
    "dead_air": "pause",
    "stutter": "repeat",
    "take": "retake",
    "start": "trim",
    "end": "trim",
    "head": "trim",
    "tail": "trim",
}


@dataclass(frozen=True)
class Source:
    """An input: name for people and length in seconds."""

    name: str
    duration: Fraction


@dataclass(frozen=True)
class Removed:
    """A part of an input that is not in the film."""

    input: int
    range: TimeRange[SourceTime]
    kind: str


class FilmIndex:
    """Source time to film time for many look-ups."""

    def __init__(self, time_map: TimeMap) -> None:
        """Sort the pieces of every input by their source time."""
        self.duration = FilmTime(time_map.duration)
        self._pieces: dict[int, list[tuple[SourceTime, SourceTime, FilmTime, Fraction]]] = {}
        for piece in time_map.pieces:
            source, film = piece.source, piece.film
            row = (source.start, source.end, film.start, piece.speed)
            self._pieces.setdefault(piece.input, []).append(row)
        self._starts: dict[int, list[SourceTime]] = {}
        self._reach: dict[int, list[SourceTime]] = {}
        for source_input, rows in self._pieces.items():
            rows.sort()
            self._starts[source_input] = [row[0] for row in rows]
            reach: list[SourceTime] = []
            for row in rows:
                reach.append(max(row[1], reach[-1]) if reach else row[1])
            self._reach[source_input] = reach

    def film_at(self, source_input: int, time: SourceTime) -> FilmTime | None:
        """When a moment is seen in the film; None where it was removed."""
        rows = self._pieces.get(source_input, [])
        at = bisect_right(self._starts.get(source_input, []), time) - 1
        while at >= 0 and self._reach[source_input][at] > time:
            start, end, film, speed = rows[at]
            if time < end:
                return FilmTime(film + (time - start) / speed)
            at -= 1
        return None

    def film_from(self, source_input: int, time: SourceTime) -> FilmTime | None:
        """When a moment is seen, or where the film goes on after it; None past the last piece."""
        here = self.film_at(source_input, time)
        if here is not None:
            return here
        at = bisect_left(self._starts.get(source_input, []), time)
        rows = self._pieces.get(source_input, [])
        return rows[at][2] if at < len(rows) else None


@dataclass(frozen=True)
class Edit:
    """The film as an edit of its inputs.

    Attributes:
        sources: the inputs, in order.
        time_map: source time to film time.
        index: the same for many look-ups.
        removed: what is not in the film, ordered by input, then time.
        untouched: whether the film holds the inputs whole, because no cut could be made.
    """

    sources: tuple[Source, ...]
    time_map: TimeMap
    index: FilmIndex
    removed: tuple[Removed, ...]
    untouched: bool

    @property
    def source_duration(self) -> Fraction:
        """Seconds of all inputs."""
        return sum((source.duration for source in self.sources), Fraction(0))

    @property
    def removed_duration(self) -> Fraction:
        """Seconds of the inputs that are not in the film."""
        return sum((part.range.duration for part in self.removed), Fraction(0))

    def totals(self) -> dict[str, tuple[int, Fraction]]:
        """Kind to how many parts and how many seconds, in the order of `KINDS`."""
        found: dict[str, tuple[int, Fraction]] = {}
        for kind in KINDS:
            parts = [part.range.duration for part in self.removed if part.kind == kind]
            if parts:
                found[kind] = (len(parts), sum(parts, Fraction(0)))
        return found


def edit_of(context: ContentContext) -> Edit | None:
    """The edit of a context; None before there is a plan."""
    plan = context.ai_director_plan
    if plan is None:
        return None
    sources = sources_of(context)
    composed = context.composed_video
    untouched = composed is not None and composed.method == "reencode"
    time_map = _whole(sources, plan.rate) if untouched else plan.time_map()
    removed: list[Removed] = []
    for number, source in enumerate(sources):
        kept = merge(piece.source for piece in time_map.pieces if piece.input == number)
        parts = subtract(_from_zero(source.duration), kept)
        # Rounding to the frame grid may leave less than a frame at an end: that is not a cut.
        parts = [part for part in parts if part.duration > plan.rate.frame_duration]
        removed += _explained(number, parts, plan.decisions)
    return Edit(sources, time_map, FilmIndex(time_map), tuple(removed), untouched)


def sources_of(context: ContentContext) -> tuple[Source, ...]:
    """The inputs by name and length, from the files, else from the plan."""
    if context.video_files:
        return tuple(Source(one_line(file.name), file.duration) for file in context.video_files)
    plan = context.ai_director_plan
    if plan is None:
        return ()
    return tuple(
        Source(one_line(item.path.replace("\\", "/").rsplit("/", 1)[-1]), item.duration)
        for item in plan.inputs
    )


def kind_of(decision: EditingDecision) -> str:
    """Kind of a decision that removes something, one of `KINDS`."""
    if decision.decision_type == "trim":
        return "trim"
    named = str(decision.parameters.get("kind", ""))
    named = _SYNONYMS.get(named, named)
    return named if named in KINDS else KIND_OF_TYPE.get(decision.decision_type, "other")


def removes(decision: EditingDecision) -> bool:
    """Whether a decision takes something out of the film."""
    return decision.decision_type in KIND_OF_TYPE and not decision.reverted


def _whole(sources: Sequence[Source], rate: FrameRate) -> TimeMap:
    return TimeMap(
        (
            (number, _from_zero(source.duration), Fraction(1))
            for number, source in enumerate(sources)
        ),
        rate,
    )


def _from_zero(duration: Fraction) -> TimeRange[SourceTime]:
    return TimeRange(SourceTime(Fraction(0)), SourceTime(duration))


def _explained(
    number: int, parts: Sequence[TimeRange[SourceTime]], decisions: Sequence[EditingDecision]
) -> list[Removed]:
    """The removed parts of one input, split where the reason changes."""
    reasons = sorted(
        (d for d in decisions if d.input == number and removes(d)), key=lambda d: (d.start, d.end)
    )
    starts = [reason.start for reason in reasons]
    longest = max((reason.end - reason.start for reason in reasons), default=Fraction(0))
    found: list[Removed] = []
    for part in parts:
        first = bisect_left(starts, part.start - longest)
        last = bisect_left(starts, part.end)
        near = [reason for reason in reasons[first:last] if reason.end > part.start]
        found += _split(number, part, near)
    return found


def _split(
    number: int, part: TimeRange[SourceTime], reasons: Sequence[EditingDecision]
) -> list[Removed]:
    edges = {part.start, part.end}
    for reason in reasons:
        edges |= {edge for edge in (reason.start, reason.end) if edge in part}
    labelled: list[tuple[TimeRange[SourceTime], str | None]] = []
    for start, end in pairwise(sorted(edges)):
        covering = [r for r in reasons if r.start <= start and end <= r.end]
        # The shortest decision that covers a moment is the most particular one.
        best = min(covering, key=lambda r: r.end - r.start, default=None)
        kind = kind_of(best) if best is not None else None
        labelled.append((TimeRange(start, end), kind))
    return _joined(number, labelled)


def _joined(
    number: int, labelled: Sequence[tuple[TimeRange[SourceTime], str | None]]
) -> list[Removed]:
    """Neighbours of one kind as one; slivers without a reason go with the part beside them."""
    kinds: list[str] = []
    for place, (span, kind) in enumerate(labelled):
        if kind is None and span.duration < _SLIVER:
            after = labelled[place + 1][1] if place + 1 < len(labelled) else None
            kind = kinds[-1] if kinds else after
        kinds.append(kind or "other")
    joined: list[Removed] = []
    for (span, _), kind in zip(labelled, kinds, strict=True):
        if joined and joined[-1].kind == kind:
            joined[-1] = Removed(number, TimeRange(joined[-1].range.start, span.end), kind)
        else:
            joined.append(Removed(number, span, kind))
    return joined
