"""Graphics of words: a term explained, items counted off, somebody else's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ai_video_editor.context.content import KeyConcept
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, proposal
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import is_housekeeping

_EXPLAINED = 5
"""So many of the talk's concepts are worth a card."""

_CENTRAL = 0.6
"""Score of a concept that is worth a card where it is first named, without being explained."""

_MEANS = (
    r"(?:is|are|means?)\s+(?:basically |simply |just |really )?"
    r"((?:an?|when|the (?:process|way|act|art|study|amount|price|number|difference|"
    r"rate|ability|idea|science|practice|measure|share|part|cost))\s.{12,110})"
)
"""How a speaker explains a word in words that can be printed."""

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_ANNOUNCES = re.compile(
    r"\b(two|three|four|five|[2-5])\s+((?:[a-z]+\s+){0,2}?(?:ways|things|steps|reasons|rules|"
    r"mistakes|tips|kinds|types|parts|questions|habits|principles|ideas|options|lessons|points|"
    r"facts|signs|tricks|stages|benefits|problems|causes)\b.*)$",
    re.I,
)
_ORDINALS = (
    ("one", "first"), ("two", "second"), ("three", "third"), ("four", "fourth"), ("five", "fifth"),
)  # fmt: skip
_LONGEST_ITEM = 48
"""Characters of an item that can be read on a card at phone size."""

_LONGEST_HEADING = 52
_BUILT_UP = Fraction(16)
"""Longest time for which a list hides the speaker while it is built up, seconds."""

_SAYS = re.compile(
    r"^(?:As |Like )?((?:[A-Z][\w.'\u2019-]+ ){1,2}[A-Z][\w'\u2019-]+|Einstein|Shakespeare|"
    r"Aristotle|Socrates|Plato|Gandhi|Confucius|Seneca|Newton|Darwin|Churchill) "
    r"(?:once |famously |often |always )*(?:said|says|wrote|put it|told us)[,:]?\s+"
    r"(?:that )?[\"\u201c\u2018']?(.+?)[\"\u201d\u2019']?$"
)
_LONGEST_QUOTE = 170
"""Characters that fill a card in type that is read at phone size."""


def definitions(talk: Talk) -> Iterator[Proposal]:
    """A card where a concept is explained: our plain sentence, or the speaker's own."""
    for concept in talk.material.concepts[: 2 * _EXPLAINED]:
        phrase = concept.phrase
        places = explaining(talk, concept)
        if not places:
            continue
        meaning = concept.explanation or _own_words(talk, phrase)
        if not meaning:
            continue
        at = places[0]
        data = ChartData(
            kind="definition",
            labels=(wording.sentence_case(phrase), meaning),
            said=talk.sentences[at].sentence.start,
        )
        yield proposal(
            talk,
            at,
            data,
            f"Definition: {phrase}",
            f"The talk rests on \u201c{phrase}\u201d; the card keeps in view what it means.",
            spans=tuple(dict.fromkeys(span for place in places for span in [talk.span(place)])),
            priority=0.55 + 0.1 * concept.score,
            confidence=min(concept.confidence, talk.sentences[at].confidence),
            elements=(phrase, "definition card"),
            overlay=True,
            word=phrase.lower(),
        )


def explaining(talk: Talk, concept: KeyConcept) -> list[int]:
    """Sentences that explain a concept, the best first; those that only greet with it never."""
    stems = {wording.root(token) for token in wording.tokens(concept.phrase)}
    name = re.escape(concept.phrase)
    first: list[int] = []
    second: list[int] = []
    asked = False
    for at, printed in enumerate(talk.sentences):
        text = printed.text
        names_it = stems <= set(wording.content_words(text))
        if asked and re.match(r"(?:it|that)(?:'s| is| means)\b", text, re.I):
            first.append(at)
        elif names_it and re.search(rf"\b{name}\W+(?:is|are|means?)\b", text, re.I):
            if "?" not in text:
                first.append(at)
        elif names_it and "?" not in text and not is_housekeeping(text) and not _announces(text):
            second.append(at)
        asked = names_it and text.endswith("?")
    if concept.explanation and concept.score >= _CENTRAL:
        return [*first[:2], *second[:1]]
    return first[:2]


