"""File names as messages show them, and which of them can be written everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ai_video_editor.media.names import can_be_written, quoted, shown
from tasks.initialization import project_name

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


@pytest.mark.parametrize(
    ("name", "project"),
    [
        ("talk.mp4", "talk"),
        ("Rec 2024-05-01 at 10.00.00\u202fAM.mov", "rec-2024-05-01-at-10-00-00-am"),
        ("会議\u3000録画.mp4", "video"),
        (f"{FAMILY} at home.mp4", "at-home"),
        (f"{'x' * 251}.mp4", "x" * 40),
    ],
)
def test_names_of_many_scripts_stay_as_they_are(name: str, project: str) -> None:
    path = Path("/in") / name
    assert can_be_written(path)
    assert shown(path) == str(path)
    assert project_name(path, ["0"]).rpartition("-")[0] == project


@pytest.mark.parametrize("name", [b"a\xff.mp4", b"a\nb.mp4", b"a\x1b[31m.mp4", b"\xed\xa0\x80.mp4"])
def test_names_that_are_no_text_are_told(name: bytes) -> None:
    path = Path(os.fsdecode(name))
    assert not can_be_written(path)
    assert "\N{REPLACEMENT CHARACTER}" in shown(path)


def test_signs_that_turn_the_line_round_are_not_shown() -> None:
    path = Path("a\u202e4pm.mov")
    assert can_be_written(path)
    assert shown(path) == "a\N{REPLACEMENT CHARACTER}4pm.mov"


def test_a_command_names_the_file_as_it_is() -> None:
    assert quoted(Path("/in/at 10\u202fAM.mov")) == "'at 10\u202fAM.mov'"
