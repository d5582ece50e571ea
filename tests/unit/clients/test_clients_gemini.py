"""The Gemini client against a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import BaseModel, SecretStr

from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.language_model import Budget, ModelRequest, dollars
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIRateLimitError,
    GeminiAPIError,
)

KEY = "secret-key-1234"


class Shape(BaseModel):
    """What is asked for."""

    word: str


class Service:
    """A server that gives prepared answers: `(status, headers, body)`."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], object]] = []
        self.requests: list[bytes] = []


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.requests.append(self.rfile.read(int(self.headers["Content-Length"])))
            at = min(len(state.requests), len(state.answers)) - 1
            status, headers, body = state.answers[at]
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def good(text: str = '{"word": "hello"}') -> tuple[int, dict[str, str], object]:
    body = {
        "candidates": [{"content": {"parts": [{"text": text}], "role": "model"}}],
        "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 200},
    }
    return 200, {}, body


def bad(
    status: int, headers: dict[str, str] | None = None, message: str = "no"
) -> tuple[int, dict[str, str], object]:
    return status, headers or {}, {"error": {"code": status, "message": message, "status": "X"}}


def client(budget: Budget | None = None, retries: int = 2) -> GeminiClient:
    return GeminiClient(
        SecretStr(KEY), timeout=10, retries=retries, budget=budget, wait=(0.01, 0.02)
    )


REQUEST = ModelRequest("gemini-2.5-flash", "Answer.", "Say hello.", Shape)


def test_an_answer_is_counted_and_priced(service: Service) -> None:
    service.answers = [good()]
    budget = Budget(2.0)
    answer = client(budget).generate(REQUEST)
    assert json.loads(answer.text) == {"word": "hello"}
    assert (answer.input_tokens, answer.output_tokens) == (1000, 200)
    assert answer.dollars == pytest.approx((1000 * 0.30 + 200 * 2.50) / 1e6)
    assert budget.spent == answer.dollars


def test_a_busy_service_is_asked_again(service: Service) -> None:
    service.answers = [bad(503), bad(429, {"Retry-After": "0"}), good()]
    assert client().generate(REQUEST).text
    assert len(service.requests) == 3


def test_a_service_that_stays_busy_is_given_up(service: Service) -> None:
    service.answers = [bad(429, {"Retry-After": "0"})]
    with pytest.raises(APIRateLimitError) as caught:
        client(retries=1).generate(REQUEST)
    assert caught.value.retry_after == 0.0
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("status", "message"), [(401, "no"), (403, "no"), (400, "API key not valid")]
)
def test_a_refused_key_is_never_tried_again(service: Service, status: int, message: str) -> None:
    service.answers = [bad(status, message=message)]
    gemini = client()
    with pytest.raises(APIAuthenticationError) as caught:
        gemini.generate(REQUEST)
    with pytest.raises(APIAuthenticationError):
        gemini.generate(REQUEST)
    assert len(service.requests) == 1
    assert KEY not in str(caught.value)


def test_a_bad_request_is_not_repeated(service: Service) -> None:
    service.answers = [bad(400)]
    with pytest.raises(GeminiAPIError):
        client().generate(REQUEST)
    assert len(service.requests) == 1


def test_an_empty_answer_is_an_error(service: Service) -> None:
    service.answers = [(200, {}, {"candidates": []})]
    with pytest.raises(GeminiAPIError, match="nothing"):
        client().generate(REQUEST)


def test_a_request_over_the_cap_is_not_sent(service: Service) -> None:
    with pytest.raises(GeminiAPIError, match="--max-cost"):
        client(Budget(0.0001)).generate(REQUEST)
    assert service.requests == []


def test_an_unknown_model_is_priced_like_the_dearest() -> None:
    assert dollars("gemini-99", 1000, 1000) == dollars("gemini-2.5-pro", 1000, 1000)
