from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

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
    cache = DiskCache(tmp_path / "cache", clock=lambda: now[0])
    found = TrendAnalyzer(answers(), cache).by_search(concepts())
    cache.close()
    again = DiskCache(tmp_path / "cache", clock=lambda: now[0])
    cached = TrendAnalyzer(None, again).from_cache(concepts())
    assert cached.source == "cache" and cached.keywords == found.keywords
    now[0] += 25 * 3600
    with pytest.raises(UnavailableError):
        TrendAnalyzer(None, again).from_cache(concepts())
    again.close()


def test_one_topic_has_one_key_however_it_is_written() -> None:
    assert topic_key("Index Funds") == topic_key("index fund") == topic_key("fund, index")


def test_no_titles_have_nothing_in_common() -> None:
    assert patterns([]) == []
