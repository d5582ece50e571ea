"""Two runs of the same project at once: one works, the other waits and takes what was made."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import Ended, Ground, film_of, half_written, left_running


def cases(_seed: int) -> Iterator[Case]:
    """Both begun in the same moment; and the first killed while the second waits."""
    yield Case("together", "both to their end", _both)
    yield Case("together", "the first one killed", _first_killed)


def _both(ground: Ground, reference: Reference, folder: Path) -> Verdict:
    home, output = folder / "home", folder / "out"
    second_home = folder / "second"
    words = ground.words(output)
    first = ground.begin(home, words)
    second = _beside(ground, home, second_home, words)
    ended = [ground.end(home, first), ground.end(second_home, second)]
    faults = [fault for each in ended for fault in _wrong(each, reference)]
    worked = [len(each.summary.get("stages", {})) - len(each.reused) for each in ended]
    if min(worked) > 0:
        faults.append(f"both worked: {worked} stages were made")
    faults += [f"half-written: {path}" for path in half_written(output)]
    return Verdict(f"stages made: {worked[0]} and {worked[1]}", tuple(faults), 2)


def _first_killed(ground: Ground, reference: Reference, folder: Path) -> Verdict:
    home, output = folder / "home", folder / "out"
    second_home = folder / "second"
    words = ground.words(output)
    first = ground.begin(home, words)
    second = _beside(ground, home, second_home, words)
    with suppress(Exception):
        first.wait(timeout=0.6 * reference.seconds)
    with suppress(ProcessLookupError):
        os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    ended = ground.end(second_home, second)
    faults = [*_wrong(ended, reference), *(f"still running: {o}" for o in left_running(home))]
    return Verdict(f"the second ended {ended.status}", tuple(faults), 1)


def _beside(ground: Ground, home: Path, told: Path, words: list[str]) -> subprocess.Popen[str]:
    """A second command on the same work folder; what it says goes elsewhere."""
    return ground.begin(told, words, AI_VIDEO_EDITOR_HOME=str(home))


def _wrong(ended: Ended, reference: Reference) -> list[str]:
    if ended.status != "completed":
        return [f"ended {ended.status}: {ended.told[-300:]}"]
    if film_of(Path(ended.summary["output_dir"])) != reference.film:
        return ["another film"]
    return []