def _announces(text: str) -> bool:
    return bool(re.search(r"\b(?:going to|gonna|let's|we'll|i'll|today)\b", text, re.I))


def _own_words(talk: Talk, phrase: str) -> str:
    pattern = re.compile(rf"^(?:So |Now )?(?:an? |the )?{re.escape(phrase)} {_MEANS}$", re.I)
    for printed in talk.sentences:
        found = pattern.match(printed.text.rstrip(".!"))
        if found:
            return wording.sentence_case(found[1]) + "."
    return ""


def lists(talk: Talk) -> Iterator[Proposal]:
    """Things that are announced with their number and then counted off."""
    for at, printed in enumerate(talk.sentences):
        announced = _ANNOUNCES.search(printed.text.rstrip(".:!"))
        if not announced:
            continue
        count = _COUNTS[announced[1].lower()]
        items = _items(talk, at, count)
        if len(items) != count:
            continue
        places = [place for place, _ in items]
        heading = f"{announced[1]} {announced[2]}"
        heading = wording.sentence_case(heading) if len(heading) <= _LONGEST_HEADING else ""
        built = talk.sentences[places[-1]].sentence.end - talk.sentences[at].sentence.start
        together = built <= _BUILT_UP
        begins = at if together else places[-1]
        data = ChartData(
            kind="list",
            labels=tuple(text for _, text in items),
            moments=tuple(talk.sentences[p].sentence.start for p in places) if together else (),
            said=talk.sentences[places[0]].sentence.start,
        )
        spans = [talk.span(begins, end_with=places[-1], most=_BUILT_UP)]
        if together:
            spans.append(talk.span(places[0], end_with=places[-1], most=_BUILT_UP))
        spans.append(talk.span(places[-1]))
        yield proposal(
            talk,
            begins,
            data,
            f"List: {heading}" if heading else "List",
            f"{count} things are counted off; seen together they are remembered.",
            spans=tuple(dict.fromkeys(spans)),
            priority=0.8,
            confidence=min(talk.sentences[p].confidence for p in [at, *places]),
            elements=[text for _, text in items],
        )


def _items(talk: Talk, announced: int, count: int) -> list[tuple[int, str]]:
    """The items in order with their sentences; fewer than `count` where one is missing."""
    found: list[tuple[int, str]] = []
    same = talk.sentences[announced].sentence.input
    for at in range(announced + 1, min(announced + 1 + 5 * count, len(talk.sentences))):
        printed = talk.sentences[at]
        if len(found) == count or printed.sentence.input != same:
            break
        cardinal, ordinal = _ORDINALS[len(found)]
        counted = re.match(
            rf"(?:and |so |okay |the )*(?:(?:(?:rule |step |tip |reason )?(?:number )?{cardinal})|"
            rf"(?:{ordinal}(?:ly)?(?: of all)?))"
            r"(?: (?:one|thing|way|step|rule|reason|tip|mistake)(?: is)?)?"
            r"\s*[,:]?\s+(?:is (?:to |that )?)?(.{6,})$",
            printed.text.rstrip(".!"),
            re.I,
        )
        item = wording.shorten(counted[1], _LONGEST_ITEM) if counted else None
        if item:
            found.append((at, wording.sentence_case(item)))
    return found


def quotations(talk: Talk) -> Iterator[Proposal]:
    """Words of somebody who is named: the only words worth a card that hides the speaker."""
    for at, printed in enumerate(talk.sentences):
        found = _SAYS.match(printed.text.strip())
        if not found or "?" in found[2]:
            continue
        words = wording.sentence_case(found[2].strip())
        if len(wording.tokens(words)) < 4 or len(words) > _LONGEST_QUOTE:
            continue
        data = ChartData(kind="quote", labels=(words, found[1]), said=printed.sentence.start)
        yield proposal(
            talk,
            at,
            data,
            f"Quotation: {found[1]}",
            f"The words are {found[1]}'s and not the speaker's; the card shows whose they are.",
            spans=(talk.span(at), printed.sentence.range),
            priority=0.65,
            confidence=printed.confidence,
            elements=("quotation", found[1]),
        )
