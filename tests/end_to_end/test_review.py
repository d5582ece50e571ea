"""A person looks at the plan, changes it, and gets the film of the changed plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import MODEL, SAMPLE, Done, run
from tests.film_studio import ffmpeg

pytestmark = [pytest.mark.xdist_group("review"), pytest.mark.timeout(900)]


def plan_of(folder: Path) -> Any:
    return json.loads((folder / "plan.json").read_bytes())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="module")
def reviewed(home: Path) -> Done:
    done = run(
        "process", SAMPLE, "--offline", "--whisper-model", MODEL, "--review", "--json",
        "--output", home / "out", home=home / "home",
    )  # fmt: skip
    (home / "before.json").write_bytes((done.folder / "plan.json").read_bytes())
    return done


def test_a_review_stops_before_anything_is_rendered(reviewed: Done) -> None:
    assert reviewed.code == 0, reviewed.told
    assert reviewed.summary["status"] == "awaiting_review"
    assert {path.name for path in reviewed.folder.iterdir() if path.name[0] != "."} == {
        "plan.json", "report.html", "context.json",
    }  # fmt: skip
    assert reviewed.summary["stages"]["video_composition"]["state"] == "not_run"
    page = (reviewed.folder / "report.html").read_text()
    assert "Ready for review" in page and "<s" in page
    assert "process --plan" in reviewed.told


def test_the_film_follows_the_changed_plan(reviewed: Done, home: Path) -> None:
    plan = reviewed.folder / "plan.json"
    before = plan_of(reviewed.folder)
    pause = next(
        d["decision_id"] for d in before["decisions"] if d["parameters"].get("kind") == "pause"
    )
    changed = run("plan", "revert", plan, pause, home=home / "home")
    assert changed.code == 0 and pause in changed.out
    noted = json.loads(run("analytics", "--json", home=home / "home").out)
    assert noted["signals"] == {"reverted": {"cut": 1}}, "what people take back is known"
    difference = run("plan", "diff", home / "before.json", plan, "--json", home=home / "home")
    seconds = json.loads(difference.out)["seconds"]
    assert seconds > 0

    done = run(
        "process", "--plan", plan, "--offline", "--whisper-model", MODEL, "--json",
        "--skip-thumbnails", "--output", home / "out", home=home / "home",
    )  # fmt: skip
    assert done.code == 0, done.told
    assert done.summary["stages"]["audio_processing"]["reused"]
    assert done.summary["removed_seconds"] == pytest.approx(
        float(reviewed.summary["removed_seconds"]) - seconds, abs=0.001
    )
    checks = json.loads((done.folder / "verification.json").read_bytes())
    assert checks["passed"]
    after = plan_of(done.folder)
    assert [d["decision_id"] for d in after["decisions"] if d["reverted"]] == [pause]
    assert not (done.folder / "plan.edited.json").exists(), "it is the plan that was rendered"


def test_a_plan_that_does_not_fit_is_refused_before_any_work(
    reviewed: Done, home: Path, tmp_path: Path
) -> None:
    plan = plan_of(reviewed.folder)
    plan["kept"][2]["end"] = 400
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan, indent=1))
    done = run("process", "--plan", path, "--json", home=tmp_path / "home")
    assert done.code == 2
    line = int(done.summary["error"]["message"].split("line ")[1].split(":")[0])
    lines = path.read_text().splitlines()
    assert any('"end": 400' in text for text in lines[line - 1 : line + 4])
    assert not (tmp_path / "home").exists()


def test_a_recording_that_was_replaced_since_is_refused(
    reviewed: Done, home: Path, tmp_path: Path
) -> None:
    replaced = tmp_path / "talk.mp4"
    ffmpeg("-i", SAMPLE, "-t", "20", "-c", "copy", replaced)
    plan = plan_of(reviewed.folder)
    plan["inputs"][0]["path"] = str(replaced)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan, indent=1), encoding="utf-8")
    done = run("process", "--plan", path, "--offline", "--output", tmp_path / "out",
               home=home / "home")  # fmt: skip
    assert done.code == 2
    assert "the recording has changed since" in done.told and "Traceback" not in done.told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Name at least one recording"),
        (("--redecide",), "--redecide needs a plan"),
        (("--plan", "gone.json"), "gone.json cannot be read"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = run("process", *words, home=tmp_path / "home")
    assert done.code == 2 and says in done.told


def test_what_is_locked_stays_when_the_edit_is_decided_anew(reviewed: Done, home: Path) -> None:
    plan = home / "locked.json"
    plan.write_bytes((home / "before.json").read_bytes())
    before = json.loads(plan.read_bytes())
    cut = next(d for d in before["decisions"] if d["parameters"].get("kind") == "pause")
    assert run("plan", "lock", plan, cut["decision_id"], home=home / "home").code == 0
    refused = run("plan", "revert", plan, cut["decision_id"], home=home / "home")
    assert refused.code == 2 and "locked" in refused.told
    done = run(
        "process", "--plan", plan, "--redecide", "--pace", "gentle", "--offline", "--review",
        "--whisper-model", MODEL, "--json", "--output", home / "gentle", home=home / "home",
    )  # fmt: skip
    assert done.code == 0, done.told
    anew = plan_of(done.folder)
    same = [d for d in anew["decisions"] if (d["start"], d["end"]) == (cut["start"], cut["end"])]
    assert same and same[0]["locked"]
    assert sum(k["end"] - k["start"] for k in anew["kept"]) > sum(
        k["end"] - k["start"] for k in before["kept"]
    )
