"""Pieces of one film on a Dask cluster: the same film, and a lost machine costs one piece."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from prefect import flow

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.graphics import Graphics
from ai_video_editor.composition.smart.planning import full_plan
from ai_video_editor.composition.timeline import Section
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import ResourceConstraintError
from ai_video_editor.media.probe import probe
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import ContextRef, Store
from ai_video_editor.timebase import FrameRate
from tasks import piece_runner
from tasks.picture_pieces import encoded_as_tasks
from tests.film_studio import counter, grey_frames
from tests.flows import dask_pieces

distributed = pytest.importorskip("distributed")

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


def on_dask(home: Path, address: str) -> Settings:
    run = {"task_runner": "dask", "dask_address": address}
    return Settings.model_validate({"paths": {"home": home}, "run": run})


def view(home: Path, key: str) -> SectionView:
    return SectionView(stage(key), ContextRef(project_id="talk-1"), Store(home))


def in_a_flow(work: Callable[[], Any]) -> Any:
    @flow(name="trial")
    def trial() -> Any:
        return work()

    return trial()


def picture_of(clip: Path, settings: Settings) -> list[Path]:
    """The picture of a film of eight seconds, in pieces of two."""
    file = probe(clip, hash_file(clip))
    shape = FilmShape(Canvas(160, 120), FrameRate(25), 200)
    cut = [Section(0, Fraction(0), 0, 200)]
    plan = full_plan(cut, [(file, clip)], Graphics(), shape, quality="low", longest=50)
    assert len(plan.pieces) == 4
    composing = view(settings.paths.home, "video_composition")
    composing.store.remember_input(file.sha256, clip)
    told: list[float | None] = []

    def report(fraction: float | None, doing: str = "") -> None:
        told.append(fraction)

    encode = encoded_as_tasks(composing, settings, [(file, clip)])
    made: Sequence[Path] = in_a_flow(lambda: encode(plan.pieces, report))
    assert told[-1] == 1.0
    return list(made)


def test_two_workers_make_the_frames_that_one_process_makes(cluster: Any, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=8, size="160x120")
    here = picture_of(clip, Settings.model_validate({"paths": {"home": tmp_path / "here"}}))
    there = picture_of(clip, on_dask(tmp_path / "there", cluster.scheduler_address))
    frames = [np.concatenate([grey_frames(p, 160, 120) for p in paths]) for paths in (here, there)]
    assert len(frames[0]) == 200
    assert np.array_equal(frames[0], frames[1])


def test_a_worker_that_is_killed_costs_one_piece_and_takes_its_children_along(
    cluster: Any, tmp_path: Path
) -> None:
    names = ["en", "de", "fr", "it", "es", "pt"]
    settings = on_dask(tmp_path, cluster.scheduler_address)
    hearing = view(tmp_path, "audio_processing")
    killed: list[tuple[str, int, int]] = []

    def kill_one() -> None:
        while len(dask_pieces.made(tmp_path, "begun")) < 4:
            time.sleep(0.05)
        killed.append(dask_pieces.made(tmp_path, "begun")[-1])
        os.kill(killed[0][1], signal.SIGKILL)

    threading.Thread(target=kill_one, daemon=True).start()
    payloads = [{"language": name} for name in names]

    def work() -> list[str | None]:
        return [p.language for p in dask_pieces.SLOW.map(payloads, hearing, settings)]

    assert in_a_flow(work) == names
    begun = [name for name, *_ in dask_pieces.made(tmp_path, "begun")]
    assert sorted(begun) == sorted([*names, killed[0][0]]), "one piece was made twice, none lost"
    assert not psutil.pid_exists(killed[0][2]), "its child died with the worker"
    assert in_a_flow(work) == names
    assert len(dask_pieces.made(tmp_path, "begun")) == len(begun), "finished pieces are reused"


def test_a_cluster_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(piece_runner, "CONNECT", 1.0)
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe_socket.getsockname()[1]}"
        with pytest.raises(ResourceConstraintError, match=f"{address} cannot be reached"):
            in_a_flow(
                lambda: dask_pieces.SLOW.map(
                    [{"language": "en"}], view(tmp_path, "audio_processing"),
                    on_dask(tmp_path, address),
                )
            )  # fmt: skip
