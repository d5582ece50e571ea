"""Whether a place between two words can be cut: it is silent there, or the sound dips."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.audio.sound import Sound, row_at
from ai_video_editor.context.audio import Word
from ai_video_editor.timebase import SourceTime

_APART = row_at(0.03)
"""Rows of silence that part two words."""

_DIP = 12.0
"""dB by which the level falls at the border of two words where a closure parts them."""

_SET_APART = Fraction(8, 100)
_GUESS = 0.6
"""Seconds of silence that set a word apart; confidence under which it may be another word."""

_NEAR, _BESIDE = 2, 8
"""Rows at a border in which a dip is looked for, and on either side of it what it dips from."""


def can_part(words: Sequence[Word], index: int, sound: Sound) -> bool:
    """Whether the border before the word at `index` is a place to cut.

    Args:
        words: of one input, on its sound.
        index: 0 to the number of words; both ends can always be cut.
        sound: the input's rows.
    """
    if index <= 0 or index >= len(words):
        return True
    before, after = _row(words[index - 1].end), _row(words[index].start)
    if after - before >= _APART:
        return True
    border = (before + after) // 2
    level = sound.level
    left = level[max(0, border - _BESIDE) : max(0, border - _NEAR)]
    right = level[border + _NEAR : border + _BESIDE]
    at = level[max(0, border - _NEAR) : border + _NEAR]
    if not (left.size and right.size and at.size):
        return True
    return float(at.min()) <= min(float(left.max()), float(right.max())) - _DIP


def is_sure(words: Sequence[Word], index: int) -> bool:
    """Whether the border before the word at `index` is where it is written.

    Beside a silence it is, whatever the words are; in running speech a guess beside it may be
    another word, with its border elsewhere.
    """
    if index <= 0 or index >= len(words):
        return True
    before, after = words[index - 1], words[index]
    return after.start - before.end >= _SET_APART or (
        min(before.confidence, after.confidence) >= _GUESS
    )


def _row(time: SourceTime) -> int:
    return row_at(float(time))
