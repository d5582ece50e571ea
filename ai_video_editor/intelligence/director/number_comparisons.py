"""Graphics of numbers set against each other: before and after, bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.number_words import VERBS, named, words_between
from ai_video_editor.intelligence.director.promises import number_text
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, plain, proposal
from ai_video_editor.language import wording

_CHANGES = frozenset({
    "went", "gone", "go", "goes", "grew", "grow", "grown", "rose", "rise", "risen", "fell",
    "fall", "fallen", "dropped", "drop", "drops", "cut", "cuts", "increased", "increase",
    "increases", "decreased", "decrease", "climbed", "climb", "jumped", "jump", "raised",
    "raise", "lowered", "lower", "reduced", "reduce", "shrank", "shrink", "improved", "improve",
    "moved", "doubled", "tripled", "brought", "took"
})  # fmt: skip
"""Verbs with which "from … to …" is a change and not a range."""


def changes(talk: Talk) -> Iterator[Proposal]:
    """From one number to another with a verb of change: before and after."""
    for at, _ in enumerate(talk.sentences):
        words = [plain(word) for word in talk.words(at)]
        verb = next((i for i, word in enumerate(words) if word in _CHANGES), None)
        if verb is None:
            continue
        for before, after in pairwise(talk.numbers(at)):
            if before.unit != after.unit or before.value == after.value or before.value <= 0:
                continue
            if before.unit == "count" and min(before.value, after.value) < 2:
                continue
            between = words_between(talk, before, after)
            ahead = [plain(w) for w in talk.words(at) if w.end <= before.start][-1:]
            if between != ["to"] or ahead != ["from"]:
                continue
            each = after.period or before.period
            subject = named(words[:verb])
            heading = f"{subject} each {each}" if subject and each else subject
            data = ChartData(
                kind="before_after",
                labels=("Before", "After"),
                values=(before.value, after.value),
                units=(before.unit if before.unit != "count" else "",),
                said=before.start,
            )
            yield proposal(
                talk,
                at,
                data,
                f"Before and after: {heading}" if heading else "Before and after",
                "Something changed from one number to another; side by side they show by how much.",
                spans=talk.spans(at, at),
                priority=0.85,
                confidence=min(before.confidence, after.confidence),
                numbers=(before, after),
                elements=(number_text(before), number_text(after)),
            )
            break


def comparisons(talk: Talk) -> Iterator[Proposal]:
    """Two things with the same verb and a number each, side by side as bars."""
    found = []
    for at, _ in enumerate(talk.sentences):
        found += [(at, *one) for one in _measured(talk, at)]
    for (at, name, verb, number), (later, other, verb_, second) in pairwise(found):
        apart = second.start - number.end
        if later - at > 1 or apart > 8 or number.unit != second.unit or number.unit == "count":
            continue
        if wording.root(verb) != wording.root(verb_) or name.lower() == other.lower():
            continue
        if number.period != second.period and number.period and second.period:
            continue
        if min(number.value, second.value) < 0 or number.value == second.value:
            continue
        shared = number.concept if number.concept == second.concept else None
        named = shared and shared.lower() not in f"{name} {other}".lower()
        heading = wording.sentence_case(shared) if named and shared else ""
        data = ChartData(
            kind="bars",
            labels=(name, other),
            values=(number.value, second.value),
            units=(number.unit,),
            said=number.start,
        )
        yield proposal(
            talk,
            at,
            data,
            f"Comparison: {heading}" if heading else f"Comparison of {name} and {other}",
            f"{name} and {other} are measured against each other; bars show by how much they "
            "differ.",
            spans=talk.spans(at, later),
            priority=0.85,
            confidence=min(number.confidence, second.confidence),
            numbers=(number, second),
            elements=(name, other),
        )


def _measured(talk: Talk, at: int) -> Iterator[tuple[str, str, NumberMention]]:
    """Clauses "a thing, a verb, a number": the thing's name, the verb and the number."""
    numbers = talk.numbers(at)
    for clause in _clauses(talk.words(at)):
        inside = [n for n in numbers if clause[0].start <= n.start < clause[-1].end]
        words = [plain(word) for word in clause]
        verb = next((i for i, word in enumerate(words[:6]) if word in VERBS), None)
        if verb is None or len(inside) != 1 or inside[0].start < clause[verb].end:
            continue
        name = named(words[:verb], own=False)
        if (
            name
            and sum(w.start >= clause[verb].end and w.end <= inside[0].start for w in clause) < 5
        ):
            yield name, words[verb], inside[0]


def _clauses(words: Sequence[Word]) -> Iterator[list[Word]]:
    clause: list[Word] = []
    for word in words:
        if clause and plain(word) in {"while", "whereas", "but", "and"} and len(clause) > 2:
            yield clause
            clause = []
            continue
        if not clause and plain(word) in {"while", "whereas", "but", "and", "so"}:
            continue
        clause.append(word)
    if clause:
        yield clause
