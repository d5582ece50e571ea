"""Tags and hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.evidence import Evidence

_GENERAL: dict[ContentType, tuple[str, ...]] = {
    ContentType.FINANCIAL: ("personal finance", "investing for beginners", "money"),
    ContentType.EDUCATIONAL: ("education", "learning"),
    ContentType.MUSIC: ("music",),
    ContentType.GENERAL: (),
}

_HASHTAGS: dict[ContentType, tuple[str, ...]] = {
    ContentType.FINANCIAL: ("PersonalFinance", "Investing"),
    ContentType.EDUCATIONAL: ("Education",),
    ContentType.MUSIC: ("Music",),
    ContentType.GENERAL: (),
}

_LONGEST = 60
"""Characters of a tag that somebody would type."""

_CENTRAL = 0.4
"""Score from which a concept is worth a hashtag."""

_MINOR = 0.15
"""Score below which a single word says nothing of the film."""


def make_tags(evidence: Evidence, keywords: Sequence[str]) -> tuple[str, ...]:
    """Tags within YouTube's 500 characters: topic, trending keywords, concepts, the field.

    Args:
        evidence: its research comes right after the topic, so that it is never cut off.
        keywords: the plan's primary keywords and the branch's own.
    """
    found = [t for t in _candidates(evidence, keywords) if len(t) <= _LONGEST]
    return limits.fit_tags(_varied(found) or [evidence.name])


def _candidates(evidence: Evidence, keywords: Sequence[str]) -> Iterator[str]:
    research = evidence.research
    if evidence.printable:
        yield from (c.keywords[0] for c in evidence.plan.thumbnail_concepts[:1] if c.keywords)
        if evidence.name in [c.title_idea for c in evidence.plan.thumbnail_concepts]:
            yield evidence.name
        yield from keywords[:3]
        yield from (k.phrase for k in research.keywords) if research else ()
        for texts in evidence.plan.metadata_copy.promises:
            yield from texts.tags
        for concept in evidence.concepts:
            if concept.score >= _MINOR or " " in concept.phrase or concept.financial:
                yield concept.phrase
        yield from keywords[3:]
        yield from research.suggestions[:5] if research else ()
    else:
        yield evidence.name
    yield from _GENERAL[evidence.content_type]
    if evidence.content_type is ContentType.MUSIC and evidence.seen:
        yield "music video"


def _varied(tags: Sequence[str]) -> list[str]:
    """Without those that only hang a word on a tag which is there: one "… explained" is enough."""
    kept: list[str] = []
    hung: set[str] = set()
    for tag in tags:
        last = tag.lower().rpartition(" ")[2]
        if last in {"explained", "tutorial", "guide"}:
            if last in hung:
                continue
            hung.add(last)
        kept.append(tag)
    return kept


def hashtag_topics(evidence: Evidence) -> list[str]:
    """What the hashtags name: the most central concepts, else the film."""
    if not evidence.printable:
        return [evidence.name] if evidence.named else []
    central = [c.phrase for c in evidence.concepts if c.score >= _CENTRAL]
    first = evidence.topics[0].removeprefix("the ")
    named = [c.phrase for c in evidence.concepts if first.lower().startswith(c.phrase.lower())]
    return list(dict.fromkeys([*named[:1], *central])) or [first]


def make_hashtags(topics: Sequence[str], content_type: ContentType) -> tuple[str, ...]:
    """At most three, the ones YouTube shows: topic first, then the field."""
    found = []
    for topic in [*topics[:2], *_HASHTAGS[content_type]]:
        tag = re.sub(r"[^0-9A-Za-z]", "", "".join(p for p in wording.title_case(topic).split()))
        if tag and not tag.isdigit() and len(tag) <= 30:
            found.append(f"#{tag}")
    by_case = {tag.lower(): tag for tag in reversed(found)}
    unique = [tag for tag in dict.fromkeys(found) if by_case[tag.lower()] == tag]
    return tuple(unique[: limits.HASHTAGS_SHOWN])
