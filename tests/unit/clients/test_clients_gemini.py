"""The Gemini client against the loopback service, over real HTTP."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from ai_video_editor import progress
from ai_video_editor.cache import CacheManager
from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.language_model import (
    ModelRequest,
    ScriptedModel,
    dollars,
    estimated_tokens,
)
from ai_video_editor.clients.ledger import Ledger, ledger_of
from ai_video_editor.clients.loopback_gemini import Fault, Step, parse_script
from ai_video_editor.clients.remembered import RememberedModel
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIRateLimitError,
    EditorError,
    GeminiAPIError,
    ProcessingTimeoutError,
    RunInterruptedError,
)
from tests.conftest import Serve

KEY = "secret-key-1234"


class Shape(BaseModel):
    """What is asked for."""

    word: str


REQUEST = ModelRequest("gemini-2.5-flash", "Answer.", "Say hello.", Shape)
HELLO = Step(text='{"word": "hello"}', tokens=1000)


def client(
    ledger: Ledger | None = None, *, retries: int = 2, timeout: float = 10, key: str = KEY
) -> GeminiClient:
    return GeminiClient(
        SecretStr(key), timeout=timeout, retries=retries, ledger=ledger, wait=(0.01, 0.02)
    )


def test_an_answer_is_counted_and_priced(serve: Serve) -> None:
    server = serve(HELLO)
    ledger = Ledger(2.0)
    answer = client(ledger).generate(REQUEST)
    assert json.loads(answer.text) == {"word": "hello"}
    assert answer.input_tokens == 1000
    assert answer.dollars == pytest.approx((1000 * 0.30 + answer.output_tokens * 2.50) / 1e6)
    assert ledger.spent == answer.dollars
    assert [call.method for call in server.calls] == ["countTokens", "generateContent"]
    assert ledger.calls == 2


def test_the_question_carries_schema_safety_temperature_and_pictures(serve: Serve) -> None:
    from dataclasses import replace

    server = serve(HELLO)
    client().generate(replace(REQUEST, temperature=0.1, images=(b"\xff\xd8jpeg",)))
    body = server.calls[-1].body
    config = body["generationConfig"]
    assert config["temperature"] == 0.1 and config["responseMimeType"] == "application/json"
    assert config["responseSchema"]["properties"]["word"]["type"] == "STRING"
    assert {s["threshold"] for s in body["safetySettings"]} == {"BLOCK_ONLY_HIGH"}
    parts = body["contents"][0]["parts"]
    assert parts[0]["inlineData"]["mime_type"] == "image/jpeg"
    assert KEY not in json.dumps(body)


def test_a_busy_service_is_asked_again(serve: Serve) -> None:
    server = serve(
        Step(Fault.UNAVAILABLE), Step(Fault.RATE_LIMIT, retry_after=0), Step(Fault.DROP), HELLO
    )
    assert client(retries=3).generate(REQUEST).text
    assert server.asked == 4


def test_the_wait_that_the_service_asks_for_is_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Step(Fault.RATE_LIMIT, retry_after=2), Step(Fault.RETRY_INFO, retry_after=3), HELLO)
    waits: list[float] = []
    monkeypatch.setattr(GeminiClient, "_pause", lambda self, seconds: waits.append(seconds))
    client().generate(REQUEST)
    assert waits == [2, 3]


def test_a_wait_that_takes_too_long_is_not_begun(serve: Serve) -> None:
    server = serve(Step(Fault.RETRY_INFO, retry_after=3600))
    with pytest.raises(APIRateLimitError, match="for 1 h") as caught:
        client().generate(REQUEST)
    assert caught.value.retry_after == 3600
    assert server.asked == 1


def test_a_service_that_stays_busy_is_given_up_for_good(serve: Serve) -> None:
    server = serve(Step(Fault.RATE_LIMIT, retry_after=0))
    with pytest.raises(APIRateLimitError) as caught:
        client(retries=1).generate(REQUEST)
    assert server.asked == 2
    assert not caught.value.retryable, "whoever catches it need not try again"


def test_a_quota_of_the_day_is_not_waited_for(serve: Serve) -> None:
    server = serve(Step(Fault.DAILY_QUOTA))
    with pytest.raises(APIRateLimitError, match="quota of the day"):
        client().generate(REQUEST)
    assert server.asked == 1


@pytest.mark.parametrize(
    "fault", [Fault.UNAUTHORISED, Fault.FORBIDDEN, Fault.BAD_KEY, Fault.ECHO_KEY]
)
def test_a_refused_key_is_never_tried_again_in_the_run(serve: Serve, fault: Fault) -> None:
    server = serve(Step(fault))
    ledger = Ledger()
    with pytest.raises(APIAuthenticationError) as caught:
        client(ledger).generate(REQUEST)
    with pytest.raises(APIAuthenticationError, match="Nothing more is asked"):
        client(ledger).generate(REQUEST)
    assert len(server.calls) == 1
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_key_that_is_not_the_services_is_refused(serve: Serve) -> None:
    serve(HELLO, key="the-good-one")
    assert client(key="the-good-one").generate(REQUEST).text
    with pytest.raises(APIAuthenticationError, match="GEMINI_API_KEY"):
        client().generate(REQUEST)


@pytest.mark.parametrize("key", [f"{KEY} and more", f"{KEY}\nX: y", f"{KEY}é", " "])
def test_a_key_that_cannot_be_one_is_not_sent(serve: Serve, key: str) -> None:
    server = serve(HELLO)
    with pytest.raises(APIAuthenticationError, match="copy GEMINI_API_KEY again") as caught:
        client(key=key).generate(REQUEST)
    assert server.calls == []
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_space_around_a_key_does_no_harm(serve: Serve) -> None:
    serve(HELLO, key=KEY)
    assert client(key=f" {KEY}\n").generate(REQUEST).text


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
def test_a_service_that_never_ends_its_answer_is_left(serve: Serve, fault: Fault) -> None:
    server = serve(Step(fault))
    with pytest.raises(ProcessingTimeoutError, match="--api-timeout"):
        client(timeout=0.3, retries=1).generate(REQUEST)
    assert server.asked == 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.BAD_REQUEST, "400"),
        (Fault.NOT_FOUND, "director.gemini_model"),
        (Fault.NOT_JSON, "could not be read"),
        (Fault.MAX_TOKENS, "MAX_TOKENS"),
        (Fault.BLOCKED_PROMPT, "blocked the material"),
        (Fault.BLOCKED_ANSWER, "blocked its own answer"),
        (Fault.EMPTY, "no candidate"),
    ],
)
def test_what_a_second_try_cannot_mend_is_not_tried_again(
    serve: Serve, fault: Fault, says: str
) -> None:
    server = serve(Step(fault))
    with pytest.raises(GeminiAPIError, match=says):
        client().generate(REQUEST)
    assert server.asked == 1


def test_a_connection_that_breaks_is_said(serve: Serve) -> None:
    serve(Step(Fault.HALF))
    with pytest.raises(GeminiAPIError, match="connection to Gemini broke"):
        client(retries=0).generate(REQUEST)


def test_nobody_listening_is_said(serve: Serve) -> None:
    serve().close()
    with pytest.raises(GeminiAPIError, match="check the network"):
        client(retries=0).generate(REQUEST)


def test_a_request_over_the_cap_is_not_sent(serve: Serve) -> None:
    server = serve(Step(Fault.PRICE))
    with pytest.raises(GeminiAPIError, match="--max-cost"):
        client(Ledger(2.0)).generate(REQUEST)
    with pytest.raises(GeminiAPIError, match="--max-cost"):
        client(Ledger(0.0001)).generate(REQUEST)
    assert server.asked == 0


def test_without_a_count_the_tokens_are_estimated(serve: Serve) -> None:
    serve(Step(Fault.UNAVAILABLE))
    assert client(retries=0).count_tokens(REQUEST) == estimated_tokens(REQUEST)


def test_a_stopped_run_does_not_wait_for_the_service(serve: Serve) -> None:
    serve(Step(Fault.HANG))
    progress.request_stop()
    try:
        with pytest.raises(RunInterruptedError):
            client(timeout=60).generate(REQUEST)
    finally:
        progress.allow_running()


def test_a_model_is_looked_up_for_nothing(serve: Serve) -> None:
    server = serve()
    ledger = Ledger()
    assert client(ledger).model_name("gemini-3.1-flash-lite-image") == "Gemini 3.1 Flash Lite Image"
    with pytest.raises(GeminiAPIError, match="no such model"):
        client(ledger).model_name("gemini-0.1")
    assert server.asked == 0 and ledger.spent == 0


def test_an_unknown_model_is_priced_like_the_dearest() -> None:
    assert dollars("gemini-99", 1000, 1000) == dollars("gemini-3.1-pro-preview", 1000, 1000)


def test_one_run_has_one_ledger() -> None:
    assert ledger_of("run-1", 2.0) is ledger_of("run-1")
    assert ledger_of("run-2") is not ledger_of("run-1")


def test_the_same_question_is_paid_once_an_hour(tmp_path: Path) -> None:
    now = [0.0]
    model = ScriptedModel(['{"word": "a"}', '{"word": "b"}'])
    with CacheManager(tmp_path, clock=lambda: now[0]) as cache:
        asked = RememberedModel(model, cache)
        assert not asked.generate(REQUEST).cached
        again = asked.generate(REQUEST)
        assert again.cached and again.text == '{"word": "a"}' and again.dollars == 0
        now[0] += 3601
        assert asked.generate(REQUEST).text == '{"word": "b"}'
        RememberedModel(model, cache, fresh=True).generate(REQUEST)
        assert len(model.asked) == 3


def test_an_answer_of_another_shape_is_not_kept(tmp_path: Path) -> None:
    model = ScriptedModel(["nonsense", '{"word": "b"}'])
    with CacheManager(tmp_path) as cache:
        asked = RememberedModel(model, cache)
        asked.generate(REQUEST)
        assert asked.generate(REQUEST).text == '{"word": "b"}'


def test_a_script_is_read_from_words_or_a_file(tmp_path: Path) -> None:
    assert parse_script("rate_limit:2, ok") == (Step(Fault.RATE_LIMIT, retry_after=2), Step())
    file = tmp_path / "script.json"
    file.write_text(json.dumps([{"fault": "ok", "text": "{}"}, {"fault": "hang"}]))
    assert parse_script(str(file)) == (Step(text="{}"), Step(Fault.HANG))
    with pytest.raises(ValueError, match="nonsense"):
        parse_script("nonsense")


def test_pictures_come_in_the_services_shape(serve: Serve) -> None:
    from google import genai
    from google.genai import types

    server = serve()
    gemini = genai.Client(api_key=KEY, vertexai=False)
    response = gemini.models.generate_content(
        model="gemini-3.1-flash-lite-image",
        contents="a calm background",
        config=types.GenerateContentConfig(
            response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9")
        ),
    )
    (part,) = response.parts or []
    assert part.inline_data is not None and server.asked == 1
    assert (part.inline_data.data or b"").startswith(b"\x89PNG")


def test_predict_answers_as_imagen_does(serve: Serve) -> None:
    import base64
    import urllib.request

    server = serve()
    body = {"instances": [{"prompt": "a"}], "parameters": {"sampleCount": 3, "aspectRatio": "1:1"}}
    request = urllib.request.Request(
        f"{server.url}/v1beta/models/imagen-4.0-generate-001:predict",
        data=json.dumps(body).encode(),
        headers={"x-goog-api-key": KEY},
    )
    with urllib.request.urlopen(request) as response:
        found = json.loads(response.read())["predictions"]
    assert len(found) == 3
    assert base64.b64decode(found[0]["bytesBase64Encoded"]).startswith(b"\x89PNG")


def test_every_error_is_one_of_ours(serve: Serve) -> None:
    for fault in set(Fault) - {Fault.OK, Fault.PRICE, Fault.INVENTED, Fault.BAD_JSON}:
        if fault in (Fault.WRONG_SHAPE, Fault.HANG, Fault.DRIP) or "picture" in fault:
            continue  # whole answers, and what has a test of its own
        serve(Step(fault))
        with pytest.raises(EditorError) as caught:
            client(retries=0).generate(REQUEST)
        assert KEY not in "".join(traceback.format_exception(caught.value)), fault
