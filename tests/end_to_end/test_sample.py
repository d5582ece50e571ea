"""The bundled sample through the whole program, held against what is known of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.store import Store
from ai_video_editor.timebase import SourceTime, TimeMap, TimeRange, source_time
from tests.end_to_end.command import ROOT, SAMPLE, Done, edit, start

pytestmark = [pytest.mark.xdist_group("sample"), pytest.mark.timeout(1200)]

Truth = dict[str, Any]
FILES = """video.mp4 captions.srt captions.vtt metadata.json description.txt chapters.txt plan.json
timeline.otio timeline.fcpxml timeline.xml timeline.edl verification.json report.html context.json
thumbnails/emotional.jpg thumbnails/emotional-b.jpg thumbnails/curiosity.jpg
thumbnails/curiosity-b.jpg thumbnails/authority.jpg thumbnails/authority-b.jpg"""
EDGE = Fraction(4, 100)
"""How far a word's stated edge may be from where it is heard: AAC and soft consonants."""


@pytest.fixture(scope="module")
def truth() -> Truth:
    loaded: Truth = json.loads((ROOT / "samples" / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("output")


@pytest.fixture(scope="module")
def edited(home: Path, output: Path) -> Done:
    done = edit(SAMPLE, home=home, output=output)
    assert done.code == 0, done.told
    return done


@pytest.fixture(scope="module")
def plan(edited: Done) -> AIDirectorPlan:
    return AIDirectorPlan.model_validate_json((edited.folder / "plan.json").read_bytes())


def of(item: dict[str, Any]) -> TimeRange[SourceTime]:
    return TimeRange(source_time(item["start"]), source_time(item["end"]))


def inside(span: TimeRange[SourceTime], others: list[dict[str, Any]]) -> bool:
    return any(span.middle in of(other) for other in others)


def kept_words(truth: Truth) -> list[TimeRange[SourceTime]]:
    gone = [*truth["fillers"], *truth["retakes"]]
    return [of(word) for word in truth["words"] if not inside(of(word), gone)]


def shown(film: TimeMap, span: TimeRange[SourceTime]) -> Fraction:
    parts: list[Fraction] = [part.duration for part in film.range_to_film(0, span)]
    return sum(parts, Fraction(0))


def test_the_folder_holds_every_file(edited: Done) -> None:
    assert edited.summary["status"] == "completed"
    assert edited.summary["degradations"] == []
    missing = [name for name in FILES.split() if not (edited.folder / name).is_file()]
    assert missing == []


def test_every_planted_filler_is_gone(plan: AIDirectorPlan, truth: Truth) -> None:
    film = plan.time_map()
    left = {
        filler["text"]: float(shown(film, of(filler)))
        for filler in truth["fillers"]
        if shown(film, of(filler)) > 2 * EDGE
    }
    assert left == {}


def test_the_abandoned_take_is_gone(plan: AIDirectorPlan, truth: Truth) -> None:
    for retake in truth["retakes"]:
        assert shown(plan.time_map(), of(retake)) <= 2 * EDGE


def test_no_other_word_is_touched(plan: AIDirectorPlan, truth: Truth) -> None:
    film = plan.time_map()
    for word in kept_words(truth):
        heard = TimeRange(
            SourceTime(word.start + EDGE), SourceTime(max(word.start + EDGE, word.end - EDGE))
        )
        assert shown(film, heard) == heard.duration, f"clipped at {float(word.start):.2f}"


def test_every_long_pause_is_shortened_as_promised(plan: AIDirectorPlan, truth: Truth) -> None:
    film = plan.time_map()
    words = kept_words(truth)
    for pause in truth["pauses"]:
        before = max(w.end for w in words if w.end <= of(pause).start + EDGE)
        after = min(w.start for w in words if w.start >= of(pause).end - EDGE)
        left = shown(film, TimeRange(before, after))
        most = Fraction(8, 10) if pause["deliberate"] else Fraction(1, 2)
        assert Fraction(1, 4) - EDGE <= left <= most + EDGE, (
            f"{float(left):.2f} s are left of the pause at {pause['start']:.2f}"
        )


def test_the_film_has_exactly_the_frames_of_the_plan_and_begins_at_zero(
    edited: Done, plan: AIDirectorPlan
) -> None:
    with av.open(str(edited.folder / "video.mp4")) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        pictures = [p.pts for p in film.demux(video) if p.pts is not None]
        assert video.time_base is not None and audio.time_base is not None
        film.seek(0)
        sounds = [(p.pts, p.duration) for p in film.demux(audio) if p.pts is not None]
        ends = max(pts + (duration or 0) for pts, duration in sounds) * audio.time_base
    assert len(pictures) == plan.time_map().frames
    assert min(pictures) == 0
    assert min(pts for pts, _ in sounds) == 0
    assert abs(ends - plan.time_map().duration) < Fraction(1024, 48000)
    assert b"elst" not in (edited.folder / "video.mp4").read_bytes()[:2_000_000]


def test_a_whole_run_stays_under_a_gigabyte_and_a_half(edited: Done) -> None:
    assert edited.peak < 1_500_000_000


def test_branches_ran_side_by_side(edited: Done) -> None:
    context = ContentContext.from_json((edited.folder / "context.json").read_bytes())
    spans = {
        record.stage: (record.started or 0.0, (record.started or 0.0) + record.seconds)
        for record in context.processing_metrics.stages
    }
    audio, video = spans["audio_processing"], spans["video_processing"]
    assert audio[0] < video[1] and video[0] < audio[1]
    film, thumbnails = spans["video_composition"], spans["thumbnail_generation"]
    assert film[0] < thumbnails[1] and thumbnails[0] < film[1]


def test_progress_was_told_for_every_stage(edited: Done) -> None:
    for stage in edited.summary["stages"]:
        assert f"{stage}: done" in edited.told


@pytest.mark.usefixtures("edited")
def test_a_second_run_reuses_every_stage_and_brings_back_a_deleted_folder(
    home: Path, output: Path
) -> None:
    shutil.rmtree(output)
    again = edit(SAMPLE, home=home, output=output)
    assert again.code == 0, again.told
    assert again.reused == set(again.summary["stages"])
    assert again.told.count(": reused") >= 11
    assert [name for name in FILES.split() if not (again.folder / name).is_file()] == []


@pytest.mark.usefixtures("edited")
def test_an_altered_film_in_the_store_is_made_anew_and_nothing_else(
    home: Path, output: Path
) -> None:
    before = (next(output.iterdir()) / "video.mp4").read_bytes()
    store = Store(home)
    film = next(
        path for path in (store.root / "media").rglob("*.mp4") if path.stat().st_size == len(before)
    )
    film.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    again = edit(SAMPLE, home=home, output=output)
    assert again.code == 0, again.told
    made = set(again.summary["stages"]) - again.reused
    assert "video_composition" in made
    assert made <= {"video_composition", "finalization"}


@pytest.mark.usefixtures("edited")
def test_what_a_user_put_into_the_folder_stays(home: Path, output: Path) -> None:
    folder = next(path for path in output.iterdir() if not path.name.startswith("."))
    (folder / "notes.txt").write_text("mine")
    again = edit(SAMPLE, home=home, output=output)
    assert (again.folder / "notes.txt").read_text() == "mine"


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    words = ("--offline", "--transcriber", "sphinx", "--skip-thumbnails", "--output")
    process = start("process", SAMPLE, *words, tmp_path / "out", home=tmp_path / "home")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("video_composition: started"):
            break
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert not list((tmp_path / "out").glob("*/video.mp4"))
    from tests.end_to_end.command import run

    again = run("process", SAMPLE, *words, tmp_path / "out", "--json", home=tmp_path / "home")
    assert again.code == 0, again.told
    finished = {"initialization", "audio_processing", "video_processing", "content_analysis"}
    assert finished | {"research", "intelligence_layer"} <= again.reused
    assert json.loads((again.folder / "verification.json").read_bytes())["passed"]
