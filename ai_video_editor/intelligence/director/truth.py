"""Checks of a text against what was really said."""

from __future__ import annotations

import re

from ai_video_editor.intelligence.director.hooks import printable_sentences
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import PrintedSentence

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SUSPICIOUS = re.compile(r"https?:|www\.|[<>{}\x00-\x1f]|\bignore (?:all|previous)\b", re.I)


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

    def printable_line(self, text: str, limit: int) -> bool:
        """Whether a text is one clean line within a length, all of whose numbers were said."""
        if not text.strip() or len(text) > limit or _SUSPICIOUS.search(text):
            return False
        return all(
            float(found.replace(",", "")) in self._numbers for found in _NUMBER.findall(text)
        )

    def about_the_talk(self, text: str) -> bool:
        """Whether at least half of a text's meaning words were said."""
        roots = set(wording.content_words(text))
        return bool(roots) and len(roots & self._roots) >= 0.5 * len(roots)
