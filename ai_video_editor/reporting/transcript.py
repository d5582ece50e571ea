"""The transcript with the cut words marked, in paragraphs a person can read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.plan import PlanChapter
from ai_video_editor.reporting.edit import KINDS, Edit, Removed
from ai_video_editor.reporting.figures import clock, length, one_line
from ai_video_editor.timebase import SourceTime

_PARAGRAPH = 45
"""Words after which a paragraph ends with its sentence; about four lines of a comfortable width."""

_LONGEST_PARAGRAPH = 120
"""Words after which it ends in any case."""

_GAP = Fraction(2)
"""Seconds of silence that end a paragraph where there are no sentences."""

_DOUBTFUL = 0.5
"""Confidence below which a word is shown as uncertain."""


@dataclass(frozen=True)
class ShownWord:
    """A word: its text, its film time ("12.345", empty where it is not in the film)."""

    text: str
    time: str
    doubtful: bool


@dataclass(frozen=True)
class Stretch:
    """Words that share one fate.

    Attributes:
        kind: empty for kept words, else a kind of cut.
        words: none for a shortened pause.
        label: what was done, for a tooltip or in the place of the words.
    """

    kind: str
    words: tuple[ShownWord, ...]
    label: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A few sentences of one input.

    Attributes:
        heading: title of the chapter that begins here, or the name of the input.
        clock: film time of its first kept word, else the time in the input.
        time: the same as a number for the player, empty where all of it was cut.
        stretches: its words.
    """

    heading: str
    clock: str
    time: str
    stretches: tuple[Stretch, ...]


def paragraphs(
    audio: AudioAnalysis, edit: Edit | None, chapters: Sequence[PlanChapter]
) -> list[Paragraph]:
    """The whole transcript; without an edit every word is kept and nothing can be jumped to."""
    parts = _Parts(edit.removed if edit else ())
    headings = _headings(chapters)
    shown: list[Paragraph] = []
    before: Word | None = None
    for words in _groups(audio, chapters):
        source_input = words[0].input
        if before is not None and before.input != source_input:
            before = None
        heading = _name(edit, source_input) if before is None else ""
        while headings and headings[0][:2] <= (source_input, words[0].end):
            heading = headings.pop(0)[2]
        stretches = tuple(_stretches(before, words, edit, parts))
        first = next((word.time for s in stretches for word in s.words if word.time), "")
        moment = clock(float(first)) if first else clock(words[0].start)
        shown.append(Paragraph(heading, moment, first, stretches))
        before = words[-1]
    return shown


def _name(edit: Edit | None, source_input: int) -> str:
    """Name of an input, where there are several."""
    if edit is None or len(edit.sources) < 2 or source_input >= len(edit.sources):
        return ""
    return edit.sources[source_input].name


def _headings(chapters: Sequence[PlanChapter]) -> list[tuple[int, SourceTime, str]]:
    return sorted((c.input, c.start, one_line(c.title)) for c in chapters)


def _groups(audio: AudioAnalysis, chapters: Sequence[PlanChapter]) -> Iterator[list[Word]]:
    """Words of a paragraph, in order; all of one input."""
    ends = {sentence.last_word - 1 for sentence in audio.sentences}
    marks = sorted((chapter.input, chapter.start) for chapter in chapters)
    group: list[Word] = []
    for number, word in enumerate(audio.words):
        if group and _breaks(group, word, number - 1 in ends, bool(ends), marks):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _breaks(
    group: Sequence[Word],
    word: Word,
    sentence_ended: bool,
    has_sentences: bool,
    marks: Sequence[tuple[int, SourceTime]],
) -> bool:
    before = group[-1]
    if word.input != before.input or len(group) >= _LONGEST_PARAGRAPH:
        return True
    middles = [(w.input, SourceTime((w.start + w.end) / 2)) for w in (before, word)]
    if bisect_right(marks, middles[0]) != bisect_right(marks, middles[1]):
        return True
    if has_sentences:
        return sentence_ended and len(group) >= _PARAGRAPH
    return word.start - before.end >= _GAP


class _Parts:
    """Which removed part covers a moment, and which pauses lie between two words."""

    def __init__(self, removed: Sequence[Removed]) -> None:
        self._removed = removed
        self._starts = [(part.input, part.range.start) for part in removed]

    def at(self, source_input: int, time: SourceTime) -> Removed | None:
        place = bisect_right(self._starts, (source_input, time)) - 1
        if place < 0:
            return None
        part = self._removed[place]
        return part if part.input == source_input and time in part.range else None

    def pauses_between(self, before: Word, after: Word) -> Iterator[Removed]:
        middle = SourceTime((before.start + before.end) / 2)
        first = bisect_right(self._starts, (after.input, middle))
        for place in range(first, len(self._removed)):
            part = self._removed[place]
            if part.input != after.input or part.range.middle > after.start:
                return
            if part.kind == "pause" and part.range.middle >= middle:
                yield part


def _stretches(
    before: Word | None, words: Sequence[Word], edit: Edit | None, parts: _Parts
) -> Iterator[Stretch]:
    fates: list[tuple[str, Word]] = []
    for word in words:
        part = parts.at(word.input, SourceTime((word.start + word.end) / 2))
        fates.append((part.kind if part else "", word))
    for kind, group in groupby(fates, key=lambda fate: fate[0]):
        members = [word for _, word in group]
        run: list[ShownWord] = []
        for word in members:
            pauses = list(parts.pauses_between(before, word)) if before is not None else []
            if pauses and run:
                yield Stretch(kind, tuple(run), _label(kind))
                run = []
            yield from (Stretch("pause", (), f"{length(p.range.duration)} cut") for p in pauses)
            run.append(_shown(word, kind, edit))
            before = word
        if run:
            yield Stretch(kind, tuple(run), _label(kind))


def _shown(word: Word, kind: str, edit: Edit | None) -> ShownWord:
    moment = None
    if edit is not None and not kind:
        moment = edit.index.film_from(word.input, word.start)
    time = f"{float(moment):.3f}" if moment is not None else ""
    return ShownWord(one_line(word.text), time, word.confidence < _DOUBTFUL)


def _label(kind: str) -> str:
    return KINDS[kind][0].capitalize() if kind else ""
