"""What the words around a number say: what it is of, and what stands between two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_video_editor.context.content import NumberMention
from ai_video_editor.intelligence.director.proposals import Talk, plain
from ai_video_editor.language import wording
from ai_video_editor.timebase import exact

MONEY = frozenset({"usd", "eur", "gbp"})

POINTING = frozenset({
    "it", "they", "this", "that", "these", "those", "he", "she", "we", "i", "you", "there",
    "which", "who", "what", "everything", "something", "one", "and", "but", "so", "then",
    "because", "if", "when"
})  # fmt: skip
"""Words that name nothing a viewer could read alone."""

VERBS = frozenset({
    "is", "are", "was", "were", "costs", "cost", "charges", "charge", "returns", "return",
    "returned", "earns", "earn", "earned", "pays", "pay", "paid", "takes", "take", "took",
    "keeps", "keep", "kept", "has", "have", "had", "gives", "give", "gave", "makes", "make",
    "made", "grew", "gained", "lost", "needs", "need", "uses", "use", "used", "gets", "get",
    "got", "averages", "averaged", "yields"
})  # fmt: skip
"""Verbs that stand between a thing and its number."""


def noun_of(talk: Talk, number: NumberMention) -> str:
    """The thing that is of a size: of "a fee of 2 percent" it is Fee."""
    at = talk.place_of(number)
    if at is None:
        return ""
    before = [plain(word) for word in talk.words(at) if word.end <= number.start]
    if len(before) < 3 or before[-1] != "of" or before[-3] not in {"a", "an", "the", "your", "my"}:
        return ""
    noun = before[-2]
    known = noun in POINTING | VERBS or noun in {"total", "rest", "couple", "lot", "each"}
    return "" if known else wording.sentence_case(noun)


def words_between(talk: Talk, one: NumberMention, other: NumberMention) -> list[str] | None:
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


def follows(talk: Talk, at: int) -> bool:
    """Whether the next sentence is of the same input and comes at once."""
    if at + 1 >= len(talk.sentences):
        return False
    one, other = talk.sentences[at].sentence, talk.sentences[at + 1].sentence
    return one.input == other.input and exact(other.start - one.end) <= 3


def named(words: Sequence[str], *, own: bool = True) -> str:
    """A noun phrase at the head of a clause as it is printed; "" where it names nothing."""
    kept = [word for word in words if word not in {"a", "an", "the"}]
    if not own:
        kept = [word for word in kept if word not in {"my", "your", "our", "only", "just"}]
    if not 1 <= len(kept) <= 4 or kept[0] in POINTING or any(re.search(r"\d", w) for w in kept):
        return ""
    return wording.sentence_case(" ".join(kept))
