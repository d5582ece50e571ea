"""What names a recording: all of its bytes, as they were at one time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.digests import hash_file
from ai_video_editor.errors import InputError
from ai_video_editor.progress import Report
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store
from tasks import initialization

FILM = b"fLaC" + b"\0" * 60


def fingerprint(clip: Path, home: Path) -> str:
    tree = Settings.model_validate({"paths": {"home": home}})
    ref = initialization.fingerprint.fn([str(clip)], tree.model_dump(mode="json"))
    return str(ref["inputs"][0])


def test_a_recording_is_remembered_by_its_content(tmp_path: Path) -> None:
    clip = tmp_path / "talk.flac"
    clip.write_bytes(FILM)
    assert Store(tmp_path / "home").input_path(fingerprint(clip, tmp_path / "home")) == clip


def test_a_recording_that_is_written_to_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "talk.flac"
    clip.write_bytes(FILM)

    def growing(path: Path, report: Report) -> str:
        found = hash_file(path, report)
        path.write_bytes(FILM * 2)
        return found

    monkeypatch.setattr(initialization, "hash_file", growing)
    with pytest.raises(InputError, match=r"talk\.flac was changed while it was read"):
        fingerprint(clip, tmp_path / "home")
    assert not (tmp_path / "home" / "store" / "inputs").exists(), "nothing is remembered of it"
