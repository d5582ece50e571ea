"""The command `check-api`: which services answer, with which key, model and quota."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel

from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.imagen import ImagenClient
from ai_video_editor.clients.language_model import ModelRequest
from ai_video_editor.clients.ledger import Ledger
from ai_video_editor.clients.search import DuckDuckGo, Search
from ai_video_editor.errors import EditorError
from ai_video_editor.settings import Settings

Service = Literal["gemini", "imagen", "search"]
SERVICES: tuple[Service, ...] = get_args(Service)

_LONGEST = 20.0
"""Seconds for one question here: who checks does not want to wait as long as a run may."""


class _Tiny(BaseModel):
    answer: str


@dataclass(frozen=True)
class ServiceReport:
    """What came of asking one service.

    Attributes:
        service: gemini, imagen or search.
        state: works, failed, or skipped where it was not asked.
        detail: in the user's words; never the key.
        seconds: how long it took.
        dollars: what it cost, by the price table.
    """

    service: Service
    state: Literal["works", "failed", "skipped"]
    detail: str
    seconds: float = 0.0
    dollars: float = 0.0


@dataclass(frozen=True)
class ApiReport:
    """What came of asking all of them."""

    services: tuple[ServiceReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every service that was asked works."""
        return all(service.state != "failed" for service in self.services)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "ok": self.ok,
            "services": [
                {
                    "service": s.service,
                    "state": s.state,
                    "detail": s.detail,
                    "seconds": round(s.seconds, 3),
                    "dollars": round(s.dollars, 6),
                }
                for s in self.services
            ],
        }

    def lines(self) -> list[str]:
        """For people."""
        marks = {"works": "✓", "failed": "✗", "skipped": "-"}
        return [f"{marks[s.state]} {s.service}: {s.detail}" for s in self.services]


def check_api(
    settings: Settings,
    services: Sequence[Service] = SERVICES,
    *,
    search: Search | None = None,
) -> ApiReport:
    """Ask each service one tiny question; pictures are not paid for, only their model looked up.

    Args:
        settings: key, models, time-out; with `offline` nothing is asked.
        services: which ones.
        search: who searches; DuckDuckGo where None.
    """
    ledger = Ledger()
    key = settings.api.gemini_api_key
    client = None if key is None else ImagenClient(
        key, timeout=min(_LONGEST, settings.api.api_timeout), retries=0, ledger=ledger
    )  # fmt: skip
    questions: dict[Service, Callable[[], str] | None] = {
        "gemini": None if client is None else lambda: _gemini(client, settings),
        "imagen": None if client is None else lambda: _imagen(client, settings),
        "search": lambda: _search(search or DuckDuckGo(timeout=_LONGEST / 2, retries=0)),
    }
    found = []
    for service in SERVICES:
        if service not in services:
            continue
        if settings.api.offline:
            found.append(ServiceReport(service, "skipped", "not asked: this run is offline"))
            continue
        ask = questions[service]
        if ask is None:
            detail = "no key: set GEMINI_API_KEY, or do without it; plans are then made by rules"
            found.append(ServiceReport(service, "failed", detail))
            continue
        found.append(_asked(service, ask, ledger))
    return ApiReport(tuple(found))


def _asked(service: Service, ask: Callable[[], str], ledger: Ledger) -> ServiceReport:
    began, spent = time.monotonic(), ledger.spent
    try:
        detail, state = ask(), "works"
    except EditorError as error:
        detail, state = error.message, "failed"
    return ServiceReport(
        service,
        "works" if state == "works" else "failed",
        detail,
        time.monotonic() - began,
        ledger.spent - spent,
    )


def _gemini(client: GeminiClient, settings: Settings) -> str:
    model = settings.director.gemini_model
    answer = client.generate(
        ModelRequest(
            model=model,
            instructions="Answer in JSON.",
            prompt="Say ok.",
            schema=_Tiny,
            # Models that think do so within this limit.
            max_output_tokens=1024,
            temperature=0.0,
        )
    )
    tokens = answer.input_tokens + answer.output_tokens
    return f"{model} answers; {tokens} tokens, ${answer.dollars:.6f}"


def _imagen(client: ImagenClient, settings: Settings) -> str:
    model = settings.api.imagen_model
    client.model_name(model)
    return f"{model} is there for this key; no picture was made"


def _search(search: Search) -> str:
    found = search.search("video editing", limit=1)
    return "DuckDuckGo answers" if found else "DuckDuckGo answers, with nothing found"
