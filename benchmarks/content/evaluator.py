"""Phrases with what they mean, and how many of them are read exactly."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.content.numbers import find_numbers
from ai_video_editor.context.audio import Word

PHRASES = Path(__file__).with_name("phrases.toml")

Quantity = tuple[float, str, str | None]
"""Value, unit, and the period of a rate."""


@dataclass(frozen=True)
class Phrase:
    """Something that was said.

    Attributes:
        group: the table of the file.
        said: the words.
        meant: its quantities in order; none where the number measures nothing.
    """

    group: str
    said: str
    meant: tuple[Quantity, ...]


@dataclass(frozen=True)
class Judged:
    """A phrase and what was read.

    Attributes:
        phrase: what was to be read.
        read: the quantities found.
    """

    phrase: Phrase
    read: tuple[Quantity, ...]

    @property
    def exact(self) -> bool:
        """Whether every value and unit is right, none is missing and none is invented."""
        return [(value, unit) for value, unit, _ in self.read] == [
            (value, unit) for value, unit, _ in self.phrase.meant
        ]

    @property
    def with_period(self) -> bool:
        """Whether how often it is paid is right too."""
        return self.read == self.phrase.meant


@dataclass(frozen=True)
class Score:
    """Phrases of one group or of all.

    Attributes:
        phrases: how many.
        exact: with exact values and units.
        with_period: with exact periods too.
    """

    phrases: int
    exact: int
    with_period: int

    @property
    def share(self) -> float:
        """Share of exact phrases; 1 where there are none."""
        return self.exact / self.phrases if self.phrases else 1.0


def phrases(path: Path = PHRASES) -> list[Phrase]:
    """All phrases of a file."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Phrase(group, said, tuple(_quantity(entry) for entry in meant))
        for group, table in tables.items()
        for said, meant in table.items()
    ]


def _quantity(entry: Sequence[float | str]) -> Quantity:
    value, unit, *period = entry
    return float(value), str(unit), str(period[0]) if period else None


def heard(said: str) -> list[Word]:
    """The words of a phrase as a recogniser gives them, three a second."""
    return [
        Word(start=at / 3, end=(at + 0.9) / 3, text=word, confidence=0.9)
        for at, word in enumerate(said.split())
    ]


def read(said: str) -> tuple[Quantity, ...]:
    """The quantities that the product finds in a phrase."""
    return tuple((n.value, n.unit, n.period) for n in find_numbers(heard(said)))


def judged(
    wanted: Iterable[Phrase], reader: Callable[[str], tuple[Quantity, ...]] = read
) -> list[Judged]:
    """Every phrase with what a reader makes of it."""
    return [Judged(phrase, reader(phrase.said)) for phrase in wanted]


def score(answers: Sequence[Judged]) -> Score:
    """How many were right."""
    return Score(
        len(answers),
        sum(answer.exact for answer in answers),
        sum(answer.with_period for answer in answers),
    )
