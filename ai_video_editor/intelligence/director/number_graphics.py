"""Graphics of numbers: proposed only where the words say how the numbers belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.promises import number_text
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, plain, proposal
from ai_video_editor.language import wording
from ai_video_editor.timebase import exact

MONEY = frozenset({"usd", "eur", "gbp"})

_EXAMPLE = Fraction(25)
"""Seconds within which the result of an example is said."""

_CHANGES = frozenset({
    "went", "gone", "go", "goes", "grew", "grow", "grown", "rose", "rise", "risen", "fell",
    "fall", "fallen", "dropped", "drop", "drops", "cut", "cuts", "increased", "increase",
    "increases", "decreased", "decrease", "climbed", "climb", "jumped", "jump", "raised",
    "raise", "lowered", "lower", "reduced", "reduce", "shrank", "shrink", "improved", "improve",
    "moved", "doubled", "tripled", "brought", "took"
})  # fmt: skip
"""Verbs with which "from … to …" is a change and not a range."""

_POINTING = frozenset({
    "it", "they", "this", "that", "these", "those", "he", "she", "we", "i", "you", "there",
    "which", "who", "what", "everything", "something", "one", "and", "but", "so", "then",
    "because", "if", "when"
})  # fmt: skip
"""Words that name nothing a viewer could read alone."""

_VERBS = frozenset({
    "is", "are", "was", "were", "costs", "cost", "charges", "charge", "returns", "return",
    "returned", "earns", "earn", "earned", "pays", "pay", "paid", "takes", "take", "took",
    "keeps", "keep", "kept", "has", "have", "had", "gives", "give", "gave", "makes", "make",
    "made", "grew", "gained", "lost", "needs", "need", "uses", "use", "used", "gets", "get",
    "got", "averages", "averaged", "yields"
})  # fmt: skip
"""Verbs that stand between a thing and its number."""

_INTO = frozenset({
    "in", "into", "to", "for", "on", "of", "goes", "go", "is", "are", "should", "be", "your",
    "the", "a", "an", "my", "our", "towards", "toward", "spent", "put", "as", "it", "that",
    "and", "with", "left"
})  # fmt: skip
"""Words between a share and the name of what it is for."""


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
        near = [*talk.numbers(at), *(talk.numbers(at + 1) if _follows(talk, at) else [])]
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
            between = _between(talk, percent, whole)
            if whole.unit != part.unit or between is None or "of" not in between[:2]:
                continue
            if not _equal(whole.value * percent.value / 100, part.value):
                continue
            data = ChartData(
                kind="formula",
                labels=(_noun_of(talk, percent).lower(), _noun_of(talk, whole).lower(),
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
            between = _between(talk, before, after)
            ahead = [plain(w) for w in talk.words(at) if w.end <= before.start][-1:]
            if between != ["to"] or ahead != ["from"]:
                continue
            each = after.period or before.period
            subject = _named(words[:verb])
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
        verb = next((i for i, word in enumerate(words[:6]) if word in _VERBS), None)
        if verb is None or len(inside) != 1 or inside[0].start < clause[verb].end:
            continue
        name = _named(words[:verb], own=False)
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


def allocations(talk: Talk) -> Iterator[Proposal]:
    """Percent with names that add up to a whole, in one sentence or two."""
    for at, _ in enumerate(talk.sentences):
        for last in (at, at + 1):
            if last != at and not (_follows(talk, at) and talk.numbers(at)):
                continue
            parts = [part for place in range(at, last + 1) for part in _parts(talk, place)]
            rest = _rest(talk, last, parts)
            values = [number.value for number, _ in parts] + ([rest[1]] if rest else [])
            names = [name for _, name in parts] + ([rest[0]] if rest else [])
            distinct = len({name.lower() for name in names}) == len(names)
            whole = min(values, default=0) > 0 and abs(sum(values) - 100) <= 0.5
            if not 2 <= len(values) <= 5 or not distinct or not whole:
                continue  # a share of nothing would be a slice that nobody sees
            numbers = [number for number, _ in parts]
            data = ChartData(
                kind="allocation",
                labels=tuple(names),
                values=tuple(values),
                units=("percent",),
                said=numbers[0].start,
            )
            yield proposal(
                talk,
                at,
                data,
                "Allocation",
                "The shares add up to a whole; a ring shows each beside the others.",
                spans=talk.spans(at, last),
                priority=0.9,
                confidence=min(number.confidence for number in numbers),
                numbers=numbers,
                elements=names,
            )
            break


def _parts(talk: Talk, at: int) -> list[tuple[NumberMention, str]]:
    """Percent of a sentence, each with the name that follows it; [] where one has none."""
    words = talk.words(at)
    found = []
    for number in talk.numbers(at):
        if number.unit != "percent":
            continue
        name = _name_behind([word for word in words if word.start >= number.end])
        if not name:
            return []
        found.append((number, name))
    return found


def _rest(
    talk: Talk, at: int, parts: Sequence[tuple[NumberMention, str]]
) -> tuple[str, float] | None:
    """What "the rest" is for, and the percent that are left."""
    left = 100 - sum(number.value for number, _ in parts)
    words = talk.words(at)
    texts = [plain(word) for word in words]
    if not parts or left <= 0 or "rest" not in texts:
        return None
    name = _name_behind(words[texts.index("rest") + 1 :])
    return (name, round(left, 6)) if name else None


def _name_behind(words: Sequence[Word]) -> str:
    """The noun right behind a share, three words at most: "in stocks and" gives Stocks."""
    name: list[str] = []
    for word in words:
        bare = plain(word)
        if not name and bare in _INTO and not word.text.rstrip().endswith((",", ".", ";")):
            continue
        if bare in {
            "and",
            "or",
            "because",
            "so",
            "which",
            "that",
            "while",
            "but",
            "goes",
            "should",
        }:
            break
        if re.search(r"\d", bare) or not bare:
            break
        name.append(bare)
        if word.text.rstrip()[-1:] in ",.;:?!" or len(name) == 3:
            break
    if not name or name[0] in _POINTING | {"a", "year", "month", "return", "percent"}:
        return ""
    return wording.sentence_case(" ".join(name))


_Event = tuple[int, int, str, Word]
"""Where it is said (sentence), the year, what happened, and the word that names the year."""

_LEAST_EVENTS = 3
_YEAR = re.compile(r"^(?:1[0-9]{3}|20[0-9]{2})$")


def timelines(talk: Talk) -> Iterator[Proposal]:
    """Years in order, each with what happened, within a minute."""
    events: list[_Event] = []
    for at, _ in enumerate(talk.sentences):
        found = _event(talk, at)
        if found is not None:
            events.append((at, *found))
    run: list[_Event] = []
    for event in events:
        if run and not _goes_on(run, event):
            if len(run) >= _LEAST_EVENTS:
                yield _timeline(talk, run)
            run = []
        run.append(event)
    if len(run) >= _LEAST_EVENTS:
        yield _timeline(talk, run)


def _goes_on(run: Sequence[_Event], event: _Event) -> bool:
    """Whether an event is later than those before it, said soon after them, and still fits."""
    (before, year, _, word), (at, later, _, spoken) = run[-1], event
    return later > year and at - before <= 4 and word.input == spoken.input and len(run) < 4


def _event(talk: Talk, at: int) -> tuple[int, str, Word] | None:
    """A sentence that says what happened in one year: the year, the words, the year's word."""
    words = talk.words(at)
    years = [i for i, word in enumerate(words) if _YEAR.match(plain(word))]
    audio = talk.material.audio
    if len(years) != 1 or audio is None or words[years[0]].confidence < audio.print_threshold:
        return None
    i = years[0]
    if i == 0 or plain(words[i - 1]) not in {"in", "by", "since"}:
        return None
    rest = " ".join(word.text for word in [*words[: i - 1], *words[i + 1 :]])
    text = wording.trimmed(wording.without_opener(wording.trimmed(rest).rstrip(".,")))
    begins = next(iter(wording.tokens(text)), "").lower()
    if len(wording.tokens(text)) < 2 or len(text) > _LONGEST_EVENT:
        return None
    return None if begins in {"this", "that", "it"} else (int(plain(words[i])), text, words[i])


