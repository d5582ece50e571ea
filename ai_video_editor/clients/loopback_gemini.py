"""Gemini on your own machine: the REST service's real shapes, every fault of it, no key, no bill.

    python -m ai_video_editor.clients.loopback_gemini --script rate_limit,ok
    export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:PORT GEMINI_API_KEY=anything

The real client talks to it. Each `generateContent` or `predict` takes the next step of the script,
the last step is taken again and again. Free questions (a model's name, a count of tokens) meet the
faults that would meet them too, and use up no step. Whatever is not scripted is answered sensibly:
a plan from the transcript in the request (`loopback_answers`), drawn pictures from image models
(`loopback_pictures`).
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ai_video_editor.clients.language_model import BYTES_PER_TOKEN
from ai_video_editor.clients.loopback_answers import answer_for
from ai_video_editor.clients.loopback_pictures import painted, pictures_for

MODELS = (
    "gemini-3.8-flash", "gemini-3.5-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro-preview",
    "gemini-2.5-flash", "gemini-2.5-pro",
)  # fmt: skip
IMAGE_MODELS = ("gemini-3.1-flash-lite-image", "imagen-4.0-generate-001")
"""The first gives pictures by generateContent, as the service wants it today, the other by
predict, which google-genai has kept for Vertex AI alone."""


class Fault(StrEnum):
    """What the service can do to a call."""

    OK = "ok"
    RATE_LIMIT = "rate_limit"
    """429 with a Retry-After header."""
    RETRY_INFO = "retry_info"
    """429 with the wait in the body, as the service really says it."""
    DAILY_QUOTA = "daily_quota"
    """429 for the rest of the day."""
    SERVER_ERROR = "server_error"
    UNAVAILABLE = "unavailable"
    HANG = "hang"
    """No answer at all."""
    DRIP = "drip"
    """An answer that comes byte by byte and never ends."""
    DROP = "drop"
    """The connection closes without an answer."""
    HALF = "half"
    """The connection closes in the middle of an answer."""
    UNAUTHORISED = "unauthorised"
    FORBIDDEN = "forbidden"
    BAD_KEY = "bad_key"
    """400, as the service says of a key that it does not know."""
    ECHO_KEY = "echo_key"
    """401 with the key in the message: nobody may repeat it."""
    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    NOT_JSON = "not_json"
    """A page of HTML, as proxies answer."""
    BAD_JSON = "bad_json"
    """A whole response whose text is no JSON."""
    WRONG_SHAPE = "wrong_shape"
    """A whole response whose text is JSON of another shape."""
    MAX_TOKENS = "max_tokens"
    BLOCKED_PROMPT = "blocked_prompt"
    BLOCKED_ANSWER = "blocked_answer"
    EMPTY = "empty"
    """No candidates."""
    PRICE = "price"
    """The material is counted as fifty million tokens, which no cap allows."""
    INVENTED = "invented"
    """A well-shaped plan full of things that nobody said."""
    BLACK_PICTURE = "black_picture"
    """The last of the pictures is black, as with the four faults that follow."""
    SMALL_PICTURE = "small_picture"
    BROKEN_PICTURE = "broken_picture"
    """Bytes that are no picture."""
    BUSY_PICTURE = "busy_picture"
    """No calm room anywhere."""
    MISSING_PICTURE = "missing_picture"
    """One picture fewer than was asked for."""


_ALWAYS = frozenset(
    [
        Fault.HANG, Fault.DROP, Fault.UNAUTHORISED, Fault.FORBIDDEN, Fault.BAD_KEY, Fault.ECHO_KEY,
        Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.NOT_JSON, Fault.NOT_FOUND,
    ]
)  # fmt: skip
"""Faults that free questions meet as well."""


@dataclass(frozen=True)
class Step:
    """What happens to one call.

    Attributes:
        fault: what the service does.
        retry_after: seconds that it asks to wait, for the two kinds of 429.
        text: text of the answer instead of the sensible one, for `ok`.
        tokens: tokens of input that are counted and billed; reckoned where None.
    """

    fault: Fault = Fault.OK
    retry_after: float = 1.0
    text: str | None = None
    tokens: int | None = None


@dataclass(frozen=True)
class Call:
    """A request as it came in, without its key.

    Attributes:
        method: the service's name of it, such as generateContent.
        model: which model was asked.
        body: JSON.
    """

    method: str
    model: str
    body: Mapping[str, Any]


@dataclass
class LoopbackGemini:
    """The server; use it as a context manager.

    Attributes:
        script: steps in order; the last is repeated.
        key: the one key that is good; None takes every key.
        port: 0 takes a free one.
        calls: what came in so far.
    """

    script: Sequence[Step] = (Step(),)
    key: str | None = None
    port: int = 0
    calls: list[Call] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)
    _taken: int = 0

    @property
    def url(self) -> str:
        """For GOOGLE_GEMINI_BASE_URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> int:
        """How many calls came that a user would pay for."""
        return sum(call.method in ("generateContent", "predict") for call in self.calls)

    def start(self) -> Self:
        """Listen on loopback.

        Raises:
            OSError: the port is taken.
        """
        server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = server.server_port
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop listening and let go of calls that hang."""
        self._closing.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def step_for(self, call: Call) -> Step:
        """What happens to a call; paid ones move the script on."""
        with self._lock:
            self.calls.append(call)
            at = min(self._taken, len(self.script) - 1)
            step = self.script[at] if self.script else Step()
            if call.method in ("generateContent", "predict"):
                self._taken += 1
                return step
        free = step.fault in _ALWAYS or step.fault is Fault.PRICE or step.tokens is not None
        return step if free else Step()

    def wait(self, seconds: float) -> bool:
        """Wait, and say whether the server is closing."""
        return self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    """Clients that leave early are what half of the faults are about."""

    daemon_threads = True

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _handler(server: LoopbackGemini) -> type[BaseHTTPRequestHandler]:
    class Handler(_Service):
        loopback = server

    return Handler


class _Service(BaseHTTPRequestHandler):
    """One connection."""

    loopback: LoopbackGemini
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """models.get and models.list."""
        name = self.path.partition("?")[0].rpartition("/models")[2].strip("/")
        self._serve(Call("get" if name else "list", name, {}), self._models)

    def do_POST(self) -> None:
        """generateContent, countTokens and predict."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = re.search(r"/models/([^/:?]+):(\w+)", self.path)
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = None
        if found is None or not isinstance(body, dict):
            self._say(404, _error(404, "NOT_FOUND", "no such method"))
            return
        methods = {
            "generateContent": self._generate,
            "countTokens": self._count,
            "predict": self._predict,
        }
        call = Call(found[2], found[1], body)
        if call.method not in methods:
            self._say(404, _error(404, "NOT_FOUND", f"no method {call.method}"))
            return
        self._serve(call, methods[call.method])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a request's headers hold the key."""

    def _serve(self, call: Call, answer: Callable[[Call, Step], dict[str, Any] | None]) -> None:
        given = self.headers.get("x-goog-api-key") or ""
        step = self.loopback.step_for(call)
        if not given:
            self._say(403, _error(403, "PERMISSION_DENIED", "The request has no API key."))
        elif self.loopback.key is not None and given != self.loopback.key:
            self._say(400, _unknown_key())
        elif step.fault in _WAYS_TO_BREAK:
            _WAYS_TO_BREAK[step.fault](self)
        elif step.fault in _REFUSALS:
            status, body, headers = _REFUSALS[step.fault](step, given)
            self._say(status, body, headers)
        else:
            found = answer(call, step)
            if found is None:
                self._say(404, _error(404, "NOT_FOUND", f"models/{call.model} is not found"))
            else:
                self._say(200, found)

    def _models(self, call: Call, _step: Step) -> dict[str, Any] | None:
        if call.method == "list":
            return {"models": [_described(name) for name in (*MODELS, *IMAGE_MODELS)]}
        return _described(call.model) if call.model in (*MODELS, *IMAGE_MODELS) else None

    def _count(self, call: Call, step: Step) -> dict[str, Any]:
        return {"totalTokens": _tokens(call, step)}

    def _predict(self, call: Call, _step: Step) -> dict[str, Any]:
        parameters = call.body.get("parameters") or {}
        aspect = str(parameters.get("aspectRatio") or "16:9")
        count = max(1, min(4, int(parameters.get("sampleCount") or 1)))
        images = [painted(aspect, number) for number in range(count)]
        return {
            "predictions": [
                {"mimeType": "image/png", "bytesBase64Encoded": image} for image in images
            ]
        }

    def _generate(self, call: Call, step: Step) -> dict[str, Any] | None:
        if call.model not in (*MODELS, *IMAGE_MODELS):
            return None
        config = call.body.get("generationConfig") or {}
        pictured = "IMAGE" in (config.get("responseModalities") or ())
        spoilt = _SPOILT.get(step.fault)
        if spoilt is not None:
            return {**spoilt, "usageMetadata": _usage(call, step, 0)}
        text = step.text if step.text is not None else answer_for(call.body)
        reason = "STOP"
        if step.fault is Fault.BAD_JSON:
            text = "Sure! Here is your plan: {cuts: …"
        elif step.fault is Fault.WRONG_SHAPE:
            text = '{"cuts": "all of them", "promises": 3}'
        elif step.fault is Fault.INVENTED:
            text = answer_for(call.body, invented=True)
        elif step.fault is Fault.MAX_TOKENS:
            text, reason = text[: len(text) // 2], "MAX_TOKENS"
        parts: list[dict[str, Any]] = [{"text": text}]
        if pictured:
            images = pictures_for(call.body, str(step.fault))
            parts = [{"inlineData": {"mimeType": "image/png", "data": data}} for data in images]
        return {
            "candidates": [
                {
                    "content": {"parts": parts, "role": "model"},
                    "finishReason": reason,
                    "index": 0,
                }
            ],
            "usageMetadata": _usage(call, step, ceil(len(text.encode()) / BYTES_PER_TOKEN)),
            "modelVersion": call.model,
            "responseId": f"loopback-{self.loopback.asked}",
        }

    def _say(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "text/html" if isinstance(body, bytes) else "application/json; charset=UTF-8"
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _hang(self) -> None:
        self.loopback.wait(600.0)
        self.close_connection = True

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.close_connection = True
        try:
            while not self.loopback.wait(0.2):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            return

    def _drop(self) -> None:
        self.close_connection = True

    def _half(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"candidates": [')
        self.close_connection = True


_WAYS_TO_BREAK: Mapping[Fault, Callable[[_Service], None]] = {
    Fault.HANG: _Service._hang,
    Fault.DRIP: _Service._drip,
    Fault.DROP: _Service._drop,
    Fault.HALF: _Service._half,
}

Refusal = tuple[int, object, dict[str, str]]


def _error(
    code: int, status: str, message: str, details: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    body: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        body["details"] = [
            {
                "@type": f"type.googleapis.com/google.rpc.{detail['type']}",
                **{name: value for name, value in detail.items() if name != "type"},
            }
            for detail in details
        ]
    return {"error": body}


def _unknown_key() -> dict[str, Any]:
    return _error(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        [{"type": "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}],
    )


def _plain(code: int, status: str, message: str) -> Callable[[Step, str], Refusal]:
    return lambda _step, _key: (code, _error(code, status, message), {})


def _rate_limit(step: Step, _key: str) -> Refusal:
    body = _error(429, "RESOURCE_EXHAUSTED", "Too many requests.")
    return 429, body, {"Retry-After": f"{step.retry_after:g}"}


def _quota(quota: str, wait: float | None) -> Refusal:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests",
        "quotaId": quota,
    }
    details: list[dict[str, Any]] = [{"type": "QuotaFailure", "violations": [violation]}]
    if wait is not None:
        details.append({"type": "RetryInfo", "retryDelay": f"{wait:g}s"})
    message = "You exceeded your current quota, please check your plan and billing details."
    return 429, _error(429, "RESOURCE_EXHAUSTED", message, details), {}


_REFUSALS: Mapping[Fault, Callable[[Step, str], Refusal]] = {
    Fault.RATE_LIMIT: _rate_limit,
    Fault.RETRY_INFO: lambda step, _key: _quota(
        "GenerateRequestsPerMinutePerProjectPerModel", step.retry_after
    ),
    Fault.DAILY_QUOTA: lambda _step, _key: _quota(
        "GenerateRequestsPerDayPerProjectPerModel-FreeTier", 40.0
    ),
    Fault.SERVER_ERROR: _plain(500, "INTERNAL", "An internal error has occurred."),
    Fault.UNAVAILABLE: _plain(503, "UNAVAILABLE", "The model is overloaded."),
    Fault.UNAUTHORISED: _plain(401, "UNAUTHENTICATED", "Request had invalid credentials."),
    Fault.FORBIDDEN: _plain(403, "PERMISSION_DENIED", "The caller does not have permission."),
    Fault.BAD_KEY: lambda _step, _key: (400, _unknown_key(), {}),
    Fault.ECHO_KEY: lambda _step, key: (
        401,
        _error(401, "UNAUTHENTICATED", f"The key {key} is not known."),
        {},
    ),
    Fault.BAD_REQUEST: _plain(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    Fault.NOT_FOUND: _plain(404, "NOT_FOUND", "The model is not found for API version v1beta."),
    Fault.NOT_JSON: lambda _step, _key: (200, b"<html><body>Welcome</body></html>", {}),
}

_SPOILT: Mapping[Fault, dict[str, Any]] = {
    Fault.EMPTY: {"candidates": []},
    Fault.BLOCKED_PROMPT: {"promptFeedback": {"blockReason": "SAFETY", "safetyRatings": []}},
    Fault.BLOCKED_ANSWER: {"candidates": [{"finishReason": "SAFETY", "index": 0}]},
}


def _tokens(call: Call, step: Step) -> int:
    if step.fault is Fault.PRICE:
        return 50_000_000
    if step.tokens is not None:
        return step.tokens
    return ceil(len(json.dumps(call.body, ensure_ascii=False).encode()) / BYTES_PER_TOKEN)


def _usage(call: Call, step: Step, written: int) -> dict[str, int]:
    read = _tokens(call, step)
    return {
        "promptTokenCount": read,
        "candidatesTokenCount": written,
        "totalTokenCount": read + written,
    }


def _described(name: str) -> dict[str, Any]:
    images = name.startswith("imagen")
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name.replace("-", " ").title(),
        "description": "Stand-in on loopback",
        "inputTokenLimit": 480 if images else 1_048_576,
        "outputTokenLimit": 8192 if images else 65_536,
        "supportedGenerationMethods": ["predict"] if images else ["generateContent", "countTokens"],
    }


def parse_script(text: str) -> tuple[Step, ...]:
    """A script from the command line: names of faults with commas, or a JSON file of steps.

    Args:
        text: such as `rate_limit:2,ok` (the number is Retry-After), or a path to a list of
            objects with the fields of `Step`.

    Raises:
        ValueError: there is no such fault.
    """
    if text.endswith(".json"):
        steps = json.loads(Path(text).read_text("utf-8"))
        return tuple(Step(**{**s, "fault": Fault(s.get("fault", "ok"))}) for s in steps)
    found = []
    for part in text.split(","):
        name, _, wait = part.strip().partition(":")
        found.append(Step(Fault(name), retry_after=float(wait) if wait else 1.0))
    return tuple(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Gemini on loopback, for tests and trying out.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default=None, help="the one good key; every key where not given")
    parser.add_argument(
        "--script",
        default="ok",
        help=f"steps with commas, or a .json file; known: {', '.join(Fault)}",
    )
    given = parser.parse_args(arguments)
    try:
        script = parse_script(given.script)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        parser.error(f"--script: {error}")
    with LoopbackGemini(script, given.key, given.port) as server:
        print(f"GOOGLE_GEMINI_BASE_URL={server.url}", flush=True)
        try:
            while not server.wait(3600.0):
                pass
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
