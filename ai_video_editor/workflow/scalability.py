"""How many local workers there are, and how busy: for a Prefect work pool, or for Dask.

Workers are processes of their own that outlast the command. Each is noted in `HOME/workers/` with
the time its process began, so that another process with the same number is never taken for it, and
with its machine: where machines share a work folder, each sees to its own workers.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import psutil

from ai_video_editor.errors import InputError, ResourceConstraintError
from ai_video_editor.files import translated, whole_file
from ai_video_editor.settings import Settings

Kind = Literal["pool", "dask"]

POOL = "local"
"""The work pool of the deployments in prefect.yaml."""

_CONNECT = 15
"""Seconds to wait for a cluster's scheduler."""


@dataclass(frozen=True)
class LocalWorker:
    """A worker process of this machine.

    Attributes:
        name: as the dashboard shows it.
        kind: whom it works for.
        pid: its process.
        born: when that began, seconds since 1970.
        draining: whether it was asked to end when its work is done.
        host: name of its machine; notes of earlier versions do not tell, and are this one's.
    """

    name: str
    kind: Kind
    pid: int
    born: float
    draining: bool = False
    host: str = field(default_factory=platform.node)

    @property
    def alive(self) -> bool:
        """Whether its process still runs."""
        try:
            process = psutil.Process(self.pid)
            gone = process.status() == psutil.STATUS_ZOMBIE
            return not gone and abs(process.create_time() - self.born) < 1
        except psutil.NoSuchProcess:
            return False


@dataclass(frozen=True)
class Load:
    """How much waits for workers.

    Attributes:
        late: runs whose time has come and that nobody has taken, or pieces without a process.
        workers: who could take them: all workers that are online, those of other machines too.
    """

    late: int
    workers: int

    @property
    def per_worker(self) -> float:
        """Late runs for each worker; all of them where there is none."""
        return self.late / max(1, self.workers)


