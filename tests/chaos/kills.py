"""The whole process group is killed; one more run must end with the same film."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ai_video_editor.stages import WorkflowStage
from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import Ground, film_of, finished_stages, half_written, left_running

RANDOM_MOMENTS = 40

Moment = Callable[[subprocess.Popen[str], Ground, Path, Reference], bool]


def cases(seed: int) -> Iterator[Case]:
    """One kill inside every stage, and as many at random moments."""
    for stage in WorkflowStage:
        yield Case("kills", f"inside {stage}", _killed(_inside(str(stage))))
    for number in range(RANDOM_MOMENTS):
        share = random.Random(f"{seed}-{number}").uniform(0.02, 1.0)
        yield Case("kills", f"at {share:.0%} of the run", _killed(_after(share)))


def _inside(stage: str) -> Moment:
    def wait(process: subprocess.Popen[str], ground: Ground, home: Path, _: Reference) -> bool:
        while process.poll() is None:
            if any(line.startswith(stage) for line in ground.told(home).splitlines()):
                return True
            time.sleep(0.01)
        return False

    return wait


def _after(share: float) -> Moment:
    def wait(process: subprocess.Popen[str], _: Ground, home: Path, reference: Reference) -> bool:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=share * reference.seconds)
        return process.poll() is None

    return wait


def _killed(moment: Moment) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home, output = folder / "home", folder / "out"
        process = ground.begin(home, ground.words(output))
        struck = moment(process, ground, home, reference)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        orphans = left_running(home)
        finished = finished_stages(home)
        again = ground.run(home, output)
        faults = [f"still running: {orphan}" for orphan in orphans]
        if again.status != "completed":
            faults.append(f"the next run ended {again.status}: {again.told[-300:]}")
        else:
            lost = finished - again.reused
            faults += [f"made anew though finished: {name}" for name in sorted(lost)]
            if film_of(Path(again.summary["output_dir"])) != reference.film:
                faults.append("another film")
        faults += [f"half-written: {path}" for path in half_written(output)]
        scratch = home / "scratch"
        left = list(scratch.iterdir()) if scratch.is_dir() else []
        faults += [f"left in scratch: {path.name}" for path in left]
        when = "killed" if struck else "over before the kill"
        return Verdict(f"{when} with {len(finished)} stages finished", tuple(faults))

    return play
