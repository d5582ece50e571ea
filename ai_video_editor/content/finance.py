"""Financial concepts from a taxonomy, and the numbers that were said near them."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from ai_video_editor.content.numbers import find_numbers
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.content import KeyConcept, NumberMention
from ai_video_editor.context.plan import Drawing
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.transcript import abandoned, printed_sentences
from ai_video_editor.timebase import MICROSECOND, SourceTime

NEAR = Fraction(15)
"""Seconds within which a number belongs to a concept; about two spoken sentences each way."""

FINANCIAL_DENSITY = 0.012
"""Share of all words that name financial concepts above which a talk is about finance. Two short
talks on money measured 0.08, a political text 0.0; the border between is a choice, not measured."""


_COMPANY = 2
"""Other concepts that must be named before a gold medal may be about gold."""


@dataclass(frozen=True)
class FinancialConcept:
    """One entry of the taxonomy.

    Attributes:
        key: its name in the file.
        name: as it is printed.
        forms: all ways of saying it, as tuples of stems.
        explanation: one plain sentence.
        growth: whether numbers near it may be drawn as a growth curve.
        disclaimer: key of the disclaimer it calls for beside the general one, or "".
        draw: the picture that explains it, as `context.plan.Drawing` has it, or "".
        common: whether it is an everyday word too and means money only beside other concepts.
    """

    key: str
    name: str
    forms: tuple[tuple[str, ...], ...]
    explanation: str
    growth: bool
    disclaimer: str
    draw: Drawing = ""
    common: bool = False


@dataclass(frozen=True)
class FinancialFindings:
    """What a talk says about money.

    Attributes:
        concepts: those of the taxonomy that were said, most central first.
        numbers: quantities, each tied to the nearest concept where there is one near.
        density: share of the words that name financial concepts, 0 to 1.
        disclaimers: sentences the description must carry.
    """

    concepts: tuple[KeyConcept, ...]
    numbers: tuple[NumberMention, ...]
    density: float
    disclaimers: tuple[str, ...]


@cache
def taxonomy() -> dict[str, FinancialConcept]:
    """All concepts of `data/finance.toml` by key."""
    table = {}
    for key, entry in _file()["concepts"].items():
        spoken = [entry["name"], *entry["synonyms"]]
        forms = {tuple(wording.stem(t) for t in wording.tokens(form)) for form in spoken}
        table[key] = FinancialConcept(
            key,
            entry["name"],
            tuple(sorted(forms, key=len, reverse=True)),
            entry["explanation"],
            bool(entry.get("growth", False)),
            entry.get("disclaimer", ""),
            entry.get("draw", ""),
            bool(entry.get("common", False)),
        )
    return table


@cache
def disclaimers() -> dict[str, str]:
    """Texts for the description: general, growth, tax, crypto."""
    return {k: v for k, v in _file()["disclaimers"].items() if isinstance(v, str)}


@cache
def spoken_disclaimers() -> tuple[str, ...]:
    """Phrases that mark a passage as a disclaimer, lower case."""
    return tuple(_file()["disclaimers"]["spoken"])


@cache
def _file() -> dict[str, Any]:
    text = files("ai_video_editor.content").joinpath("data/finance.toml").read_text("utf-8")
    return tomllib.loads(text)


def said_disclaimers(audio: AudioAnalysis) -> tuple[SourceSpan, ...]:
    """The sentences in which the speaker warns the viewer; they must stay in the film."""
    return tuple(
        SourceSpan(
            input=printed.sentence.input, start=printed.sentence.start, end=printed.sentence.end
        )
        for printed in printed_sentences(audio)
        if any(phrase in printed.text.lower() for phrase in spoken_disclaimers())
    )


class FinancialContentAnalyzer:
    """Finds financial concepts, ties numbers to them and chooses the disclaimers."""

    def analyze(self, audio: AudioAnalysis) -> FinancialFindings:
        """What the words say about money; empty for no words."""
        gone = abandoned(audio)
        words = [w for i, w in enumerate(audio.words) if i not in gone]
        mentions = _mentions(words)
        concepts = _concepts(mentions, words)
        numbers = tie(find_numbers(audio.words, skip=gone), concepts)
        covered = sum(count for _, _, count in mentions)
        density = covered / len(words) if words else 0.0
        return FinancialFindings(
            tuple(concepts), tuple(numbers), density, _disclaimers(concepts, numbers)
        )


def _mentions(words: Sequence[Word]) -> list[tuple[str, SourceSpan, int]]:
    """`(key, span, number of words)`; the longest form wins where several fit."""
    stems = [wording.stem(w.text) for w in words]
    starts: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for concept in taxonomy().values():
        for form in concept.forms:
            starts.setdefault(form[0], []).append((form, concept.key))
    found = []
    at = 0
    while at < len(words):
        options = [
            (form, key)
            for form, key in starts.get(stems[at], ())
            if tuple(stems[at : at + len(form)]) == form
            and words[at].input == words[at + len(form) - 1].input
        ]
        if not options:
            at += 1
            continue
        form, key = max(options, key=lambda option: len(option[0]))
        first, last = words[at], words[at + len(form) - 1]
        span = SourceSpan(input=first.input, start=first.start, end=max(last.end, first.start))
        found.append((key, span, len(form)))
        at += len(form)
    named = {key for key, _, _ in found if not taxonomy()[key].common}
    if len(named) >= _COMPANY:
        return found
    return [mention for mention in found if not taxonomy()[mention[0]].common]


def _concepts(
    mentions: Sequence[tuple[str, SourceSpan, int]], words: Sequence[Word]
) -> list[KeyConcept]:
    confidence_at = {(w.input, w.start): w.confidence for w in words}
    spans: dict[str, list[SourceSpan]] = {}
    for key, span, _ in mentions:
        spans.setdefault(key, []).append(span)
    most = max((len(s) for s in spans.values()), default=1)
    concepts = [
        KeyConcept(
            phrase=_printed(key, found, words),
            score=round(0.4 + 0.6 * len(found) / most, 3),
            mentions=tuple(found),
            confidence=round(sum(confidence_at[(s.input, s.start)] for s in found) / len(found), 3),
            financial=key,
            explanation=_explanation(key, found, words),
            draw=taxonomy()[key].draw,
        )
        for key, found in spans.items()
    ]
    return sorted(concepts, key=lambda c: (-c.score, c.mentions[0].input, c.mentions[0].start))


def _said(spans: Sequence[SourceSpan], words: Sequence[Word]) -> list[list[str]]:
    """The words of each span; `words` are in order of input and time."""
    starts = [(w.input, w.start) for w in words]
    return [
        [
            wording.bare(w.text)
            for w in words[
                bisect_left(starts, (s.input, s.start)) : bisect_left(
                    starts, (s.input, max(s.end, SourceTime(s.start + MICROSECOND)))
                )
            ]
        ]
        for s in spans
    ]


def _printed(key: str, spans: Sequence[SourceSpan], words: Sequence[Word]) -> str:
    """The concept's name as it was said, else the first way the speaker put it."""
    concept = taxonomy()[key]
    said = _said(spans, words)
    named = [" ".join(form) for form in said if _is_named(concept, form)]
    if not named and lexicon.words("stop_words") & set(said[0]):
        return concept.name  # "timing the market" is no heading
    if not named:
        return " ".join(wording.spell(part) for part in said[0]) or concept.name
    best = wording.best_form(named)
    if best == concept.name.lower():
        return concept.name
    return " ".join(wording.spell(part) for part in best.split())


