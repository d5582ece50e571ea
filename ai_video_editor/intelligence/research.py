"""Keyword, trend and competitor research, once for a project and shared by all outputs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from fractions import Fraction

from ai_video_editor.clients.search import Search, SearchResult
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    KeyConcept,
    Keyword,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import ContentType, VideoMetadata
from ai_video_editor.errors import APIIntegrationError, UnavailableError
from ai_video_editor.intelligence.keyword_cache import KeywordCache, MemoryCache, topic_key
from ai_video_editor.intelligence.keyword_scores import Findings, phrases, scored
from ai_video_editor.language import wording

_MOST = 15
_TRUSTED = 0.6
"""Confidence from which a concept may be sent to a search engine and printed."""

_QUESTION = re.compile(r"\?|^(?:how|what|why|when|which|who|is|are|can|should|do|does)\b", re.I)
_CLAIM = re.compile(
    r"\b(?:best|worst|ultimate|complete|only|never|always|secret|truth|mistakes?|guide|proven)\b",
    re.I,
)


class TrendAnalyzer:
    """Researches a topic by search, or from the talk alone where there is no network.

    Args:
        search: None means offline.
        cache: where research is kept for a day; in memory where none is given.
        clock: what time it is, in UTC.
    """

    def __init__(
        self,
        search: Search | None = None,
        cache: KeywordCache | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Keep the search and the cache."""
        self._search = search
        self._clock = clock
        self._cache = cache if cache is not None else MemoryCache()

    async def analyze_trends(
        self,
        concepts: Sequence[KeyConcept],
        themes: Sequence[ContentTheme] = (),
        summary: ContentSummary | None = None,
        content_type: ContentType | None = None,
        metadata: VideoMetadata | None = None,
    ) -> TrendingKeywords:
        """Research without blocking the event loop: cached, else by search, else from the talk.

        Raises:
            APIIntegrationError: the search failed and the caller should take the next processor.
        """
        topic = topic_of(concepts)
        if topic is not None:
            cached = self._cache.get(topic_key(topic))
            if cached is not None:
                return cached
        if self._search is None or topic is None:
            return self.from_content(concepts, themes)
        return await asyncio.to_thread(self.by_search, concepts, themes)

    def by_search(
        self, concepts: Sequence[KeyConcept], themes: Sequence[ContentTheme] = ()
    ) -> TrendingKeywords:
        """The processor `search`: competitors and keywords from the web, kept for a day.

        Raises:
            APIIntegrationError: the service did not answer.
            UnavailableError: there is no search, or no concept is certain enough to ask for.
        """
        topic = topic_of(concepts)
        if self._search is None:
            raise UnavailableError("There is no search: this run is offline.")
        if topic is None:
            raise UnavailableError("No concept is certain enough to search for.")
        found = self._found(self._search, topic, concepts)
        if not found.titles:
            raise APIIntegrationError(
                f"The web search found nothing on {topic!r}; it may be blocked or down."
            )
        research = _researched(topic, concepts, found)
        self._cache.put(topic_key(topic), research)
        return research

    def _found(self, search: Search, topic: str, concepts: Sequence[KeyConcept]) -> Findings:
        """All searches on a topic; the first must work, what the others lack is left out."""
        videos = search.videos(topic)
        pages: list[SearchResult] = []
        news: list[SearchResult] = []
        with suppress(APIIntegrationError):
            news = search.news(topic)
            for query in expansions(topic, concepts):
                pages += search.search(query)
        return Findings(videos, pages, news, self._clock())

    def from_cache(self, concepts: Sequence[KeyConcept]) -> TrendingKeywords:
        """The processor `cached`.

        Raises:
            UnavailableError: nothing younger than a day is known on the topic.
        """
        topic = topic_of(concepts)
        cached = self._cache.get(topic_key(topic)) if topic else None
        if cached is None:
            raise UnavailableError("No research on this topic is younger than a day.")
        return cached

    def from_content(
        self, concepts: Sequence[KeyConcept], themes: Sequence[ContentTheme] = ()
    ) -> TrendingKeywords:
        """The processor `content`: keywords from the talk itself, no network."""
        trusted = [c for c in concepts if c.confidence >= _TRUSTED]
        keywords = [
            Keyword(
                phrase=c.phrase.lower(),
                volume=round(0.3 + 0.4 * c.score, 3),
                # Longer phrases have fewer competitors.
                difficulty=round(max(0.1, 0.8 - 0.2 * len(c.phrase.split())), 3),
                trend=0.5,
                evidence=f"said {_times(len(c.mentions))}",
            )
            for c in trusted[:_MOST]
        ]
        suggestions = [f"{c.phrase.lower()} explained" for c in trusted[:3] if c.score >= 0.4]
        titles = [t.title.lower().rstrip("?") for t in themes if t.confidence >= _TRUSTED]
        return TrendingKeywords(
            source="content",
            keywords=tuple(keywords),
            suggestions=tuple(dict.fromkeys([*suggestions, *titles[:5]])),
        )


def topic_of(concepts: Sequence[KeyConcept]) -> str | None:
    """The most central concept that is certain enough to ask for."""
    return next((c.phrase.lower() for c in concepts if c.confidence >= _TRUSTED), None)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def expansions(topic: str, concepts: Sequence[KeyConcept]) -> list[str]:
    """Further queries: how people ask about a topic, and the topic beside its nearest concept."""
    trusted = [c.phrase.lower() for c in concepts if c.confidence >= _TRUSTED]
    second = next((p for p in trusted if wording.overlap(p, topic) == 0), None)
    asked = [f"{topic} explained", f"how does {topic} work", f"{topic} for beginners"]
    return [*asked[:2], f"{topic} and {second}" if second else asked[2]]


def _researched(topic: str, concepts: Sequence[KeyConcept], found: Findings) -> TrendingKeywords:
    counts = phrases(found.texts)
    own = [c.phrase.lower() for c in concepts if c.confidence >= _TRUSTED][:_MOST]
    often = (p for p, n in counts.most_common(30) if n >= 2)
    keywords = [scored(p, found, counts) for p in dict.fromkeys([topic, *own, *often])]
    ranked = sorted(keywords, key=lambda k: -(k.volume + 0.5 * k.trend - 0.3 * k.difficulty))
    longer = (p for p, _ in counts.most_common() if topic in p and p != topic)
    return TrendingKeywords(
        source="search",
        keywords=tuple(ranked[:_MOST]),
        competitor_titles=tuple(found.titles[:10]),
        competitor_patterns=tuple(patterns(found.titles)),
        suggestions=tuple(dict.fromkeys(longer))[:8],
    )


def patterns(titles: Sequence[str]) -> list[str]:
    """What titles have in common, in words with their shares."""
    if not titles:
        return []
    count = len(titles)
    shares = {
        "ask a question": sum(bool(_QUESTION.search(t)) for t in titles),
        "contain a number": sum(bool(re.search(r"\d", t)) for t in titles),
        "make a strong claim": sum(bool(_CLAIM.search(t)) for t in titles),
    }
    found = [
        f"{number} of {count} {what}" for what, number in shares.items() if number >= 0.3 * count
    ]
    lengths = sorted(len(t) for t in titles)
    found.append(f"their median length is {lengths[count // 2]} characters")
    return found


def age_in_words(age: Fraction | None) -> str:
    """How old research is, for people."""
    if age is None:
        return "fresh"
    hours = int(age // 3600)
    return f"{hours} h old" if hours else f"{int(age // 60)} min old"
