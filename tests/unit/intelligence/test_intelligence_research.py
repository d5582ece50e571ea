from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ai_video_editor.cache import CacheManager
from ai_video_editor.clients.search import MemorySearch, SearchResult
from ai_video_editor.context.content import KeyConcept
from ai_video_editor.errors import APIIntegrationError, UnavailableError
from ai_video_editor.intelligence.keyword_cache import DiskCache, MemoryCache, topic_key
from ai_video_editor.intelligence.research import TrendAnalyzer, patterns
from tests.talks import MONEY_TALK, talk, understood


def concepts() -> tuple[KeyConcept, ...]:
    audio, duration = talk(MONEY_TALK)
    return understood(audio, duration)[1].concepts


def answers() -> MemorySearch:
    titles = [
        "Compound Interest Explained in 5 Minutes",
        "What is compound interest?",
        "10 Compound Interest Mistakes",
    ]
    return MemorySearch(
        films={"": [SearchResult(t, video=True, views=1000) for t in titles]},
        pages={"": [SearchResult("Compound interest calculator", "A compound interest formula")]},
    )


def test_search_gives_keywords_with_scores_and_the_competitors() -> None:
    found = TrendAnalyzer(answers()).by_search(concepts())
    assert found.source == "search"
    assert found.keywords[0].phrase.startswith("compound interest")
    assert "What is compound interest?" in found.competitor_titles
    assert any("ask a question" in p for p in found.competitor_patterns)


def test_research_on_a_topic_is_asked_for_once_a_day() -> None:
    search, now = answers(), [1000.0]
    analyzer = TrendAnalyzer(search, MemoryCache(clock=lambda: now[0]))
    asyncio.run(analyzer.analyze_trends(concepts()))
    asked = len(search.asked)
    again = asyncio.run(analyzer.analyze_trends(concepts()))
    assert len(search.asked) == asked
    assert again.source == "cache"
    now[0] += 25 * 3600
    assert asyncio.run(analyzer.analyze_trends(concepts())).source == "search"


def test_offline_the_keywords_come_from_the_talk() -> None:
    found = asyncio.run(TrendAnalyzer(None).analyze_trends(concepts()))
    assert found.source == "content"
    assert found.keywords[0].phrase == "compound interest"


def test_a_failing_search_is_an_error_for_the_next_processor() -> None:
    search = MemorySearch(failure=APIIntegrationError("down"))
    with pytest.raises(APIIntegrationError, match="down"):
        TrendAnalyzer(search).by_search(concepts())


def test_without_a_trusted_concept_nothing_is_sent() -> None:
    search = answers()
    weak = tuple(c.model_copy(update={"confidence": 0.2}) for c in concepts())
    with pytest.raises(UnavailableError):
        TrendAnalyzer(search).by_search(weak)
    assert search.asked == []


def test_research_survives_on_disk_until_it_is_a_day_old(tmp_path: Path) -> None:
    now = [1000.0]
    with CacheManager(tmp_path, clock=lambda: now[0]) as disk:
        found = TrendAnalyzer(answers(), DiskCache(disk)).by_search(concepts())
    with CacheManager(tmp_path, clock=lambda: now[0]) as disk:
        now[0] += 3600
        cached = TrendAnalyzer(None, DiskCache(disk)).from_cache(concepts())
        assert cached.source == "cache" and cached.keywords == found.keywords
        assert cached.age == 3600
        now[0] += 24 * 3600
        with pytest.raises(UnavailableError):
            TrendAnalyzer(None, DiskCache(disk)).from_cache(concepts())


def test_a_damaged_entry_counts_as_none(tmp_path: Path) -> None:
    with CacheManager(tmp_path) as disk:
        disk.put("trends", "key", {"source": "nonsense"})
        assert DiskCache(disk).get("key") is None


def test_a_topic_is_asked_about_in_more_than_one_way() -> None:
    search = answers()
    TrendAnalyzer(search).by_search(concepts())
    assert search.asked[:2] == ["compound interest", "compound interest"], "videos, then news"
    assert search.asked[2:] == [
        "compound interest explained",
        "how does compound interest work",
        "compound interest and index funds",
    ]


def test_scores_say_what_they_are_made_of() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    week, years = now - timedelta(days=7), now - timedelta(days=900)
    search = MemorySearch(
        films={"": [
            SearchResult("Index Fund Basics", video=True, views=900, published=week),
            SearchResult("Compound Interest", video=True, views=100, published=years),
        ]},
        papers={"": [SearchResult("An index fund record", "index fund", published=week)]},
    )  # fmt: skip
    found = TrendAnalyzer(search, clock=lambda: now).by_search(concepts())
    by_phrase = {k.phrase: k for k in found.keywords}
    fund, interest = by_phrase["index fund"], by_phrase["compound interest"]
    assert fund.trend > interest.trend and fund.difficulty > interest.difficulty
    for words in ("of 3 results", "90% of the competitors' views", "1 of 1 videos from the last",
                  "1 news in 30 days"):  # fmt: skip
        assert words in fund.evidence


def test_news_that_cannot_be_had_are_done_without() -> None:
    class NoNews(MemorySearch):
        def news(self, query: str, *, limit: int = 20) -> list[SearchResult]:
            raise APIIntegrationError("down")

    search = NoNews(films={"": [SearchResult("Compound Interest", video=True)]})
    assert TrendAnalyzer(search).by_search(concepts()).source == "search"


def test_a_search_that_finds_nothing_at_all_is_a_failure() -> None:
    with pytest.raises(APIIntegrationError, match="found nothing"):
        TrendAnalyzer(MemorySearch()).by_search(concepts())


def test_one_topic_has_one_key_however_it_is_written() -> None:
    assert topic_key("Index Funds") == topic_key("index fund") == topic_key("fund, index")


def test_no_titles_have_nothing_in_common() -> None:
    assert patterns([]) == []
