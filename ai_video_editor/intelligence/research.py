"""Keyword, trend and competitor research, once for a project and shared by all outputs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
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
from ai_video_editor.errors import UnavailableError
from ai_video_editor.intelligence.keyword_cache import KeywordCache, MemoryCache, topic_key
from ai_video_editor.language import lexicon, wording

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
    """

    def __init__(self, search: Search | None = None, cache: KeywordCache | None = None) -> None:
        """Keep the search and the cache."""
        self._search = search
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
        videos = self._search.videos(topic)
        pages = self._search.search(f"{topic} explained")
        found = _researched(topic, concepts, videos, pages)
        self._cache.put(topic_key(topic), found)
        return found

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


def _researched(
    topic: str,
    concepts: Sequence[KeyConcept],
    videos: Sequence[SearchResult],
    pages: Sequence[SearchResult],
) -> TrendingKeywords:
    titles = [r.title for r in videos if r.title] or [r.title for r in pages if r.title]
    texts = [f"{r.title}. {r.snippet}" for r in (*videos, *pages)]
    phrases = _phrases(texts)
    own = [c.phrase.lower() for c in concepts if c.confidence >= _TRUSTED][:_MOST]
    total = max(1, len(texts))
    keywords = [
        Keyword(
            phrase=phrase,
            volume=round(min(1.0, 0.2 + phrases.get(phrase, 0) / total), 3),
            difficulty=round(
                min(1.0, sum(phrase in t.lower() for t in titles) / max(1, len(titles))), 3
            ),
            trend=round(_trend(phrase, videos), 3),
            evidence=f"in {phrases.get(phrase, 0)} of {len(texts)} results",
        )
        for phrase in list(
            dict.fromkeys([topic, *own, *(p for p, n in phrases.most_common(30) if n >= 2)])
        )
    ]
    ranked = sorted(keywords, key=lambda k: -(k.volume + 0.5 * k.trend - 0.3 * k.difficulty))
    return TrendingKeywords(
        source="search",
        keywords=tuple(ranked[:_MOST]),
        competitor_titles=tuple(dict.fromkeys(titles))[:10],
        competitor_patterns=tuple(patterns(titles)),
        suggestions=tuple(dict.fromkeys(p for p in phrases if topic in p and p != topic))[:8],
    )


def _trend(phrase: str, videos: Sequence[SearchResult]) -> float:
    """Share of all views that videos with the phrase in their title have; 0.5 where unknown."""
    counted = [v for v in videos if v.views]
    total = sum(v.views or 0 for v in counted)
    if not total:
        return 0.5
    return sum(v.views or 0 for v in counted if phrase in v.title.lower()) / total


def _phrases(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each phrase of two or three words stands; letters and digits only."""
    stop = lexicon.words("stop_words")
    counts: Counter[str] = Counter()
    for text in texts:
        words = [w.lower() for w in wording.tokens(text)]
        seen = set()
        for width in (2, 3):
            for at in range(len(words) - width + 1):
                part = words[at : at + width]
                clean = all(re.fullmatch(r"[a-z0-9'&-]+", w) for w in part)
                if clean and part[0] not in stop and part[-1] not in stop:
                    seen.add(" ".join(part))
        counts.update(seen)
    return counts


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
