"""Names and terms the user gave (`--vocabulary`), spelt as given wherever they are heard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_video_editor.audio.filler_lexicon import plain
from ai_video_editor.context.audio import Word

_AROUND = re.compile(r"^(\W*)(.*?)((?:'s)?\W*)$", re.S)
"""What stands before a word, the word, and its possessive and punctuation."""


def spelled(words: Sequence[Word], vocabulary: Sequence[str]) -> list[Word]:
    """The words with those of the vocabulary in its spelling: *voo.* becomes *VOO.*.

    Only words that are the same letters are touched; what was said is never changed.

    Args:
        words: of one input, in order.
        vocabulary: terms of one or more words.
    """
    result = list(words)
    terms = sorted((term.split() for term in vocabulary), key=len, reverse=True)
    for term in (term for term in terms if term):
        wanted = [plain(part) for part in term]
        for first in range(len(result) - len(term) + 1):
            inside = result[first : first + len(term)]
            if [_core(word.text) for word in inside] == wanted:
                for offset, part in enumerate(term):
                    word = result[first + offset]
                    result[first + offset] = word.model_copy(
                        update={"text": _dressed(word.text, part)}
                    )
    return result


def _core(text: str) -> str:
    match = _AROUND.match(text)
    return plain(match.group(2)) if match else plain(text)


def _dressed(text: str, spelling: str) -> str:
    match = _AROUND.match(text)
    before, after = (match.group(1), match.group(3)) if match else ("", "")
    return f"{before}{spelling}{after}"
