"""A store that machines share: what one has made, the other takes, and only if it is that."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import ContextIntegrityError, InputError, StorageError
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.shared_store import FsspecStore
from ai_video_editor.store import Store


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def here(tmp_path: Path, remote: Path) -> Store:
    return Store(tmp_path / "here", FsspecStore(f"file://{remote}"))


@pytest.fixture
def there(tmp_path: Path, remote: Path) -> Store:
    return Store(tmp_path / "there", FsspecStore(f"file://{remote}"))


def kept(store: Store, tmp_path: Path, content: bytes = b"sound") -> MediaRef:
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    return store.put_media(path)


def test_another_machine_reads_what_this_one_kept(
    here: Store, there: Store, tmp_path: Path
) -> None:
    key = here.put_section("user_preferences", UserPreferences(language="de"))
    ref = kept(here, tmp_path)
    assert there.get_section("user_preferences", key).language == "de"
    assert there.media_path(ref).read_bytes() == b"sound"
    assert there.is_whole({"user_preferences": key})


def test_a_damaged_file_here_is_fetched_again(here: Store, tmp_path: Path) -> None:
    ref = kept(here, tmp_path)
    here.media_path(ref).write_bytes(b"noise")
    assert here.media_is_whole(ref)
    assert here.media_path(ref).read_bytes() == b"sound"


def test_a_tampered_object_is_refused_and_replaced_when_it_is_made_again(
    here: Store, there: Store, remote: Path, tmp_path: Path
) -> None:
    key = here.put_section("user_preferences", UserPreferences(language="de"))
    ref = kept(here, tmp_path)
    for path in (p for p in remote.rglob("*") if p.is_file()):
        path.write_bytes(path.read_bytes()[::-1])  # of the same size
    with pytest.raises(ContextIntegrityError):
        there.get_section("user_preferences", key)
    assert not there.media_is_whole(ref)
    assert not there.media_path(ref).exists(), "nothing of it is left here"
    kept(there, tmp_path)
    assert next(remote.rglob("*.wav")).read_bytes() == b"sound"


def test_a_record_that_was_changed_is_no_record(here: Store, there: Store, remote: Path) -> None:
    here.share_record("talk/probe-1.json", {"processor": "probe", "sections": {}})
    assert there.shared_record("talk/probe-1.json") == {"processor": "probe", "sections": {}}
    path = next((remote / "records").rglob("*.json"))
    path.write_text(path.read_text().replace("probe", "other"))
    assert there.shared_record("talk/probe-1.json") is None
    assert there.shared_record("talk/unknown.json") is None


def test_a_recording_is_fetched_where_a_machine_does_not_hold_it(
    here: Store, there: Store, tmp_path: Path
) -> None:
    clip = tmp_path / "Talk.MP4"
    clip.write_bytes(b"film")
    sha256 = hash_file(clip)
    with pytest.raises(StorageError, match="no longer where it was"):
        there.input_path(sha256)
    here.share_input(sha256, clip)
    assert there.input_path(sha256).read_bytes() == b"film"


def test_a_recording_that_was_replaced_is_fetched_as_it_was(here: Store, tmp_path: Path) -> None:
    clip = tmp_path / "talk.mp4"
    clip.write_bytes(b"film")
    sha256 = hash_file(clip)
    here.remember_input(sha256, clip)
    here.share_input(sha256, clip)
    clip.write_bytes(b"another film")
    assert here.input_path(sha256) != clip
    assert here.input_path(sha256).read_bytes() == b"film"


def test_without_a_shared_store_nothing_leaves_the_work_folder(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    store.share_record("talk/probe-1.json", {})
    assert store.shared_record("talk/probe-1.json") is None
    assert not store.media_is_whole(MediaRef(sha256="0" * 64, suffix=".wav", size=1))


def test_a_store_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store(tmp_path / "home", FsspecStore(f"file://{tmp_path}/file"))
    with pytest.raises(StorageError, match=r"shared store file://.*/file cannot be used"):
        kept(store, tmp_path)
    with pytest.raises(InputError, match=r"\[cluster\]"):
        FsspecStore("nosuch://place")


def test_a_key_in_the_address_is_refused() -> None:
    with pytest.raises(InputError, match="AI_VIDEO_EDITOR_SHARED_STORE") as caught:
        load_settings(environment={"AI_VIDEO_EDITOR_SHARED_STORE": "s3://key:secret@bucket/films"})
    assert "secret" not in str(caught.value)
