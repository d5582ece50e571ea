"""Gemini by way of google-genai: one call, counted, priced, retried where that can help.

`GOOGLE_GEMINI_BASE_URL` is respected. After a refused key no further call goes out. Calls that fail
may together take `timeout` times `retries` seconds and four more, whatever the service does.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import SecretStr, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_exponential

from ai_video_editor.clients.gemini_faults import refusal, timed_out, translated
from ai_video_editor.clients.language_model import (
    ModelAnswer,
    ModelRequest,
    dollars,
    estimated_tokens,
    untold_tokens,
)
from ai_video_editor.clients.ledger import Ledger
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIIntegrationError,
    APIRateLimitError,
    EditorError,
    ProcessingTimeoutError,
)
from ai_video_editor.progress import check_running

SLACK = 4.0
"""Seconds over `timeout` times `retries`, so that the first break fits with short time-outs."""

_COUNTING = 5.0
"""Seconds that counting tokens may take: an estimate does as well."""

_SLICE = 0.1
"""Seconds between two looks whether the run was stopped."""

_HARMS = (
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
)

T = TypeVar("T")


class GeminiClient:
    """A `LanguageModel` on Gemini.

    Args:
        api_key: never stands in a message or a log.
        timeout: seconds for one call.
        retries: how often a call is repeated after 429, 5xx, a broken connection or a time-out.
        ledger: what the run has spent and may spend; one of its own where none is given.
        wait: shortest and longest break between two tries where the server names none, seconds.
    """

    def __init__(
        self,
        api_key: SecretStr,
        *,
        timeout: float = 60.0,
        retries: int = 3,
        ledger: Ledger | None = None,
        wait: tuple[float, float] = (4.0, 10.0),
    ) -> None:
        """Keep the key; nothing is sent yet."""
        self._key = SecretStr(api_key.get_secret_value().strip())
        self._timeout = timeout
        self._retries = retries
        self.ledger = ledger if ledger is not None else Ledger()
        self._backoff = wait_exponential(multiplier=wait[0], min=wait[0], max=wait[1])
        self._patience = timeout * max(1, retries) + SLACK

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """See `LanguageModel`.

        Raises:
            APIAuthenticationError: the key was refused, now or earlier in this run.
            APIRateLimitError: the service asks to slow down, after all retries.
            ProcessingTimeoutError: no answer in time, after all retries.
            GeminiAPIError: anything else, and a request over the cap.
        """
        self.ledger.open_for_calls()
        if self.ledger.max_cost is not None:
            self.ledger.afford(request, estimated_tokens(request))
            self.ledger.afford(request, self.count_tokens(request))
        answer = self._patiently(lambda seconds: self._once(request, seconds))
        self.ledger.paid(answer)
        return answer

    def count_tokens(self, request: ModelRequest) -> int:
        """Length of a request by the service's own count, or an estimate where it gives none.

        Raises:
            APIAuthenticationError: the key was refused.
        """
        texts = [request.instructions + "\n" + request.prompt]
        seconds = min(self._timeout, _COUNTING, max(0.1, self._patience / 2))
        try:
            counted = self._attempt(
                lambda client: client.models.count_tokens(model=request.model, contents=texts),
                seconds,
            )
        except APIAuthenticationError:
            raise
        except EditorError as error:
            if not isinstance(error, APIIntegrationError | ProcessingTimeoutError):
                raise
            return estimated_tokens(request)
        if not counted.total_tokens:
            return estimated_tokens(request)
        return int(counted.total_tokens) + untold_tokens(request)

    def model_name(self, model: str) -> str:
        """The service's own name of a model; asks about it without using it, which is free.

        Raises:
            APIIntegrationError: there is no such model for this key, or no answer.
            ProcessingTimeoutError: no answer in time.
        """
        self.ledger.open_for_calls()
        found = self._patiently(
            lambda seconds: self._attempt(lambda c: c.models.get(model=model), seconds)
        )
        return str(found.display_name or found.name or model)

    def _patiently(self, call: Callable[[float], T]) -> T:
        """A call, repeated where that can help, as long as patience lasts."""
        retrying = Retrying(
            stop=self._gives_up,
            wait=self._wait,
            sleep=self._pause,
            retry=retry_if_exception(lambda e: isinstance(e, EditorError) and e.retryable),
            reraise=True,
        )
        try:
            return retrying(lambda: call(min(self._timeout, max(0.05, self._patience))))
        except EditorError as error:
            error.retryable = False  # what tries could mend was tried here
            raise

    def _gives_up(self, state: RetryCallState) -> bool:
        return state.attempt_number > self._retries or self._wait(state) >= self._patience

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.retry_after if isinstance(error, APIRateLimitError) else None
        return asked if asked is not None else float(self._backoff(state))

    def _pause(self, seconds: float) -> None:
        self._patience -= seconds
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            check_running()
            time.sleep(min(_SLICE, left))

    def _attempt(self, call: Callable[[Any], T], seconds: float) -> T:
        """One call in a thread of its own: the library's time-out is one for each read only."""
        if not re.fullmatch(r"[!-~]+", self._key.get_secret_value()):
            raise APIAuthenticationError(
                "The Gemini key holds characters that no key has; copy GEMINI_API_KEY again."
            )
        self.ledger.sent()
        done = threading.Event()
        box: list[T | BaseException] = []
        client = self._client(seconds)  # the first one imports the library, which takes a second
        began = time.monotonic()

        def work() -> None:
            try:
                box.append(call(client))
            except Exception as error:  # told to the caller's thread below
                box.append(error)
            done.set()

        threading.Thread(target=work, daemon=True, name="gemini").start()
        try:
            while not done.wait(_SLICE):
                check_running()
                if time.monotonic() - began > seconds + _SLICE:
                    self._patience -= time.monotonic() - began
                    self.ledger.failed_call()
                    raise timed_out(seconds)
        finally:
            client.close()
        if not isinstance(box[0], BaseException):
            return box[0]
        self._patience -= time.monotonic() - began
        self.ledger.failed_call()
        ours = translated(box[0], self._key.get_secret_value(), seconds)
        if isinstance(ours, APIAuthenticationError):
            self.ledger.refused = ours.message
        raise ours from box[0]

    def _client(self, seconds: float) -> Any:
        from google import genai
        from google.genai import types

        return genai.Client(
            api_key=self._key.get_secret_value(),
            vertexai=False,
            http_options=types.HttpOptions(timeout=max(1, int(seconds * 1000))),
        )

    def _once(self, request: ModelRequest, seconds: float) -> ModelAnswer:
        from google.genai import types

        config = types.GenerateContentConfig(
            system_instruction=request.instructions,
            response_mime_type="application/json",
            response_schema=request.schema,
            max_output_tokens=request.max_output_tokens,
            temperature=request.temperature,
            safety_settings=[
                types.SafetySetting(
                    category=types.HarmCategory(harm),
                    threshold=types.HarmBlockThreshold(request.safety),
                )
                for harm in _HARMS
            ],
        )
        contents: list[Any] = [
            *(types.Part.from_bytes(data=i, mime_type="image/jpeg") for i in request.images),
            request.prompt,
        ]
        began = time.monotonic()
        response = self._attempt(
            lambda client: client.models.generate_content(
                model=request.model, contents=contents, config=config
            ),
            seconds,
        )
        answer = _priced(request, response)
        refused = refusal(response)
        if refused is not None:
            self._patience -= time.monotonic() - began
            self.ledger.paid(answer)
            raise refused
        try:
            request.schema.model_validate_json(answer.text)
        except ValidationError:
            # Whoever asked may ask again; that must not take longer than other faults.
            self._patience -= time.monotonic() - began
        return answer


def _priced(request: ModelRequest, response: Any) -> ModelAnswer:
    usage = response.usage_metadata
    counted = [
        int(getattr(usage, name, None) or 0)
        for name in ("prompt_token_count", "candidates_token_count", "thoughts_token_count")
    ]
    written = counted[1] + counted[2]
    cost = dollars(request.model, counted[0], written)
    text = response.text if response.candidates else None
    return ModelAnswer(text or "", counted[0], written, cost)
