"""Files of the work folder are damaged: always noticed, and what they held is made anew."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.store import Store
from tasks.records import read_record
from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import Ground, copy_of, film_of

ALONE = 200
"""Corruptions that are looked at one by one."""

TOGETHER = 8
"""Whole runs on a work folder in which many files are damaged."""


def cases(seed: int, alone: int = ALONE) -> Iterator[Case]:
    """Each damage alone, as the store sees it; then many at once, as a run sees them."""
    yield Case("corruption", f"{alone} files, one by one", _one_by_one(seed, alone))
    for number in range(TOGETHER):
        yield Case("corruption", f"many at once, {number + 1}", _at_once(f"{seed}-{number}"))


def damage(path: Path, chance: random.Random) -> str:
    """Flip a bit, cut the end off, or remove a file; says which."""
    data = path.read_bytes()
    kind = chance.choice(["flip", "cut", "remove"]) if data else "remove"
    if kind == "remove":
        path.unlink()
    elif kind == "cut":
        path.write_bytes(data[: chance.randrange(len(data))])
    else:
        place = chance.randrange(len(data))
        changed = bytes([data[place] ^ (1 << chance.randrange(8))])
        path.write_bytes(data[:place] + changed + data[place + 1 :])
    return kind


def kept_files(home: Path) -> list[Path]:
    """Persisted results, sections and media."""
    folders = (home / "checkpoints", home / "store" / "sections", home / "store" / "media")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def _one_by_one(seed: int, count: int) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(_ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home = copy_of(reference.home, folder / "home")
        store, chance = Store(home), random.Random(seed)
        faults = []
        for number in range(count):
            path = chance.choice(kept_files(home))
            before = path.read_bytes()
            kind = damage(path, chance)
            if not _noticed(store, path, before):
                faults.append(f"{kind} of {path.relative_to(home)} was not noticed (try {number})")
            path.write_bytes(before)
        return Verdict(f"{count} damaged, {count - len(faults)} noticed", tuple(faults), count)

    return play


def _noticed(store: Store, path: Path, before: bytes) -> bool:
    """Whether a damaged file counts as missing, or its damage changes nothing that is read."""
    if store.checkpoints in path.parents:
        damaged = read_record(path)
        return damaged is None or _means_the_same(path, before) or _names_nothing(store, damaged)
    if "sections" in path.parts:
        return not Store._section_is_whole(path, path.stem)
    return not store.media_is_whole(
        MediaRef(sha256=path.stem, suffix=path.suffix, size=len(before))
    )


def _means_the_same(path: Path, before: bytes) -> bool:
    """Whether a record still names the same sections and file."""
    damaged = read_record(path)
    now = path.read_bytes()
    path.write_bytes(before)
    whole = read_record(path)
    path.write_bytes(now)
    if damaged is None or whole is None:
        return False
    return [damaged.get(k) for k in ("sections", "media")] == [
        whole.get(k) for k in ("sections", "media")
    ]


def _names_nothing(store: Store, record: object) -> bool:
    """Whether a record names something that is not there, so that it is not taken."""
    assert isinstance(record, dict)
    if not store.is_whole(record.get("sections", {})):
        return True
    media = record.get("media")
    if media is None:
        return not record.get("sections")
    try:
        return not store.media_is_whole(MediaRef.model_validate(media))
    except ValueError:
        return True


def _at_once(seed: str) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home, output = copy_of(reference.home, folder / "home"), folder / "out"
        chance = random.Random(seed)
        files = kept_files(home)
        chosen = chance.sample(files, k=max(1, len(files) // 4))
        for path in chosen:
            damage(path, chance)
        ended = ground.run(home, output)
        faults = []
        if ended.status != "completed":
            faults.append(f"the run ended {ended.status}: {ended.told[-300:]}")
        elif film_of(Path(ended.summary["output_dir"])) != reference.film:
            faults.append("another film")
        if ended.traceback:
            faults.append(f"a traceback: {ended.told[-400:]}")
        reused = len(ended.reused)
        told = f"{len(chosen)} of {len(files)} files damaged, {reused} stages reused"
        return Verdict(told, tuple(faults), len(chosen))

    return play
