"""Shorts of the bundled sample through the whole program."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from ai_video_editor.context.plan import AIDirectorPlan
from tests.end_to_end.command import SAMPLE, Done, edit

pytestmark = [pytest.mark.xdist_group("shorts"), pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def film(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    done = edit(
        SAMPLE, "--skip-thumbnails", "--quality", "low", home=home,
        output=tmp_path_factory.mktemp("film"),
    )  # fmt: skip
    assert done.code == 0, done.told
    return done


@pytest.fixture(scope="module")
def shorts(film: Done, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    done = edit(
        SAMPLE, "--skip-thumbnails", "--quality", "low", "--shorts", "3", home=home,
        output=tmp_path_factory.mktemp("shorts"),
    )  # fmt: skip
    assert done.code == 0, done.told
    assert (done.folder / "video.mp4").read_bytes() == (film.folder / "video.mp4").read_bytes()
    return done


def test_the_clips_are_upright_whole_and_named_in_every_list(shorts: Done) -> None:
    listed = json.loads((shorts.folder / "shorts" / "shorts.json").read_bytes())["shorts"]
    assert listed and [row["film"] for row in listed] == [
        s["film"] for s in shorts.summary["shorts"]
    ]
    plan = AIDirectorPlan.model_validate_json((shorts.folder / "plan.json").read_bytes())
    assert [s.title for s in plan.shorts] == [row["title"] for row in listed]
    page = (shorts.folder / "report.html").read_text(encoding="utf-8")
    for row in listed:
        assert row["verification"]["passed"]
        assert row["film"] in page
        with av.open(str(shorts.folder / row["film"])) as clip:
            picture = clip.streams.video[0]
            assert (picture.width, picture.height) == (720, 1280)
            assert picture.frames == round(row["duration"] * 30)
        assert 15 <= row["film_span"]["end"] - row["film_span"]["start"] <= 60
        assert "-->" in (shorts.folder / row["captions"]).read_text(encoding="utf-8")


def test_a_talk_that_holds_fewer_says_so(shorts: Done) -> None:
    made = len(shorts.summary["shorts"])
    assert made < 3
    assert any(f"{made} of the 3 shorts" in note for note in shorts.summary["notes"])
    assert shorts.summary["status"] == "completed"


def test_shorts_come_on_top_of_a_film_that_is_there_and_redo_nothing_of_it(shorts: Done) -> None:
    stages = shorts.summary["stages"]
    for name in ("audio_processing", "video_processing", "content_analysis", "metadata_generation"):
        assert stages[name]["reused"], name


def test_as_many_as_twenty_can_be_asked_for(home: Path, tmp_path: Path) -> None:
    refused = edit(SAMPLE, "--shorts", "21", home=home, output=tmp_path)
    assert refused.code == 2
    assert "--shorts" in refused.summary["error"]["message"]
