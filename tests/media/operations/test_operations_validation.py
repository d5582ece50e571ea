"""`validate` tells whether a file can be processed, why not, and what to know before."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.errors import InputError
from ai_video_editor.media.ffmpeg import run
from ai_video_editor.operations.validation import FileValidator, check_inputs


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=10:duration=1", "-pix_fmt", "yuv420p"]
    run([*picture, str(path)], timeout=60)
    return path


def test_a_good_file_is_valid_and_its_facts_are_there(film: Path) -> None:
    result = FileValidator(check_integrity=True).validate_video_file(film)
    assert result.ok
    assert result.errors == ()
    assert result.warnings == ("There is no sound.",)
    assert result.file is not None
    assert result.file.duration == 1


def test_a_bad_file_is_a_result_and_no_exception(tmp_path: Path) -> None:
    result = FileValidator().validate_video_file(tmp_path / "none.mp4")
    assert not result.ok
    assert result.file is None
    assert len(result.errors) == 1
    assert "none.mp4 is not there; check the name" in result.errors[0]


def test_inputs_are_checked_before_anything_else_and_become_absolute(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(film.parent)
    assert check_inputs([Path("film.mp4"), film]) == [film, film]
    with pytest.raises(InputError, match=r"other\.mp4 is not there"):
        check_inputs([film, Path("other.mp4")])
