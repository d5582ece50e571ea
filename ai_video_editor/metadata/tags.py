"""Tags and hashtags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_video_editor.context.content import KeyConcept, TrendingKeywords
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits

_GENERAL: dict[ContentType, tuple[str, ...]] = {
    ContentType.FINANCIAL: ("personal finance", "investing for beginners", "money"),
    ContentType.EDUCATIONAL: ("education", "explained", "learning"),
    ContentType.MUSIC: ("music", "music video"),
    ContentType.GENERAL: (),
}

_HASHTAGS: dict[ContentType, tuple[str, ...]] = {
    ContentType.FINANCIAL: ("PersonalFinance", "Investing"),
    ContentType.EDUCATIONAL: ("Education", "Explained"),
    ContentType.MUSIC: ("Music", "MusicVideo"),
    ContentType.GENERAL: (),
}


def make_tags(
    keywords: Sequence[str],
    concepts: Sequence[KeyConcept],
    research: TrendingKeywords | None,
    content_type: ContentType,
    name: str,
    written: Sequence[str] = (),
) -> tuple[str, ...]:
    """Tags within YouTube's 500 characters: topic, trending keywords, concepts, the field.

    Args:
        keywords: the plan's primary keywords.
        concepts: those that may be printed, most central first.
        research: its keywords come right after the topic, so that they are never cut off.
        content_type: for the general tags at the end.
        name: readable name, used where nothing else is known.
        written: tags that the director wrote for the promises.
    """
    trending = [k.phrase for k in research.keywords] if research else []
    suggestions = list(research.suggestions[:5]) if research else []
    own = [c.phrase for c in concepts]
    tags = [*keywords[:3], *trending, *written, *own, *suggestions, *_GENERAL[content_type]]
    tags = [t for t in tags if len(t) <= 60]
    return limits.fit_tags(tags or [name])


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
