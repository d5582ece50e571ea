"""What can go wrong with Gemini, said in our errors: no key, no stranger's text in a traceback."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import Any

from ai_video_editor.errors import (
    APIAuthenticationError,
    APIIntegrationError,
    APIRateLimitError,
    EditorError,
    GeminiAPIError,
    ProcessingTimeoutError,
)

_BUSY = frozenset({500, 502, 503, 504})
_LONGEST_QUOTE = 160
"""Characters of the service's own words in a message."""

_BLOCKING = frozenset(
    [
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "LANGUAGE",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    ]
)


class GeminiBusyError(GeminiAPIError):
    """The service or the way to it is down for the moment."""

    retryable = True


class CutOffError(GeminiAPIError):
    """The answer ended at the length limit."""


def transport_modules() -> Iterator[ModuleType]:
    """The HTTP libraries that google-genai may use: `httpx2` by default, `httpx` on demand."""
    import httpx
    import httpx2

    yield from (httpx2, httpx)


def translated(
    error: BaseException, key: str, timeout: float, setting: str = "director.gemini_model"
) -> EditorError:
    """Our error for a foreign one; the foreign one is cleaned so that it may be its cause.

    Args:
        error: as google-genai or its transport raised it.
        key: must stand nowhere.
        timeout: seconds that the call had, for the message.
        setting: which one names the model that was asked.
    """
    from google.genai import errors

    # What stands in a foreign error may hold the key in any spelling, and a traceback shows it all.
    error.__cause__, error.__suppress_context__ = None, True
    if isinstance(error, errors.APIError):
        ours = _of_status(error, _quoted(error, key), setting)
        error.message = error.details = None
        error.args = (f"{error.code} {_name(error.status)}",)
        return ours
    error.args = ()
    for transport in transport_modules():
        if isinstance(error, transport.TimeoutException):
            return timed_out(timeout)
        if isinstance(error, transport.TransportError):
            return GeminiBusyError(
                f"The connection to Gemini broke ({type(error).__name__}); check the network."
            )
    if isinstance(error, OSError):
        return GeminiBusyError(
            f"Gemini could not be reached ({type(error).__name__}); check the network."
        )
    return GeminiAPIError(
        f"Gemini's reply could not be read ({type(error).__name__}); "
        "GOOGLE_GEMINI_BASE_URL may name something else."
    )


def timed_out(timeout: float) -> ProcessingTimeoutError:
    """The error for a call without an answer.

    Args:
        timeout: seconds that it had.
    """
    return ProcessingTimeoutError(
        f"Gemini did not answer within {timeout:.3g} s; raise --api-timeout."
    )


def _of_status(error: Any, said: str, setting: str) -> APIIntegrationError:
    code = int(error.code or 0)
    status = _name(error.status)
    reasons = {str(d.get("reason", "")) for d in _details(error)}
    # The service says INVALID_ARGUMENT with 400 for a key it does not know.
    bad_key = code == 400 and ("API_KEY_INVALID" in reasons or "api key" in said.lower())
    if code in {401, 403} or bad_key:
        return APIAuthenticationError(
            f"Gemini refused the key ({code} {status}); check GEMINI_API_KEY."
        )
    if code == 429:
        return _rate_limited(error)
    if code in _BUSY:
        return GeminiBusyError(f"Gemini is not available at the moment ({code} {status}).")
    if code == 404:
        return GeminiAPIError(f"Gemini knows no such model (404 {status}); check {setting}.")
    return GeminiAPIError(f"Gemini refused the request ({code} {status}): {said}")


def _rate_limited(error: Any) -> APIRateLimitError:
    if _daily(error):
        used_up = APIRateLimitError(
            "Gemini's quota of the day is used up (429 RESOURCE_EXHAUSTED); it comes back tomorrow."
        )
        used_up.retryable = False
        return used_up
    asked = _retry_after(error)
    wait = "" if asked is None else f", for {_lasting(asked)}"
    return APIRateLimitError(
        f"Gemini asks to slow down (429){wait}; try again later.", retry_after=asked
    )


def _lasting(seconds: float) -> str:
    if seconds >= 3600:
        return f"{seconds / 3600:.3g} h"
    return f"{seconds:.3g} s" if seconds < 600 else f"{seconds / 60:.3g} min"


def _daily(error: Any) -> bool:
    """Whether the limit is one that waiting a minute does not mend."""
    for detail in _details(error):
        for violation in detail.get("violations") or ():
            told = violation if isinstance(violation, Mapping) else {}
            names = f"{told.get('quotaId', '')} {told.get('quotaMetric', '')}"
            if re.search(r"per_?day", names, re.I):
                return True
    return False


def _retry_after(error: Any) -> float | None:
    """Seconds to wait by the RetryInfo of the body, else by the header; None where neither says."""
    for detail in _details(error):
        if str(detail.get("@type", "")).endswith("RetryInfo"):
            found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
            if found:
                return float(found[1])
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after")
    if asked is None:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(str(asked)).timestamp() - time.time())
    except ValueError:
        return None


def _details(error: Any) -> list[Mapping[str, Any]]:
    body = error.details if isinstance(error.details, Mapping) else {}
    inner = body.get("error", body)
    found = inner.get("details") if isinstance(inner, Mapping) else None
    return [d for d in found if isinstance(d, Mapping)] if isinstance(found, list) else []


def _name(status: object) -> str:
    """A status of the service as a plain word."""
    return re.sub(r"[^A-Za-z_ ]", "", str(status or ""))[:60]


def _quoted(error: BaseException, key: str) -> str:
    text = str(getattr(error, "message", None) or "")
    if key:
        text = text.replace(key, "[key]")
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:_LONGEST_QUOTE]


def refusal(response: Any) -> GeminiAPIError | None:
    """Why a response of the service carries no usable text; None where it does.

    Args:
        response: `GenerateContentResponse` of google-genai.
    """
    withheld = blocked(response)
    if withheld is not None:
        return GeminiAPIError(
            f"Gemini blocked {withheld}; director.gemini_safety sets how strict it is."
        )
    if not response.candidates:
        return GeminiAPIError("Gemini answered with no candidate.")
    finish = finish_of(response)
    if finish == "MAX_TOKENS":
        return CutOffError(
            "Gemini's answer was cut off (MAX_TOKENS); raise director.max_output_tokens."
        )
    if not response.text:
        return GeminiAPIError(f"Gemini answered with nothing ({finish or 'no reason given'}).")
    return None


def blocked(response: Any) -> str | None:
    """What the service withheld for its content, with its word for why; None where nothing.

    Args:
        response: `GenerateContentResponse` of google-genai.
    """
    feedback = getattr(response, "prompt_feedback", None)
    if feedback is not None and getattr(feedback, "block_reason", None):
        return f"the material ({_plain(feedback.block_reason)})"
    finish = finish_of(response)
    return f"its own answer ({finish})" if finish in _BLOCKING else None


def finish_of(response: Any) -> str:
    """Why the answer ended, in the service's word; "" where it does not say.

    Args:
        response: `GenerateContentResponse` of google-genai.
    """
    candidates = getattr(response, "candidates", None) or []
    return _plain(getattr(candidates[0], "finish_reason", None)) if candidates else ""


def _plain(value: object) -> str:
    return _name(getattr(value, "value", value))
