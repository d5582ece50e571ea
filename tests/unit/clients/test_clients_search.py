from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import ddgs
import pytest
from ddgs.exceptions import DDGSException, RatelimitException

from ai_video_editor.clients.search import DuckDuckGo, MemorySearch, SearchResult, Turnstile
from ai_video_editor.errors import APIIntegrationError, APIRateLimitError


class Engine:
    """What stands behind `ddgs` in a test: rows, or an error."""

    answer: ClassVar[list[dict[str, object]] | Exception]
    calls: ClassVar[int] = 0

    def __init__(self, timeout: int = 5) -> None:
        self.timeout = timeout

    def text(self, query: str, max_results: int = 10) -> list[dict[str, object]]:
        Engine.calls += 1
        if isinstance(Engine.answer, Exception):
            raise Engine.answer
        return Engine.answer[:max_results]

    videos = news = text


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> type[Engine]:
    Engine.calls = 0
    monkeypatch.setattr(ddgs, "DDGS", Engine)
    return Engine


def quick(retries: int = 2, longest_wait: float = 10.0) -> DuckDuckGo:
    return DuckDuckGo(retries=retries, longest_wait=longest_wait, turnstile=Turnstile(0))


def test_results_are_single_lines_of_bounded_length(engine: type[Engine]) -> None:
    engine.answer = [{"title": "a\nb\x00" + "c" * 999, "body": "text", "href": "https://x"}]
    (result,) = quick().search("index funds")
    assert result.title.startswith("a b") and len(result.title) <= 300


def test_views_of_a_video_are_read_where_they_are_given(engine: type[Engine]) -> None:
    engine.answer = [{"title": "A", "statistics": {"viewCount": 7}}, {"title": "B"}]
    assert [r.views for r in quick().videos("x")] == [7, None]


def test_a_search_that_fails_is_an_error_of_ours(engine: type[Engine]) -> None:
    engine.answer = DDGSException("connection refused")
    with pytest.raises(APIIntegrationError, match="check the network"):
        quick().search("x")
    assert engine.calls == 1


def test_a_search_without_results_is_no_failure(engine: type[Engine]) -> None:
    engine.answer = DDGSException("No results found.")
    assert quick().news("x") == []


def test_news_and_videos_carry_their_date(engine: type[Engine]) -> None:
    engine.answer = [
        {"title": "A", "date": "2026-11-20T10:00:00+02:00", "published": "2026-11-20T10:00:00"},
        {"title": "B", "date": "yesterday", "published": None},
    ]
    assert [r.published for r in quick().news("x")] == [datetime(2026, 11, 20, 8, tzinfo=UTC), None]
    assert quick().videos("x")[0].published == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_calls_are_kept_apart(engine: type[Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", sleep)
    engine.answer = []
    search = DuckDuckGo(turnstile=Turnstile(1.0))
    search.search("x")
    assert slept == []
    search.news("x")
    assert sum(slept) == pytest.approx(1.0)


def test_a_search_that_asks_to_slow_down_is_tried_again(engine: type[Engine]) -> None:
    engine.answer = RatelimitException("slow")
    with pytest.raises(APIRateLimitError):
        quick(retries=1, longest_wait=0.01).search("x")
    assert engine.calls == 2


def test_the_stand_in_answers_from_its_table() -> None:
    search = MemorySearch(pages={"a": [SearchResult("A")], "": [SearchResult("other")]})
    assert search.search("a")[0].title == "A"
    assert search.search("b")[0].title == "other"
    assert search.asked == ["a", "b"]
