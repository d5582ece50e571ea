"""What a graphic is proposed from: sentences that may be printed, their words, their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import BRollOpportunity, ChartData
from ai_video_editor.intelligence.director.figures import Figures, figures
from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import PrintedSentence, kept_words
from ai_video_editor.timebase import SourceTime, TimeRange

LEAST = Fraction(4)
"""Seconds a graphic asks for where the sentences allow."""

MOST = Fraction(8)
"""Seconds after which it has been read; a list that is built up stays longer."""


@dataclass(frozen=True)
class Proposal:
    """A graphic, where it could stand, and what it uses up.

    Attributes:
        opportunity: the graphic; its range is the first of `spans`.
        spans: where it may stand, best first.
        numbers: the numbers it shows; no other graphic shows them again.
        word: the thing it explains, which is explained once.
    """

    opportunity: BRollOpportunity
    spans: tuple[TimeRange[SourceTime], ...]
    numbers: tuple[NumberMention, ...] = ()
    word: str = ""


@dataclass(frozen=True)
class Talk:
    """The talk as far as it may be printed.

    Attributes:
        material: the analysed recording.
        sentences: certain and complete ones, in order.
        figures: its certain numbers.
    """

    material: Material
    sentences: tuple[PrintedSentence, ...] = field(default=())
    figures: Figures = field(default=Figures((), None, None, None, None))

    @classmethod
    def of(cls, material: Material) -> Talk:
        """The printable part of a recording."""
        return cls(material, tuple(printable_sentences(material)), figures(material))

    @cached_property
    def _kept(self) -> list[tuple[int, Word]]:
        return kept_words(self.material.audio) if self.material.audio is not None else []

    def words(self, at: int) -> list[Word]:
        """The words of a sentence that stay."""
        sentence = self.sentences[at].sentence
        first, last = sentence.first_word, sentence.last_word
        return [word for index, word in self._kept if first <= index < last]

    def numbers(self, at: int) -> list[NumberMention]:
        """The certain numbers of a sentence, in order."""
        sentence = self.sentences[at].sentence
        return [
            number
            for number in self.figures.numbers
            if number.input == sentence.input and sentence.start <= number.start < sentence.end
        ]

    def place_of(self, number: NumberMention) -> int | None:
        """The sentence in which a number is said."""
        for at, printed in enumerate(self.sentences):
            sentence = printed.sentence
            if sentence.input == number.input and sentence.start <= number.start < sentence.end:
                return at
        return None

    def span(
        self, at: int, *, end_with: int | None = None, most: Fraction = MOST
    ) -> TimeRange[SourceTime]:
        """From a sentence's start to the end of the same or a later one, 4 to 8 s if possible."""
        start = self.sentences[at].sentence.start
        same = self.sentences[at].sentence.input
        own = [s.sentence for s in self.sentences[at:] if s.sentence.input == same]
        last = 0 if end_with is None else min(end_with - at, len(own) - 1)
        while last > 0 and own[last].end - start > most + 2:
            last -= 1
        while last + 1 < len(own) and own[last].end - start < LEAST:
            follows = own[last + 1].start - own[last].end
            if own[last + 1].end - start > most or follows > _LONGEST_GAP:
                break
            last += 1
        return TimeRange(start, own[last].end)

    def spans(self, first: int, last: int) -> tuple[TimeRange[SourceTime], ...]:
        """Where a graphic of some sentences may stand: over them, or right behind the first."""
        found = [self.span(first, end_with=last)]
        for at in range(first + 1, min(last + 3, len(self.sentences))):
            if self.sentences[at].sentence.input != self.sentences[first].sentence.input:
                break
            if self.sentences[at].sentence.start - self.sentences[last].sentence.end > _LONGEST_GAP:
                break
            found.append(self.span(at, end_with=max(at, last)))
        return tuple(dict.fromkeys(found))


_LONGEST_GAP = Fraction(3)
"""Seconds between two sentences that still belong to one thought."""

_CHARTS = frozenset({"growth", "bars", "allocation", "timeline", "before_after", "formula"})


def proposal(
    talk: Talk,
    at: int,
    data: ChartData,
    description: str,
    rationale: str,
    *,
    spans: Sequence[TimeRange[SourceTime]],
    priority: float,
    confidence: float,
    numbers: Sequence[NumberMention] = (),
    elements: Sequence[str] = (),
    overlay: bool = False,
    word: str = "",
) -> Proposal:
    """A graphic for a sentence.

    Args:
        talk: what was said.
        at: the sentence it begins with.
        data: what it shows.
        description: its kind, a colon, and what stands on it as its heading.
        rationale: why a viewer is helped by it.
        spans: where it may stand, best first.
        priority: 0 to 1.
        confidence: of the words and numbers it shows, 0 to 1.
        numbers: those it shows.
        elements: what is seen, in words.
        overlay: whether it stands over the picture rather than in its place.
        word: the thing it explains.
    """
    return Proposal(
        BRollOpportunity(
            opportunity_id="broll",
            input=talk.sentences[at].sentence.input,
            start=spans[0].start,
            end=spans[0].end,
            content_type=_content_type(data),
            description=description,
            visual_elements=tuple(elements),
            data=data,
            priority=round(min(1.0, priority), 3),
            confidence=round(min(1.0, confidence), 3),
            placement="overlay" if overlay else "full_screen",
            decided_by="rules",
            rationale=rationale,
        ),
        tuple(spans),
        tuple(numbers),
        word,
    )


def _content_type(data: ChartData) -> Literal["chart", "animation", "graphic", "character"]:
    if data.action:
        return "character"
    if data.kind == "animation":
        return "animation"
    return "chart" if data.kind in _CHARTS else "graphic"


def plain(word: Word) -> str:
    """A word in lower case without punctuation."""
    return wording.bare(word.text)
