"""Pictures that explain an idea without a number: a concept's own, or what belongs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import get_args

from ai_video_editor.context.content import KeyConcept
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import ChartData, Drawing
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, proposal
from ai_video_editor.intelligence.director.word_graphics import explaining
from ai_video_editor.language import wording
from ai_video_editor.timebase import SourceTime

_WEIGHED = 8
"""So many of the talk's concepts may get a picture, the most central first."""

_LONGEST_CAPTION = 64
"""Characters of what was said that can be read above a picture at phone size."""

_LEAST_LINKS, _MOST_LINKS = 3, 4

_TOGETHER = Fraction(20)
"""Seconds within which ideas are said that belong to one."""

_SURE = 0.5
"""Score of a concept that may stand in a picture of ideas."""

_EXPLAINS = frozenset({ContentType.EDUCATIONAL, ContentType.FINANCIAL})


def pictures(talk: Talk) -> Iterator[Proposal]:
    """A picture where a concept that has one is explained, with the words that are said there."""
    known = get_args(Drawing)
    for concept in talk.material.concepts[:_WEIGHED]:
        if not concept.draw or concept.draw not in known:
            continue
        for at in explaining(talk, concept):
            caption = wording.shorten(talk.sentences[at].text, _LONGEST_CAPTION)
            if caption:
                yield _picture(talk, concept, at, caption.rstrip(".,;:"))
                break


def _picture(talk: Talk, concept: KeyConcept, at: int, caption: str) -> Proposal:
    printed = talk.sentences[at]
    data = ChartData.model_validate(
        {
            "kind": "animation",
            "drawing": concept.draw,
            "labels": (caption, wording.sentence_case(concept.phrase)),
            "said": printed.sentence.start,
        }
    )
    return proposal(
        talk,
        at,
        data,
        f"Animation: {concept.phrase}",
        f"\u201c{concept.phrase}\u201d is easier seen than heard; the picture needs no number.",
        spans=(talk.span(at),),
        priority=0.6 + 0.1 * concept.score,
        confidence=min(concept.confidence, printed.confidence),
        elements=(concept.phrase, concept.draw),
        word=concept.phrase.lower(),
    )


def links(talk: Talk) -> Iterator[Proposal]:
    """The talk's main idea and what belongs to it, where they are named one after the other."""
    if talk.material.content_type not in _EXPLAINS:
        return
    for idea in talk.material.concepts[:2]:
        places = explaining(talk, idea)
        if not places or idea.draw:
            continue
        at = places[0]
        begins = talk.sentences[at].sentence.start
        source = talk.sentences[at].sentence.input
        found = _named_after(talk.material.concepts, idea, source, begins)
        if len(found) < _LEAST_LINKS:
            continue
        data = ChartData(
            kind="animation",
            drawing="links",
            labels=tuple(wording.sentence_case(phrase) for phrase in (idea.phrase, *found)),
            said=begins,
        )
        yield proposal(
            talk,
            at,
            data,
            "Ideas",
            f"{len(found)} things belong to \u201c{idea.phrase}\u201d and are named one by one.",
            spans=(talk.span(at),),
            priority=0.5,
            confidence=min(idea.confidence, talk.sentences[at].confidence),
            elements=(idea.phrase, *found),
            word=idea.phrase.lower(),
        )
        return


def _named_after(
    concepts: Sequence[KeyConcept], idea: KeyConcept, source: int, begins: SourceTime
) -> list[str]:
    """Other certain ideas first named within some seconds, in the order of their naming."""
    taken = {wording.stem(token) for token in wording.tokens(idea.phrase)}
    named: list[tuple[SourceTime, str]] = []
    for concept in concepts:
        if concept is idea or concept.score < _SURE:
            continue
        stems = {wording.stem(token) for token in wording.tokens(concept.phrase)}
        near = [
            mention.start
            for mention in concept.mentions
            if mention.input == source and 0 <= mention.start - begins <= _TOGETHER
        ]
        if near and not stems & taken:
            taken |= stems
            named.append((min(near), concept.phrase))
    return [phrase for _, phrase in sorted(named)[:_MOST_LINKS]]
