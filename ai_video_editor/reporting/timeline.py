"""The two bars of the page: the inputs with what was removed, the film with what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.reporting.edit import KINDS, Edit
from ai_video_editor.reporting.figures import clock, length, one_line
from ai_video_editor.timebase import FilmTime

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
"""Seconds between two marks of a time axis; the first that gives at most `_MARKS` of them."""

_MARKS = 6
_THINNEST = 0.18
"""Percent of the bar's width that a removed part gets at least, so that it can be seen."""

_THINNEST_IN_ALL = 10.0
"""Percent of the bar that such widening may take in all, so that a long bar does not lie."""

_NUMBERED = Fraction(22, 1000)
"""Share of the film that a chapter must have for its number to fit on the bar of a phone."""

_MOST_JOINS = 300
"""Cuts shown on the film's bar; more would be a grey surface."""


@dataclass(frozen=True)
class Bar:
    """A rectangle on a bar, in percent of its width.

    Attributes:
        x: left edge.
        width: width.
        name: kind of cut, or the number shown on it.
        label: tooltip.
        time: film time to jump to, empty where there is none.
    """

    x: str
    width: str
    name: str
    label: str
    time: str = ""


@dataclass(frozen=True)
class Mark:
    """A label of the time axis: place in percent, text, and how it is anchored."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """Everything both bars show."""

    source_length: str
    film_length: str
    film_seconds: str
    removed: tuple[Bar, ...]
    borders: tuple[Bar, ...]
    source_marks: tuple[Mark, ...]
    film_marks: tuple[Mark, ...]
    joins: tuple[str, ...]
    chapters: tuple[Bar, ...]
    broll: tuple[Bar, ...]


@dataclass(frozen=True)
class Placed:
    """Something that has a place in the film."""

    start: FilmTime
    end: FilmTime
    text: str


def timeline_of(context: ContentContext, edit: Edit) -> Timeline | None:
    """Both bars; None where nothing has a length."""
    whole, film = edit.source_duration, edit.time_map.duration
    if whole <= 0 or film <= 0:
        return None
    chapters = chapters_of(context, edit)
    joins = [piece.film.start / film for piece in edit.time_map.pieces[1:]]
    return Timeline(
        source_length=length(whole),
        film_length=length(film),
        film_seconds=f"{float(film):.3f}",
        removed=_removed(edit, whole),
        borders=_borders(edit, whole),
        source_marks=_marks(whole),
        film_marks=_marks(film),
        joins=tuple(_percent(share) for share in joins) if len(joins) <= _MOST_JOINS else (),
        chapters=tuple(
            _bar(c, film, _number(number, c, film), f"{clock(c.start)} {c.text}")
            for number, c in enumerate(chapters, 1)
        ),
        broll=tuple(
            _bar(b, film, "", f"{clock(b.start)} {b.text}") for b in broll_of(context, edit)
        ),
    )


def chapters_of(context: ContentContext, edit: Edit) -> list[Placed]:
    """Chapters of the film, each up to the next: as published, else as planned."""
    film = edit.index.duration
    package, plan = context.metadata_variations, context.ai_director_plan
    starts: list[tuple[FilmTime, str]] = []
    if package is not None and package.chapters:
        starts = [(chapter.start, one_line(chapter.title)) for chapter in package.chapters]
    elif plan is not None:
        for chapter in plan.chapters:
            moment = edit.index.film_from(chapter.input, chapter.start)
            if moment is not None:
                starts.append((moment, one_line(chapter.title)))
    starts = sorted(start for start in starts if start[0] < film)
    ends = [*(start for start, _ in starts[1:]), film]
    return [Placed(start, end, title) for (start, title), end in zip(starts, ends, strict=False)]


def broll_of(context: ContentContext, edit: Edit) -> list[Placed]:
    """B-roll of the film: as made, else as planned."""
    film = edit.index.duration
    plan, made = context.ai_director_plan, context.generated_broll
    if made is not None:
        return [
            Placed(asset.start, min(asset.end, film), one_line(asset.description))
            for asset in made.assets
            if asset.start < min(asset.end, film)
        ]
    found: list[Placed] = []
    for wish in plan.broll if plan is not None else ():
        for part in edit.time_map.range_to_film(wish.input, wish.range):
            found.append(Placed(part.start, part.end, one_line(wish.description)))
    return sorted(found, key=lambda placed: placed.start)


def _removed(edit: Edit, whole: Fraction) -> tuple[Bar, ...]:
    offsets = _offsets(edit)
    thinnest = min(_THINNEST, _THINNEST_IN_ALL / max(1, len(edit.removed)))
    bars = []
    for part in edit.removed:
        start = offsets[part.input] + part.range.start
        moment = edit.index.film_from(part.input, part.range.end)
        what = f"{KINDS[part.kind][0].capitalize()}, {length(part.range.duration)}"
        bars.append(
            Bar(
                _percent(start / whole),
                f"{max(float(part.range.duration / whole) * 100, thinnest):.3f}",
                part.kind,
                f"{clock(part.range.start)} {what}",
                f"{float(moment):.3f}" if moment is not None else "",
            )
        )
    return tuple(bars)


def _borders(edit: Edit, whole: Fraction) -> tuple[Bar, ...]:
    if len(edit.sources) < 2:
        return ()
    return tuple(
        Bar(_percent(offset / whole), _percent(source.duration / whole), str(number), source.name)
        for number, (offset, source) in enumerate(zip(_offsets(edit), edit.sources, strict=True), 1)
    )


def _offsets(edit: Edit) -> list[Fraction]:
    offsets = [Fraction(0)]
    for source in edit.sources[:-1]:
        offsets.append(offsets[-1] + source.duration)
    return offsets


def _marks(whole: Fraction) -> tuple[Mark, ...]:
    step = next((step for step in _STEPS if whole / step <= _MARKS), _STEPS[-1])
    marks = [Mark("0", clock(0), "start")]
    position = Fraction(step)
    while position < whole * Fraction(96, 100):
        marks.append(Mark(_percent(position / whole), clock(position), "middle"))
        position += step
    return tuple(marks)


def _number(number: int, chapter: Placed, film: Fraction) -> str:
    return str(number) if (chapter.end - chapter.start) / film >= _NUMBERED else ""


def _bar(placed: Placed, film: Fraction, name: str, label: str) -> Bar:
    return Bar(
        _percent(placed.start / film),
        _percent((placed.end - placed.start) / film),
        name,
        label,
        f"{float(placed.start):.3f}",
    )


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.3f}"