class ScalabilityManager:
    """Starts and drains this machine's workers.

    Args:
        settings: of the machine; its work folder holds notes and logs.
        api_url: Prefect's API; None where there is no server.
    """

    def __init__(self, settings: Settings, api_url: str | None) -> None:
        """Remember where to look; nothing is started."""
        self._settings = settings
        self._api_url = api_url
        self._folder = settings.paths.home / "workers"

    def workers(self, kind: Kind | None = None) -> list[LocalWorker]:
        """Workers that run here, the oldest first; notes of those that have ended are removed."""
        if not all(worker.alive for _, worker in self._notes()):
            with self._alone():
                self._tidy()
        return self._living(kind)

    def scale_workers(self, n: int, kind: Kind = "pool") -> list[LocalWorker]:
        """Have as many workers here as asked: start some, or let the newest finish and end.

        Args:
            n: how many shall take new work, 0 or more.
            kind: workers for the Prefect work pool, or processes for the Dask cluster.

        Returns:
            Those that run now; who still finishes something is marked as draining.

        Raises:
            InputError: there is no server or no cluster to work for.
            ResourceConstraintError: a worker did not start, or the cluster does not answer.
        """
        if n < 0:
            raise InputError(f"{n} workers cannot be had: give 0 or more.")
        with self._alone():
            self._tidy()
            present = [worker for worker in self._living(kind) if not worker.draining]
            for worker in reversed(present[n:]):
                self._drain(worker)
            missing = n - len(present)
            if missing > 0:
                command = self._command(kind)
                for name in itertools.islice(self._free_names(kind), missing):
                    self._start(name, kind, command)
        return self.workers(kind)

    def load(self, kind: Kind = "pool") -> Load:
        """How much waits.

        Raises:
            InputError: there is no server or no cluster to ask.
            ResourceConstraintError: it does not answer.
        """
        return self._cluster_load() if kind == "dask" else _pool_load(self._server())

    # notes

    def _notes(self) -> Iterator[tuple[Path, LocalWorker]]:
        """This machine's notes: process numbers of another say nothing here."""
        for note in sorted(self._folder.glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                worker = LocalWorker(**json.loads(note.read_text(encoding="utf-8")))
                if worker.host == platform.node():
                    yield note, worker

    def _living(self, kind: Kind | None = None) -> list[LocalWorker]:
        found = [
            worker for _, worker in self._notes() if worker.alive and kind in (None, worker.kind)
        ]
        return sorted(found, key=lambda worker: worker.born)

    def _tidy(self) -> None:
        """Remove notes of workers that have ended; alone, as a new one may take such a name."""
        for note, worker in self._notes():
            if not worker.alive:
                note.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A block in which nobody else starts, drains or forgets workers; waits for its turn."""
        with translated(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / ".lock").open("ab")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # starting

    def _command(self, kind: Kind) -> list[str]:
        if kind == "pool":
            self._server()
            module = "ai_video_editor.workflow.draining_worker"
            return [sys.executable, "-m", module, "--pool", POOL, "--name"]
        address = self._scheduler()
        return [
            sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1",
            "--nworkers", "1", "--no-dashboard", "--name",
        ]  # fmt: skip

    def _server(self) -> str:
        if self._api_url is None:
            raise InputError(
                "Workers need a Prefect server: start one with `make serve` or docker compose and "
                "set PREFECT_API_URL."
            )
        return self._api_url

    def _scheduler(self) -> str:
        address = self._settings.run.dask_address
        if address is None:
            raise InputError(
                "Dask workers need a scheduler: start one with `dask scheduler` and set "
                "AI_VIDEO_EDITOR_DASK_ADDRESS."
            )
        return address

    def _free_names(self, kind: Kind) -> Sequence[str]:
        taken = {worker.name for worker in self._living()}
        host = platform.node()
        names = (f"{host}-{kind}-{number}" for number in itertools.count(1))
        return [name for name in itertools.islice(names, 256) if name not in taken]

    def _start(self, name: str, kind: Kind, command: Sequence[str]) -> None:
        logs = self._settings.paths.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ)
        if self._api_url is not None:
            environment["PREFECT_API_URL"] = self._api_url
        with (logs / f"worker-{name}.log").open("ab") as log:
            try:
                process = subprocess.Popen(
                    [*command, name], env=environment, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise ResourceConstraintError(f"No worker could be started: {error}.") from error
        born = psutil.Process(process.pid).create_time()
        self._note(LocalWorker(name, kind, process.pid, born))

    def _note(self, worker: LocalWorker) -> None:
        with whole_file(self._folder / f"{worker.name}.json") as partial:
            partial.write_text(json.dumps(asdict(worker)), encoding="utf-8")

    # draining

    def _drain(self, worker: LocalWorker) -> None:
        if worker.kind == "dask":
            # a piece that it has begun is finished; what it has made is persisted already
            with self._client() as client:
                client.retire_workers(names=[worker.name], close_workers=True)
        else:
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGTERM)
        self._note(replace(worker, draining=True))

    # load

    def _client(self) -> Any:
        import distributed

        make: Any = distributed.Client  # it has no types of its own
        address = self._scheduler()
        try:
            return make(address, timeout=_CONNECT, set_as_default=False)
        except OSError as error:
            raise ResourceConstraintError(
                f"The Dask cluster at {address} cannot be reached: start it or correct "
                "AI_VIDEO_EDITOR_DASK_ADDRESS."
            ) from error

    def _cluster_load(self) -> Load:
        with self._client() as client:
            workers = client.scheduler_info(n_workers=-1)["workers"]
            waiting = client.run_on_scheduler(_waiting)
        return Load(int(waiting), len(workers))


def _waiting(dask_scheduler: Any) -> int:
    """Pieces that no process has begun, counted on the scheduler."""
    begun: int = sum(worker.nthreads for worker in dask_scheduler.workers.values())
    known = [task for task in dask_scheduler.tasks.values() if task.state in _UNFINISHED]
    return max(0, len(known) - begun)


_UNFINISHED = ("processing", "queued", "no-worker", "waiting")


def _pool_load(server: str) -> Load:
    """Late runs of the pool, and its workers that are online."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    from ai_video_editor.workflow.server_answers import asking

    late = {"state": {"name": {"any_": ["Late"]}}}
    pool = {"name": {"any_": [POOL]}}
    try:
        with asking(server), get_client(sync_client=True) as client:
            runs = client.request(
                "POST", "/flow_runs/count", json={"flow_runs": late, "work_pools": pool}
            ).json()
            online = client.request(
                "POST",
                "/work_pools/{work_pool_name}/workers/filter",
                path_params={"work_pool_name": POOL},
                json={},
            ).json()
    except ObjectNotFound:
        return Load(0, 0)  # nothing was deployed yet
    return Load(int(runs), sum(worker["status"] == "ONLINE" for worker in online))
