"""Persisted results: plain JSON records that name what was made by its hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict, TypeGuard

import prefect
from prefect.serializers import JSONSerializer

from ai_video_editor.files import whole_file
from ai_video_editor.store import ContextRef, Store

PLAIN_JSON = JSONSerializer(object_encoder=None, object_decoder=None)
"""Results are plain JSON: Prefect's own decoder would import any class that a record names."""


class PluginRecord(TypedDict):
    """How one call of a plugin went."""

    name: str
    seconds: float
    used: str
    """What stands in its place where it failed."""
    fault: str | None
    """Why what it did does not count."""
    figures: dict[str, float]
    """What it measured of itself: memory_mb, api_calls."""


class StageResult(TypedDict, total=False):
    """What a processor's task returns and what is persisted of it."""

    processor: str
    project: str
    """Id of the project that it was made for first."""
    sections: dict[str, str]
    """Section name to hash."""
    media: dict[str, Any]
    """Only from a piece: the file with what it gave."""
    seconds: float
    started: float
    """Seconds since 1970."""
    peak_memory_mb: float
    memory_growth_mb: float
    cpu_seconds: float
    waited_seconds: float
    load_per_core: float
    partly_reused: bool
    """Whether pieces of it were made by an earlier run."""
    nothing_lost: bool
    """Whether no other processor could have done better."""
    plugins: list[PluginRecord]
    """Only where plugins are registered for the stage."""
    degradation: dict[str, str]
    """From the fallback task, where it is never persisted, and from a processor that had to do
    in part without what it is named for."""
    again: bool
    """Whether a later run makes it anew."""
    reused: bool
    """Only from the fallback task: whether its processor's result was persisted before."""
    failed: bool
    """Only from the fallback task: nothing worked and the run goes on without the stage."""


def read_record(path: Path) -> StageResult | None:
    """A persisted result, or None where it is missing, damaged or not plain JSON."""
    try:
        record = json.loads(path.read_bytes())
        serializer = record["metadata"]["serializer"]
        if serializer.get("type") != "json" or serializer.get("object_decoder") is not None:
            return None
        result = json.loads(record["result"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return result if _is_result(result) else None


def _is_result(value: Any) -> TypeGuard[StageResult]:
    return (
        isinstance(value, dict)
        and isinstance(value.get("sections"), dict)
        and isinstance(value.get("processor"), str)
    )


def keep_whole(
    store: Store, name: str, is_whole: Callable[[StageResult], bool], *, look_elsewhere: bool = True
) -> None:
    """Leave a record under its name only where all that it names is whole, here or elsewhere.

    Args:
        store: of the run.
        name: the persisted result's.
        is_whole: whether what a result names is there and unaltered; fetches what is not here.
        look_elsewhere: whether another machine's record is taken where there is none.
    """
    path = store.checkpoints / name
    if path.exists():
        known = read_record(path)
        if known is not None and is_whole(known):
            return
        path.unlink(missing_ok=True)
    shared = store.shared_record(name) if look_elsewhere else None
    if _is_result(shared) and is_whole(shared):
        metadata = {
            "storage_key": str(path.absolute()),
            "expiration": None,
            "serializer": PLAIN_JSON.model_dump(mode="json"),
            "prefect_version": prefect.__version__,
            "storage_block_id": None,
        }
        with whole_file(path) as partial:  # as Prefect writes it, so that it finds it
            record = {"metadata": metadata, "result": json.dumps(shared)}
            partial.write_text(json.dumps(record), encoding="utf-8")


def union(base: ContextRef, results: Sequence[StageResult]) -> ContextRef:
    """The context that earlier stages give together.

    Raises:
        ContextStateError: two of them filled the same section.
    """
    ref = base
    for result in results:
        ref = ref.merged(base.model_copy(update={"sections": result["sections"]}))
    return ref
