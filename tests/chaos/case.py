"""A case of the suite, and what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.ground import Film, Ground, film_of


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    Attributes:
        told: what was done and how it ended, in a line.
        faults: what should not have been; empty when all is well.
        tries: how many things were tried in it.
    """

    told: str
    faults: tuple[str, ...] = ()
    tries: int = 1


@dataclass(frozen=True)
class Reference:
    """The undisturbed run.

    Attributes:
        home: its work folder; cases work on copies.
        film: what it made.
        seconds: how long it took.
    """

    home: Path
    film: Film
    seconds: float


@dataclass(frozen=True)
class Case:
    """Something to break.

    Attributes:
        kind: kills, faults, corruption, together or fuzz.
        name: tells it from the others of its kind.
        play: breaks it in a folder of its own.
    """

    kind: str
    name: str
    play: Callable[[Ground, Reference, Path], Verdict]


def prepared(ground: Ground) -> Reference:
    """The undisturbed run: what every other film must equal; an earlier one of the folder's."""
    home, note = ground.folder / "reference", ground.folder / "reference.json"
    if note.exists():
        known = json.loads(note.read_text())
        return Reference(home, Film(**known["film"]), known["seconds"])
    began = time.monotonic()
    ended = ground.run(home, ground.folder / "reference-out")
    seconds = time.monotonic() - began
    if ended.status != "completed":
        raise RuntimeError(f"The undisturbed run ended {ended.status}: {ended.told[-500:]}")
    film = film_of(Path(ended.summary["output_dir"]))
    note.write_text(json.dumps({"film": asdict(film), "seconds": seconds}))
    return Reference(home, film, seconds)
