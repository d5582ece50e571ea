"""The whole process group is killed; one more run must end with the same film."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ai_video_editor.stages import TABLE, WorkflowStage
from tasks.records import read_record
from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import (
    Ended,
    Ground,
    copy_of,
    film_of,
    finished_nodes,
    half_written,
    left_over,
    left_running,
    results_of,
    without,
)

RANDOM_MOMENTS = 40
_ROWS = [row for row in TABLE if not row.only_with]

Moment = Callable[[subprocess.Popen[str], Path, Reference], bool]
"""Waits for the moment of the kill; whether the command still ran then."""


def cases(seed: int) -> Iterator[Case]:
    """One kill inside every stage, and as many at random moments.

    What comes before the stage is taken from the undisturbed run; every fourth random one begins
    with nothing.
    """
    for stage in WorkflowStage:
        yield Case("kills", f"inside {stage}", _killed(stage, _inside(stage)))
    yield Case("kills", "by the time-out of the whole run", _timed_out)
    for number in range(RANDOM_MOMENTS):
        chance = random.Random(f"{seed}-{number}")
        first = None if number % 4 == 0 else chance.choice(list(WorkflowStage))
        share = chance.random()
        name = f"{number + 1}, at {share:.0%} from {first or 'nothing'}"
        yield Case("kills", name, _killed(first, _after(share, first)))


def _timed_out(ground: Ground, reference: Reference, folder: Path) -> Verdict:
    """A run whose time is over in the middle: one clear error, and one more run completes it."""
    home, output = folder / "home", folder / "out"
    limit = round(0.5 * reference.seconds)
    ended = ground.run(home, output, "--timeout", str(limit))
    faults = [f"still running: {orphan}" for orphan in left_running(home)]
    faults += [f"half-written: {path}" for path in half_written(output)]
    faults += [f"left in the work folder: {path}" for path in left_over(home)]
    if (ended.status, ended.code) == ("completed", 0):
        return Verdict(f"over before its {limit} s", tuple(faults), 0)
    message = str((ended.summary.get("error") or {}).get("message"))
    if (ended.status, ended.code) != ("failed", 1) or f"{limit} s of --timeout" not in message:
        faults.append(f"ended {ended.status} with exit {ended.code}: {message}")
    if ended.traceback:
        faults.append(f"a traceback: {ended.told[-400:]}")
    if not list((home / "store" / "projects").glob("*.context.json")):
        faults.append("no context on disk")
    faults += _after_the_kill(ground.run(home, output), reference)
    return Verdict(message, tuple(faults))


def _inside(stage: WorkflowStage) -> Moment:
    begun = re.compile(rf"(?:.*; )?{stage}(?:-\w+)?(?:: started| )")

    def wait(process: subprocess.Popen[str], told: Path, _: Reference) -> bool:
        while process.poll() is None:
            if any(begun.match(line) for line in told.read_text(errors="replace").splitlines()):
                return True
            time.sleep(0.01)
        return False

    return wait


def _after(share: float, stage: WorkflowStage | None) -> Moment:
    """A share of the time that the undisturbed run took for its start and from the stage on."""

    def wait(process: subprocess.Popen[str], _: Path, reference: Reference) -> bool:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=share * _time_from(stage, reference))
        return process.poll() is None

    return wait


def _time_from(stage: WorkflowStage | None, reference: Reference) -> float:
    """Seconds of the undisturbed run without those between its first stage and this one."""
    if stage is None:
        return reference.seconds
    began: dict[str, float] = {}
    for row in _ROWS:
        for path in results_of(reference.home, row)[:1]:
            record = read_record(path)
            began[str(row.name)] = record["started"] if record is not None else 0.0
    first = began.get(stage, max(began.values()))
    return reference.seconds - (first - min(began.values()))


def _killed(
    stage: WorkflowStage | None, moment: Moment
) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home, output = folder / "home", folder / "out"
        if stage is not None:
            without(copy_of(reference.home, home), stage)
        process = ground.begin(home, ground.words(output))
        struck = moment(process, ground.stderr(home), reference)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        faults = [f"still running: {orphan}" for orphan in left_running(home)]
        finished = finished_nodes(home)
        again = ground.run(home, output)
        faults += _after_the_kill(again, reference)
        now = finished_nodes(home)
        anew = sorted(path for path, written in finished.items() if now.get(path) != written)
        faults += [f"made anew though finished: {path.relative_to(home)}" for path in anew]
        faults += [f"half-written: {path}" for path in half_written(output)]
        faults += [f"left in the work folder: {path}" for path in left_over(home)]
        if not ground.untouched:
            faults.append("the recording was changed")
        when = "killed" if struck else "over before the kill"
        return Verdict(f"{when} with {len(finished)} results kept", tuple(faults), int(struck))

    return play


def _after_the_kill(again: Ended, reference: Reference) -> Iterator[str]:
    """What is wrong with the one more run."""
    if again.traceback:
        yield f"a traceback: {again.told[-400:]}"
    if again.status != "completed":
        yield f"the next run ended {again.status}: {again.told[-300:]}"
    elif film_of(Path(again.summary["output_dir"])) != reference.film:
        yield "another film"
