"""Single numbers worth remembering."""

from __future__ import annotations

from collections.abc import Iterator

from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.number_words import MONEY, VERBS, named, noun_of
from ai_video_editor.intelligence.director.promises import number_text
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, plain, proposal
from ai_video_editor.language import wording


def big_numbers(talk: Talk) -> Iterator[Proposal]:
    """One number worth remembering, over the picture while it is said."""
    for number in talk.figures.numbers:
        at = talk.place_of(number)
        if at is None or not _worth_showing(number):
            continue
        label = _meaning(talk, at, number)
        if not label and number.unit not in MONEY:
            continue
        data = ChartData(
            kind="big_number",
            labels=(label,) if label else (),
            values=(number.value,),
            units=(number.unit,),
            said=number.start,
        )
        large = number.unit in MONEY and number.value >= 1000
        yield proposal(
            talk,
            at,
            data,
            f"Big number: {number_text(number)}" + (f" ({label.lower()})" if label else ""),
            f"\u201c{number.text}\u201d is what the viewer should take away from this sentence.",
            spans=(talk.span(at), talk.sentences[at].sentence.range),
            priority=0.7 if large else 0.5,
            confidence=number.confidence,
            numbers=(number,),
            elements=(number_text(number),),
            overlay=True,
        )


def _worth_showing(number: NumberMention) -> bool:
    if number.unit in MONEY:
        return number.value >= 100 or bool(number.period and number.value >= 10)
    if number.unit in ("percent", "years"):
        return number.unit == "percent" or number.value >= 5
    return number.unit == "times" and number.value >= 2


def _meaning(talk: Talk, at: int, number: NumberMention) -> str:
    """What a number is, as far as its own sentence says; "" where it does not."""
    if number.period and number.unit in MONEY:
        return f"Every {number.period}"
    noun = noun_of(talk, number) or _subject(talk, at, number)
    if noun or not number.concept:
        return noun
    said = set(wording.content_words(talk.sentences[at].text))
    named = set(wording.content_words(number.concept))
    alone = sum(n.unit == number.unit for n in talk.numbers(at)) == 1
    return wording.sentence_case(number.concept) if named and named <= said and alone else ""


def _subject(talk: Talk, at: int, number: NumberMention) -> str:
    """What a clause measures: of "the expense ratio of a fund is 0.1 percent" Expense ratio."""
    words = [plain(word) for word in talk.words(at) if word.end <= number.start]
    verb = next((i for i, word in enumerate(words[:8]) if word in VERBS), None)
    if verb is None or len(talk.numbers(at)) != 1:
        return ""
    return named(words[: words.index("of")] if "of" in words[:verb] else words[:verb], own=False)
