"""Checks of a text against what was really said, each with the exact reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import lexicon, wording
from ai_video_editor.language.transcript import PrintedSentence

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SUSPICIOUS = re.compile(
    r"https?:|www\.|\b\w+\.(?:com|net|org|io)\b|[<>{}\x00-\x1f\u200b-\u200f\u202a-\u202e"
    r"\u2066-\u2069\ufeff]|\bignore (?:all|previous)\b",
    re.I,
)
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "double": 2, "triple": 3,
}  # fmt: skip
"""Words that state a figure."""

_SENTENCE_END = frozenset(".?!:\u2022")


@cache
def _ordinary() -> frozenset[str]:
    """Roots of words that name nothing."""
    text = (
        files("ai_video_editor.intelligence.director")
        .joinpath("data/ordinary_words.txt")
        .read_text("utf-8")
    )
    own = (w for line in text.splitlines() if not line.startswith("#") for w in line.split())
    known = {w for n in ("verbs", "vague", "adjectives", "stop_words") for w in lexicon.words(n)}
    return frozenset(wording.root(word) for word in (*own, *known))


class Spoken:
    """The talk as evidence.

    Args:
        material: the analysed recording.
    """

    def __init__(self, material: Material) -> None:
        """Gather words and numbers once."""
        self._sentences = printable_sentences(material)
        words = material.audio.words if material.audio is not None else ()
        self._roots = {wording.root(t) for w in words for t in wording.tokens(w.text)}
        self._roots |= {wording.root(t) for t in wording.tokens(material.metadata.name)}
        self._roots |= {
            wording.root(t) for c in material.concepts for t in wording.tokens(c.phrase)
        }
        self._roots |= {wording.root(p) for r in list(self._roots) for p in re.split(r"[-/]", r)}
        self._numbers = {n.value for n in material.summary.numbers}
        self._numbers |= {
            float(found.replace(",", "")) for w in words for found in _NUMBER.findall(w.text)
        }

    def sentence(self, text: str) -> PrintedSentence | None:
        """The sentence that a text quotes; None where nobody said it."""
        roots = set(wording.content_words(text))
        if not roots:
            return None
        for printed in self._sentences:
            own = set(wording.content_words(printed.text))
            if len(roots & own) >= 0.85 * len(roots):
                return printed
        return None

    def line_faults(self, text: str, limit: int) -> list[str]:
        """Why a text may not be printed as one line; empty for a good one."""
        if not text.strip():
            return ["is empty"]
        faults = []
        if len(text) > limit:
            faults.append(f"has {len(text)} characters, {limit} are allowed")
        if found := _SUSPICIOUS.search(text):
            faults.append(f"contains {found[0]!r}, which may not stand in it")
        faults += [f"the number {number} was not said" for number in self._unsaid_numbers(text)]
        return faults

    def title_faults(self, text: str, limit: int) -> list[str]:
        """Why a title is not one: as a line, about something else, or with words nobody said."""
        faults = self.line_faults(text, limit)
        if not faults and not self.about_the_talk(text):
            faults.append("is not about what is said: fewer than half of its words were")
        return faults or self.unsaid_words(text)

    def unsaid_words(self, text: str) -> list[str]:
        """Words of a title or hook that were not said and may be a name; as faults."""
        return [
            f"{word!r} was not said and may be a name"
            for word in wording.tokens(text)
            if not self._known(word)
        ]

    def prose_faults(self, text: str, limit: int) -> list[str]:
        """Why a text of several sentences may not be printed."""
        faults = self.line_faults(text, limit)
        faults += [f"the name {name!r} was not said" for name in self._names(text)]
        if not faults and not self.about_the_talk(text):
            faults.append("is not about what is said: fewer than half of its words were")
        return faults

    def printable_line(self, text: str, limit: int) -> bool:
        """Whether a text is one clean line within a length, all of whose numbers were said."""
        return not self.line_faults(text, limit)

    def about_the_talk(self, text: str) -> bool:
        """Whether at least half of a text's meaning words were said."""
        roots = set(wording.content_words(text))
        return bool(roots) and len(roots & self._roots) >= 0.5 * len(roots)

    def _unsaid_numbers(self, text: str) -> Iterator[str]:
        for found in _NUMBER.findall(text):
            if float(found.replace(",", "")) not in self._numbers:
                yield found
        for token in wording.tokens(text):
            count = _COUNTS.get(token.lower())
            if count is None or count in self._numbers or token.lower() in self._roots:
                continue
            if wording.root(token) not in self._roots:
                yield token

    def _known(self, word: str) -> bool:
        if any(c.isdigit() for c in word):
            return True  # numbers have a check of their own
        parts = [word, *re.split(r"[-/'\u2019]", word)]
        roots = {wording.root(part) for part in parts if part}
        return bool(roots & self._roots) or wording.root(word) in _ordinary()

    def _names(self, text: str) -> Iterator[str]:
        """Capitalised words inside sentences, and abbreviations, that were not said."""
        begins = True
        for found in re.finditer(r"\S+", text):
            token = next(iter(wording.tokens(found[0])), "")
            shouted = len(token) > 1 and token.isupper()
            capital = token[:1].isupper() and token not in {"I", "I'm", "I've", "I'll", "I'd"}
            if ((capital and not begins) or shouted) and not self._known(token):
                yield token
            begins = found[0][-1] in _SENTENCE_END
