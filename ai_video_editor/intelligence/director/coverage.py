"""Pictures that should not be seen while somebody speaks: covered with a card, or told."""

from __future__ import annotations

from fractions import Fraction

from ai_video_editor.context.plan import BRollOpportunity, ChartData
from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.timebase import SourceTime, TimeMap, TimeRange, merge

_LEAST = Fraction(3, 2)
"""A shorter flaw is over before a card would be read, seconds."""

_UNUSABLE = 0.12
"""Picture score under which nobody would show a face."""

_LONGEST_LINE = 64
"""Characters a card can show at phone size."""


def bad_pictures(material: Material, time_map: TimeMap) -> list[tuple[int, TimeRange[SourceTime]]]:
    """Stretches of kept picture that are black or ruined, as (input, range)."""
    if material.video is None:
        return []
    found = []
    for source, _ in enumerate(material.files):
        bad = merge(
            [
                sample.range
                for sample in material.video.quality
                if sample.input == source
                and (sample.black or _ruined_face(material, source, sample.range, sample.score))
            ]
        )
        found += [
            (source, span)
            for span in bad
            if span.duration >= _LEAST and time_map.range_to_film(source, span)
        ]
    return found


def _ruined_face(
    material: Material, source: int, span: TimeRange[SourceTime], score: float
) -> bool:
    return score < _UNUSABLE and any(
        shot.kind == "talking_head" and shot.range.overlaps(span) for shot in material.shots(source)
    )


def coverings(material: Material, time_map: TimeMap) -> tuple[list[BRollOpportunity], list[str]]:
    """Cards over bad pictures with the words that are said there, and what could not be covered."""
    cards: list[BRollOpportunity] = []
    told: list[str] = []
    sentences = printable_sentences(material)
    for source, span in bad_pictures(material, time_map):
        said = [
            s for s in sentences if s.sentence.input == source and s.sentence.range.overlaps(span)
        ]
        line = next((t for s in said if (t := wording.shorten(s.text, _LONGEST_LINE))), None)
        speech = material.audio is not None and any(
            s.input == source and s.range.overlaps(span) for s in material.audio.speech
        )
        if line is None:
            if speech:
                told.append(
                    f"The picture is unusable from {wording.clock(span.start)} to "
                    f"{wording.clock(span.end)} while somebody speaks; nothing covers it."
                )
            continue
        cards.append(
            BRollOpportunity(
                opportunity_id="broll",
                input=source,
                start=span.start,
                end=span.end,
                content_type="graphic",
                description="The words that are said, because the picture cannot be used here.",
                visual_elements=("title card",),
                data=ChartData(kind="title", labels=(line,)),
                priority=0.9,
                confidence=min(s.confidence for s in said),
            )
        )
    return cards, told
