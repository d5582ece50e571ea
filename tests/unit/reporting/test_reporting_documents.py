"""The text files of the project folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.context.outputs import FilmChapter, MetadataPackage
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.reporting.documents import (
    chapters_txt,
    description_txt,
    metadata_json,
    plan_json,
    verification_json,
)
from ai_video_editor.timebase import film_time
from tests.reporting_example import Shelf, example, verification


@pytest.fixture
def plan(tmp_path: Path) -> AIDirectorPlan:
    found = example(Shelf(tmp_path)).ai_director_plan
    assert found is not None
    return found


def package(**more: Any) -> MetadataPackage:
    values = {
        "titles": ("A title",),
        "descriptions": ("What it is about.",),
        "tags": ("one", "two words"),
        **more,
    }
    return MetadataPackage.model_validate(values)


def chapters(*starts: int) -> tuple[FilmChapter, ...]:
    return tuple(FilmChapter(start=film_time(s), title=f"Part {s}") for s in starts)


def test_a_plan_reads_back_as_it_was(plan: AIDirectorPlan) -> None:
    assert AIDirectorPlan.model_validate_json(plan_json(plan)) == plan


def test_a_plan_has_the_fields_that_scripts_rely_on(plan: AIDirectorPlan) -> None:
    data = json.loads(plan_json(plan))
    assert data["schema_version"] == 1
    assert data["inputs"][0]["frame_rate"] == "30000/1001"
    assert set(data["kept"][0]) == {"input", "start", "end", "speed"}
    assert data["kept"][0]["speed"] == 1
    assert set(data["decisions"][0]) >= {
        "decision_id",
        "decision_type",
        "input",
        "start",
        "end",
        "parameters",
        "rationale",
        "confidence",
        "decided_by",
    }
    assert {"chapters", "broll", "hooks", "metadata_strategy"} <= set(data)


def test_times_of_a_plan_are_numbers_with_six_decimals(plan: AIDirectorPlan) -> None:
    times = re.findall(r'"(?:start|end|duration)": ([^,}\n]+)', plan_json(plan))
    assert len(times) > 40
    assert all(re.fullmatch(r"\d+\.\d{6}", time) for time in times)


def test_a_kept_range_stands_on_one_line_to_be_edited(plan: AIDirectorPlan) -> None:
    lines = plan_json(plan).splitlines()
    ranges = [line for line in lines if re.match(r'\s*\{"input": 0, "start": .*"speed"', line)]
    assert len(ranges) == len(plan.kept)


values = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(
    parameters=st.dictionaries(st.text(max_size=8), values, max_size=4),
    identifier=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=100),
    text=st.text(max_size=60),
    start=st.integers(0, 10**11),
    length=st.integers(1, 10**9),
    speed=st.floats(0.01, 100),
)
def test_any_plan_reads_back_as_it_was(
    parameters: dict[str, str | float | int | bool],
    identifier: str,
    text: str,
    start: int,
    length: int,
    speed: float,
) -> None:
    span = {"start": f"{start}e-6", "end": f"{start + length}e-6"}
    plan = AIDirectorPlan(
        director="rules",
        film_frame_rate="25/1",
        inputs=(
            PlanInput.model_validate(
                {"path": text, "sha256": "0" * 64, "duration": span["end"], "frame_rate": "25/1"}
            ),
        ),
        kept=(Kept.model_validate({"input": 0, **span, "speed": speed}),),
        decisions=(
            EditingDecision.model_validate(
                {
                    **span,
                    "decision_id": identifier,
                    "decision_type": "cut",
                    "parameters": parameters,
                    "rationale": text,
                    "confidence": 0.5,
                    "decided_by": "user",
                }
            ),
        ),
    )
    assert AIDirectorPlan.model_validate_json(plan_json(plan)) == plan


def test_metadata_names_everything_to_paste(tmp_path: Path) -> None:
    context = example(Shelf(tmp_path))
    assert context.metadata_variations is not None
    assert context.delivery is not None
    data = json.loads(metadata_json(context.metadata_variations, context.delivery.ab_pairs, "en"))
    assert data["language"] == "en"
    assert len(data["titles"]) == len(data["descriptions"]) == 3
    assert data["chapters"][0] == {"start": 0.0, "title": "The quiet force"}
    assert data["ab_pairs"][0]["thumbnail"] == "thumbnails/emotional.jpg"
    assert set(data["ab_pairs"][0]) == {"id", "title", "thumbnail", "hook_text", "hypothesis"}
    assert data["hashtags"] == ["#investing", "#compoundinterest"]


def test_chapters_are_lines_that_youtube_reads() -> None:
    text = chapters_txt(chapters(0, 75, 3723))
    assert text == "0:00 Part 0\n1:15 Part 75\n1:02:03 Part 3723\n"


def test_fewer_than_three_chapters_are_none() -> None:
    assert chapters_txt(chapters(0, 75)) == ""


def test_a_chapter_title_cannot_break_its_line() -> None:
    hostile = (
        FilmChapter(start=film_time(0), title="One\n0:05 Two"),
        *chapters(20, 40),
    )
    assert len(chapters_txt(hostile).splitlines()) == 3


def test_the_description_brings_its_chapters_and_hashtags_once() -> None:
    made = package(chapters=chapters(0, 20, 40), hashtags=("#saving", "money"))
    text = description_txt(made)
    assert text.startswith("What it is about.\n\n0:00 Part 0\n")
    assert text.endswith("#saving #money\n")
    again = description_txt(made.model_copy(update={"descriptions": (text,)}))
    assert again == text


def test_a_description_stays_within_five_thousand_bytes() -> None:
    made = package(descriptions=("ä" * 2490,), chapters=chapters(0, 20, 40), hashtags=("#a",))
    text = description_txt(made)
    assert len(text.encode()) <= 5000
    assert "0:00" not in text
    assert text.endswith("#a\n")


def test_no_description_is_an_empty_file() -> None:
    assert description_txt(package(descriptions=())) == ""


def test_the_verification_names_every_check() -> None:
    data = json.loads(verification_json(verification(100, passed=False)))
    assert data["passed"] is False
    assert data["checks"][2] == {
        "name": "loudness",
        "expected": -14.0,
        "measured": -19.5,
        "unit": "LUFS",
        "state": "failed",
        "reason": "more than 1 LU from the target",
    }


def test_a_measurement_of_endless_silence_is_still_json() -> None:
    made = verification(1)
    silent = made.checks[2].model_copy(update={"measured": float("-inf")})
    data = json.loads(verification_json(made.model_copy(update={"checks": (silent,)})))
    assert data["checks"][0]["measured"] is None
