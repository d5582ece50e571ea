"""Graphics of shares that add up to a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.number_words import POINTING, follows
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, plain, proposal
from ai_video_editor.language import wording

_INTO = frozenset({
    "in", "into", "to", "for", "on", "of", "goes", "go", "is", "are", "should", "be", "your",
    "the", "a", "an", "my", "our", "towards", "toward", "spent", "put", "as", "it", "that",
    "and", "with", "left"
})  # fmt: skip
"""Words between a share and the name of what it is for."""


def allocations(talk: Talk) -> Iterator[Proposal]:
    """Percent with names that add up to a whole, in one sentence or two."""
    for at, _ in enumerate(talk.sentences):
        for last in (at, at + 1):
            if last != at and not (follows(talk, at) and talk.numbers(at)):
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
    if not name or name[0] in POINTING | {"a", "year", "month", "return", "percent"}:
        return ""
    return wording.sentence_case(" ".join(name))
