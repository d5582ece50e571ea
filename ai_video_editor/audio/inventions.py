"""Words that a recogniser made up, known by their form: runs that go round, phrases with no time.

Decoders that lose the thread repeat themselves, and write a phrase again where it was said once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.audio.filler_lexicon import plain
from ai_video_editor.context.audio import Word

_LOOP = 4
"""A run of up to three words said more often than this in a row is the decoder's, not the
speaker's."""

_SQUEEZED = Fraction(9, 100)
"""Seconds a word of a phrase lasts at least: quicker ones were not said but written twice."""


def without_loops(words: Sequence[Word]) -> list[Word]:
    """Words without runs that repeat the same one to three words more than four times."""
    kept = list(words)
    for size in (1, 2, 3):
        index = 0
        while index + size * (_LOOP + 1) <= len(kept):
            pattern = [_plain(word) for word in kept[index : index + size]]
            times = 1
            while [
                _plain(word) for word in kept[index + times * size : index + (times + 1) * size]
            ] == pattern:
                times += 1
            if times > _LOOP:
                del kept[index + size : index + times * size]
            index += 1
    return kept


def without_echoes(words: Sequence[Word]) -> list[Word]:
    """Words without phrases written twice where there was time to say them once.

    Of the two the squeezed one goes, and the other has its time.
    """
    kept = list(words)
    for size in (5, 4, 3, 2):
        index = 0
        while index + 2 * size <= len(kept):
            first, second = kept[index : index + size], kept[index + size : index + 2 * size]
            alike = [_plain(word) for word in first] == [_plain(word) for word in second]
            if alike and first[-1].end - first[0].start < _SQUEEZED * size:
                kept[index + size] = second[0].model_copy(update={"start": first[0].start})
                del kept[index : index + size]
            elif alike and second[-1].end - second[0].start < _SQUEEZED * size:
                kept[index + size - 1] = first[-1].model_copy(update={"end": second[-1].end})
                del kept[index + size : index + 2 * size]
            index += 1
    return kept


def _plain(word: Word) -> str:
    return plain(word.text)
