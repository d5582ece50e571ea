"""A project folder appears whole or not at all, and a user's own files in it stay."""

from __future__ import annotations

import os
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


def test_links_and_empty_folders_of_the_user_stay(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine")
    film = named(store, tmp_path, "video.mp4", b"film")
    picture = named(store, tmp_path, "thumbnails/emotional.jpg", b"jpg")
    publish(store, folder, [film, picture], {})
    (folder / "footage").symlink_to(elsewhere)
    (folder / "gone").symlink_to(tmp_path / "nowhere")
    (folder / "ideas" / "later").mkdir(parents=True)
    (folder / "thumbnails" / "mine.jpg").write_text("mine")
    (folder / "thumbnails" / "drafts").mkdir()
    for files in ([film, picture], [film]):  # the second run makes no thumbnails
        publish(store, folder, files, {})
        assert (folder / "footage").readlink() == elsewhere
        assert (folder / "gone").is_symlink()
        assert (folder / "ideas" / "later").is_dir()
        assert (folder / "thumbnails" / "mine.jpg").read_text() == "mine"
        assert (folder / "thumbnails" / "drafts").is_dir()
    assert not (folder / "thumbnails" / "emotional.jpg").exists()
    assert everything(elsewhere) == {"mine.txt"}
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


def test_a_folder_of_ours_that_is_no_longer_made_goes(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film, named(store, tmp_path, "thumbnails/a.jpg", b"jpg")], {})
    publish(store, folder, [film], {})
    assert not (folder / "thumbnails").exists()


def test_a_file_that_grows_while_a_run_publishes_is_whole(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    with (folder / "recording.log").open("w") as log:
        log.write("before")
        log.flush()
        publish(store, folder, [film], {})
        log.write(" and after")
    assert (folder / "recording.log").read_text() == "before and after"


def test_what_is_saved_at_the_last_moment_is_kept(
    store: Store, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / "notes.txt").write_text("first")
    rename = os.replace

    def saved_before(source: Path, target: Path) -> None:
        if Path(source) == folder:
            (folder / "notes.txt").write_text("second")
            (folder / "late.txt").write_text("late")
        rename(source, target)
        if Path(target) == folder:  # by a program that writes to the path, not to the open file
            (folder / "notes.txt").write_text("third")

    monkeypatch.setattr("os.replace", saved_before)
    publish(store, folder, [film], {})
    assert (folder / "late.txt").read_text() == "late"
    assert (folder / "notes.txt").read_text() == "third"
    assert (folder / "notes.edited.txt").read_text() == "second"


def test_a_stopped_run_after_one_killed_between_two_renames_brings_the_folder_back(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / "notes.txt").write_text("mine")
    folder.rename(folder.parent / ".talk-1-old")
    put_documents(folder, {"report.html": "<p>"})
    assert everything(folder) == {"video.mp4", "notes.txt", "report.html", ".files.json"}
    publish(store, folder, [film], {})
    assert everything(folder) == {"video.mp4", "notes.txt", ".files.json"}
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


@pytest.mark.parametrize("by", ["publish", "put_documents"])
def test_a_run_killed_after_both_renames_is_made_good(
    store: Store, folder: Path, tmp_path: Path, by: str
) -> None:
    picture = named(store, tmp_path, "thumbnails/a.jpg", b"jpg")
    publish(store, folder, [picture, named(store, tmp_path, "old.mp4", b"old")], {})
    (folder / "notes.txt").write_text("mine")
    (folder / "thumbnails" / "mine.jpg").write_text("mine")
    old = folder.parent / ".talk-1-old"
    folder.rename(old)
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, tmp_path / "other", [film, picture], {})
    (tmp_path / "other").rename(folder)
    (folder / "notes.txt").write_text("mine too")
    if by == "publish":
        publish(store, folder, [film, picture], {})
    else:
        put_documents(folder, {})
    assert everything(folder) == {
        "video.mp4", "thumbnails/a.jpg", "thumbnails/mine.jpg",
        "notes.txt", "notes.edited.txt", ".files.json",
    }  # fmt: skip
    assert (folder / "notes.txt").read_text() == "mine too"
    assert not old.exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_swap_that_fails_half_way_leaves_the_folder_as_it_was(
    store: Store,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / "notes.txt").write_text("mine")
    rename = os.replace

    def failing(source: Path, target: Path) -> None:
        if Path(source).name.startswith(".talk-1-new-"):
            raise error
        rename(source, target)

    monkeypatch.setattr("os.replace", failing)
    with pytest.raises((EditorError, KeyboardInterrupt)):
        publish(store, folder, [named(store, tmp_path, "video.mp4", b"another")], {})
    assert everything(folder) == {"video.mp4", "notes.txt", ".files.json"}
    assert (folder / "video.mp4").read_bytes() == b"film"
    assert [path.name for path in folder.parent.iterdir()] == ["talk-1"]


def test_a_folder_of_the_user_with_the_name_of_a_file_of_ours_is_kept(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    (folder / "video.mp4").mkdir(parents=True)
    (folder / "video.mp4" / "mine.txt").write_text("mine")
    (folder / "thumbnails").write_text("mine")
    film = named(store, tmp_path, "video.mp4", b"film")
    picture = named(store, tmp_path, "thumbnails/a.jpg", b"jpg")
    publish(store, folder, [film, picture], {})
    assert everything(folder) == {
        "video.mp4", "video.edited.mp4/mine.txt",
        "thumbnails/a.jpg", "thumbnails.edited", ".files.json",
    }  # fmt: skip


def test_a_folder_that_the_user_closed_stays_and_stays_closed(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    closed = folder / "closed"
    closed.mkdir()
    (closed / "mine.txt").write_text("mine")
    closed.chmod(0o555)
    publish(store, folder, [film], {})
    assert closed.stat().st_mode & 0o777 == 0o555
    closed.chmod(0o755)
    assert (closed / "mine.txt").read_text() == "mine"


def test_a_list_of_files_that_was_tampered_with_removes_nothing_elsewhere(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("mine")
    folder.mkdir(parents=True)
    (folder / "footage").symlink_to(elsewhere)
    (folder / ".files.json").write_text(
        '{"../../elsewhere/mine.txt": "run", "footage/mine.txt": "run"}'
    )
    publish(store, folder, [named(store, tmp_path, "video.mp4", b"film")], {})
    assert everything(elsewhere) == {"mine.txt"}
    assert (folder / "footage").readlink() == elsewhere


def test_a_link_in_the_folders_place_gets_nothing_of_an_interrupted_run(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    film = named(store, tmp_path, "video.mp4", b"film")
    publish(store, folder, [film], {})
    (folder / "notes.txt").write_text("mine")
    folder.rename(folder.parent / ".talk-1-old")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    publish(store, folder, [film], {})
    assert everything(elsewhere) == set()
    assert everything(folder) == {"video.mp4", "notes.txt", ".files.json"}


def test_what_another_project_left_is_not_taken_for_rubbish(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    other = folder.parent / ".talk-1-new-york-old"
    other.mkdir(parents=True)
    (other / "notes.txt").write_text("mine")
    publish(store, folder, [named(store, tmp_path, "video.mp4", b"film")], {})
    assert everything(other) == {"notes.txt"}


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/x", "a//x", ".", "..", ".hidden"])
def test_no_file_can_be_named_outside_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        NamedFile.model_validate(
            {"path": path, "content": {"sha256": "0" * 64, "suffix": ".mp4", "size": 1}}
        )