_LONGEST_EVENT = 56
"""Characters below a year that can be read at phone size."""


def _timeline(talk: Talk, run: Sequence[_Event]) -> Proposal:
    last = run[-1][0]
    first = run[0][0]
    data = ChartData(
        kind="timeline",
        labels=tuple(wording.sentence_case(text) for _, _, text, _ in run),
        values=tuple(float(year) for _, year, _, _ in run),
        said=run[0][3].start,
    )
    # All of it is known once the last year was said; before, it would run ahead of the talk.
    spans = [talk.span(last), *talk.spans(last, last)]
    return proposal(
        talk,
        last,
        data,
        "Timeline",
        f"{len(run)} years are said one after the other; a line keeps their order in view.",
        spans=tuple(dict.fromkeys(spans)),
        priority=0.8,
        confidence=min(
            *(word.confidence for *_, word in run),
            *(talk.sentences[at].confidence for at in range(first, last + 1)),
        ),
        elements=[str(year) for _, year, _, _ in run],
    )


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
    noun = _noun_of(talk, number) or _subject(talk, at, number)
    if noun or not number.concept:
        return noun
    said = set(wording.content_words(talk.sentences[at].text))
    named = set(wording.content_words(number.concept))
    alone = sum(n.unit == number.unit for n in talk.numbers(at)) == 1
    return wording.sentence_case(number.concept) if named and named <= said and alone else ""


