"""Transitions, where a topic ends and another begins; everywhere else a cut is better."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.plan import EditingDecision, Kept, PlanChapter
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.styles import STYLES
from ai_video_editor.timebase import TimeMap

_SECONDS = Fraction(1, 2)

_WEIGHT = 0.6
"""Least emphasis of a sentence over which nothing is to be laid."""

_SAID = {
    "dip": "The picture dips through black.",
    "dissolve": "One picture dissolves into the next.",
    "wipe": "The next picture wipes over the last.",
}

_NEAR = Fraction(6, 5)
"""A cut this close to where a topic begins is the border between the topics, seconds."""

_FROM_THE_ENDS = 8
"""A film this close to its beginning or end needs no transition, seconds."""

_APART = 15
"""Least seconds of film between two transitions."""


def topic_transitions(
    material: Material,
    kept: Sequence[Kept],
    chapters: Sequence[PlanChapter],
    time_map: TimeMap,
) -> list[EditingDecision]:
    """A transition at cuts where a chapter or another recording begins."""
    style = STYLES[material.content_type]
    found: list[EditingDecision] = []
    last = Fraction(-_APART)
    for before, after in pairwise(kept):
        why = _border(before, after, chapters)
        at = time_map.to_film(after.input, after.start)
        if why is None or at is None:
            continue
        wanted = (
            style.topic_transition if before.input == after.input else style.recording_transition
        )
        inside = _FROM_THE_ENDS <= at <= time_map.duration - _FROM_THE_ENDS
        if not wanted or not inside or at - last < _APART or _stressed(material, before, after):
            continue
        last = at
        kind = wanted if _room(material, before, after) else "dip"
        found.append(
            EditingDecision(
                decision_id="transition",
                decision_type="transition",
                input=after.input,
                start=after.start,
                end=after.start,
                parameters={"style": kind, "duration": float(_SECONDS)},
                rationale=f"{why} {_SAID[kind]}",
                confidence=0.7,
                decided_by="rules",
            )
        )
    return found


def _stressed(material: Material, before: Kept, after: Kept) -> bool:
    """Whether a sentence that is said with weight reaches into the transition."""
    half = _SECONDS / 2
    sentences = material.audio.sentences if material.audio is not None else ()
    return any(
        sentence.emphasis >= _WEIGHT
        and (
            (sentence.input == before.input and before.end - half < sentence.end <= before.end)
            or (
                sentence.input == after.input and after.start <= sentence.start < after.start + half
            )
        )
        for sentence in sentences
    )


def _room(material: Material, before: Kept, after: Kept) -> bool:
    """Whether the recordings go on beside the cut, so that one can be laid over the other.

    What lies there must be of the same shot: a change of shot inside a blend flashes.
    """
    if any(material.files[kept.input].video is None for kept in (before, after)):
        return False
    half = _SECONDS / 2
    whole = material.files[before.input].duration
    ends = [s.end for s in material.shots(before.input) if s.start < before.end <= s.end]
    begins = [s.start for s in material.shots(after.input) if s.start <= after.start < s.end]
    behind = min([*ends, whole]) - before.end
    ahead = after.start - max([*begins, Fraction(0)])
    return min(behind, ahead) >= half


def _border(before: Kept, after: Kept, chapters: Sequence[PlanChapter]) -> str | None:
    """Why there is a border between two pieces; None where there is none."""
    if before.input != after.input:
        return "Another recording begins here."
    for chapter in chapters[1:]:
        near = (
            abs(chapter.start - after.start) <= _NEAR or before.end <= chapter.start < after.start
        )
        if chapter.input == after.input and near:
            return f'A new topic begins: "{chapter.title}".'
    return None
