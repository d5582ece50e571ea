"""Who makes the pieces of long stages: threads of this process, or a Dask cluster."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, cast

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from ai_video_editor.errors import InputError, ResourceConstraintError
from ai_video_editor.settings import Settings

PARALLEL = 2
"""Pieces at once on one machine: the work is in libraries that use every core by themselves."""

CONNECT = 15.0
"""Seconds to wait for a cluster's scheduler."""


def pieces_at_once(settings: Settings) -> int:
    """How many pieces this machine makes at once."""
    return PARALLEL if settings.processing_preferences.parallel_processing else 1


def piece_runner(settings: Settings) -> TaskRunner[PrefectFuture[Any]]:
    """The runner that the settings ask for.

    Raises:
        InputError: Dask is asked for and not installed.
    """
    at_once = pieces_at_once(settings)
    # the futures of both are Prefect's own, which the runners' types do not say
    if settings.run.task_runner == "threads":
        return cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=at_once))
    if find_spec("prefect_dask") is None:
        raise InputError(
            "AI_VIDEO_EDITOR_TASK_RUNNER is dask, but Dask is not installed: "
            "pip install 'ai-video-editor[cluster]'."
        )
    return cast(TaskRunner[PrefectFuture[Any]], _dask_runner(settings, at_once))


def _dask_runner(settings: Settings, at_once: int) -> Any:
    from prefect_dask.task_runners import DaskTaskRunner

    if settings.run.dask_address is not None:
        return DaskTaskRunner(address=settings.run.dask_address, client_kwargs={"timeout": CONNECT})
    return DaskTaskRunner(
        cluster_kwargs={
            "n_workers": at_once,
            "threads_per_worker": 1,
            "dashboard_address": None,  # nothing listens that nobody asked for
            "silence_logs": logging.ERROR,
        }
    )


@contextmanager
def cluster_errors(settings: Settings) -> Iterator[None]:
    """Say what is wrong with a cluster in our words; other errors pass.

    Raises:
        ResourceConstraintError: the cluster cannot be reached, or went away with pieces.
    """
    if settings.run.task_runner != "dask":
        yield
        return
    from distributed import KilledWorker

    where = settings.run.dask_address or "this machine"
    try:
        yield
    except KilledWorker as error:
        raise ResourceConstraintError(
            f"The Dask cluster at {where} lost several workers over one piece: "
            "look at their logs, above all at memory."
        ) from error
    except CancelledError as error:
        raise ResourceConstraintError(
            f"The Dask cluster at {where} went away: start it and run the same command again."
        ) from error
    except OSError as error:  # a time-out is one
        raise ResourceConstraintError(
            f"The Dask cluster at {where} cannot be reached: start it or correct "
            "AI_VIDEO_EDITOR_DASK_ADDRESS."
        ) from error
