"""What no tidying may take out: numbers, and disclaimers that have to be said.

An abandoned take may go with its numbers: the take that stays says them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.numerals import is_numeral
from ai_video_editor.spans import SpanIndex

_ABANDONED = frozenset({"retake", "false_start"})


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
    places = _places(audio)
    for number in material.summary.numbers:
        for index in places(number.input, number.start, number.end):
            if index not in fillers:
                found[index] = f'the number "{number.text}"'
    for spoken in material.summary.spoken_disclaimers:
        for index in places(spoken.input, spoken.start, spoken.end):
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
    places = _places(audio)
    for decision in decisions:
        lost = None
        if decision.parameters.get("kind") not in _ABANDONED:
            inside = places(decision.input, decision.start, decision.end)
            lost = next((words[index] for index in inside if index in words), None)
        if lost is None:
            kept.append(decision)
        else:
            at = wording.clock(decision.start)
            told.append(f"A cut at {at} would have taken out {lost}; it was given up.")
    return kept, told


def _places(audio: AudioAnalysis) -> Callable[[int, Fraction, Fraction], list[int]]:
    """A search for the words whose middle lies in a range of an input, by their index."""
    middles: dict[int, list[tuple[Fraction, Fraction, int]]] = {}
    for index, word in enumerate(audio.words):
        middle = (word.start + word.end) / 2
        middles.setdefault(word.input, []).append((middle, middle, index))
    indices = {source: SpanIndex(found) for source, found in middles.items()}

    def inside(source: int, start: Fraction, end: Fraction) -> list[int]:
        index = indices.get(source)
        return index.touching(start, end) if index is not None else []

    return inside
