"""What a report embeds is drawn once and taken from there by every later run."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.reporting.pictures import PagePictures


def test_a_picture_is_drawn_once_and_known_after_a_round_trip(tmp_path: Path) -> None:
    drawn: list[str] = []

    def draw() -> str:
        drawn.append("again")
        return "<svg/>"

    pictures = PagePictures()
    assert pictures.get("sound 0", draw) == pictures.get("sound 0", draw) == "<svg/>"
    kept = tmp_path / "pictures.json"
    kept.write_text(pictures.to_json(), encoding="utf-8")
    assert PagePictures.read(kept).get("sound 0", draw) == "<svg/>"
    assert drawn == ["again"]


def test_what_cannot_be_drawn_is_asked_for_again() -> None:
    pictures = PagePictures()
    assert pictures.get("sound 0", lambda: None) is None
    assert pictures.get("sound 0", lambda: "<svg/>") == "<svg/>"


def test_a_damaged_file_only_means_drawing_again(tmp_path: Path) -> None:
    kept = tmp_path / "pictures.json"
    kept.write_text("[1, 2", encoding="utf-8")
    assert PagePictures.read(kept).get("a", lambda: "b") == "b"
    assert PagePictures.read(tmp_path / "missing").get("a", lambda: "b") == "b"
