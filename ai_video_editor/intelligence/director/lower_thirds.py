"""The title of a chapter where it begins: a lower third, in a long film a card of its own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import BRollOpportunity, ChartData, PlanChapter
from ai_video_editor.intelligence.director.broll import crowded, stressed
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.timebase import FilmTime, SourceTime, TimeMap, TimeRange

_KINDS = frozenset({ContentType.EDUCATIONAL, ContentType.FINANCIAL})
"""Films that people follow by topics."""

_AFTER = Fraction(4, 5)
"""Seconds after the chapter's beginning: the transition is over, and somebody speaks."""

_STAYS = Fraction(4)
"""Seconds; a title of six words is read twice in it."""

_LONG_FILM = Fraction(240)
"""Seconds from which a film is long enough to be lost in: its parts get cards that count them."""

_CARD = Fraction(3)
"""Seconds a card hides the speaker; its title is read once, while the sentence begins."""

_MOST_PARTS = 12
"""More parts than a card can count."""

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
    for number, chapter in enumerate(chapters[1:], 2):
        span = _place(chapter, time_map)
        titled = not chapter.title.startswith("Part ") and len(chapter.title) <= _LONGEST_TITLE
        if span is None or not titled or not _free(span, material, time_map, taken):
            continue
        if last is not None and span.start - last < _APART:
            continue
        shown = [part.start for part in taken] + [start for start, _ in found]
        if crowded([*shown, span.start]):
            continue
        begins = time_map.to_source(span.start)
        ends = time_map.to_source(FilmTime(span.end - time_map.rate.frame_duration))
        if begins is None or ends is None or begins[0] != ends[0] or ends[1] <= begins[1]:
            continue
        last = span.start
        made = _strap(chapter, begins[0], begins[1], ends[1], len(found) + 1)
        if time_map.duration >= _LONG_FILM and 3 <= len(chapters) <= _MOST_PARTS:
            card = _card(made, number, len(chapters), time_map)
            made = card if card is not None and not stressed(card, material) else made
        found.append((span.start, made))
    return [made for _, made in found]


def _strap(
    chapter: PlanChapter, source: int, start: SourceTime, end: SourceTime, number: int
) -> BRollOpportunity:
    return BRollOpportunity(
        opportunity_id=f"lower-third-{number:03d}",
        input=source,
        start=start,
        end=end,
        content_type="graphic",
        description=f"Lower third where a topic begins: {chapter.title}",
        data=ChartData(kind="lower_third", labels=(chapter.title,)),
        priority=0.3,
        confidence=0.7,
        placement="overlay",
        rationale="A new topic begins; viewers who skip see where they are.",
    )


def _card(
    strap: BRollOpportunity, number: int, count: int, time_map: TimeMap
) -> BRollOpportunity | None:
    """The strap's title as a card that counts the parts; None where a cut leaves it no time."""
    film = time_map.to_film(strap.input, strap.start)
    ends = time_map.to_source(FilmTime(film + _CARD)) if film is not None else None
    if ends is None or ends[0] != strap.input or not strap.start < ends[1] <= strap.end:
        return None
    return strap.model_copy(
        update={
            "opportunity_id": strap.opportunity_id.replace("lower-third", "topic"),
            "end": ends[1],
            "description": f"Topic card: {strap.data.labels[0]}",
            "data": ChartData(kind="topic", labels=strap.data.labels, values=(number, count)),
            "placement": "full_screen",
            "rationale": "A long film in parts; the card says which part begins.",
        }
    )


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
