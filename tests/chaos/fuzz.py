"""Mutated files: only our own errors come out, in bounded memory and time."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import ROOT, Ground

MEDIA = 500
DOCUMENTS = 500
_BATCH = 50
"""Mutants that one process reads: one that dies names its batch."""

_MEMORY = 4 * 2**30
"""Bytes of address space that a process may take."""

_SECONDS = 300.0
"""Seconds for one batch at most; a mutant takes a fraction of a second."""


def cases(seed: int) -> Iterator[Case]:
    """Batches of mutated media, plans, contexts, configurations, transcripts and brand kits."""
    for number in range(MEDIA // _BATCH):
        yield Case("fuzz", f"media {number + 1}", _batch("media", f"{seed}-{number}"))
    for number in range(DOCUMENTS // _BATCH):
        yield Case("fuzz", f"documents {number + 1}", _batch("documents", f"{seed}-{number}"))


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes with flips, cuts, doubled and swapped stretches, and extreme numbers."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if len(out) < 8:
            break
        place = chance.randrange(len(out) - 4)
        span = chance.randint(1, min(64, len(out) - place))
        match chance.randrange(5):
            case 0:
                out[place] ^= 1 << chance.randrange(8)
            case 1:
                out[place : place + span] = chance.randbytes(span)
            case 2:
                del out[place : place + span]
            case 3:
                out[place:place] = out[place : place + span]
            case _:
                out[place : place + 4] = chance.choice(
                    [b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"]
                )
    if chance.random() < 0.15:
        del out[chance.randrange(len(out) + 1) :]
    return bytes(out)


def _mutated_value(value: Any, chance: random.Random) -> Any:
    """JSON with one leaf or branch of it replaced."""
    odd: list[Any] = [
        None,
        -1,
        1e308,
        "",
        "x" * 5000,
        [],
        {},
        True,
        "../../etc/passwd",
        "<script>",
        10**30,
    ]
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        return {**value, key: _mutated_value(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], _mutated_value(value[place], chance), *value[place + 1 :]]
    return chance.choice(odd)


def mutated_text(text: str, chance: random.Random) -> bytes:
    """A document with a value of it replaced where it is JSON, else with mutated bytes."""
    if text.startswith("{") and chance.random() < 0.7:
        data = json.loads(text)
        for _ in range(chance.randint(1, 3)):
            data = _mutated_value(data, chance)
        return json.dumps(data).encode()
    return mutated(text.encode(), chance)


def _batch(kind: str, seed: str) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        folder.mkdir(parents=True, exist_ok=True)
        words = [kind, seed, str(_BATCH), str(folder), str(ground.clip), str(reference.home)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.chaos.readers", *words],
            cwd=ROOT, env=ground.environment, capture_output=True, text=True, check=False,
            timeout=_SECONDS, stdin=subprocess.DEVNULL, preexec_fn=_bounded,
        )  # fmt: skip
        faults = [line for line in done.stdout.splitlines() if line.startswith("FAULT")]
        if done.returncode != 0:
            faults.append(f"the reader died with {done.returncode}: {done.stderr[-300:]}")
        told = next((s for s in done.stdout.splitlines() if s.startswith("read")), "nothing read")
        return Verdict(told, tuple(faults), _BATCH)

    return play


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
