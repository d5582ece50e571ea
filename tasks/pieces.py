"""Long stages in pieces: a sub-flow of mapped tasks, each persisted under a key of its own.

A crash costs one piece, and a cluster can share them. What a piece gives is a JSON file in the
store; its record names that file by hash, so that a damaged one is noticed and made anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, cast
from uuid import uuid4

from prefect import Flow, Task, flow, task
from prefect.context import TaskRunContext
from prefect.futures import PrefectFuture, PrefectWrappedFuture
from prefect.transactions import CommitMode, transaction

from ai_video_editor.context.base import MediaRef, Model
from ai_video_editor.digests import digest
from ai_video_editor.operations.locks import in_use
from ai_video_editor.processes import check_family
from ai_video_editor.progress import Report, check_running, silent
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage
from ai_video_editor.store import Store, media_refs
from tasks.piece_runner import cluster_errors, piece_runner, pieces_at_once
from tasks.records import PLAIN_JSON, StageResult, keep_whole
from tasks.stage import as_options, recomputes, retry_can_help
from tasks.watching import run_watch

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class PieceTask(Generic[M]):
    """A kind of piece.

    Attributes:
        stage: the stage whose pieces these are.
        name: what a piece is, in a word.
        makes: model of what a piece gives.
        work: makes it from a JSON payload; the payload enters its key.
        settings: settings it uses, as `group.name`; they enter its key.
        material: what else its result depends on, as a JSON value.
        version: raise it when the same payload would give another result though the stage itself
            stays the same.
        uses: tags of its tasks: what there may be a limit for, over all machines.
    """

    stage: Stage
    name: str
    makes: type[M]
    work: Callable[[dict[str, Any], Store, Settings, Report], M]
    settings: tuple[str, ...] = ()
    material: Callable[[Settings], Any] = lambda settings: None
    version: int = 1
    uses: tuple[str, ...] = ()

    def map(
        self,
        payloads: Sequence[dict[str, Any]],
        view: SectionView,
        settings: Settings,
        report: Report = silent,
    ) -> list[M]:
        """Every piece, in order; what is persisted already is not made again.

        Raises:
            EditorError: what the first piece that failed says.
        """
        if not payloads:
            return []
        options = as_options(settings)
        piece = self._task(settings)
        title = f"{self.stage.key} {self.name}"
        results: list[StageResult] = []
        reused: list[bool] = []

        def pieces() -> None:
            submitted = [
                piece.with_options(task_run_name=f"{self.name} {number} of {len(payloads)}").submit(
                    payload=payload, settings=options, project=view.ref.project_id
                )
                for number, payload in enumerate(payloads, 1)
            ]
            followed.wait_for(submitted)
            results.extend(future.result() for future in submitted)
            reused.extend(future.state.name == "Cached" for future in submitted)

        sub_flow = flow(
            name=title,
            flow_run_name=f"{title}: {len(payloads)}",
            persist_result=False,
            task_runner=piece_runner(settings),
        )(_make_batch)
        watch = run_watch(settings)
        leave = partial(watch.piece, self.stage, pieces_at_once(settings))
        with (
            watch.resources.lent(self.stage.key),
            _Followed(payloads, report, self.name, leave) as followed,
            cluster_errors(settings),
            # Else a piece takes part in the transaction of the stage's task, which is written when
            # the stage ends: a crash would cost every piece that is finished by then.
            transaction(commit_mode=CommitMode.EAGER),
        ):
            _make(pieces, sub_flow)
        if any(reused):
            watch.monitor.mark_partly_reused(self.stage.key)
        return [self._read(view.store, result) for result in results]

    def _read(self, store: Store, result: StageResult) -> M:
        path = store.media_path(MediaRef.model_validate(result["media"]))
        return self.makes.model_validate_json(path.read_bytes())

    def _task(self, tree: Settings) -> Task[..., StageResult]:
        def key(_context: TaskRunContext, parameters: dict[str, Any]) -> str:
            settings = Settings.model_validate(parameters["settings"])
            store = Store.of(settings)
            name = self._name(parameters["payload"], settings)
            keep_whole(
                store,
                name,
                lambda result: self._whole(store, result),
                look_elsewhere=not recomputes(settings, self.stage.name),
            )
            return name

        def work(payload: dict[str, Any], settings: dict[str, Any], project: str) -> StageResult:
            tree = Settings.model_validate(settings)
            store = Store.of(tree)
            started = time.monotonic()
            report = _report_of(payload)
            with in_use(store):  # it may be another machine's than the run's
                with _leave_of(payload)(report):
                    made = self.work(payload, store, tree, report)
                check_family()  # what was given up meanwhile is nobody's
                store.check_inputs_unchanged()
                with store.scratch_folder() as scratch:
                    path = scratch / "piece.json"
                    path.write_text(made.model_dump_json(), encoding="utf-8")
                    ref = store.put_media(path)
            result: StageResult = {
                "processor": self.name,
                "project": project,
                "sections": {},
                "media": ref.model_dump(mode="json"),
                "seconds": round(time.monotonic() - started, 3),
            }
            store.share_record(self._name(payload, tree), result)
            return result

        return task(
            name=f"{self.stage.key} {self.name}",
            tags=self.uses,
            cache_key_fn=key,
            persist_result=True,
            result_serializer=PLAIN_JSON,
            result_storage=Store(tree.paths.home).checkpoints.absolute(),
            refresh_cache=recomputes(tree, self.stage.name),
            retries=1,
            retry_delay_seconds=1,
            retry_condition_fn=retry_can_help,
        )(work)

    def _name(self, payload: dict[str, Any], settings: Settings) -> str:
        parts = {
            "piece": self.name,
            "version": [self.stage.version, self.version],
            "payload": payload,
            "settings": {name: settings.value(name) for name in self.settings},
            "material": self.material(settings),
        }
        return f"{self.stage.key}/{self.name}-{digest(parts)[:32]}.json"

    def _whole(self, store: Store, result: StageResult) -> bool:
        """Whether a piece's file and every file named in that are unaltered."""
        try:
            ref = MediaRef.model_validate(result["media"])
            made = store.media_is_whole(ref) and self._parsed(store.media_path(ref))
        except (KeyError, ValueError):
            return False
        return bool(made) and all(store.media_is_whole(part) for part in media_refs(made))

    def _parsed(self, path: Path) -> M:
        return self.makes.model_validate(json.loads(path.read_bytes()), strict=False)


