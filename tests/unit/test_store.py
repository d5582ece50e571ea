"""The store: named by content, whole or not there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ai_video_editor.context.audio import AudioAnalysis, ExtractedAudio
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import (
    ContextIntegrityError,
    ContextStateError,
    FilePermissionError,
    StorageError,
)
from ai_video_editor.files import whole_file
from ai_video_editor.section_view import SectionView
from ai_video_editor.stages import TABLE, stage
from ai_video_editor.store import ContextRef, Store, media_refs
from ai_video_editor.timebase import exact


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def media(store: Store, tmp_path: Path, content: bytes = b"sound") -> ExtractedAudio:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    return ExtractedAudio(
        input=0, wav=store.put_media(path), duration=exact(1), peak=-6, loudness=None,
        noise_floor=-60,
    )  # fmt: skip


def analysis(*extracted: ExtractedAudio) -> AudioAnalysis:
    return AudioAnalysis(engine="none", language="und", quality=0, extracted=extracted)


def replaced(path: Path, content: bytes) -> None:
    """Write a file anew; a second later, as clocks of file systems are coarse."""
    later = path.stat().st_mtime_ns + 10**9
    path.write_bytes(content)
    os.utime(path, ns=(later, later))


def test_a_section_comes_back_under_its_hash(store: Store) -> None:
    key = store.put_section("user_preferences", UserPreferences(pace="tight"))
    assert store.get_section("user_preferences", key) == UserPreferences(pace="tight")


def test_an_altered_section_is_not_trusted(store: Store) -> None:
    key = store.put_section("user_preferences", UserPreferences())
    path = next((store.root / "sections").rglob("*.json"))
    path.write_text(path.read_text().replace("normal", "tight"))
    with pytest.raises(ContextIntegrityError, match="missing or damaged"):
        store.get_section("user_preferences", key)
    assert not store.is_whole({"user_preferences": key})
    assert store.put_section("user_preferences", UserPreferences()) == key
    assert store.is_whole({"user_preferences": key})


@pytest.mark.parametrize("damage", ["delete", "truncate", "flip"])
def test_a_damaged_file_makes_its_section_not_whole(
    store: Store, tmp_path: Path, damage: str
) -> None:
    key = store.put_section("audio_analysis", analysis(media(store, tmp_path)))
    assert store.is_whole({"audio_analysis": key})
    path = next((store.root / "media").rglob("*.wav"))
    if damage == "delete":
        path.unlink()
    elif damage == "truncate":
        path.write_bytes(b"")
    else:
        stamp = path.stat().st_mtime_ns
        path.write_bytes(b"sounb")
        os.utime(path, ns=(stamp, stamp))
    assert not store.is_whole({"audio_analysis": key})


def test_every_file_that_a_section_names_is_found(store: Store, tmp_path: Path) -> None:
    found = list(media_refs(analysis(media(store, tmp_path, b"a"), media(store, tmp_path, b"b"))))
    assert len({ref.sha256 for ref in found}) == 2


def test_a_stage_cannot_read_what_it_does_not_declare(store: Store) -> None:
    view = SectionView(stage("research"), ContextRef(project_id="p"), store)
    with pytest.raises(ContextStateError, match="does not declare to read composed_video"):
        view.read("composed_video")
    with pytest.raises(ContextStateError, match="does not declare to fill"):
        view.fill("composed_video", None)


def test_a_stage_must_fill_what_it_declares(store: Store) -> None:
    view = SectionView(stage("research"), ContextRef(project_id="p"), store)
    with pytest.raises(ContextStateError, match="did not fill trending_keywords"):
        view.commit()


def test_what_no_stage_has_filled_reads_as_not_yet(store: Store) -> None:
    view = SectionView(stage("content_analysis"), ContextRef(project_id="p"), store)
    assert view.read("audio_analysis") is None
    assert view.read("visual_highlights") == ()


def test_branches_that_filled_one_section_differently_are_a_fault() -> None:
    left = ContextRef(project_id="p", sections={"audio_analysis": "a"})
    with pytest.raises(ContextStateError, match="audio_analysis"):
        left.merged(ContextRef(project_id="p", sections={"audio_analysis": "b"}))


def test_what_a_stage_hands_on_is_under_a_kilobyte(store: Store) -> None:
    for row in TABLE:
        ref = ContextRef(
            project_id="a-project-with-a-long-name-00000000",
            sections={name: "0" * 32 for name in row.fills},
            degraded=(row.name,),
            inputs=("0" * 64,) * 3,
        )
        assert len(ref.model_dump_json()) < 1024


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out" / "film.mp4"
    with pytest.raises(RuntimeError, match="half"), whole_file(target) as partial:
        partial.write_bytes(b"half")
        raise RuntimeError("half")
    assert list((tmp_path / "out").iterdir()) == []
    with whole_file(target) as partial:
        partial.write_bytes(b"whole")
    assert target.read_bytes() == b"whole"


def test_a_folder_that_is_a_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises((StorageError, FilePermissionError), match="file"),
        whole_file(tmp_path / "file" / "film.mp4"),
    ):
        pass


def test_an_input_that_moved_is_asked_for(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"x")
    store.remember_input("ab" * 32, path)
    assert store.input_path("ab" * 32) == path
    path.unlink()
    with pytest.raises(StorageError, match="no longer where it was"):
        store.input_path("ab" * 32)


def test_an_input_that_was_replaced_is_not_taken_for_the_old_one(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"old")
    sha256 = hash_file(path)
    store.remember_input(sha256, path)
    replaced(path, b"new")
    with pytest.raises(StorageError, match="changed since the run began: run the command again"):
        store.input_path(sha256)


def test_an_input_that_was_only_touched_is_the_same(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"same")
    sha256 = hash_file(path)
    store.remember_input(sha256, path)
    replaced(path, b"same")
    assert store.input_path(sha256) == path
    note = json.loads((store.root / "inputs" / f"{sha256}.json").read_text())
    assert note["mtime_ns"] == path.stat().st_mtime_ns, "it need not be read again"


@pytest.mark.parametrize("content", [b"old", b"new"])
def test_a_note_without_size_and_time_is_good_for_the_same_content(
    store: Store, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"old")
    sha256 = hash_file(path)
    note = store.root / "inputs" / f"{sha256}.json"
    note.parent.mkdir(parents=True)
    note.write_text(json.dumps({"path": str(path)}))
    path.write_bytes(content)
    if content == b"old":
        assert store.input_path(sha256) == path
    else:
        with pytest.raises(StorageError, match="changed since the run began"):
            store.input_path(sha256)


def test_a_stage_whose_input_is_replaced_meanwhile_keeps_nothing(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"old")
    sha256 = hash_file(path)
    store.remember_input(sha256, path)
    ref = ContextRef(project_id="p", inputs=(sha256,))
    view = SectionView(stage("audio_processing"), ref, store)
    assert view.store.input_path(sha256) == path
    view.fill("audio_analysis", analysis())
    replaced(path, b"new")
    with pytest.raises(StorageError, match="changed since the run began"):
        view.commit()
    assert not (store.root / "sections").exists()


def test_a_stage_that_is_done_with_an_input_does_not_mind_that_it_is_gone(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"old")
    sha256 = hash_file(path)
    store.remember_input(sha256, path)
    store.input_path(sha256)
    path.unlink()
    store.check_inputs_unchanged()


def test_every_section_a_stage_reads_is_filled_by_one_before_it() -> None:
    filled: dict[str, str] = {}
    for row in TABLE:
        for section in row.fills:
            assert section not in filled, f"{section} is filled by two stages"
            filled[section] = row.name
    from ai_video_editor.stages import ancestors

    for row in TABLE:
        before = {name for earlier in row.after for name in ancestors(earlier)}
        for section in row.reads:
            assert filled[section] in before | {row.name}, f"{row.key} reads {section} too early"
