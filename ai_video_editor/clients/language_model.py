"""A language model behind one small protocol, its costs, and a stand-in for it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any, Protocol

from pydantic import BaseModel

from ai_video_editor.errors import APIIntegrationError

BYTES_PER_TOKEN = 4
"""Of UTF-8; measured on English by the makers of the common tokenizers, and about right for
others, whose letters take more bytes and more tokens."""

TOKENS_PER_IMAGE = 258
"""A picture of at most 384 pixels a side, ai.google.dev/gemini-api/docs/tokens."""

Safety = str
"""A threshold of the service, such as BLOCK_ONLY_HIGH."""


@dataclass(frozen=True)
class ModelRequest:
    """One question.

    Attributes:
        model: name of the model.
        instructions: what it is to do.
        prompt: the material.
        schema: shape of the JSON answer.
        max_output_tokens: longest answer.
        temperature: 0 (always alike) to 2 (wild).
        safety: threshold from which the service blocks harmful content.
        images: JPEG files that belong to the material.
    """

    model: str
    instructions: str
    prompt: str
    schema: type[BaseModel]
    max_output_tokens: int = 8192
    temperature: float = 1.0
    safety: Safety = "BLOCK_ONLY_HIGH"
    images: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything the answer depends on, as hex."""
        told = [
            self.model, self.instructions, self.prompt, self.schema.model_json_schema(),
            self.max_output_tokens, self.temperature, self.safety,
            [hashlib.sha256(image).hexdigest() for image in self.images],
        ]  # fmt: skip
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class ModelAnswer:
    """One answer.

    Attributes:
        text: JSON as the model wrote it; data, not yet validated.
        input_tokens: counted by the service.
        output_tokens: counted by the service, thinking included.
        dollars: by the price table; nothing for an answer from the cache.
        cached: whether it was kept from an earlier call.
    """

    text: str
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: float = 0.0
    cached: bool = False


class LanguageModel(Protocol):
    """Answers in JSON of a given shape."""

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """The answer to one question.

        Raises:
            APIIntegrationError: no usable answer; the subclass says why.
        """


@cache
def _prices() -> dict[str, Any]:
    text = files("ai_video_editor.clients").joinpath("data/prices.toml").read_text("utf-8")
    return tomllib.loads(text)


def picture_dollars(model: str, count: int) -> float:
    """Price of pictures; an unknown image model costs what the dearest known one does."""
    table: dict[str, float] = _prices()["pictures"]
    return count * table.get(model, max(table.values()))


def dollars(model: str, input_tokens: int, output_tokens: int) -> float:
    """Price of a call; an unknown model costs what the dearest known one does."""
    table: dict[str, list[float]] = _prices()["models"]
    known = table.get(model) or max(table.values(), key=sum)
    return (input_tokens * known[0] + output_tokens * known[1]) / 1e6


def estimated_tokens(request: ModelRequest) -> int:
    """Tokens of a request without asking the service: its UTF-8 bytes by four, and its pictures."""
    return _tokens(request.instructions + request.prompt) + untold_tokens(request)


def untold_tokens(request: ModelRequest) -> int:
    """Tokens of what the service's count of the texts leaves out: the schema and the pictures."""
    schema = json.dumps(request.schema.model_json_schema())
    return _tokens(schema) + TOKENS_PER_IMAGE * len(request.images)


def _tokens(text: str) -> int:
    return ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)


@dataclass
class ScriptedModel:
    """A `LanguageModel` that gives prepared answers, for tests, examples and trying things out.

    Attributes:
        answers: JSON texts or errors, in order; the last is given again and again.
        asked: the requests so far.
    """

    answers: Sequence[str | APIIntegrationError]
    asked: list[ModelRequest] = field(default_factory=list)

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """See `LanguageModel`."""
        self.asked.append(request)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, APIIntegrationError):
            raise answer
        used = (estimated_tokens(request), ceil(len(answer.encode()) / BYTES_PER_TOKEN))
        return ModelAnswer(answer, used[0], used[1], dollars(request.model, *used))