_batches: dict[str, Callable[[], None]] = {}
"""What the sub-flows of this process do. A flow goes along with every task that is sent to another
machine, so it must not hold the pieces of all, nor what this process alone can use."""


def _make_batch(batch: str) -> None:
    _batches[batch]()


def _make(pieces: Callable[[], None], sub_flow: Flow[[str], None]) -> None:
    batch = uuid4().hex[:8]
    _batches[batch] = pieces
    try:
        sub_flow(batch)
    finally:
        del _batches[batch]


_reports: dict[str, Report] = {}
"""What pieces that are made in this process tell of themselves to, by the digest of what they are
made from; a task's parameters cannot bring a function."""


Leave = Callable[[Report], AbstractContextManager[None]]
"""Lets a piece in when there is memory for it, for a block."""

_leaves: dict[str, Leave] = {}
"""How pieces that are made in this process ask for leave, by the digest of what they are made
from."""


def _leave_of(payload: dict[str, Any]) -> Leave:
    return _leaves.get(digest(payload), lambda report: nullcontext())


def _report_of(payload: dict[str, Any]) -> Report:
    return _reports.get(digest(payload), silent)


class _Followed:
    """Pieces while they are made, wherever that is; tells the share done of all.

    What a piece in another process tells of itself is not heard here: it counts when it is done.

    Args:
        payloads: what they are made from.
        report: told about every second, from the thread that waits.
        name: what a piece is, in a word.
        leave: lets each of them in.
    """

    def __init__(
        self, payloads: Sequence[dict[str, Any]], report: Report, name: str, leave: Leave
    ) -> None:
        self._keys = [digest(payload) for payload in payloads]
        self._shares = dict.fromkeys(self._keys, 0.0)
        self._report = report
        self._doing = self._name = name
        self._leave = leave

    def __enter__(self) -> Self:
        _reports.update({key: self._told_by(key) for key in self._keys})
        _leaves.update(dict.fromkeys(self._keys, self._leave))
        return self

    def __exit__(self, *_: object) -> None:
        for key in self._keys:
            _reports.pop(key, None)
            _leaves.pop(key, None)

    def _told_by(self, key: str) -> Report:
        def told(fraction: float | None, doing: str = "") -> None:
            check_running()
            self._shares[key] = max(self._shares[key], fraction or 0.0)
            self._doing = doing or self._name

        return told

    def wait_for(self, futures: Sequence[PrefectFuture[StageResult]]) -> None:
        """Wait for every piece."""
        for number, future in enumerate(futures):
            # a cluster that is gone ends the future, but never brings its final state
            done = cast(PrefectWrappedFuture[StageResult, Any], future).wrapped_future.done
            while not done():
                self._tell()
                future.wait(timeout=1.0)
            self._shares[self._keys[number]] = 1.0
        self._tell()

    def _tell(self) -> None:
        shares = [self._shares[key] for key in self._keys]
        done = sum(share >= 1.0 for share in shares)
        many = f", piece {min(done + 1, len(shares))} of {len(shares)}" if len(shares) > 1 else ""
        self._report(sum(shares) / len(shares), f"{self._doing}{many}")
