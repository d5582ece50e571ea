"""A run measures itself, keeps to its memory, and gives the same film when it may take less."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.end_to_end.command import Done, edit, run
from tests.flows.clips import talk

pytestmark = [pytest.mark.xdist_group("resources")]


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A run as always."""
    folder = tmp_path_factory.mktemp("resources")
    clip = talk(folder / "clip.mp4", seconds=4)
    return edit(
        clip, "--skip-thumbnails", "--skip-broll", home=folder / "home", output=folder / "wide"
    )


@pytest.fixture(scope="module")
def narrow(wide: Done) -> Done:
    """The same with hardly any memory, nothing reused."""
    folder = wide.folder.parents[1]
    return edit(
        folder / "clip.mp4", "--skip-thumbnails", "--skip-broll", "--fresh",
        "--max-memory", "0.3", "--alert-on-high-usage",
        home=folder / "home", output=folder / "narrow",
    )  # fmt: skip


def metrics(done: Done) -> dict[str, Any]:
    context = json.loads((done.folder / "context.json").read_text(encoding="utf-8"))
    return dict(context["processing_metrics"])


def test_a_run_knows_its_memory_and_what_was_expected(wide: Done) -> None:
    assert wide.code == 0
    assert wide.told.startswith("Expected without anything reused: ")
    measured = metrics(wide)
    assert 200 < measured["peak_memory_mb"] < 3000
    assert measured["peak_memory_mb"] * 1e6 < 1.3 * wide.peak, "as it is seen from outside"
    assert measured["cpu_seconds"] > 1
    assert measured["estimate"]["minutes"] > 0 and measured["estimate"]["measured_runs"] == 0
    ran = [s for s in measured["stages"] if s["state"] == "done"]
    assert len(ran) >= 8
    assert all(s["peak_memory_mb"] > 100 and s["cpu_seconds"] >= 0 for s in ran)
    assert wide.summary["peak_memory_mb"] == measured["peak_memory_mb"]
    report = (wide.folder / "report.html").read_text(encoding="utf-8")
    assert "cores" in report and "At most" in report


def test_with_little_memory_the_film_is_the_same(wide: Done, narrow: Done) -> None:
    def film(done: Done) -> str:
        return hashlib.sha256((done.folder / "video.mp4").read_bytes()).hexdigest()

    assert narrow.code == 0 and not narrow.reused - {"broll_generation", "thumbnail_generation"}
    assert film(wide) == film(narrow)
    notes = " ".join(narrow.summary["notes"])
    assert "Stages run one after the other: about" in notes
    assert "0.3 GB were allowed" in notes
    assert "over the limit of 0.3 GB" in narrow.told, "told while it ran"
    assert metrics(narrow)["estimate"]["measured_runs"] == 1, "the first run taught the second"


def test_runs_are_summed_up(narrow: Done) -> None:
    home = narrow.folder.parents[1] / "home"
    done = run("analytics", "--json", home=home)
    report = json.loads(done.out)
    assert report["runs"] == 2 and report["peak_memory_mb"] > 200
    assert report["cache_hit_rate"] == 0 and report["estimate_ratio"] > 0
