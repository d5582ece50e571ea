"""Graphics of sums that grow or are worked out: a growth curve, a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.number_words import (
    MONEY,
    follows,
    noun_of,
    words_between,
)
from ai_video_editor.intelligence.director.promises import number_text
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, proposal
from ai_video_editor.language import wording

_EXAMPLE = Fraction(25)
"""Seconds within which the result of an example is said."""


def growth(talk: Talk) -> Iterator[Proposal]:
    """The growth curve of regular saving: a sum a month, a rate and a number of years."""
    said = talk.figures
    if not (said.contribution and said.rate and said.span):
        return
    parts = [said.contribution, said.rate, said.span]
    places = [place for n in parts if (place := talk.place_of(n)) is not None]
    if not places:
        return
    money = wording.money(said.contribution.value, said.contribution.unit)
    years = f"{said.span.value:g} years"
    data = ChartData(
        kind="growth",
        labels=("Put in", "With growth"),
        units=(said.contribution.unit,),
        principal=said.principal.value if said.principal else 0.0,
        contribution=said.contribution.value,
        annual_rate=said.rate.value,
        years=said.span.value,
        said=said.contribution.start,
    )
    yield proposal(
        talk,
        min(places),
        data,
        f"Growth curve: {money} a month at {said.rate.value:g} percent for {years}",
        "A sum, a rate and a time are said together; how the sum grows is seen, not heard.",
        spans=talk.spans(min(places), max(places)),
        priority=1.0,
        confidence=min(n.confidence for n in parts),
        numbers=parts,
        elements=("growth curve", money, years),
    )


def formulas(talk: Talk) -> Iterator[Proposal]:
    """Arithmetic of which every term and the result were said, and which comes out even."""
    said = talk.figures
    if said.contribution and said.span:
        for total in _money_near(talk, said.contribution):
            if _equal(said.contribution.value * 12 * said.span.value, total.value):
                yield from _paid_in(talk, said.contribution, said.span, total)
                break
    for at, _ in enumerate(talk.sentences):
        near = [*talk.numbers(at), *(talk.numbers(at + 1) if follows(talk, at) else [])]
        yield from _share_of_a_sum(talk, at, near)


def _paid_in(
    talk: Talk, monthly: NumberMention, years: NumberMention, total: NumberMention
) -> Iterator[Proposal]:
    place = talk.place_of(total)
    if place is None:
        return
    data = ChartData(
        kind="formula",
        labels=("a month", "months a year", "years", "paid in"),
        values=(monthly.value, 12, years.value, total.value),
        units=(monthly.unit, "", "", total.unit),
        operators=("times", "times"),
        said=total.start,
    )
    yield proposal(
        talk,
        place,
        data,
        "Formula: what is paid in",
        "The sum that was said is the product of numbers said before; the steps are shown.",
        spans=talk.spans(place, place),
        priority=0.8,
        confidence=min(monthly.confidence, years.confidence, total.confidence),
        numbers=(total,),
        elements=("formula", number_text(total)),
    )


def _share_of_a_sum(talk: Talk, at: int, near: Sequence[NumberMention]) -> Iterator[Proposal]:
    """Two percent of 100,000 dollars is 2,000 dollars."""
    for percent in near:
        if percent.unit != "percent":
            continue
        sums = [n for n in near if n.unit in MONEY and n.start > percent.start]
        for whole, part in pairwise(sums):
            between = words_between(talk, percent, whole)
            if whole.unit != part.unit or between is None or "of" not in between[:2]:
                continue
            if not _equal(whole.value * percent.value / 100, part.value):
                continue
            data = ChartData(
                kind="formula",
                labels=(noun_of(talk, percent).lower(), noun_of(talk, whole).lower(),
                        f"every {part.period}" if part.period else ""),
                values=(percent.value, whole.value, part.value),
                units=("percent", whole.unit, part.unit),
                operators=("times",),
                said=percent.start,
            )  # fmt: skip
            yield proposal(
                talk,
                at,
                data,
                f"Formula: {percent.value:g}% of {number_text(whole)}",
                "A share of a sum and what it comes to are said; the three belong together.",
                spans=talk.spans(at, talk.place_of(part) or at),
                priority=0.8,
                confidence=min(percent.confidence, whole.confidence, part.confidence),
                numbers=(percent, whole, part),
                elements=("formula",),
            )


def _money_near(talk: Talk, number: NumberMention) -> Iterator[NumberMention]:
    for other in talk.figures.numbers:
        near = abs(other.start - number.start) <= _EXAMPLE
        if other.input == number.input and other.unit == number.unit and near and other != number:
            yield other


def _equal(computed: float, said: float) -> bool:
    return abs(computed - said) <= max(abs(said) * 0.0005, 0.005)
