"""The summary of a run: for scripts, for the dashboard, for the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import Degradation, StageRecord
from ai_video_editor.errors import EditorError, FileCorruptionError, MediaError, StageFailedError
from ai_video_editor.reporting.summary import (
    ARTIFACT_IMAGE_BYTES,
    EXIT_CODES,
    RunSummary,
    Status,
    markdown,
    opening_facts,
    summarise,
)
from ai_video_editor.stages import WorkflowStage
from tests.reporting_example import Shelf, example, verification, with_shorts


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def of(context: ContentContext) -> RunSummary:
    return summarise(
        context.project_id, seconds=168.4, output_dir=Path("output/p"), context=context
    )


def test_every_status_has_its_exit_code() -> None:
    assert set(EXIT_CODES) == set(get_args(Status))
    assert {s for s, code in EXIT_CODES.items() if code == 0} == {
        "completed",
        "degraded",
        "stopped",
        "awaiting_review",
    }
    assert EXIT_CODES["unverified"] == 3
    assert EXIT_CODES["interrupted"] == 130


def test_scripts_find_their_fields(shelf: Shelf) -> None:
    data = json.loads(of(example(shelf)).model_dump_json())
    assert data["project_id"] == "compound-interest-3f9a1c"
    assert data["status"] == "degraded"
    assert data["output_dir"] == "output/p"
    assert 23 < data["removed_seconds"] < 24
    assert set(data["degradations"][0]) == {"stage", "used", "instead_of", "reason"}
    assert set(data["stages"]) == {str(stage) for stage in WorkflowStage}
    assert data["stages"]["broll_generation"] == {
        "state": "degraded",
        "seconds": 14.0,
        "reused": False,
        "cpu_seconds": pytest.approx(19.6),
        "peak_memory_mb": 740.0,
    }
    assert data["stages"]["initialization"]["reused"] is True
    assert data["error"] is None


def test_removed_and_film_make_up_the_recording(shelf: Shelf) -> None:
    context = example(shelf)
    summary = of(context)
    assert context.composed_video is not None
    assert context.video_metadata is not None
    total = summary.removed_seconds + context.composed_video.duration
    assert abs(total - context.video_metadata.duration) < 0.034


def test_a_skipped_stage_counts_as_reused() -> None:
    summary = summarise(
        "p",
        seconds=1,
        output_dir=None,
        stages=[StageRecord(stage="broll_generation", state="skipped")],
    )
    assert summary.stages["broll_generation"].reused
    assert summary.stages["finalization"].state == "not_run"


def test_a_failed_check_makes_the_run_unverified(shelf: Shelf) -> None:
    context = example(shelf)
    summary = summarise(
        "p",
        seconds=1,
        output_dir=None,
        context=context,
        verification=verification(10, passed=False),
        status="completed",
    )
    assert summary.status == "unverified"
    assert summary.exit_code == 3


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FileCorruptionError("talk.mp4 is damaged."), "invalid"),
        (MediaError("talk.mp4 cannot be decoded."), "failed"),
        (StageFailedError("video_composition", [("film", "no room")]), "failed"),
        (RuntimeError("unexpected"), "failed"),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_the_error_decides_the_status(error: BaseException, status: Status) -> None:
    summary = summarise("", seconds=1, output_dir=None, error=error)
    assert summary.status == status
    assert summary.error is not None
    assert summary.error.type == type(error).__name__


def test_a_failed_stage_says_where_to_resume() -> None:
    error = StageFailedError("video_composition", [("film", "no room")])
    summary = summarise("p", seconds=1, output_dir=None, error=error)
    assert summary.error is not None
    assert summary.error.resume_from == "video_composition"
    assert "no room" in summary.error.message
    assert summary.error.advice


def test_the_caller_knows_of_a_stop_and_a_review() -> None:
    assert summarise("p", seconds=1, output_dir=None, status="stopped").status == "stopped"
    review = summarise("p", seconds=1, output_dir=None, status="awaiting_review")
    assert (review.status, review.exit_code) == ("awaiting_review", 0)


def test_notes_of_the_run_come_first_and_each_once(shelf: Shelf) -> None:
    context = example(shelf)
    note = "One pause was kept because a number follows it."
    summary = summarise(
        "p", seconds=1, output_dir=None, context=context, notes=("With a key: better titles.", note)
    )
    assert summary.notes[:2] == ("With a key: better titles.", note)
    assert summary.notes.count(note) == 1


def test_the_dashboard_gets_stages_picture_and_files(shelf: Shelf) -> None:
    context = example(shelf)
    text = markdown(of(context), context, shelf.path_of)
    assert "| Listening | done | 48.7 |" in text
    assert "| Files checked | done, reused | 1.2 |" in text
    assert "- `video.mp4`" in text
    assert "still card" in text
    [picture] = [line for line in text.splitlines() if line.startswith("![")]
    assert "data:image/jpeg;base64," in picture
    assert len(picture) <= ARTIFACT_IMAGE_BYTES + 20


def test_the_dashboard_gets_a_failed_run_too(shelf: Shelf) -> None:
    error = EditorError("The disk is full.", advice=("Free 3 GB.",))
    summary = summarise("p-123", seconds=1, output_dir=None, error=error)
    text = markdown(summary, None, shelf.path_of)
    assert text.startswith("# p\\-123\n\n**Failed**")
    assert "The disk is full" in text
    assert "Free 3 GB" in text


def test_foreign_text_means_nothing_to_the_dashboard(shelf: Shelf) -> None:
    def hostile(text: str) -> str:
        return f"{text}|<img src=x onerror=alert(1)>[a](http://b)`c`\n# d"

    context = example(shelf, say=hostile)
    text = markdown(of(context), context, shelf.path_of)
    assert "<img" not in text
    assert "](http" not in text
    assert "\n# d" not in text
    [row] = [line for line in text.splitlines() if line.startswith("| broll")]
    assert row.replace("\\|", "").count("|") == 5


def test_a_person_reads_what_was_gained(shelf: Shelf) -> None:
    context = example(shelf)
    facts = opening_facts(of(context), context)
    assert facts[0] == "1:37 → 1:13, 23 s removed (24 %)"
    assert facts[1] == "6 fillers removed, 13 pauses shortened, 2 retakes dropped"
    assert "first title: I Did the Math on Starting Late, and It Hurts" in facts
    assert "verification: 3 passed, 1 skipped" in facts
    assert facts[-1] == "folder: output/p"


def test_foreign_text_cannot_steer_the_terminal(shelf: Shelf) -> None:
    context = example(shelf, say=lambda text: f"\x1b[2J\x9b31m\u202e{text}\r\n")
    facts = opening_facts(of(context), context)
    assert not any(c in line for line in facts for c in "\x1b\x9b\u202e\r\n")


def test_nothing_known_is_nothing_told() -> None:
    summary = summarise("", seconds=0.1, output_dir=None, error=FileCorruptionError("x"))
    assert opening_facts(summary, None) == []


def test_degradations_can_be_given_apart_from_the_context() -> None:
    fell = Degradation(stage="research", used="content", instead_of="search", reason="offline")
    summary = summarise("p", seconds=1, output_dir=None, degradations=[fell])
    assert summary.status == "degraded"
    assert summary.degradations == (fell,)


def test_shorts_are_listed_for_scripts_and_people(shelf: Shelf) -> None:
    context = with_shorts(example(shelf))
    (short,) = of(context).shorts
    assert (short.film, short.captions) == ("shorts/short-1.mp4", "shorts/short-1.srt")
    assert (short.title, float(short.start), float(short.end)) == ("Why waiting costs", 5, 25)
    assert short.verified
    assert any("1 short" in fact for fact in opening_facts(of(context), context))
    assert of(example(shelf)).shorts == ()


def test_what_was_left_out_is_said_with_its_reason(shelf: Shelf) -> None:
    context = example(shelf)
    assert context.delivery is not None
    delivery = context.delivery.model_copy(update={"left_out": ("short-2: it broke",)})
    notes = of(context.model_copy(update={"delivery": delivery})).notes
    assert any("short-2: it broke" in note for note in notes)
