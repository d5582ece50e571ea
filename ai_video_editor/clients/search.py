"""Web search behind one small protocol: DuckDuckGo, and a stand-in that ships with the package."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from ai_video_editor.errors import APIIntegrationError, APIRateLimitError
from ai_video_editor.progress import check_running

MAX_RESULTS = 20
"""Results of one search; the first pages are what competitors are measured by."""

_MAX_TEXT = 300
"""Characters taken of a title or snippet; a web page may say anything."""


@dataclass(frozen=True)
class SearchResult:
    """One result; its text is data from strangers.

    Attributes:
        title: at most 300 characters, on one line.
        snippet: at most 300 characters, on one line.
        address: where it leads.
        video: whether it is a video.
        views: how often it was seen, where the engine says so.
        published: when, in UTC, where the engine says so.
    """

    title: str
    snippet: str = ""
    address: str = ""
    video: bool = False
    views: int | None = None
    published: datetime | None = None


class Search(Protocol):
    """Finds pages and videos."""

    def search(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """Web pages on a query, best first.

        Raises:
            APIIntegrationError: the service did not answer.
        """

    def videos(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """Videos on a query, best first.

        Raises:
            APIIntegrationError: the service did not answer.
        """

    def news(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """News on a query, newest first where the engine sorts them so.

        Raises:
            APIIntegrationError: the service did not answer.
        """


class Turnstile:
    """Lets calls through one at a time, with a pause between two: nobody is to be flooded.

    Args:
        pause: seconds between the beginnings of two calls.
    """

    def __init__(self, pause: float) -> None:
        """Begin open."""
        self.pause = pause
        self._lock = threading.Lock()
        self._last = float("-inf")

    def enter(self) -> None:
        """Wait until it is one's turn.

        Raises:
            RunInterruptedError: the run was stopped meanwhile.
        """
        with self._lock:
            while (wait := self._last + self.pause - time.monotonic()) > 0:
                check_running()
                time.sleep(min(0.1, wait))
            self._last = time.monotonic()


_POLITE = Turnstile(1.0)
"""All searches of this process, whoever makes them."""


@dataclass(frozen=True)
class DuckDuckGo:
    """`Search` by way of `ddgs`, at most one call a second.

    Attributes:
        timeout: seconds for one call.
        retries: how often a call is repeated after a time-out or a request to slow down.
        longest_wait: seconds between two tries at most.
        turnstile: what keeps calls apart.
    """

    timeout: float = 10.0
    retries: int = 2
    longest_wait: float = 10.0
    turnstile: Turnstile = _POLITE

    def search(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        rows = self._call("text", query, limit)
        return [
            SearchResult(_line(r.get("title")), _line(r.get("body")), str(r.get("href") or ""))
            for r in rows
        ]

    def videos(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        found = []
        for row in self._call("videos", query, limit):
            statistics = row.get("statistics")
            views = statistics.get("viewCount") if isinstance(statistics, dict) else None
            found.append(
                SearchResult(
                    _line(row.get("title")),
                    _line(row.get("description")),
                    str(row.get("content") or ""),
                    video=True,
                    views=views if isinstance(views, int) else None,
                    published=_date(row.get("published")),
                )
            )
        return found

    def news(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        return [
            SearchResult(
                _line(row.get("title")),
                _line(row.get("body")),
                str(row.get("url") or ""),
                published=_date(row.get("date")),
            )
            for row in self._call("news", query, limit)
        ]

    def _call(self, method: str, query: str, limit: int) -> list[Mapping[str, object]]:
        retrying = Retrying(
            stop=stop_after_attempt(self.retries + 1),
            wait=wait_exponential(multiplier=1, max=self.longest_wait),
            retry=retry_if_exception_type(APIRateLimitError),
            reraise=True,
        )
        return retrying(self._once, method, query, limit)

    def _once(self, method: str, query: str, limit: int) -> list[Mapping[str, object]]:
        from ddgs import DDGS
        from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

        self.turnstile.enter()
        try:
            client = DDGS(timeout=int(max(1, self.timeout)))
            rows = getattr(client, method)(query[:200], max_results=min(limit, MAX_RESULTS))
            return [row for row in rows if isinstance(row, Mapping)]
        except (RatelimitException, TimeoutException) as error:
            raise APIRateLimitError(
                "The search did not answer in time or asks to slow down; try again later."
            ) from error
        except (DDGSException, OSError, ValueError, RuntimeError) as error:
            if "no results" in str(error).lower():
                return []
            raise APIIntegrationError(
                f"The web search failed ({type(error).__name__}); check the network, or run with "
                "--offline."
            ) from error


@dataclass
class MemorySearch:
    """`Search` from a table, for tests, examples and trying things out without a network.

    Attributes:
        pages: query to its pages; "" answers every other query.
        films: query to its videos; "" answers every other query.
        papers: query to its news; "" answers every other query.
        failure: raised by every call where given.
        asked: the queries so far.
    """

    pages: Mapping[str, Sequence[SearchResult]] = field(default_factory=dict)
    films: Mapping[str, Sequence[SearchResult]] = field(default_factory=dict)
    papers: Mapping[str, Sequence[SearchResult]] = field(default_factory=dict)
    failure: APIIntegrationError | None = None
    asked: list[str] = field(default_factory=list)

    def search(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        return self._answer(self.pages, query, limit)

    def videos(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        return self._answer(self.films, query, limit)

    def news(self, query: str, *, limit: int = MAX_RESULTS) -> list[SearchResult]:
        """See `Search`."""
        return self._answer(self.papers, query, limit)

    def _answer(
        self, table: Mapping[str, Sequence[SearchResult]], query: str, limit: int
    ) -> list[SearchResult]:
        self.asked.append(query)
        if self.failure is not None:
            raise self.failure
        return list(table.get(query, table.get("", ())))[:limit]


def _line(value: object) -> str:
    text = " ".join(str(value or "").split())
    return "".join(c for c in text if c.isprintable())[:_MAX_TEXT]


def _date(value: object) -> datetime | None:
    """A date as engines write it, in UTC; None where it is none."""
    try:
        found = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
