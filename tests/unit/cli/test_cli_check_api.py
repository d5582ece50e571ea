"""`check-api` against the loopback service and a stand-in for the search."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ai_video_editor.cli.check_api import check_api
from ai_video_editor.cli.main import app
from ai_video_editor.clients.loopback_gemini import Fault, LoopbackGemini, Step
from ai_video_editor.clients.search import MemorySearch, SearchResult
from ai_video_editor.errors import APIIntegrationError
from ai_video_editor.settings import Settings

KEY = "AIzaSy-check-api-key"
FOUND = MemorySearch(pages={"": [SearchResult("A page")]})


def settings(key: str | None = KEY, **api: object) -> Settings:
    return Settings.model_validate({"api": {"gemini_api_key": key, **api}})


def test_each_service_is_reported_apart_and_no_picture_is_paid_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with LoopbackGemini(key=KEY) as gemini:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.url)
        report = check_api(settings(), search=FOUND)
        assert [s.state for s in report.services] == ["works"] * 3
        assert report.ok
        assert [c.method for c in gemini.calls] == ["generateContent", "get"]
    down = check_api(
        settings(None), ("search",), search=MemorySearch(failure=APIIntegrationError("down"))
    )
    assert not down.ok and down.lines() == ["✗ search: down"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.BAD_KEY, "refused the key"),
        (Fault.NOT_FOUND, "no such model"),
        (Fault.DAILY_QUOTA, "quota of the day"),
        (Fault.ECHO_KEY, "refused the key"),
    ],
)
def test_what_is_wrong_is_said_without_the_key(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, says: str
) -> None:
    with LoopbackGemini((Step(fault),)) as gemini:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.url)
        report = check_api(settings(), ("gemini",))
    assert not report.ok and says in report.lines()[0]
    assert KEY not in json.dumps(report.as_json()) + "".join(report.lines())


def test_without_a_key_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(app, ["check-api", "--service", "gemini"])
    assert done.exit_code == 1
    assert "set GEMINI_API_KEY" in done.output


def test_offline_nobody_is_asked() -> None:
    done = CliRunner().invoke(app, ["check-api", "--offline", "--json"])
    assert done.exit_code == 0
    assert {s["state"] for s in json.loads(done.output)["services"]} == {"skipped"}
