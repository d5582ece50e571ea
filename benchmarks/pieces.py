"""Prints what Prefect and a cluster cost for each piece of a long stage.

    python -m benchmarks.pieces [--pieces N]

Pieces that do nothing are mapped twice, few and many: the difference of the two times, over the
difference of their numbers, is what one piece costs, whatever the start took. Once with threads of
this process, once with two Dask workers of one thread each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import ContextRef, Store
from ai_video_editor.workflow.embedded_server import configure_prefect
from tasks.pieces import PieceTask

FEW = 4
MOST_MS = 300.0
"""Target for a piece on Dask."""


def _nothing(
    payload: dict[str, Any], _store: Store, _settings: Settings, _report: Report
) -> UserPreferences:
    return UserPreferences(language=str(payload["language"]))


EMPTY = PieceTask(stage("audio_processing"), "empty", UserPreferences, _nothing)


def seconds(settings: Settings, number: int, name: str) -> float:
    """Time for that many pieces, none of which was made before."""
    from prefect import flow

    view = SectionView(
        stage("audio_processing"), ContextRef(project_id="bench-1"), Store(settings.paths.home)
    )
    payloads = [{"language": f"{name}-{n}"} for n in range(number)]

    @flow(name="pieces")
    def measured() -> float:
        began = time.monotonic()
        EMPTY.map(payloads, view, settings)
        return time.monotonic() - began

    return measured()


def cost(settings: Settings, pieces: int) -> float:
    """Milliseconds for one piece more; the shortest of three tries, for others use the machine."""
    seconds(settings, FEW, "warm")
    few = min(seconds(settings, FEW, f"few-{n}") for n in range(3))
    many = min(seconds(settings, FEW + pieces, f"many-{n}") for n in range(3))
    return 1000 * (many - few) / pieces


@contextmanager
def cluster() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]  # Dask has no types
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as started:
        yield str(started.scheduler_address)


def main() -> int:
    parser = argparse.ArgumentParser(description="cost of a piece")
    parser.add_argument("--pieces", type=int, default=40)
    pieces = parser.parse_args().pieces
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        configure_prefect(home, verbose=False)
        from prefect.testing.utilities import prefect_test_harness

        def settings(**run: Any) -> Settings:
            return Settings.model_validate({"paths": {"home": home}, "run": run})

        with prefect_test_harness(server_startup_timeout=120):
            threads = cost(settings(), 5 * pieces)  # they cost little: more of them tell more
            with cluster() as address:
                dask = cost(settings(task_runner="dask", dask_address=address), pieces)
    print("| a piece that does nothing | ms | target |")
    print("| --- | ---: | ---: |")
    print(f"| threads of one process | {threads:.0f} | |")
    print(f"| two Dask workers | {dask:.0f} | {MOST_MS:.0f} |")
    return int(dask > MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
