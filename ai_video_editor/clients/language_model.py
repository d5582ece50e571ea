"""A language model behind one small protocol, its costs, and a stand-in for it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Protocol

from pydantic import BaseModel

from ai_video_editor.errors import APIIntegrationError, GeminiAPIError

CHARACTERS_PER_TOKEN = 3.5
"""English text has about four; fewer are assumed, so that an estimate is rather too high."""


@dataclass(frozen=True)
class ModelRequest:
    """One question.

    Attributes:
        model: name of the model.
        instructions: what it is to do.
        prompt: the material.
        schema: shape of the JSON answer.
        max_output_tokens: longest answer.
    """

    model: str
    instructions: str
    prompt: str
    schema: type[BaseModel]
    max_output_tokens: int = 8192


@dataclass(frozen=True)
class ModelAnswer:
    """One answer.

    Attributes:
        text: JSON as the model wrote it; data, not yet validated.
        input_tokens: counted by the service.
        output_tokens: counted by the service, thinking included.
        dollars: by the price table.
    """

    text: str
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: float = 0.0


class LanguageModel(Protocol):
    """Answers in JSON of a given shape."""

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """The answer to one question.

        Raises:
            APIIntegrationError: no usable answer; the subclass says why.
        """


@cache
def _prices() -> dict[str, list[float]]:
    text = files("ai_video_editor.clients").joinpath("data/prices.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["models"])


def dollars(model: str, input_tokens: int, output_tokens: int) -> float:
    """Price of a call; an unknown model costs what the dearest known one does."""
    table = _prices()
    known = table.get(model) or max(table.values(), key=sum)
    return (input_tokens * known[0] + output_tokens * known[1]) / 1e6


def estimate(request: ModelRequest) -> float:
    """Most that a request can cost, in dollars."""
    characters = len(request.instructions) + len(request.prompt)
    return dollars(request.model, int(characters / CHARACTERS_PER_TOKEN), request.max_output_tokens)


@dataclass
class Budget:
    """What a project may spend.

    Attributes:
        max_cost: dollars.
        spent: dollars so far.
    """

    max_cost: float
    spent: float = 0.0

    def check(self, request: ModelRequest) -> None:
        """Refuse a request that could pass the cap.

        Raises:
            GeminiAPIError: it could.
        """
        price = estimate(request)
        if self.spent + price > self.max_cost:
            raise GeminiAPIError(
                f"The request could cost ${price:.3f} and ${self.spent:.3f} are spent, over the "
                f"cap "
                f"of ${self.max_cost:.2f}; raise it with --max-cost."
            )


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
        used = (
            int(len(request.prompt) / CHARACTERS_PER_TOKEN),
            int(len(answer) / CHARACTERS_PER_TOKEN),
        )
        return ModelAnswer(answer, used[0], used[1], dollars(request.model, *used))
