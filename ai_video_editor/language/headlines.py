"""A spoken sentence as a headline: figures for spelled numbers, nothing that leans on the talk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_video_editor.context.content import NumberMention
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import is_housekeeping, stands_alone

_ASKED = re.compile(
    r"^(?:(?:so|and|then)\s+)?(?:(?:i|we|you|they|people|everybody|everyone)\s+(?:\w+\s+)?"
    r"(?:ask|asks|asked|wonder|wondered)(?:\s+(?:me|us|myself|ourselves|yourself|themselves))?"
    r"|(?:the|my|our|your|a) (?:\w+ )?question is|here is (?:the|a) question|but seriously)"
    r"\s*[,:]\s*",
    re.I,
)
"""What introduces a question and says nothing itself."""

_POINTS = re.compile(
    r"\b(?:this|these|those|here|he|she|him|her|his|hers|such|also|too|another|instead|again|either"
    r"|previous|following|above|below|mentioned)\b|[,;] (?:and |but |so )?that\b|^that\b",
    re.I,
)
"""Words that point to something which was said or shown before."""

_PRONOUN = re.compile(r"\b(?:it|its|it's|they|they're|them|their)\b", re.I)
_RATE = re.compile(r"\s+(?:a|an|per|each|every)\s+(?:day|week|month|year)s?$", re.I)
_MONEY = {"usd", "eur", "gbp"}
_SPELLED = 10
"""Counts of time below it stay words, as newspapers write them (Associated Press style)."""


def self_contained(text: str) -> bool:
    """Whether a line makes sense to somebody who knows nothing of the talk."""
    if is_housekeeping(text) or _POINTS.search(text):
        return False
    pronoun = _PRONOUN.search(text)
    # A pronoun may look back at a noun of its own sentence, not out of the sentence.
    return pronoun is None or len(wording.content_words(text[: pronoun.start()])) >= 2


def question_of(text: str) -> str:
    """A question without its introduction: "We asked ourselves, are we fair?" → "Are we fair?"."""
    return wording.sentence_case(_ASKED.sub("", text.strip()))


def with_figures(text: str, numbers: Sequence[NumberMention]) -> str:
    """A sentence whose numbers are written as figures: "five hundred dollars" → "$500".

    Args:
        text: as it was said.
        numbers: what was said in it; uncertain ones stay words.
    """
    for number in sorted(numbers, key=lambda n: -len(n.text)):
        if not number.certain or number.unit in {"count", "times"} or number.value < 0:
            continue
        if number.unit not in {*_MONEY, "percent"} and number.value < _SPELLED:
            continue
        said = _RATE.sub("", number.text.strip())
        if not said or not wording.tokens(said):
            continue
        # Python reads only a backslash in it as anything but itself, and figures have none.
        text = re.sub(rf"(?<![\w.,$]){re.escape(said)}(?!\w)", _figure(number), text, flags=re.I)
    return text


def _figure(number: NumberMention) -> str:
    if number.unit in _MONEY:
        return wording.money(number.value, number.unit)
    value = f"{number.value:,g}" if number.value < 1e6 else f"{number.value:,.0f}"
    if number.unit == "percent":
        return f"{value}%"
    unit = number.unit[:-1] if number.value == 1 else number.unit
    return f"{value} {unit}"


def headline(text: str, limit: int, numbers: Sequence[NumberMention] = ()) -> str | None:
    """A sentence as a title in title case; None where it is too long or leans on the talk.

    Args:
        text: the sentence.
        limit: characters.
        numbers: those said in it.
    """
    line = wording.trimmed(question_of(with_figures(wording.without_opener(text), numbers)))
    line = line.rstrip(".").strip()
    words = wording.tokens(line)
    whole = len(words) >= (3 if line.endswith("?") else 4) and not re.search(r"[.;]\s", line)
    if not whole or not stands_alone(line) or not self_contained(line):
        return None
    title = wording.title_case(line)  # a capital may take more room: ß becomes SS
    return title if len(title) <= limit else None
