"""A plan that a person edited is taken as it stands, or refused with the line to look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.json_lines import located
from ai_video_editor.intelligence.plan_file import fitting, read_plan_file
from ai_video_editor.reporting.documents import plan_json
from tests.talks import MONEY_TALK, talk, understood


@pytest.fixture(scope="module")
def plan() -> AIDirectorPlan:
    material, _ = understood(*talk(MONEY_TALK))
    return create_editing_plan(material, pace="normal", max_removed_share=0.6)


@pytest.fixture
def path(plan: AIDirectorPlan, tmp_path: Path) -> Path:
    target = tmp_path / "plan.json"
    target.write_text(plan_json(plan), encoding="utf-8")
    return target


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return path


def test_a_written_plan_reads_back_as_it_was(path: Path, plan: AIDirectorPlan) -> None:
    file = read_plan_file(path)
    assert file.plan == plan
    assert not file.drifted
    assert fitting(file, ["0" * 64]) == plan


def test_a_kept_range_is_rounded_to_the_films_frames(path: Path) -> None:
    def shorter(data: Any) -> None:
        data["kept"][0]["end"] -= 0.513

    fitted = fitting(read_plan_file(edited(path, shorter)), ["0" * 64])
    frames = fitted.kept[0].end * fitted.rate.fraction
    assert frames == round(frames)
    assert any("follows the kept ranges" in warning for warning in fitted.warnings)


def _past_the_end(data: Any) -> None:
    data["kept"][1]["end"] = 9_000


def _backwards(data: Any) -> None:
    data["decisions"][0]["start"], data["decisions"][0]["end"] = 3, 2


def _no_such_input(data: Any) -> None:
    data["kept"][0]["input"] = 4


def _too_fast(data: Any) -> None:
    data["kept"][0]["speed"] = 40


def _twice(data: Any) -> None:
    data["decisions"][1]["decision_id"] = data["decisions"][0]["decision_id"]


def _nothing(data: Any) -> None:
    data["kept"] = []


def _wild_zoom(data: Any) -> None:
    data["decisions"][0]["parameters"]["scale"] = 12


def _no_number(data: Any) -> None:
    data["kept"][0]["start"] = "soon"


def _misspelt(data: Any) -> None:
    data["kept"][0]["sped"] = 1


def _steering(data: Any) -> None:
    data["decisions"][0]["decision_id"] = "cut-001\x1b[2J"


def _newer(data: Any) -> None:
    data["schema_version"] = 7


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (_past_the_end, '"end": 9000', "after the end of talk.mp4"),
        (_backwards, '"start": 3', "ends before it begins"),
        (_no_such_input, '"input": 4', "no input 4"),
        (_too_fast, '"speed": 40', "not between 0.25 and 4"),
        (_twice, '"decision_id"', "a second decision"),
        (_nothing, '"kept": []', "nothing is kept"),
        (_wild_zoom, '"scale": 12', "between 1 and 2"),
        (_no_number, '"start": "soon"', "kept.0.start"),
        (_misspelt, '"sped"', "kept.0.sped"),
        (_steering, '"decision_id"', "decisions.0.decision_id"),
        (_newer, '"schema_version": 7', "version 7"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    path: Path, change: Callable[[Any], None], key: str, says: str
) -> None:
    lines = edited(path, change).read_text().splitlines()
    with pytest.raises(InputError) as refused:
        read_plan_file(path)
    message = refused.value.message
    assert says in message
    told = int(message.split("line ")[1].split(":")[0])
    near = [n for n, line in enumerate(lines, start=1) if key in line]
    # A range is pointed at where it begins, a few lines above its fields.
    assert any(0 <= n - told <= 8 for n in near), (told, near)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{\n "kept": [,]\n}', "line 2: not JSON here"),
        (b"[1, 2]", "a JSON object was expected"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b"", "line 1: not JSON here"),
    ],
)
def test_what_is_no_plan_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_plan_file(path)


def test_a_plan_for_another_recording_is_refused(path: Path) -> None:
    with pytest.raises(InputError, match=r"another talk\.mp4"):
        fitting(read_plan_file(path), ["1" * 64])
    with pytest.raises(InputError, match="about 1 inputs, 2 were given"):
        fitting(read_plan_file(path), ["0" * 64, "1" * 64])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 0, 2]))
def test_every_value_of_a_document_has_its_line(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    found = located(text)
    assert found.value == value
    lines = text.split("\n")

    def check(part: Any, place: tuple[str | int, ...]) -> None:
        first = json.dumps(part)[0]
        assert first in lines[found.lines[place] - 1]
        inside = (
            part.items()
            if isinstance(part, dict)
            else enumerate(part)
            if isinstance(part, list)
            else ()
        )
        for key, inner in inside:
            check(inner, (*place, key))

    check(value, ())


def test_lines_of_a_missing_field_are_those_of_what_holds_it() -> None:
    assert located('{\n"a": {\n}}').line(("a", "b", "c")) == 2
    assert Fraction(1) == located("1").value
