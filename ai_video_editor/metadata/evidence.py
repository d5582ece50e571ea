"""What the texts beside a film may draw on: its plan, its words as far as they may be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import (
    ContentSummary,
    EmotionalPeak,
    KeyConcept,
    NumberMention,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import ContentType, VideoMetadata
from ai_video_editor.context.plan import AIDirectorPlan, Hook
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.language import wording
from ai_video_editor.language.headlines import with_figures
from ai_video_editor.language.names import film_name
from ai_video_editor.timebase import TimeMap

_ARTICLES = frozenset(["the", "a", "an"])
_SECONDS_UP_TO = 100
_MUSIC_SURE = 0.5
"""Confidence from which a tempo may be printed."""


@dataclass(frozen=True)
class Evidence:
    """Everything the texts are written from.

    Attributes:
        plan: the edit with its hooks, promises and graphics.
        concepts: those that may be printed, most central first.
        research: keywords that people search; None where there is none.
        summary: questions, numbers and disclaimers of the talk; None where there is none.
        content_type: what kind of film it is.
        audio: how far its words can be trusted; None where nothing was heard.
        metadata: what holds for the film.
        emotions: moments with feeling, in order.
        highlights: what the picture shows best.
    """

    plan: AIDirectorPlan
    concepts: Sequence[KeyConcept]
    research: TrendingKeywords | None
    summary: ContentSummary | None
    content_type: ContentType
    audio: AudioAnalysis | None
    metadata: VideoMetadata
    emotions: Sequence[EmotionalPeak] = ()
    highlights: Sequence[VisualHighlight] = ()

    @property
    def printable(self) -> bool:
        """Whether words of the talk may stand in the texts."""
        return self.audio is not None and self.audio.printable and bool(self.concepts)

    @cached_property
    def time_map(self) -> TimeMap:
        """The recordings' time to the film's."""
        return self.plan.time_map()

    @property
    def duration(self) -> Fraction:
        """Seconds of the film."""
        return self.time_map.duration

    @cached_property
    def name(self) -> str:
        """The film's readable name."""
        fallback = "Untitled Video" if self.seen else "Untitled Recording"
        return wording.clipped(film_name(self.metadata.name), 60) or fallback

    @property
    def named(self) -> bool:
        """Whether somebody gave the file a name."""
        return bool(film_name(self.metadata.name))

    @property
    def seen(self) -> bool:
        """Whether there is something to look at."""
        return self.metadata.has_video and bool(self.highlights)

    @cached_property
    def length(self) -> str:
        """The film's length in words: "50 seconds", "12 minutes"."""
        return in_words(self.duration)

    @property
    def tempo(self) -> int | None:
        """Beats a minute of a music film, None where they are not certain."""
        found = self.audio.music if self.audio is not None else ()
        return next((round(m.tempo) for m in found if m.confidence >= _MUSIC_SURE), None)

    @property
    def numbers(self) -> Sequence[NumberMention]:
        """What was counted in the talk."""
        return self.summary.numbers if self.summary is not None else ()

    def quoted(self, hook: Hook) -> str:
        """A hook with figures for its spelled numbers, and a full stop."""
        inside = [
            n for n in self.numbers if n.input == hook.input and hook.start <= n.start < hook.end
        ]
        text = with_figures(hook.text, inside)
        return text if text[-1:] in ".?!" else f"{text}."

    @cached_property
    def topics(self) -> list[str]:
        """Names of the concepts as they stand in a sentence, no two alike: "the manifesto"."""
        promised = {c.keywords[0] for c in self.plan.thumbnail_concepts if c.keywords}
        kept: list[KeyConcept] = []
        for concept in sorted(self.concepts, key=lambda c: c.phrase not in promised):
            stems = {wording.stem(t) for t in wording.tokens(concept.phrase)}
            if not any(
                stems & {wording.stem(t) for t in wording.tokens(other.phrase)} for other in kept
            ):
                kept.append(concept)
        names = wording.distinct_names([c.phrase for c in kept])
        found = [self._with_article(c) for c in kept if c.phrase in names]
        # A chapter may give the whole name: "the Manifesto of the Communist Party".
        head = wording.title_case(found[0].removeprefix("the ")) if found else ""
        whole = (c.title for c in self.plan.chapters if c.title.startswith(f"{head} of "))
        return [next((f"the {title}" for title in whole), *found[:1]), *found[1:]] if found else []

    @property
    def heading(self) -> str:
        """What the film is about, as a title names it."""
        return wording.title_case(self.topics[0].removeprefix("the "))

    def _with_article(self, concept: KeyConcept) -> str:
        """With *the* where the speaker mostly put an article before it, or ever counted it."""
        phrase = self._spelled(concept)
        if wording.is_plural(phrase) or not concept.mentions:
            return phrase
        places = [(m.input, Fraction(m.start)) for m in concept.mentions]
        before = [wording.bare(self._word_before.get(place, "")) for place in places]
        counted = any(word in {"a", "an"} for word in before)
        mostly = 2 * sum(word in _ARTICLES for word in before) > len(before)
        return f"the {phrase}" if counted or mostly else phrase

    def _spelled(self, concept: KeyConcept) -> str:
        """With the capitals that its words had in the middle of sentences: "the Calvin cycle"."""
        parts = concept.phrase.split()
        forms = [
            form
            for m in concept.mentions
            if not self._word_before.get((m.input, m.start), ".").endswith((".", "?", "!"))
            and len(form := self._words_at.get((m.input, m.start), ())[: len(parts)]) == len(parts)
        ]
        if not forms:
            return concept.phrase
        return " ".join(
            part.capitalize()
            if part.islower() and all(form[at][:1].isupper() for form in forms)
            else part
            for at, part in enumerate(parts)
        )

    @cached_property
    def _words_at(self) -> dict[tuple[int, Fraction], tuple[str, ...]]:
        """The next few words from every word on."""
        words = self.audio.words if self.audio is not None else ()
        return {
            (word.input, Fraction(word.start)): tuple(w.text for w in words[at : at + 4])
            for at, word in enumerate(words)
        }

    @cached_property
    def _word_before(self) -> dict[tuple[int, Fraction], str]:
        words = self.audio.words if self.audio is not None else ()
        return {(b.input, Fraction(b.start)): a.text for a, b in pairwise(words)}


def in_words(seconds: Fraction) -> str:
    """A length as one says it: "50 seconds", "12 minutes"."""
    whole = max(1, round(seconds))
    if whole < _SECONDS_UP_TO:
        return f"{whole} second{'s' if whole > 1 else ''}"
    return f"{round(whole / 60)} minutes"


def listed(names: Sequence[str]) -> str:
    """Names in a row: "fees, funds, and time"."""
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + f", and {names[-1]}"
