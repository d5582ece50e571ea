from __future__ import annotations

from typing import ClassVar

import ddgs
import pytest
from ddgs.exceptions import DDGSException, RatelimitException

from ai_video_editor.clients.search import DuckDuckGo, MemorySearch, SearchResult
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

    videos = text


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> type[Engine]:
    Engine.calls = 0
    monkeypatch.setattr(ddgs, "DDGS", Engine)
    return Engine


def test_results_are_single_lines_of_bounded_length(engine: type[Engine]) -> None:
    engine.answer = [{"title": "a\nb\x00" + "c" * 999, "body": "text", "href": "https://x"}]
    (result,) = DuckDuckGo().search("index funds")
    assert result.title.startswith("a b") and len(result.title) <= 300


def test_views_of_a_video_are_read_where_they_are_given(engine: type[Engine]) -> None:
    engine.answer = [{"title": "A", "statistics": {"viewCount": 7}}, {"title": "B"}]
    assert [r.views for r in DuckDuckGo().videos("x")] == [7, None]


def test_a_search_that_fails_is_an_error_of_ours(engine: type[Engine]) -> None:
    engine.answer = DDGSException("no results")
    with pytest.raises(APIIntegrationError, match="keywords come from the talk"):
        DuckDuckGo().search("x")
    assert engine.calls == 1


def test_a_search_that_asks_to_slow_down_is_tried_again(engine: type[Engine]) -> None:
    engine.answer = RatelimitException("slow")
    with pytest.raises(APIRateLimitError):
        DuckDuckGo(retries=1, longest_wait=0.01).search("x")
    assert engine.calls == 2


def test_the_stand_in_answers_from_its_table() -> None:
    search = MemorySearch(pages={"a": [SearchResult("A")], "": [SearchResult("other")]})
    assert search.search("a")[0].title == "A"
    assert search.search("b")[0].title == "other"
    assert search.asked == ["a", "b"]
