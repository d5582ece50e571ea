"""Pictures by way of google-genai: one request gives all that are wanted, counted and priced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.gemini_faults import blocked, finish_of
from ai_video_editor.clients.language_model import BYTES_PER_TOKEN, dollars, picture_dollars
from ai_video_editor.errors import GeminiAPIError, ImagenAPIError


@dataclass(frozen=True)
class ImageRequest:
    """What is to be painted.

    Attributes:
        model: name of the image model.
        prompt: says what and how many; the service has no other way to ask for several.
        count: how many pictures, at least 1.
        aspect: width to height.
    """

    model: str
    prompt: str
    count: int = 1
    aspect: str = "16:9"


@dataclass(frozen=True)
class ImageAnswer:
    """What came back.

    Attributes:
        pictures: encoded image files as they came, unchecked; at most as many as were asked for.
        dollars: by the price table.
    """

    pictures: tuple[bytes, ...]
    dollars: float = 0.0


class Painter(Protocol):
    """Makes pictures from words."""

    def paint(self, request: ImageRequest) -> ImageAnswer:
        """The pictures of one request.

        Raises:
            APIIntegrationError: there is none; the subclass says why.
            ProcessingTimeoutError: no answer in time.
        """


class ImagenClient(GeminiClient):
    """A `Painter` on the service's image models, with the same key, ledger and patience."""

    setting = "api.imagen_model"

    def paint(self, request: ImageRequest) -> ImageAnswer:
        """See `Painter`.

        Raises:
            APIAuthenticationError: the key was refused, now or earlier in this run.
            APIRateLimitError: the service asks to slow down, after all retries.
            ProcessingTimeoutError: no answer in time, after all retries.
            ImagenAPIError: anything else, and a request over the cap.
        """
        self.ledger.open_for_calls()
        tokens = len(request.prompt.encode()) // BYTES_PER_TOKEN + 1
        price = picture_dollars(request.model, request.count) + dollars(request.model, tokens, 0)
        many = "a picture" if request.count == 1 else f"{request.count} pictures"
        try:
            self.ledger.allow(price, f"A request for {many} from {request.model}")
            return self._patiently(lambda seconds: self._painted(request, seconds))
        except GeminiAPIError as error:
            raise ImagenAPIError(error.message, advice=error.advice) from error

    def _painted(self, request: ImageRequest, seconds: float) -> ImageAnswer:
        from google.genai import types

        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(aspect_ratio=request.aspect),
        )
        response = self._attempt(
            lambda client: client.models.generate_content(
                model=request.model, contents=request.prompt, config=config
            ),
            seconds,
        )
        pictures = _pictures(response)
        usage = response.usage_metadata
        read = int(getattr(usage, "prompt_token_count", None) or 0)
        written = int(getattr(usage, "candidates_token_count", None) or 0)
        cost = picture_dollars(request.model, len(pictures)) + dollars(request.model, read, 0)
        self.ledger.charge(cost, read + written)
        withheld = blocked(response)
        if withheld is not None:
            raise ImagenAPIError(f"{request.model} blocked {withheld}.")
        if not pictures:
            raise ImagenAPIError(
                f"{request.model} answered without a picture ({finish_of(response) or 'no reason'})"
                "; check api.imagen_model."
            )
        return ImageAnswer(pictures[: request.count], cost)


def _pictures(response: Any) -> tuple[bytes, ...]:
    parts = (response.parts or []) if response.candidates else []
    found = (part.inline_data for part in parts if part.inline_data is not None)
    return tuple(data.data for data in found if data.data)
