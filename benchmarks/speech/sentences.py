"""Sentences out of templates, in words that the test model knows."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("sentences.toml")


@dataclass(frozen=True)
class Sentences:
    """Templates and the words that fill them.

    Attributes:
        patterns: name of a list of templates to its entries.
        words: name of a slot to what may stand there.
    """

    patterns: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]

    def make(self, rng: random.Random, pattern: str = "templates") -> str:
        """One sentence with a capital and its stop."""
        return capital(self._filled(rng.choice(self.patterns[pattern]), rng))

    def filler(self, rng: random.Random) -> str:
        """One filler."""
        return rng.choice(self.patterns["fillers"])

    def vocabulary(self) -> frozenset[str]:
        """Every word that can be said."""
        texts = [
            t for group in (self.patterns, self.words) for part in group.values() for t in part
        ]
        return frozenset(word for text in texts for word in words_of(re.sub(r"\{\w+\}", " ", text)))

    def _filled(self, template: str, rng: random.Random) -> str:
        return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(self.words[slot.group(1)]), template)


@cache
def sentences() -> Sentences:
    """The sentences of `sentences.toml`."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return Sentences(
        {name: tuple(part) for name, part in data.items() if name != "words"},
        {name: tuple(part) for name, part in data["words"].items()},
    )


def capital(text: str) -> str:
    """A sentence with its first letter raised."""
    return text[:1].upper() + text[1:]


def words_of(text: str) -> list[str]:
    """Words in small letters, apostrophes kept."""
    return re.findall(r"[a-z']+", text.lower())


def with_filler(sentence: str, filler: str, place: int) -> str:
    """The sentence with a filler before its word number `place`, set off by commas."""
    words = sentence.split()
    if place == 0:
        first = words[0] if words[0].startswith("I") else words[0][:1].lower() + words[0][1:]
        return capital(" ".join([f"{filler},", first, *words[1:]]))
    words[place - 1] = words[place - 1].rstrip(",") + ","
    return " ".join([*words[:place], f"{filler},", *words[place:]])
