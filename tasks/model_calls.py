"""Gemini as the tasks of one run share it: one key, one ledger, one cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.runtime import flow_run
from pydantic import SecretStr

from ai_video_editor.cache import CacheManager, cache_of
from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.imagen import ImagenClient
from ai_video_editor.clients.language_model import LanguageModel
from ai_video_editor.clients.ledger import Ledger, ledger_of
from ai_video_editor.clients.remembered import RememberedModel
from ai_video_editor.errors import UnavailableError
from ai_video_editor.settings import Settings
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import WorkflowStage
from tasks.stage import recomputes


def key() -> SecretStr | None:
    """The key as this machine has it: never part of a task's parameters."""
    return load_settings().settings.api.gemini_api_key


def run_ledger(max_cost: float | None = None) -> Ledger:
    """What the present flow run has asked and paid, in this process."""
    return ledger_of(str(flow_run.id or ""), max_cost)


_PAINTING = 60.0
"""Most seconds for one picture request: a drawn background is there at once."""


@contextmanager
def painter(settings: Settings) -> Iterator[tuple[ImagenClient, CacheManager | None]]:
    """The image model and the cache for a block; it is asked again once at most.

    Args:
        settings: time-out, retries, cap, work folder.

    Raises:
        UnavailableError: there is no key.
    """
    client = ImagenClient(
        _present_key(),
        timeout=min(_PAINTING, settings.api.api_timeout),
        retries=min(1, settings.api.api_retries),
        ledger=run_ledger(settings.director.max_cost),
    )
    with cache_of(settings) as cache:
        yield client, cache


def _present_key() -> SecretStr:
    secret = key()
    if secret is None:
        raise UnavailableError("The Gemini key was there when the run began and is gone now.")
    return secret


@contextmanager
def gemini(settings: Settings, project: str) -> Iterator[LanguageModel]:
    """The model for a block; its good answers are kept for an hour.

    Args:
        settings: time-out, retries, cap, work folder.
        project: id of the project that asks.

    Raises:
        UnavailableError: there is no key.
    """
    client = GeminiClient(
        _present_key(),
        timeout=settings.api.api_timeout,
        retries=settings.api.api_retries,
        ledger=run_ledger(settings.director.max_cost),
    )
    with cache_of(settings) as cache:
        anew = recomputes(settings, WorkflowStage.INTELLIGENCE_LAYER)
        yield RememberedModel(client, cache, project=project, fresh=anew)