def _explanation(key: str, spans: Sequence[SourceSpan], words: Sequence[Word]) -> str:
    """The taxonomy's sentence, where the concept was called by the name it explains."""
    concept = taxonomy()[key]
    named = any(_is_named(concept, form) for form in _said(spans, words))
    return concept.explanation if named else ""


def _is_named(concept: FinancialConcept, form: Sequence[str]) -> bool:
    name = [wording.stem(t) for t in wording.tokens(concept.name)]
    return [wording.stem(part) for part in form] == name


def tie(numbers: Sequence[NumberMention], concepts: Sequence[KeyConcept]) -> list[NumberMention]:
    """Numbers with the phrase of the nearest concept, where one was said within `NEAR`."""
    financial = [c for c in concepts if c.financial]
    # A financial concept comes before other things said nearby.
    return _tie(_tie(numbers, financial), [c for c in concepts if not c.financial])


def _tie(numbers: Sequence[NumberMention], concepts: Sequence[KeyConcept]) -> list[NumberMention]:
    places = [(m.input, m.start, m.end, c.phrase) for c in concepts for m in c.mentions]
    tied = []
    for number in numbers:
        if number.concept is not None:
            tied.append(number)
            continue
        near = [
            (max(start - number.end, number.start - end, Fraction(0)), phrase)
            for source, start, end, phrase in places
            if source == number.input
        ]
        distance, phrase = min(near, default=(NEAR + 1, ""))
        tied.append(number.model_copy(update={"concept": phrase}) if distance <= NEAR else number)
    return tied


def _disclaimers(
    concepts: Sequence[KeyConcept], numbers: Sequence[NumberMention]
) -> tuple[str, ...]:
    if not concepts:
        return ()
    texts = disclaimers()
    found = [taxonomy()[c.financial] for c in concepts if c.financial]
    wanted = ["general"]
    if any(c.growth for c in found) and any(n.unit == "percent" for n in numbers):
        wanted.append("growth")
    wanted.extend(sorted({c.disclaimer for c in found if c.disclaimer}))
    return tuple(texts[key] for key in wanted)
