"""How fast this machine is and how much it needs: learnt from finished runs, kept between them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from ai_video_editor.context.base import Model
from ai_video_editor.files import whole_file

Quantity = Literal["seconds", "memory"]

_REMEMBERED = 8
"""Observations of one kind: enough to even out a busy moment, few enough to follow a change."""

_MOST = 400

_FURTHEST = 50.0
"""Largest factor that is believed, up or down: beyond it the machine slept or was stopped."""


class Observation(Model):
    """What one stage of one run took, beside what it usually takes."""

    quantity: Quantity
    stage: str
    variant: str = ""
    measured: float = Field(gt=0)
    """Seconds, or GB."""
    usual: float = Field(gt=0)
    """The same unit, as `workload` has it."""


class Speeds(Model):
    """What is known of this machine. A value; `with_run` gives a new one."""

    schema_version: Literal[1] = 1
    runs: int = 0
    """Runs that it was learnt from."""
    observations: tuple[Observation, ...] = ()

    def factor(self, quantity: Quantity, stage: str, variant: str = "") -> float:
        """By how much this machine differs from what is usual.

        The stage in this variant is asked first, then the stage, then all stages together; 1 where
        nothing is known. Long runs weigh more than short ones.
        """
        known = [o for o in self.observations if o.quantity == quantity]
        of_stage = [o for o in known if o.stage == stage]
        same = [o for o in of_stage if o.variant == variant]
        for group in (same, of_stage, known):
            if group:
                factor = sum(o.measured for o in group) / sum(o.usual for o in group)
                return min(_FURTHEST, max(1 / _FURTHEST, factor))
        return 1.0

    def with_run(self, observations: Iterable[Observation]) -> Speeds:
        """With what one more run took; the oldest of each kind are forgotten."""
        fresh = tuple(observations)
        if not fresh:
            return self
        kept = tuple(_latest((*self.observations, *fresh)))
        return Speeds(runs=self.runs + 1, observations=kept[-_MOST:])


def _latest(observations: tuple[Observation, ...]) -> Iterator[Observation]:
    left: dict[tuple[str, str, str], int] = {}
    for one in observations:
        kind = (one.quantity, one.stage, one.variant)
        left[kind] = left.get(kind, 0) + 1
    for one in observations:
        kind = (one.quantity, one.stage, one.variant)
        left[kind] -= 1
        if left[kind] < _REMEMBERED:
            yield one


_lock = threading.Lock()


def speeds_path(home: Path) -> Path:
    """Where a work folder keeps its machine's speeds."""
    return home / "speeds.json"


def read_speeds(home: Path) -> Speeds:
    """What is known; nothing where the file is missing, damaged or of another version."""
    try:
        return Speeds.model_validate_json(speeds_path(home).read_bytes())
    except (OSError, ValidationError):
        return Speeds()


def learn(home: Path, observations: Iterable[Observation]) -> None:
    """Add what one run took.

    Raises:
        FileSystemError: the work folder cannot be written.
    """
    with _lock:
        speeds = read_speeds(home).with_run(observations)
        if speeds.runs:
            with whole_file(speeds_path(home)) as partial:
                partial.write_text(speeds.model_dump_json(indent=1), encoding="utf-8")
