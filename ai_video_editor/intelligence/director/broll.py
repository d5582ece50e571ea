"""Places where a picture says more than the face: growth curves, big numbers, definitions.

Charts are drawn from numbers that were said and nothing else; each carries the place where.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import BRollOpportunity, ChartData
from ai_video_editor.intelligence.director.coverage import coverings
from ai_video_editor.intelligence.director.figures import Figures, figures
from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.promises import number_text
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import PrintedSentence
from ai_video_editor.timebase import FilmTime, SourceTime, TimeMap, TimeRange

SHORTEST = Fraction(3)
"""Seconds of film a graphic needs to be read."""

LONGEST = Fraction(8)
MOST_A_MINUTE = 2
_NOT_BEFORE = Fraction(5)
"""The viewer meets the speaker first, seconds of film."""


def find_broll(material: Material, time_map: TimeMap) -> tuple[list[BRollOpportunity], list[str]]:
    """Opportunities in film order, and what the user should know of pictures left bare.

    At most two a minute, none in the first 5 s or over a slide; cards that cover a picture which
    cannot be used come on top of that.

    Args:
        material: the analysed recording.
        time_map: of the cut, because what counts is how long a graphic stands in the film.
    """
    sentences = printable_sentences(material)
    candidates = [
        *_growth(sentences, material, figures(material)),
        *_definitions(sentences, material),
        *_big_numbers(sentences, material, figures(material)),
    ]
    covers, uncovered = coverings(material, time_map)
    chosen: list[tuple[TimeRange[FilmTime], BRollOpportunity]] = [
        (part, cover)
        for cover in covers
        for part in time_map.range_to_film(cover.input, cover.range)[:1]
    ]
    most = len(chosen) + max(1, ceil(time_map.duration * MOST_A_MINUTE / 60))
    for opportunity in sorted(candidates, key=lambda o: -o.priority):
        film = _film_range(opportunity, material, time_map)
        if film is None or len(chosen) >= most:
            continue
        # Room to breathe between two graphics, and never more than two in any minute.
        apart = all(
            film.start - other.end >= 8 or other.start - film.end >= 8 for other, _ in chosen
        )
        minute = sum(abs(other.start - film.start) < 60 for other, _ in chosen)
        if apart and minute < MOST_A_MINUTE:
            chosen.append((film, opportunity))
    ordered = [o for _, o in sorted(chosen, key=lambda item: item[0].start)]
    named = [
        o.model_copy(update={"opportunity_id": f"broll-{n:03d}"}) for n, o in enumerate(ordered, 1)
    ]
    return named, uncovered


def _film_range(
    opportunity: BRollOpportunity, material: Material, time_map: TimeMap
) -> TimeRange[FilmTime] | None:
    """Where it stands in the film; None where it may not."""
    parts = time_map.range_to_film(opportunity.input, opportunity.range)
    if len(parts) != 1 or not SHORTEST <= parts[0].duration <= LONGEST + 4:
        return None
    if parts[0].start < _NOT_BEFORE:
        return None
    for shot in material.shots(opportunity.input):
        if shot.kind in {"slide", "broll", "title_card"} and shot.range.overlaps(opportunity.range):
            return None
    return parts[0]


def _span(
    sentences: Sequence[PrintedSentence], at: int, *, end_with: int | None = None
) -> TimeRange[SourceTime]:
    """From a sentence's start to the end of the same or a later one, 4 to 8 s where they allow."""
    start = sentences[at].sentence.start
    own = [s.sentence for s in sentences[at:] if s.sentence.input == sentences[at].sentence.input]
    last = 0 if end_with is None else min(end_with - at, len(own) - 1)
    while last > 0 and own[last].end - start > LONGEST + 2:
        last -= 1
    while last + 1 < len(own) and own[last].end - start < SHORTEST + 1:
        if own[last + 1].end - start > LONGEST:
            break
        last += 1
    return TimeRange(start, own[last].end)


def _sentence_of(sentences: Sequence[PrintedSentence], number: NumberMention) -> int | None:
    for at, printed in enumerate(sentences):
        s = printed.sentence
        if s.input == number.input and s.start <= number.start < s.end:
            return at
    return None


