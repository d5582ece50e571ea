"""A Prefect worker that edits one film at a time and, asked to stop, finishes it first.

    python -m ai_video_editor.workflow.draining_worker --name editor-1 --pool local

Prefect's own worker stops what it runs when it is stopped, and cannot be stopped at all where it
was started in the background of a script (SIGINT, which it waits for, is ignored there).
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import warnings
from contextlib import suppress
from typing import Any

from prefect.client.schemas.objects import FlowRun
from prefect.workers.process import ProcessWorker

_LOOK = 0.5
"""Seconds between looks whether the last film is finished."""

with (
    warnings.catch_warnings()
):  # of two workers for one type of pool: this one is asked for by name
    warnings.simplefilter("ignore", UserWarning)

    class DrainingWorker(ProcessWorker):
        """Takes no new runs once it drains."""

        draining = False

        async def get_and_submit_flow_runs(self) -> list[FlowRun]:
            """Take runs that are due, unless it drains."""
            return [] if self.draining else await super().get_and_submit_flow_runs()

        @property
        def idle(self) -> bool:
            """Whether it runs nothing."""
            return self.limiter.borrowed_tokens == 0


async def work(name: str, pool: str) -> None:
    """Work until a signal comes; the first lets the present film finish, the second ends it too."""
    worker = DrainingWorker(work_pool_name=pool, name=name, limit=1, create_pool_if_not_found=True)
    working = asyncio.create_task(worker.start(printer=_quietly))

    def asked() -> None:
        if worker.draining:
            working.cancel()
        worker.draining = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    while not working.done() and not (worker.draining and worker.idle):
        await asyncio.wait({working}, timeout=_LOOK)
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


def _quietly(*_: Any) -> None:
    return None


def main() -> None:
    """Work for a pool."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--name", required=True)
    parser.add_argument("--pool", required=True)
    given = parser.parse_args()
    asyncio.run(work(given.name, given.pool))


if __name__ == "__main__":
    main()
