"""A project folder appears whole or not at all, and a user's own files in it stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.context.outputs import NamedFile
from ai_video_editor.delivery.publish import publish, published, put_documents
from ai_video_editor.errors import ContextIntegrityError, EditorError
from ai_video_editor.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output" / "talk-1"


def named(store: Store, tmp_path: Path, name: str, content: bytes) -> NamedFile:
    path = tmp_path / f"made{Path(name).suffix}"
    path.write_bytes(content)
    return NamedFile(path=name, content=store.put_media(path))


def everything(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_files_and_documents_are_put_in_place(store: Store, folder: Path, tmp_path: Path) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    picture = named(store, tmp_path, "thumbnails/emotional.jpg", b"jpg")
    assert publish(store, folder, [film, picture], {"report.html": "<p>"}) is False
    assert (folder / "video.mp4").read_bytes() == b"film"
    assert everything(folder) == {
        "video.mp4", "thumbnails/emotional.jpg", "report.html", ".files.json",
    }  # fmt: skip
    assert published(folder)["video.mp4"] == film.content.sha256
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


def test_a_run_with_other_results_replaces_ours_and_says_so(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    old = [named(store, tmp_path, n, n.encode()) for n in ("video.mp4", "timeline.edl")]
    publish(store, folder, old, {})
    (folder / "notes.txt").write_text("mine")
    new = named(store, tmp_path, "video.mp4", b"another film")
    assert publish(store, folder, [new], {}) is True
    assert (folder / "video.mp4").read_bytes() == b"another film"
    assert everything(folder) == {"video.mp4", "notes.txt", ".files.json"}


def test_the_same_result_again_is_no_replacement(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {"report.html": "monday"})
    assert publish(store, folder, [film], {"report.html": "tuesday"}) is False
    assert (folder / "report.html").read_text() == "tuesday"


def test_an_altered_file_in_the_store_leaves_the_folder_as_it_was(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    store.media_path(film.content).write_bytes(b"flim")
    with pytest.raises(ContextIntegrityError, match=r"video\.mp4 is missing .* or was altered"):
        publish(store, folder, [film], {})
    assert (folder / "video.mp4").read_bytes() == b"film"
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


def test_a_run_stopped_between_two_renames_is_made_good(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / "notes.txt").write_text("mine")
    folder.rename(folder.parent / ".talk-1-old")
    (folder.parent / ".talk-1-new-abc").mkdir()
    publish(store, folder, [film], {})
    assert everything(folder) == {"video.mp4", "notes.txt", ".files.json"}
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


def test_a_file_in_the_folders_place_is_not_overwritten(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    folder.parent.mkdir()
    folder.write_text("precious")
    with pytest.raises(EditorError, match="is a file"):
        publish(store, folder, [named(store, tmp_path, "video.mp4", b"film")], {})
    assert folder.read_text() == "precious"


def test_an_edited_plan_is_never_lost(store: Store, folder: Path, tmp_path: Path) -> None:
    first = named(store, tmp_path, "plan.json", b'{"kept": [1]}')
    publish(store, folder, [first], {})
    (folder / "plan.json").write_text('{"kept": [2]}')
    publish(store, folder, [first], {})
    assert (folder / "plan.json").read_text() == '{"kept": [1]}'
    assert (folder / "plan.edited.json").read_text() == '{"kept": [2]}'

    (folder / "plan.json").write_text('{ "kept":[1] }')  # says the same: nothing to keep
    publish(store, folder, [first], {})
    assert not (folder / "plan.edited-2.json").exists()


def test_a_review_keeps_the_edited_plan_of_the_one_before(folder: Path) -> None:
    assert put_documents(folder, {"plan.json": '{"kept": [1]}'}, editable=("plan.json",)) == []
    (folder / "plan.json").write_text('{"kept": [2]}')
    spared = put_documents(folder, {"plan.json": '{"kept": [3]}'}, editable=("plan.json",))
    assert spared == ["plan.edited.json"]
    assert (folder / "plan.edited.json").read_text() == '{"kept": [2]}'
    assert (folder / "plan.json").read_text() == '{"kept": [3]}'


def test_what_a_killed_run_left_half_written_is_not_taken_for_the_users(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / ".partial-x7.json").write_text("{")
    publish(store, folder, [film], {})
    assert everything(folder) == {"video.mp4", ".files.json"}


def test_a_link_in_the_folders_place_is_replaced_and_its_target_left_alone(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine")
    folder.parent.mkdir()
    folder.symlink_to(elsewhere)
    film = named(store, tmp_path, "video.mp4", b"film")
    for _ in range(2):
        publish(store, folder, [film], {})
        assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]
    assert not folder.is_symlink()
    assert everything(elsewhere) == {"mine.txt"}


def test_texts_of_a_stopped_run_are_not_written_through_a_link(
    folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.parent.mkdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(EditorError, match="is a link"):
        put_documents(folder, {"plan.json": "{}"})
    assert everything(elsewhere) == set()


def test_a_link_inside_the_folder_is_not_followed(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    film = named(store, tmp_path, "video.mp4", b"film")
    folder.mkdir(parents=True)
    (folder / "video.mp4").symlink_to(secret)
    (folder / "plan.json").symlink_to(secret)
    put_documents(folder, {"plan.json": "{}"}, editable=("plan.json",))
    publish(store, folder, [film], {"report.html": "<p>"})
    assert secret.read_text() == "secret"
    assert (folder / "video.mp4").read_bytes() == b"film"


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "a//x", ".", "..", ".hidden"])
def test_no_file_can_be_named_outside_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        NamedFile.model_validate(
            {"path": path, "content": {"sha256": "0" * 64, "suffix": ".mp4", "size": 1}}
        )
