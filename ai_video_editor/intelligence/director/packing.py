"""A recording and its plan in the fewest characters that say enough; no picture, no sound.

An hour of talk is about 9000 words: 50 kB, about 13 000 tokens, most of it the words themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_video_editor.context.audio import Sentence
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.plan_operations import REMOVING
from ai_video_editor.language import wording
from ai_video_editor.language.rewording import as_first

BEGIN, END = "BEGIN MATERIAL", "END MATERIAL"

_OBVIOUS = frozenset({"filler", "pause", "dead_air"})
"""Cuts that nobody needs to think about."""

_MOST_LISTED = 60
_MOST_SHOWN = 120
"""Characters of a cut's words."""


@dataclass(frozen=True)
class Part:
    """Consecutive sentences of a recording.

    Attributes:
        first: number of the first sentence.
        last: number after the last one.
        number: of the part, from 1.
        count: of all parts.
    """

    first: int
    last: int
    number: int = 1
    count: int = 1


def sentences_of(material: Material) -> tuple[Sentence, ...]:
    """All sentences; a place is an index into these."""
    return material.audio.sentences if material.audio is not None else ()


def shown_words(material: Material, at: int) -> list[int]:
    """Indices of the words of a sentence that the model sees, in order: all but the fillers."""
    audio = material.audio
    if audio is None:
        return []
    sentence = audio.sentences[at]
    words = range(sentence.first_word, sentence.last_word)
    return [n for n in words if not audio.words[n].filler] or list(words)


def shown_text(material: Material, at: int) -> str:
    """A sentence as the model sees it."""
    audio = material.audio
    assert audio is not None  # there is a sentence
    sentence, shown = audio.sentences[at], shown_words(material, at)
    if len(shown) == sentence.last_word - sentence.first_word:
        return sentence.text
    words = [audio.words[n].text for n in shown]
    if shown[0] != sentence.first_word:
        words[0] = as_first(words[0])
    return " ".join(words)


def brief(material: Material, plan: AIDirectorPlan) -> str:
    """What all requests about one recording share."""
    research = material.research
    length = wording.clock(material.duration)
    lines = [f"Film: {material.metadata.name}; {material.content_type.value}; {length} long"]
    lines.append("Concepts: " + "; ".join(c.phrase for c in material.concepts[:10]))
    lines.append("Chapters (number, first sentence, time, title):")
    starts = [_sentence_at(material, c.input, c.start) for c in plan.chapters]
    lines += [
        f"{n}. s{at} {wording.clock(c.start)} {c.title}"
        for n, (at, c) in enumerate(zip(starts, plan.chapters, strict=True), 1)
    ]
    if research is not None and research.keywords:
        lines.append("Searched: " + "; ".join(k.phrase for k in research.keywords[:10]))
    if research is not None and research.competitor_titles:
        titles = json.dumps(research.competitor_titles[:8], ensure_ascii=False)
        lines.append(f"Titles of others: {titles}")
        lines.append("Of these, " + "; ".join(research.competitor_patterns[:4]))
    return "\n".join(line.replace(END, "") for line in lines)


def packed(material: Material, plan: AIDirectorPlan, part: Part | None = None) -> str:
    """The material of one request: the whole recording, or a part of it with the shared brief."""
    span = part or whole(material)
    lines = [BEGIN, brief(material, plan)]
    if span.count > 1:
        lines.append(
            f"Part {span.number} of {span.count}: sentences {span.first} to {span.last - 1}"
        )
    lines.append("Planned cuts (id, sentence, words, reason):")
    lines += _cuts(material, plan, span)
    lines.append("Planned graphics (id, sentence, what):")
    for graphic in plan.broll:
        at = _sentence_at(material, graphic.input, graphic.start)
        if span.first <= at < span.last:
            lines.append(f"{graphic.opportunity_id} s{at} {graphic.description}")
    lines.append("Transcript (sentence, text):")
    lines += _transcript(material, plan, span)
    return "\n".join([*lines, END])


def summed_up(
    material: Material, plan: AIDirectorPlan, gists: Sequence[str], hooks: Sequence[str]
) -> str:
    """The material of the last request about a long recording."""
    lines = [BEGIN, brief(material, plan), "What the parts say:"]
    lines += [f"{n}. {_line(gist)}" for n, gist in enumerate(gists, 1)]
    lines.append("The best sentences:")
    lines += [_line(hook) for hook in hooks]
    return "\n".join([*lines, END])


def whole(material: Material) -> Part:
    """All sentences as one part."""
    return Part(0, len(sentences_of(material)))


def parts(material: Material, plan: AIDirectorPlan, most: int) -> list[Part]:
    """Parts of at most so many bytes of transcript, cut at chapters where one begins in time.

    Args:
        material: the recording.
        plan: its chapters.
        most: bytes of UTF-8.
    """
    sentences = sentences_of(material)
    borders = {_sentence_at(material, c.input, c.start) for c in plan.chapters}
    cuts, size, chapter = [0], 0, 0
    for at, sentence in enumerate(sentences):
        own = len(sentence.text.encode("utf-8", "surrogatepass")) + 6
        if at in borders:
            chapter = at
        if size + own > most and at > cuts[-1]:
            border = chapter if chapter > cuts[-1] else at
            cuts.append(border)
            size = sum(len(s.text.encode("utf-8", "surrogatepass")) + 6
                       for s in sentences[border:at])  # fmt: skip
        size += own
    ends = [*cuts[1:], len(sentences)]
    return [Part(a, b, n, len(cuts)) for n, (a, b) in enumerate(zip(cuts, ends, strict=True), 1)]


def _cuts(material: Material, plan: AIDirectorPlan, span: Part) -> Iterator[str]:
    listed = 0
    for decision in plan.decisions:
        text = str(decision.parameters.get("text") or "")
        if not _worth_a_look(decision, text) or listed >= _MOST_LISTED:
            continue
        at = _sentence_at(material, decision.input, decision.start)
        if span.first <= at < span.last:
            listed += 1
            shown = wording.clipped(_line(text), _MOST_SHOWN)
            yield f"{decision.decision_id} s{at} {shown}; {_line(decision.rationale)}"


def _worth_a_look(decision: EditingDecision, text: str) -> bool:
    removing = decision.decision_type in REMOVING and not decision.reverted
    return removing and bool(text) and decision.parameters.get("kind") not in _OBVIOUS


def _transcript(material: Material, plan: AIDirectorPlan, span: Part) -> Iterator[str]:
    gone = [d for d in plan.decisions if d.decision_type in REMOVING and not d.reverted]
    for at in range(span.first, span.last):
        sentence = sentences_of(material)[at]
        cut = any(
            d.input == sentence.input and d.start <= sentence.start and sentence.end <= d.end
            for d in gone
        )
        yield f"{'~' if cut else ''}{at} {_line(shown_text(material, at))}"


def _sentence_at(material: Material, source: int, time: object) -> int:
    """Number of the first sentence that ends after a moment."""
    sentences = sentences_of(material)
    for at, sentence in enumerate(sentences):
        if (sentence.input, sentence.end) > (source, time):
            return at
    return max(0, len(sentences) - 1)


def _line(text: str) -> str:
    return " ".join(text.replace(END, "").replace(BEGIN, "").split())
