"""A short run of the suite that breaks things on purpose; `make chaos` plays the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import corruption, faults, fuzz, kills
from tests.chaos.case import Case, Reference, prepared
from tests.chaos.ground import Ground, make_clip, prefect_server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("chaos"), pytest.mark.timeout(900)]

SEED = 1
CASES = [
    case
    for made in (kills.cases(SEED), faults.cases(SEED), fuzz.cases(SEED))
    for case in made
    if case.name in (
        "inside video_composition", "error in content_analysis", "memory in finalization",
        "nothing in initialization", "media 1", "documents 1",
    ) or case.name.startswith("4, at")
] + [next(corruption.cases(SEED, alone=40))]  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("chaos")
    clip = make_clip(folder / "clip.mp4", seconds=6.0)
    with prefect_server(folder / "server") as environment:
        yield Ground(folder, clip, environment, ("--skip-thumbnails", "--skip-broll"))


@pytest.fixture(scope="module")
def reference(ground: Ground) -> Reference:
    return prepared(ground)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.name}")
def test_what_is_broken_on_purpose_is_noticed_and_made_good(
    case: Case, ground: Ground, reference: Reference, tmp_path: Path
) -> None:
    verdict = case.play(ground, reference, tmp_path)
    assert verdict.faults == (), verdict.told