def said_at(seconds: Fraction) -> str:
    """The line under a chart: where in the recording its numbers were said."""
    return f"as said at {wording.clock(seconds)}"


def _growth(
    sentences: Sequence[PrintedSentence], material: Material, said: Figures
) -> list[BRollOpportunity]:
    if not (said.contribution and said.rate and said.span):
        return []
    parts = [said.contribution, said.rate, said.span]
    places = [_sentence_of(sentences, n) for n in parts]
    known = [p for p in places if p is not None]
    if not known:
        return []
    span = _span(sentences, min(known), end_with=max(known))
    money = wording.money(said.contribution.value, said.contribution.unit)
    text = f"{money} a month at {said.rate.value:g} percent for {said.span.value:g} years"
    data = ChartData(
        kind="growth",
        labels=("Put in", "With growth"),
        units=(said.contribution.unit,),
        principal=said.principal.value if said.principal else 0.0,
        contribution=said.contribution.value,
        annual_rate=said.rate.value,
        years=said.span.value,
        source_line=said_at(said.contribution.start),
    )
    return [
        _opportunity(
            material,
            sentences[min(known)],
            span,
            data,
            f"Growth curve: {text}",
            ("growth curve", money, f"{said.span.value:g} years"),
            priority=1.0,
            confidence=min(n.confidence for n in parts),
        )
    ]


def _big_numbers(
    sentences: Sequence[PrintedSentence], material: Material, said: Figures
) -> list[BRollOpportunity]:
    found = []
    drawn = {id(n) for n in (said.contribution, said.rate, said.span) if n}
    for number in said.numbers:
        at = _sentence_of(sentences, number)
        if at is None or id(number) in drawn or number.unit in {"count", "days", "weeks", "months"}:
            continue
        if number.unit == "years" and not number.concept:
            continue
        label = wording.sentence_case(number.concept or "")
        data = ChartData(
            kind="big_number",
            labels=(label,) if label else (),
            values=(number.value,),
            units=(number.unit,),
            source_line=said_at(number.start),
        )
        large = number.unit in {"usd", "eur", "gbp"} and number.value >= 1000
        found.append(
            _opportunity(
                material,
                sentences[at],
                _span(sentences, at),
                data,
                f"Big number: {number_text(number)}" + (f" ({label.lower()})" if label else ""),
                (number_text(number),),
                priority=0.7 if large else 0.5,
                confidence=number.confidence,
                overlay=True,
            )
        )
    return found


def _definitions(
    sentences: Sequence[PrintedSentence], material: Material
) -> list[BRollOpportunity]:
    """A definition card where a concept is first explained."""
    found = []
    for concept in material.concepts[:5]:
        if not concept.explanation:
            continue
        stems = {wording.root(t) for t in wording.tokens(concept.phrase)}
        for at, printed in enumerate(sentences):
            if not stems <= set(wording.content_words(printed.text)) or "?" in printed.text:
                continue
            data = ChartData(
                kind="definition",
                labels=(wording.sentence_case(concept.phrase), concept.explanation),
                source_line=said_at(printed.sentence.start),
            )
            found.append(
                _opportunity(
                    material,
                    printed,
                    _span(sentences, at),
                    data,
                    f"Definition: {concept.phrase}",
                    (concept.phrase, "definition card"),
                    priority=0.55 + 0.1 * concept.score,
                    confidence=concept.confidence,
                    overlay=True,
                )
            )
            break
    return found


def _opportunity(
    material: Material,
    printed: PrintedSentence,
    span: TimeRange[SourceTime],
    data: ChartData,
    description: str,
    elements: tuple[str, ...],
    *,
    priority: float,
    confidence: float,
    overlay: bool = False,
) -> BRollOpportunity:
    return BRollOpportunity(
        opportunity_id="broll",
        input=printed.sentence.input,
        start=span.start,
        end=span.end,
        content_type="chart" if data.kind == "growth" else "graphic",
        description=description,
        visual_elements=elements,
        data=data,
        priority=round(min(1.0, priority), 3),
        confidence=round(min(1.0, confidence), 3),
        placement="overlay" if overlay else "full_screen",
        decided_by="rules",
    )
