"""What the report says was removed, and why."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.reporting.edit import edit_of, kind_of
from ai_video_editor.timebase import source_time
from tests.reporting_example import RATE, Shelf, example, video_file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def cut(start: float, end: float, kind: str = "", **more: object) -> EditingDecision:
    values = {
        "start": start,
        "end": end,
        "decision_id": f"cut-{start}",
        "decision_type": "cut",
        "parameters": {"kind": kind} if kind else {},
        "rationale": "because",
        "confidence": 0.9,
        "decided_by": "rules",
        **more,
    }
    return EditingDecision.model_validate(values)


def project(
    kept: list[tuple[int, float, float]],
    decisions: tuple[EditingDecision, ...] = (),
    durations: tuple[int, ...] = (10,),
) -> ContentContext:
    plan = AIDirectorPlan(
        director="rules",
        film_frame_rate="25/1",
        inputs=tuple(
            PlanInput(
                path=f"/films/take {number}.mp4",
                sha256="a" * 64,
                duration=Fraction(duration),
                frame_rate="25/1",
            )
            for number, duration in enumerate(durations, 1)
        ),
        kept=tuple(
            Kept(input=number, start=source_time(start), end=source_time(end))
            for number, start, end in kept
        ),
        decisions=decisions,
    )
    return ContentContext(project_id="p", ai_director_plan=plan)


def removed(context: ContentContext) -> list[tuple[int, float, float, str]]:
    edit = edit_of(context)
    assert edit is not None
    return [(r.input, float(r.range.start), float(r.range.end), r.kind) for r in edit.removed]


def test_what_the_kept_ranges_leave_out_is_removed() -> None:
    context = project([(0, 0, 2), (0, 3, 8)], (cut(2, 3, "pause"), cut(8, 10, "retake")))
    assert removed(context) == [(0, 2.0, 3.0, "pause"), (0, 8.0, 10.0, "retake")]


def test_one_hole_with_two_reasons_is_told_apart() -> None:
    context = project([(0, 0, 2), (0, 5, 10)], (cut(2, 3.4, "filler"), cut(3.4, 5, "pause")))
    assert removed(context) == [(0, 2.0, 3.4, "filler"), (0, 3.4, 5.0, "pause")]


def test_padding_of_a_cut_counts_with_the_cut() -> None:
    context = project([(0, 0, 2), (0, 3, 10)], (cut(2.1, 2.9, "filler"),))
    assert removed(context) == [(0, 2.0, 3.0, "filler")]


def test_a_removal_without_a_decision_is_another_cut() -> None:
    assert removed(project([(0, 1, 10)])) == [(0, 0.0, 1.0, "other")]


def test_the_most_particular_of_two_reasons_is_told() -> None:
    context = project([(0, 0, 2), (0, 8, 10)], (cut(2, 8, "retake"), cut(4, 5, "filler")))
    assert [kind for *_, kind in removed(context)] == ["retake", "filler", "retake"]


def test_a_decision_that_was_taken_back_explains_nothing() -> None:
    context = project([(0, 0, 2), (0, 3, 10)], (cut(2, 3, "filler", reverted=True),))
    assert removed(context) == [(0, 2.0, 3.0, "other")]


def test_less_than_a_frame_at_the_end_is_no_cut() -> None:
    assert removed(project([(0, 0, 9.98)])) == []


def test_every_input_has_its_own_removed_parts() -> None:
    context = project([(1, 0, 4), (0, 2, 10)], (cut(0, 2, "pause"),), durations=(10, 5))
    assert removed(context) == [(0, 0.0, 2.0, "pause"), (1, 4.0, 5.0, "other")]


def test_a_range_used_twice_is_removed_only_where_it_is_used_never() -> None:
    assert removed(project([(0, 4, 6), (0, 0, 8)])) == [(0, 8.0, 10.0, "other")]


def test_moments_of_reordered_pieces_are_found_in_the_film() -> None:
    edit = edit_of(project([(0, 6, 8), (0, 0, 4)]))
    assert edit is not None
    assert edit.index.film_at(0, source_time(7)) == 1
    assert edit.index.film_at(0, source_time(1)) == 3
    assert edit.index.film_at(0, source_time(5)) is None
    assert edit.index.film_from(0, source_time(5)) == 0
    assert edit.index.film_from(0, source_time(9)) is None
    assert edit.index.film_at(3, source_time(1)) is None


def test_the_index_agrees_with_the_time_map(shelf: Shelf) -> None:
    edit = edit_of(example(shelf))
    assert edit is not None
    for step in range(0, 9706, 37):
        moment = source_time(Fraction(step, 100))
        assert edit.index.film_at(0, moment) == edit.time_map.to_film(0, moment)


def test_a_film_that_was_only_encoded_anew_lost_nothing(shelf: Shelf) -> None:
    context = example(shelf)
    assert context.composed_video is not None
    whole = context.composed_video.model_copy(update={"method": "reencode"})
    edit = edit_of(context.model_copy(update={"composed_video": whole}))
    assert edit is not None
    assert edit.untouched
    assert edit.removed == ()
    assert abs(edit.time_map.duration - edit.source_duration) < Fraction(1001, 30000)


def test_names_come_from_the_files_else_from_the_plan() -> None:
    context = project([(0, 0, 10)])
    edit = edit_of(context)
    assert edit is not None
    assert edit.sources[0].name == "take 1.mp4"
    known = context.model_copy(update={"video_files": (video_file("talk.mov", Fraction(10)),)})
    edit = edit_of(known)
    assert edit is not None
    assert edit.sources[0].name == "talk.mov"


def test_without_a_plan_there_is_no_edit() -> None:
    assert edit_of(ContentContext(project_id="p")) is None


@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        (cut(0, 1, "filler"), "filler"),
        (cut(0, 1, "dead_air"), "pause"),
        (cut(0, 1, "stutter"), "repeat"),
        (cut(0, 1, "<script>"), "other"),
        (cut(0, 1, decision_type="take"), "retake"),
        (cut(0, 1, decision_type="trim"), "trim"),
        (cut(0, 1, "dead_air", decision_type="trim"), "trim"),
    ],
)
def test_every_removal_has_a_kind_that_the_page_knows(decision: EditingDecision, kind: str) -> None:
    assert kind_of(decision) == kind


def test_the_example_runs_at_the_rate_it_names(shelf: Shelf) -> None:
    context = example(shelf)
    assert context.ai_director_plan is not None
    assert str(context.ai_director_plan.rate) == RATE
