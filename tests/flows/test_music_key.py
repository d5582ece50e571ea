from __future__ import annotations

from pathlib import Path

from ai_video_editor.settings_sources import load_settings
from ai_video_editor.store import ContextRef
from tasks.stage import record_key
from tasks.video_composition import video_composition


def key(music: Path | None) -> str:
    settings = load_settings({"music": music}, environment={}).settings
    ref = ContextRef(project_id="talk-1", inputs=("0" * 64,))
    stage = video_composition
    return record_key(stage.stage, stage.processors[0], ref, settings)


def test_the_film_is_made_anew_for_other_music_and_not_for_another_name(tmp_path: Path) -> None:
    first, copy, other = tmp_path / "a.mp3", tmp_path / "b.mp3", tmp_path / "c.mp3"
    first.write_bytes(b"one tune")
    copy.write_bytes(b"one tune")
    other.write_bytes(b"another tune")
    assert key(first) == key(copy)
    assert len({key(None), key(first), key(other)}) == 3
