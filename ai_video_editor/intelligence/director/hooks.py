"""Promises to the viewer, in the speaker's words."""

from __future__ import annotations

from ai_video_editor.context.content import EmotionalPeak, NumberMention
from ai_video_editor.context.plan import Hook
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import (
    PrintedSentence,
    printed_sentences,
    punctuated,
    stands_alone,
)

MAX_HOOK = 110
"""Characters; it must fit the part of a description that shows in search."""

_MOST = 8


def printable_sentences(material: Material) -> list[PrintedSentence]:
    """Sentences certain and complete enough for print; empty for a weak transcript.

    A transcript without full stops has no sentences that could be quoted.
    """
    audio = material.audio
    if audio is None or not audio.printable or not punctuated(audio):
        return []
    return [
        s for s in printed_sentences(audio) if s.complete and s.confidence >= audio.print_threshold
    ]


def find_hooks(material: Material) -> list[Hook]:
    """Hooks from feelings, questions and numbers, strongest first, no two alike."""
    sentences = printable_sentences(material)
    hooks: list[tuple[float, Hook]] = []
    central = [{wording.root(t) for t in wording.tokens(c.phrase)} for c in material.concepts[:6]]
    for printed in sentences:
        text = wording.shorten(wording.without_opener(printed.text), MAX_HOOK)
        if text is None or not stands_alone(text):
            continue
        kind, strength = _strength(printed, material)
        if kind is None:
            continue
        roots = set(wording.content_words(text))
        strength += 0.25 if any(stem <= roots for stem in central) else 0.0
        strength -= 0.002 * max(0, len(text) - 60)
        hooks.append((strength, _hook(text, kind, printed, strength)))
    chosen: list[Hook] = []
    for _, hook in sorted(hooks, key=lambda item: -item[0]):
        if all(wording.overlap(hook.text, other.text) < 0.6 for other in chosen):
            chosen.append(hook)
    return chosen[:_MOST]


def _strength(printed: PrintedSentence, material: Material) -> tuple[str | None, float]:
    peaks = [p for p in material.emotions if _same(p, printed)]
    numbers = [n for n in material.summary.numbers if _holds(printed, n) and n.unit != "count"]
    if printed.text.endswith("?"):
        return "question", 0.55 + max((0.2 * p.intensity for p in peaks), default=0.0)
    if peaks:
        peak = max(peaks, key=lambda p: p.intensity)
        return peak.kind, 0.3 + 0.6 * peak.intensity + (0.1 if numbers else 0.0)
    if numbers:
        return "number", 0.4 + 0.05 * min(3, len(numbers))
    return None, 0.0


def _same(peak: EmotionalPeak, printed: PrintedSentence) -> bool:
    return peak.input == printed.sentence.input and peak.start == printed.sentence.start


def _holds(printed: PrintedSentence, number: NumberMention) -> bool:
    sentence = printed.sentence
    return number.input == sentence.input and sentence.start <= number.start < sentence.end


def _hook(text: str, kind: str, printed: PrintedSentence, strength: float) -> Hook:
    sentence = printed.sentence
    return Hook(
        text=text,
        kind=kind,
        input=sentence.input,
        start=sentence.start,
        end=sentence.end,
        confidence=round(min(1.0, max(0.0, printed.confidence * min(1.0, strength))), 3),
    )
