"""Gemini by way of google-genai: one call, priced, retried where that can help, errors translated.

`GOOGLE_GEMINI_BASE_URL` is respected. After a refused key no further call goes out.
"""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential

from ai_video_editor.clients.language_model import Budget, ModelAnswer, ModelRequest, dollars
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIRateLimitError,
    GeminiAPIError,
    ProcessingTimeoutError,
)

_SERVER_FAULTS = frozenset({500, 502, 503, 504})
_LONGEST_WAIT = 60.0
"""A server that asks for a longer break is left alone, seconds."""


class _ServerBusyError(GeminiAPIError):
    """The service is down for the moment."""

    retryable = True


class GeminiClient:
    """A `LanguageModel` on Gemini.

    Args:
        api_key: never stands in a message or a log.
        timeout: seconds for one call.
        retries: how often a call is repeated after 429, 5xx or a time-out.
        budget: what the project may spend; None for no cap.
        wait: shortest and longest break between two tries where the server names none, seconds.
    """

    def __init__(
        self,
        api_key: SecretStr,
        *,
        timeout: float = 60.0,
        retries: int = 3,
        budget: Budget | None = None,
        wait: tuple[float, float] = (4.0, 10.0),
    ) -> None:
        """Keep the key; nothing is sent yet."""
        self._key = api_key
        self._timeout = timeout
        self._retries = retries
        self._budget = budget
        self._backoff = wait_exponential(multiplier=wait[0], min=wait[0], max=wait[1])
        self._refused = False
        self._made: Any = None

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """See `LanguageModel`.

        Raises:
            APIAuthenticationError: the key was refused, now or earlier in this run.
            APIRateLimitError: the service asks to slow down, after all retries.
            ProcessingTimeoutError: no answer in time, after all retries.
            GeminiAPIError: anything else, and a request over the cap.
        """
        if self._refused:
            raise APIAuthenticationError("Gemini refused the key earlier in this run.")
        if self._budget is not None:
            self._budget.check(request)
        retrying = Retrying(
            stop=stop_after_attempt(self._retries + 1),
            wait=self._wait,
            retry=retry_if_exception(_worth_a_retry),
            reraise=True,
        )
        answer = retrying(self._once, request)
        if self._budget is not None:
            self._budget.spent += answer.dollars
        return answer

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.retry_after if isinstance(error, APIRateLimitError) else None
        return asked if asked is not None else self._backoff(state)

    def _client(self) -> Any:
        if self._made is None:
            from google import genai
            from google.genai import types

            self._made = genai.Client(
                api_key=self._key.get_secret_value(),
                vertexai=False,
                http_options=types.HttpOptions(timeout=int(self._timeout * 1000)),
            )
        return self._made

    def _once(self, request: ModelRequest) -> ModelAnswer:
        import httpx
        from google.genai import errors, types

        config = types.GenerateContentConfig(
            system_instruction=request.instructions,
            response_mime_type="application/json",
            response_schema=request.schema,
            max_output_tokens=request.max_output_tokens,
            temperature=0.4,
        )
        try:
            response = self._client().models.generate_content(
                model=request.model, contents=request.prompt, config=config
            )
        except errors.APIError as error:
            raise self._translated(error) from error
        except httpx.TimeoutException as error:
            raise ProcessingTimeoutError(
                f"Gemini did not answer within {self._timeout:g} s; raise --api-timeout."
            ) from error
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise GeminiAPIError(
                f"Gemini could not be reached ({type(error).__name__}); check the connection."
            ) from error
        return _answer(request, response)

    def _translated(self, error: Any) -> Exception:
        code = int(error.code or 0)
        status = str(error.status or "")[:60]
        # The service says INVALID_ARGUMENT with 400 for a key it does not know.
        bad_key = code == 400 and "api key" in str(error.message or "").lower()
        if code in {401, 403} or bad_key:
            self._refused = True
            return APIAuthenticationError(f"Gemini refused the key ({code} {status}).")
        if code == 429:
            return APIRateLimitError(
                "Gemini asks to slow down (429); try again later or run with --offline.",
                retry_after=_retry_after(error),
            )
        if code in _SERVER_FAULTS:
            return _ServerBusyError(f"Gemini is not available at the moment ({code} {status}).")
        return GeminiAPIError(f"Gemini refused the request ({code} {status}).")


def _worth_a_retry(error: BaseException) -> bool:
    if isinstance(error, APIRateLimitError):
        return error.retry_after is None or error.retry_after <= _LONGEST_WAIT
    return isinstance(error, _ServerBusyError | ProcessingTimeoutError)


def _retry_after(error: Any) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after") or headers.get("Retry-After")
    try:
        return max(0.0, float(asked)) if asked is not None else None
    except ValueError:
        return None


def _answer(request: ModelRequest, response: Any) -> ModelAnswer:
    text = response.text
    if not text:
        raise GeminiAPIError("Gemini answered with nothing; the request may have been blocked.")
    usage = response.usage_metadata
    counted = [
        int(getattr(usage, name, None) or 0)
        for name in ("prompt_token_count", "candidates_token_count", "thoughts_token_count")
    ]
    written = counted[1] + counted[2]
    return ModelAnswer(text, counted[0], written, dollars(request.model, counted[0], written))
