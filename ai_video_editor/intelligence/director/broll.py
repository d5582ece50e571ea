"""Places where a picture says more than the face: which of what could be drawn is drawn.

Graphics are drawn from numbers and words that were said, are certain, and nothing else; each
carries the place where. A film with nothing to show gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from math import ceil

from ai_video_editor.context.plan import BRollOpportunity
from ai_video_editor.intelligence.director import (
    allocations,
    big_numbers,
    concept_animations,
    number_comparisons,
    number_growth,
    presenter,
    timelines,
    word_graphics,
)
from ai_video_editor.intelligence.director.coverage import coverings
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.proposals import Proposal, Talk
from ai_video_editor.language.wording import clock
from ai_video_editor.timebase import FilmTime, SourceTime, TimeMap, TimeRange, merge

SHORTEST = Fraction(3)
"""Seconds of film a graphic needs to be read."""

LONGEST = Fraction(12)
"""Seconds of film for which a viewer looks at one graphic."""

BUILT_UP = Fraction(18)
"""Seconds of film that a list may take whose items come in one by one."""

MOST_A_MINUTE = 3
_APART = Fraction(6)
"""Least seconds of film between two graphics: room to breathe."""

_NOT_BEFORE = Fraction(5)
"""The viewer meets the speaker first, seconds of film."""

_STRESSED = 0.6
"""Emphasis of a sentence, relative to this speaker, from which the face says more than a chart."""

_FELT = 0.8
"""Intensity of a feeling from which the face says more than a chart."""

_TAKEN = frozenset({"slide", "broll", "title_card"})
"""Kinds of shots that show something of their own already."""


def find_broll(material: Material, time_map: TimeMap) -> tuple[list[BRollOpportunity], list[str]]:
    """Opportunities in film order, and what the user should know of pictures left bare.

    At most three in any minute, the most important first; none in the first 5 s or over a slide,
    and none that hides the speaker at a stressed sentence or a strong feeling. Cards that cover a
    picture which cannot be used come on top of that.

    Args:
        material: the analysed recording.
        time_map: of the cut, because what counts is how long a graphic stands in the film.
    """
    covers, uncovered = coverings(material, time_map)
    chosen: list[tuple[TimeRange[FilmTime], BRollOpportunity]] = [
        (part, cover)
        for cover in covers
        for part in time_map.range_to_film(cover.input, cover.range)[:1]
    ]
    most = len(chosen) + max(1, ceil(time_map.duration * MOST_A_MINUTE / 60))
    shown: set[tuple[int, SourceTime]] = set()
    explained: set[str] = set()
    for proposal in sorted(proposals(material), key=lambda one: -one.opportunity.priority):
        numbers = {(number.input, number.start) for number in proposal.numbers}
        if len(chosen) >= most or numbers & shown or proposal.word in explained - {""}:
            continue
        placed = _placed(proposal, material, time_map, chosen)
        if placed is not None:
            chosen.append(placed)
            shown |= numbers
            explained.add(proposal.word)
    if presenter.wanted(material):
        chosen = [(film, presenter.pointing(one)) for film, one in chosen]
    ordered = [o for _, o in sorted(chosen, key=lambda item: item[0].start)]
    named = [
        o.model_copy(update={"opportunity_id": f"broll-{n:03d}"}) for n, o in enumerate(ordered, 1)
    ]
    return named, uncovered


def proposals(material: Material) -> list[Proposal]:
    """All that could be drawn from what was said; empty where the words are not sure."""
    talk = Talk.of(material)
    return list(
        chain(
            number_growth.growth(talk),
            allocations.allocations(talk),
            number_comparisons.changes(talk),
            number_comparisons.comparisons(talk),
            number_growth.formulas(talk),
            timelines.timelines(talk),
            word_graphics.lists(talk),
            big_numbers.big_numbers(talk),
            word_graphics.quotations(talk),
            concept_animations.pictures(talk),
            word_graphics.definitions(talk),
            concept_animations.links(talk),
            presenter.appearances(talk),
        )
    )


def _placed(
    proposal: Proposal,
    material: Material,
    time_map: TimeMap,
    chosen: Sequence[tuple[TimeRange[FilmTime], BRollOpportunity]],
) -> tuple[TimeRange[FilmTime], BRollOpportunity] | None:
    """The graphic at the first of its places that is free; None where there is none."""
    for span in proposal.spans:
        moved = _at(proposal.opportunity, span)
        film = _film_range(moved, material, time_map)
        if film is None:
            continue
        apart = all(
            film.start - other.end >= _APART or other.start - film.end >= _APART
            for other, _ in chosen
        )
        if apart and not crowded([*(other.start for other, _ in chosen), film.start]):
            return film, _sourced(moved, time_map)
    return None


def crowded(starts: Sequence[Fraction]) -> bool:
    """Whether more graphics begin within some minute of film than a viewer follows."""
    ordered = sorted(starts)
    return any(
        last - first < 60 for first, last in zip(ordered, ordered[MOST_A_MINUTE:], strict=False)
    )


def _at(opportunity: BRollOpportunity, span: TimeRange[SourceTime]) -> BRollOpportunity:
    """A graphic at one of its places; items that were said before are there from the beginning."""
    data = opportunity.data
    if data.moments and not all(span.start <= moment < span.end for moment in data.moments):
        data = data.model_copy(update={"moments": ()})
    return opportunity.model_copy(update={"start": span.start, "end": span.end, "data": data})


def _sourced(opportunity: BRollOpportunity, time_map: TimeMap) -> BRollOpportunity:
    """With the line that says where in the film it was said: the viewer has no other clock."""
    at = opportunity.heard(time_map)
    if at is None:
        return opportunity
    data = opportunity.data.model_copy(update={"source_line": f"as said at {clock(at)}"})
    return opportunity.model_copy(update={"data": data})


def _film_range(
    opportunity: BRollOpportunity, material: Material, time_map: TimeMap
) -> TimeRange[FilmTime] | None:
    """Where it stands in the film; None where it may not."""
    # What is cut inside (a filler, a pause) leaves one stretch of film.
    parts = merge(time_map.range_to_film(opportunity.input, opportunity.range))
    longest = BUILT_UP if opportunity.data.moments else LONGEST
    if len(parts) != 1 or not SHORTEST <= parts[0].duration <= longest:
        return None
    if parts[0].start < _NOT_BEFORE:
        return None
    for shot in material.shots(opportunity.input):
        if opportunity.data.kind == "presenter" and opportunity.placement == "overlay":
            break  # it stands in a corner and was asked for
        if shot.kind in _TAKEN and shot.range.overlaps(opportunity.range):
            return None
    if opportunity.placement == "full_screen" and stressed(opportunity, material):
        return None
    return parts[0]


def stressed(opportunity: BRollOpportunity, material: Material) -> bool:
    """Whether the speaker puts weight on something in its range, so that the face must be seen."""
    if not any(shot.kind == "talking_head" for shot in material.shots(opportunity.input)):
        return False
    sentences = material.audio.sentences if material.audio is not None else ()
    return any(
        one.input == opportunity.input and one.range.overlaps(opportunity.range)
        for one in (
            *(sentence for sentence in sentences if sentence.emphasis >= _STRESSED),
            *(peak for peak in material.emotions if peak.intensity >= _FELT),
        )
    )
