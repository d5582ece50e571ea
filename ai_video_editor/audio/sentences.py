"""Sentences out of words: by their punctuation, and by pauses where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.audio import Sentence, Word

_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f]+[\"'\u201d\u2019)\]]*$")
_QUESTION = re.compile(r"[?\uff1f][\"'\u201d\u2019)\]]*$")
_ABBREVIATION = re.compile(
    r"^(?:(?:[a-z]\.)+|(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|approx|no|inc|ltd|co|jr|sr)\.)$",
    re.I,
)
_ASKING = frozenset(
    (
        *("what", "why", "how", "when", "where", "who", "which", "do", "does", "did", "is"),
        *("are", "was", "were", "can", "could", "should", "would", "will", "have", "has"),
    )
)
"""Words that open a question, for recognisers that write no question mark."""

_TURNED = frozenset(("is", "are", "was", "were", "does", "did", "can", "could", "should", "would"))
"""Verbs that open a sentence only where its order is turned round into a question."""

_PAUSE_WITHOUT = Fraction(6, 10)
"""Seconds of silence that end a sentence where the recogniser writes no punctuation."""

_PAUSE_WITH = Fraction(2)
"""The same where it does: only a pause that no sentence survives."""

_PUNCTUATED = 40
"""Words in which a recogniser that knows punctuation writes at least one full stop."""

_LONGEST = 45
"""Words after which a sentence without a stop is cut at its widest pause: 18 s of speech."""


@dataclass(frozen=True)
class WordRun:
    """A sentence before it is measured: a half-open range of words."""

    first: int
    last: int


def is_punctuated(words: Sequence[Word]) -> bool:
    """Whether the recogniser writes full stops."""
    stops = sum(1 for word in words if ends_sentence(word.text))
    return stops * _PUNCTUATED >= max(1, len(words))


def ends_sentence(text: str) -> bool:
    """Whether a word as written closes a sentence."""
    return bool(_END.search(text)) and not _ABBREVIATION.match(text)


def sentence_runs(words: Sequence[Word]) -> list[WordRun]:
    """The sentences as ranges of words; every word is in exactly one."""
    punctuated = is_punctuated(words)
    runs: list[WordRun] = []
    first = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        # recognisers lose question marks, and then run on into the answer
        known = punctuated and not _is_turned(words[first : index + 1])
        longest_pause = _PAUSE_WITH if known else _PAUSE_WITHOUT
        if (
            following is None
            or following.input != word.input
            or ends_sentence(word.text)
            or following.start - word.end > longest_pause
        ):
            runs.extend(_shortened(words, first, index + 1))
            first = index + 1
    return runs


def _shortened(words: Sequence[Word], first: int, last: int) -> list[WordRun]:
    if last - first <= _LONGEST:
        return [WordRun(first, last)]
    inner = range(first + 5, last - 4)
    cut = max(
        inner,
        key=lambda i: (words[i].start - words[i - 1].end, words[i - 1].text[-1:] in ",;:", -i),
    )
    return _shortened(words, first, cut) + _shortened(words, cut, last)


def is_question(words: Sequence[Word], punctuated: bool) -> bool:
    """Whether a run of words asks something."""
    if not words:
        return False
    if punctuated:
        return bool(_QUESTION.search(words[-1].text)) or _is_turned(words)
    return _opens_with(words, _ASKING)


def _is_turned(words: Sequence[Word]) -> bool:
    """Whether a run of words asks by the order of its words, whatever mark was written."""
    return _opens_with(words, _TURNED) and not words[-1].text.endswith("!")


def _opens_with(words: Sequence[Word], openers: frozenset[str]) -> bool:
    opening = [word for word in words[:8] if not word.filler]
    if len(opening) < 3:
        return False
    return re.sub(r"\W", "", opening[0].text.lower()) in openers


def as_sentences(words: Sequence[Word], runs: Sequence[WordRun]) -> list[Sentence]:
    """Sentences without their prosody."""
    punctuated = is_punctuated(words)
    result = []
    for run in runs:
        inside = words[run.first : run.last]
        result.append(
            Sentence(
                start=inside[0].start,
                end=inside[-1].end,
                input=inside[0].input,
                text=" ".join(word.text for word in inside),
                first_word=run.first,
                last_word=run.last,
                confidence=round(sum(word.confidence for word in inside) / len(inside), 3),
                question=is_question(inside, punctuated),
            )
        )
    return result
