"""Gemini as the tasks of one run share it: one key, one ledger, one cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.runtime import flow_run
from pydantic import SecretStr

from ai_video_editor.cache import cache_of
from ai_video_editor.clients.gemini import GeminiClient
from ai_video_editor.clients.language_model import LanguageModel
from ai_video_editor.clients.ledger import Ledger, ledger_of
from ai_video_editor.clients.remembered import RememberedModel
from ai_video_editor.errors import UnavailableError
from ai_video_editor.settings import Settings, load_settings
from ai_video_editor.stages import WorkflowStage
from tasks.stage import recomputes


def key() -> SecretStr | None:
    """The key as this machine has it: never part of a task's parameters."""
    return load_settings().settings.api.gemini_api_key


def run_ledger(max_cost: float | None = None) -> Ledger:
    """What the present flow run has asked and paid, in this process."""
    return ledger_of(str(flow_run.id or ""), max_cost)


@contextmanager
def gemini(settings: Settings, project: str) -> Iterator[LanguageModel]:
    """The model for a block; its good answers are kept for an hour.

    Args:
        settings: time-out, retries, cap, work folder.
        project: id of the project that asks.

    Raises:
        UnavailableError: there is no key.
    """
    secret = key()
    if secret is None:
        raise UnavailableError("The Gemini key was there when the run began and is gone now.")
    client = GeminiClient(
        secret,
        timeout=settings.api.api_timeout,
        retries=settings.api.api_retries,
        ledger=run_ledger(settings.director.max_cost),
    )
    with cache_of(settings.paths.home) as cache:
        anew = recomputes(settings, WorkflowStage.INTELLIGENCE_LAYER)
        yield RememberedModel(client, cache, project=project, fresh=anew)