def _subject(talk: Talk, at: int, number: NumberMention) -> str:
    """What a clause measures: of "the expense ratio of a fund is 0.1 percent" Expense ratio."""
    words = [plain(word) for word in talk.words(at) if word.end <= number.start]
    verb = next((i for i, word in enumerate(words[:8]) if word in _VERBS), None)
    if verb is None or len(talk.numbers(at)) != 1:
        return ""
    return _named(words[: words.index("of")] if "of" in words[:verb] else words[:verb], own=False)


def _noun_of(talk: Talk, number: NumberMention) -> str:
    """The thing that is of a size: of "a fee of 2 percent" it is Fee."""
    at = talk.place_of(number)
    if at is None:
        return ""
    before = [plain(word) for word in talk.words(at) if word.end <= number.start]
    if len(before) < 3 or before[-1] != "of" or before[-3] not in {"a", "an", "the", "your", "my"}:
        return ""
    noun = before[-2]
    known = noun in _POINTING | _VERBS or noun in {"total", "rest", "couple", "lot", "each"}
    return "" if known else wording.sentence_case(noun)


def _money_near(talk: Talk, number: NumberMention) -> Iterator[NumberMention]:
    for other in talk.figures.numbers:
        near = abs(other.start - number.start) <= _EXAMPLE
        if other.input == number.input and other.unit == number.unit and near and other != number:
            yield other


def _between(talk: Talk, one: NumberMention, other: NumberMention) -> list[str] | None:
    """The words between two numbers of one input, in lower case."""
    audio = talk.material.audio
    if audio is None or one.input != other.input:
        return None
    return [
        plain(word)
        for word in audio.words
        if word.input == one.input
        and not word.filler
        and word.start >= one.end
        and word.end <= other.start
    ]


def _follows(talk: Talk, at: int) -> bool:
    """Whether the next sentence is of the same input and comes at once."""
    if at + 1 >= len(talk.sentences):
        return False
    one, other = talk.sentences[at].sentence, talk.sentences[at + 1].sentence
    return one.input == other.input and exact(other.start - one.end) <= 3


def _named(words: Sequence[str], *, own: bool = True) -> str:
    """A noun phrase at the head of a clause as it is printed; "" where it names nothing."""
    kept = [word for word in words if word not in {"a", "an", "the"}]
    if not own:
        kept = [word for word in kept if word not in {"my", "your", "our", "only", "just"}]
    if not 1 <= len(kept) <= 4 or kept[0] in _POINTING or any(re.search(r"\d", w) for w in kept):
        return ""
    return wording.sentence_case(" ".join(kept))


def _equal(computed: float, said: float) -> bool:
    return abs(computed - said) <= max(abs(said) * 0.0005, 0.005)
