"""Lower thirds: the title of a chapter, for a moment, where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import BRollOpportunity, ChartData, PlanChapter
from ai_video_editor.intelligence.director.broll import MOST_A_MINUTE
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.timebase import FilmTime, TimeMap, TimeRange

_KINDS = frozenset({ContentType.EDUCATIONAL, ContentType.FINANCIAL})
"""Films that people follow by topics."""

_AFTER = Fraction(4, 5)
"""Seconds after the chapter's beginning: the transition is over, and somebody speaks."""

_STAYS = Fraction(4)
"""Seconds; a title of six words is read twice in it."""

_LEAST = Fraction(5, 2)
"""Seconds that must be left of it."""

_APART = Fraction(30)
"""Least seconds of film from one to the next: what comes more often is not looked at."""

_LONGEST_TITLE = 48
"""Characters; a longer title is a sentence, and belongs into the chapter list."""

_FREE = frozenset({"talking_head", "broll"})
"""Kinds of shots that have no words of their own to cover."""


def lower_thirds(
    material: Material,
    chapters: Sequence[PlanChapter],
    time_map: TimeMap,
    others: Sequence[BRollOpportunity],
) -> list[BRollOpportunity]:
    """Straps for chapters with titles of their own, in film order; none for the first.

    None stands over slides, near another graphic, or where the words are not sure.

    Args:
        material: the analysed recording.
        chapters: of the plan.
        time_map: of the cut.
        others: graphics of the plan, which go first.
    """
    if material.content_type not in _KINDS or not material.printable:
        return []
    taken = [part for other in others for part in time_map.range_to_film(other.input, other.range)]
    found: list[tuple[FilmTime, BRollOpportunity]] = []
    last: Fraction | None = None
    for chapter in chapters[1:]:
        span = _place(chapter, time_map)
        titled = not chapter.title.startswith("Part ") and len(chapter.title) <= _LONGEST_TITLE
        if span is None or not titled or not _free(span, material, time_map, taken):
            continue
        if last is not None and span.start - last < _APART:
            continue
        shown = [part.start for part in taken] + [start for start, _ in found]
        if sum(abs(start - span.start) < 60 for start in shown) >= MOST_A_MINUTE:
            continue
        begins = time_map.to_source(span.start)
        ends = time_map.to_source(FilmTime(span.end - time_map.rate.frame_duration))
        if begins is None or ends is None or begins[0] != ends[0] or ends[1] <= begins[1]:
            continue
        last = span.start
        made = BRollOpportunity(
            opportunity_id=f"lower-third-{len(found) + 1:03d}",
            input=begins[0],
            start=begins[1],
            end=ends[1],
            content_type="graphic",
            description=f"Lower third where a topic begins: {chapter.title}",
            data=ChartData(kind="lower_third", labels=(chapter.title,)),
            priority=0.3,
            confidence=0.7,
            placement="overlay",
        )
        found.append((span.start, made))
    return [made for _, made in found]


def _place(chapter: PlanChapter, time_map: TimeMap) -> TimeRange[FilmTime] | None:
    start = time_map.next_film(chapter.input, chapter.start)
    if start is None:
        return None
    begin = FilmTime(start + _AFTER)
    end = FilmTime(min(begin + _STAYS, time_map.duration))
    return TimeRange(begin, end) if end - begin >= _LEAST else None


def _free(
    span: TimeRange[FilmTime],
    material: Material,
    time_map: TimeMap,
    taken: Sequence[TimeRange[FilmTime]],
) -> bool:
    if any(part.start - 1 < span.end and span.start < part.end + 1 for part in taken):
        return False
    shots = [
        (shot, part)
        for source in range(len(material.files))
        for shot in material.shots(source)
        for part in time_map.range_to_film(source, shot.range)
    ]
    return all(shot.kind in _FREE for shot, part in shots if part.overlaps(span))
