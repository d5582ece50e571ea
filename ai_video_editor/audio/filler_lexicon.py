"""The words of a language that may be fillers, read from `data/fillers_XX.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Phrase:
    """Words that are a filler in some places.

    Attributes:
        words: in small letters, without punctuation.
        border: both, start, after or either.
        confidence: 0 to 1, where it is one.
        not_after: words before it that make it an ordinary phrase.
        not_before: words after it that do.
        inside_only: whether it means something at the start of a sentence.
    """

    words: tuple[str, ...]
    border: str
    confidence: float
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    inside_only: bool = False


@dataclass(frozen=True)
class Lexicon:
    """One language's fillers.

    Attributes:
        sounds: whole-word pattern of um, uh and the like.
        sound_confidence: 0 to 1.
        never: words the pattern takes and that are answers.
        phrases: longest first.
        drawn_out: words in which a hum may hide.
        repeats: words that are said twice on purpose.
        cues: what is said when a passage is begun again, as tuples of words, longest first.
    """

    sounds: re.Pattern[str]
    sound_confidence: float
    never: frozenset[str]
    phrases: tuple[Phrase, ...]
    drawn_out: frozenset[str]
    repeats: frozenset[str]
    cues: tuple[tuple[str, ...], ...]

    def is_sound(self, word: str) -> bool:
        """Whether a plain word is a hesitation and nothing else."""
        return word not in self.never and bool(self.sounds.fullmatch(word))


def plain(text: str) -> str:
    """A word in small letters without punctuation; apostrophes inside stay out as well."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


@cache
def lexicon(language: str) -> Lexicon | None:
    """The fillers of a language (ISO 639-1), or None where there is no list for it."""
    code = language.split("-")[0].lower()
    if not re.fullmatch(r"[a-z]{2,3}", code):
        return None
    file = resources.files("ai_video_editor.audio") / "data" / f"fillers_{code}.toml"
    if not file.is_file():
        return None
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    sounds = data["sounds"]
    phrases = [
        Phrase(
            words=tuple(plain(word) for word in text.split()),
            border=rule["border"],
            confidence=float(rule["confidence"]),
            not_after=frozenset(rule.get("not_after", ())),
            not_before=frozenset(rule.get("not_before", ())),
            inside_only=bool(rule.get("inside_only", False)),
        )
        for rule in data["phrases"]
        for text in rule["words"]
    ]
    cues = {tuple(plain(word) for word in text.split()) for text in data["restarts"]["cues"]}
    return Lexicon(
        sounds=re.compile("|".join(sounds["patterns"])),
        sound_confidence=float(sounds["confidence"]),
        never=frozenset(sounds["never"]),
        phrases=tuple(sorted(phrases, key=lambda phrase: -len(phrase.words))),
        drawn_out=frozenset(data["drawn_out"]["words"]),
        repeats=frozenset(data["repeats"]["fine"]),
        cues=tuple(sorted(cues, key=len, reverse=True)),
    )
