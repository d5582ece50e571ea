"""What no tidying may take out: numbers, and disclaimers that have to be said.

An abandoned take may go with its numbers: the take that stays says them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.audio import Word
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.numerals import is_numeral

_ABANDONED = frozenset({"retake", "false_start"})

_SAME = 0.6
"""Share of words from which on a sentence is the disclaimer that the analysis found."""


def protected_words(material: Material) -> dict[int, str]:
    """Indices of the words that must stay, each with the reason."""
    audio = material.audio
    if audio is None:
        return {}
    found: dict[int, str] = {}
    fillers = {
        index
        for filler in audio.fillers
        if filler.first_word is not None and filler.last_word is not None
        for index in range(filler.first_word, filler.last_word)
    }
    for index, word in enumerate(audio.words):
        if index not in fillers and any(is_numeral(t) for t in wording.tokens(word.text)):
            found[index] = f'the number "{word.text}"'
    for number in material.summary.numbers:
        for index, word in enumerate(audio.words):
            inside = word.input == number.input and number.start <= _middle(word) < number.end
            if inside and index not in fillers:
                found[index] = f'the number "{number.text}"'
    for sentence in audio.sentences:
        if any(wording.overlap(sentence.text, d) >= _SAME for d in material.summary.disclaimers):
            for index in range(sentence.first_word, sentence.last_word):
                if index not in fillers:
                    found[index] = "a disclaimer"
    return found


def without_losses(
    decisions: Sequence[EditingDecision], material: Material
) -> tuple[list[EditingDecision], list[str]]:
    """The decisions without cuts that would take a number or a disclaimer out of the film.

    Returns:
        What stays, and a sentence for each cut that was given up.
    """
    audio = material.audio
    words = protected_words(material)
    if audio is None or not words:
        return list(decisions), []
    kept: list[EditingDecision] = []
    told: list[str] = []
    for decision in decisions:
        lost = None
        if decision.parameters.get("kind") not in _ABANDONED:
            lost = next(
                (
                    why
                    for index, why in words.items()
                    if audio.words[index].input == decision.input
                    and decision.start <= _middle(audio.words[index]) < decision.end
                ),
                None,
            )
        if lost is None:
            kept.append(decision)
        else:
            at = wording.clock(decision.start)
            told.append(f"A cut at {at} would have taken out {lost}; it was given up.")
    return kept, told


def _middle(word: Word) -> Fraction:
    return (word.start + word.end) / 2
