"""`python -m tests.chaos`: break things for some minutes, or once each; a line for every case."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.chaos import corruption, faults, fuzz, kills, power_cut, services, together
from tests.chaos.case import Case, Reference, Verdict, prepared
from tests.chaos.ground import Ground, make_clip, prefect_server

KINDS = {
    "kills": kills.cases,
    "faults": faults.cases,
    "corruption": corruption.cases,
    "services": services.cases,
    "together": together.cases,
    "power": power_cut.cases,
    "fuzz": fuzz.cases,
}


def chosen(seed: int, kinds: list[str], minutes: float | None, only: str) -> Iterator[Case]:
    """All cases once, or seeded ones, each kind in turn, until the time is over."""
    decks = {kind: [c for c in KINDS[kind](seed) if only in c.name] for kind in kinds}
    if minutes is None:
        for deck in decks.values():
            yield from deck
        return
    end = time.monotonic() + 60 * minutes
    chance = random.Random(seed)
    for deck in decks.values():
        chance.shuffle(deck)
    while time.monotonic() < end and any(decks.values()):
        for deck in decks.values():
            if deck and time.monotonic() < end:
                yield deck.pop()


def play(case: Case, ground: Ground, reference: Reference) -> Verdict:
    """A case in a folder of its own, which stays only where something was wrong."""
    folder = Path(tempfile.mkdtemp(prefix=f"{case.kind}-", dir=ground.folder))
    verdict = case.play(ground, reference, folder)
    if not verdict.faults:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict


def main() -> int:
    """Play the cases; 1 where one of them found something."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.chaos")
    parser.add_argument("--minutes", type=float, help="how long a seeded sample is played")
    parser.add_argument("--all", action="store_true", help="every case once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--folder", type=Path, help="work here, and keep the undisturbed run in it")
    given = parser.parse_args()
    minutes = None if given.all else given.minutes or 20.0
    folder = given.folder or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    clip = folder / "clip.mp4"
    tried: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    with prefect_server(folder / "server") as environment:
        ground = Ground(folder, clip if clip.exists() else make_clip(clip), environment)
        reference = prepared(ground)
        print(f"undisturbed: {reference.seconds:.0f} s; seed {given.seed}", flush=True)
        for case in chosen(given.seed, given.kinds, minutes, given.only):
            began = time.monotonic()
            verdict = play(case, ground, reference)
            tried[case.kind] += verdict.tries
            wrong[case.kind] += len(verdict.faults)
            mark = "WRONG" if verdict.faults else "ok"
            seconds = time.monotonic() - began
            print(f"{mark:5}  {case.kind:10}  {case.name:44}  {verdict.told}  ({seconds:.0f} s)")
            for fault in verdict.faults:
                print(f"       {fault}")
            sys.stdout.flush()
    print(", ".join(f"{kind}: {tried[kind]} tried, {wrong[kind]} wrong" for kind in tried))
    if not sum(wrong.values()):
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
        return 0
    print(f"What is left of the wrong ones is in {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
