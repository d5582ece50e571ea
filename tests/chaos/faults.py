"""One fault in one node: the run ends in a verified film, or in one clear error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ai_video_editor.stages import TABLE, Stage
from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import (
    Ended,
    Ground,
    copy_of,
    half_written,
    left_over,
    left_running,
    results_of,
)
from tests.chaos.injection import FAULTS, usable

_HANG_SECONDS = "25"
"""Time-out of a stage where one hangs; the clip's slowest stage takes a few seconds."""


def cases(_seed: int) -> Iterator[Case]:
    """Every fault in the first processor of every node, then in all of them."""
    for row in TABLE:
        if row.only_with:
            continue
        for fault in FAULTS:
            yield Case("faults", f"{fault} in {row.key}", _injected(fault, row, everywhere=False))
        yield Case("faults", f"error in all of {row.key}", _injected("error", row, everywhere=True))


def _injected(
    fault: str, row: Stage, *, everywhere: bool
) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home, output = _home_of(row, ground, reference, everywhere), folder / "out"
        more: dict[str, Any] = (
            {"AI_VIDEO_EDITOR_STAGE_TIMEOUT": _HANG_SECONDS} if "hang" in fault else {}
        )
        struck = row.processors if everywhere else usable(row.key, home)[:1]
        for path in results_of(home, row, struck):
            path.unlink()
        where = f"{row.key}:{'all' if everywhere else 'first'}"
        ended = ground.run(
            home, output, "--max-retries", "0",
            runner=("tests.chaos.injection", fault, where), **more,
        )  # fmt: skip
        faults = [f"still running: {orphan}" for orphan in left_running(home)]
        faults += [f"half-written: {path}" for path in half_written(output)]
        faults += [f"left in the work folder: {path}" for path in left_over(home)]
        if ended.traceback:
            faults.append(f"a traceback: {ended.told[-400:]}")
        if not ground.untouched:
            faults.append("the recording was changed")
        faults += _ending(ended, row, home, everywhere)
        return Verdict(f"{ended.status}, exit {ended.code}", tuple(faults))

    return play


def _home_of(row: Stage, ground: Ground, reference: Reference, everywhere: bool) -> Path:
    """A home for all faults of a node: what its fallback leads to is made once."""
    home = ground.folder / f"faults-in-{'all-of-' if everywhere else ''}{row.key}"
    return home if home.exists() else copy_of(reference.home, home)


def _ending(ended: Ended, row: Stage, home: Path, everywhere: bool) -> Iterator[str]:
    """What is wrong with how a run ended."""
    others = len(usable(row.key, home)) > 1 and not everywhere
    has_way_out = row.optional or others
    if has_way_out:
        if ended.status not in ("degraded", "completed"):
            yield f"ended {ended.status} though there is a way out: {ended.told[-300:]}"
        elif not (Path(ended.summary["output_dir"]) / "video.mp4").exists():
            yield "no film"
        elif ended.status == "degraded" and not ended.summary["degradations"]:
            yield "degraded without a reason"
        return
    if ended.code != 1 or ended.status != "failed":
        yield f"ended {ended.status} with exit {ended.code}: {ended.told[-300:]}"
        return
    error = ended.summary["error"] or {}
    if len(str(error.get("message", ""))) < 10:
        yield "no clear error"
    saved = list((home / "store" / "projects").glob("*.context.json"))
    if not saved:
        yield "no context on disk"
