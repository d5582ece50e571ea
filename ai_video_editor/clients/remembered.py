"""A language model whose good answers are kept for an hour: the same question is paid once."""

from __future__ import annotations

import hashlib
import os

from pydantic import ValidationError

from ai_video_editor.cache import CacheManager
from ai_video_editor.clients.language_model import LanguageModel, ModelAnswer, ModelRequest


class RememberedModel:
    """A `LanguageModel` that asks another only what it has not been told within the hour.

    Args:
        model: who is asked.
        cache: where answers are kept; None keeps none.
        project: id of the project they are for.
        fresh: whether kept answers are passed over; new ones are still kept.
    """

    def __init__(
        self,
        model: LanguageModel,
        cache: CacheManager | None,
        *,
        project: str = "",
        fresh: bool = False,
    ) -> None:
        """Keep them."""
        self._model = model
        self._cache = cache
        self._project = project
        self._fresh = fresh

    def generate(self, request: ModelRequest) -> ModelAnswer:
        """See `LanguageModel`; an answer that is not of the asked shape is not kept."""
        if self._cache is None:
            return self._model.generate(request)
        key = f"{_service()}:{request.fingerprint}"
        kept = None if self._fresh else self._cache.get("api", key)
        if isinstance(kept, str) and _fits(request, kept):
            return ModelAnswer(kept, cached=True)
        answer = self._model.generate(request)
        if _fits(request, answer.text):
            self._cache.put("api", key, answer.text, project=self._project)
        return answer


def _fits(request: ModelRequest, text: str) -> bool:
    try:
        request.schema.model_validate_json(text)
    except ValidationError:
        return False
    return True


def _service() -> str:
    """Which service answers: another address is another oracle."""
    address = os.environ.get("GOOGLE_GEMINI_BASE_URL", "")
    return hashlib.sha256(address.encode()).hexdigest()[:12]
