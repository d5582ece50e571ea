"""Every way to spoil a film is found by the check that is there for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.context.outputs import Verification
from benchmarks.spoiled import Film, Spoil, good_film, spoils

pytestmark = pytest.mark.xdist_group("spoiled")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return good_film(tmp_path_factory.mktemp("spoiled"))


def failed(verification: Verification) -> set[str]:
    return {check.name for check in verification.checks if check.state == "failed"}


def test_the_good_film_passes_and_every_check_was_made(film: Film) -> None:
    verification = film.verified()
    assert verification.passed, failed(verification)
    passed = {check.name for check in verification.checks if check.state == "passed"}
    assert {spoil.line for spoil in spoils()} <= passed


@pytest.mark.parametrize("spoil", spoils(), ids=lambda spoil: spoil.name)
def test_what_was_spoiled_is_found(film: Film, tmp_path: Path, spoil: Spoil) -> None:
    target = tmp_path / "film.mp4"
    spoil.make(film, target)
    verification = film.verified(target)
    assert spoil.line in failed(verification)
    line = next(check for check in verification.checks if check.name == spoil.line)
    assert line.reason
