"""What a watched folder takes, when, and how often."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ai_video_editor.errors import EditorError, InputError, TooBusyError
from ai_video_editor.operations.folder_scan import (
    FolderScan,
    Order,
    Placed,
    Row,
    RunState,
)
from ai_video_editor.operations.watched_folder import WatchedFolder, load_folders
from tests.flows.clips import talk

KNOWN = ("videos", "output", "work_dir", "pace", "quality", "transcript", "music", "max_cost")


@dataclass
class Desk:
    """Takes orders as the server does: a key is one run, whoever asks."""

    runs: dict[str, Order] = field(default_factory=dict)
    states: dict[str, RunState] = field(default_factory=dict)
    refuse: str = ""
    busy: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def place(self, order: Order) -> Placed:
        if self.busy:
            raise TooBusyError("too busy")
        if self.refuse and self.refuse in order.name:
            raise EditorError(f"{order.name} was refused: no")
        with self.lock:
            self.runs.setdefault(order.key, order)
        return Placed(order.key, self.states.get(order.key, "queued"))

    def standing(self, runs: Sequence[str]) -> Mapping[str, Placed]:
        return {
            run: Placed(run, self.states.get(run, "queued"), f"{run} broke")
            for run in runs
            if run in self.runs
        }

    @property
    def names(self) -> list[str]:
        return sorted(order.name for order in self.runs.values())


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return talk(tmp_path_factory.mktemp("clip") / "a.mp4", seconds=1, size="64x36").read_bytes()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(path: Path, content: bytes, *, unlike: int = 0) -> Path:
    """A recording; another `unlike` makes it another content that opens as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content + bytes(4) + (8 + unlike).to_bytes(4, "big") if unlike else content)
    return path


def looked_at(folder: Path) -> dict[Path, tuple[int, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def scan(inbox: Path, **settings: object) -> FolderScan:
    folder = WatchedFolder.model_validate({"path": inbox, "still_seconds": 10, **settings})
    return FolderScan(folder, inbox.parent / "memory.json", KNOWN, [])


def rows(of: FolderScan) -> dict[str, Row]:
    return {row.file: row for row in of.rows()}


def test_a_file_is_taken_when_it_has_been_still_and_opens(inbox: Path, clip: bytes) -> None:
    desk = Desk()
    part = put(inbox / "talk.mp4", clip[: len(clip) // 2])
    assert scan(inbox).look(desk, 100.0) == 110.0
    part.write_bytes(clip[: len(clip) // 2 + 1000])  # it grows
    assert scan(inbox).look(desk, 112.0) == 122.0
    assert not desk.runs
    scan(inbox).look(desk, 123.0)  # still, and not whole
    assert not desk.runs
    assert rows(scan(inbox))["talk.mp4"].state == "refused"
    part.write_bytes(clip)
    scan(inbox).look(desk, 124.0)
    scan(inbox).look(desk, 135.0)
    assert desk.names == ["talk.mp4"]


def test_overlapping_looks_and_restarts_start_each_content_once(inbox: Path, clip: bytes) -> None:
    desk = Desk()
    for number in range(4):
        put(inbox / "deep" / str(number) / "talk.mp4", clip, unlike=number + 1)
    scan(inbox).look(desk, 0.0)
    for restart in range(10):
        looks = [
            threading.Thread(target=scan(inbox).look, args=(desk, 20.0 + restart)) for _ in range(5)
        ]
        for look in looks:
            look.start()
        for look in looks:
            look.join()
        if restart == 4:
            (inbox.parent / "memory.json").unlink()  # all is forgotten
        if restart == 6:
            os.rename(inbox / "deep" / "1" / "talk.mp4", inbox / "renamed.mp4")
    scan(inbox).look(desk, 100.0)
    scan(inbox).look(desk, 120.0)
    assert len(desk.runs) == 4
    assert rows(scan(inbox))["renamed.mp4"].state == "queued"


def test_hundreds_stand_in_line_and_all_are_taken(inbox: Path, clip: bytes) -> None:
    desk = Desk()
    for number in range(30):
        put(inbox / f"{number:02}.mp4", clip, unlike=number + 1)
    scan(inbox, queued=4).look(desk, 0.0)
    for moment in range(20, 100):
        looking = scan(inbox, queued=4)
        assert looking.look(desk, float(moment)) is None, "nothing else becomes still"
        waiting = [key for key in desk.runs if desk.states.get(key) is None]
        assert len(waiting) <= 4
        states = {row.state for row in looking.rows()}
        assert states <= {"queued", "in line", "done"}
        if len(desk.runs) < 30:
            assert "in line" in states
        desk.states.update({key: "done" for key in waiting[:2]})
    assert len(desk.runs) == 30
    assert {row.state for row in scan(inbox).rows()} == {"done"}


def test_a_server_that_is_too_busy_is_asked_again_in_the_next_look(
    inbox: Path, clip: bytes
) -> None:
    desk = Desk(busy=True)
    put(inbox / "a.mp4", clip, unlike=1)
    put(inbox / "b.mp4", clip, unlike=2)
    scan(inbox).look(desk, 0.0)
    scan(inbox).look(desk, 20.0)
    assert {row.state for row in scan(inbox).rows()} == {"in line"}
    desk.busy = False
    scan(inbox).look(desk, 21.0)
    assert desk.names == ["a.mp4", "b.mp4"]


def test_a_failed_recording_is_tried_again_a_bounded_number_of_times(
    inbox: Path, clip: bytes
) -> None:
    desk = Desk()
    put(inbox / "bad.mp4", clip)
    put(inbox / "good.mp4", clip, unlike=1)
    for moment in range(0, 200, 20):
        scan(inbox, attempts=3).look(desk, float(moment))
        for key, order in desk.runs.items():
            desk.states[key] = "failed" if order.name == "bad.mp4" else "done"
    assert desk.names == ["bad.mp4"] * 3 + ["good.mp4"]
    first = scan(inbox, attempts=3).rows()[0]
    assert (first.file, first.state, first.attempt) == ("bad.mp4", "failed", 3)
    assert "broke" in first.why
    for key in desk.states:  # somebody pressed Retry, and it went well
        desk.states[key] = "done"
    scan(inbox, attempts=3).look(desk, 300.0)
    assert rows(scan(inbox))["bad.mp4"].state == "done"


def test_what_is_refused_does_not_hold_up_the_others(inbox: Path, clip: bytes) -> None:
    desk = Desk(refuse="a.mp4")
    put(inbox / "a.mp4", clip)
    put(inbox / "b.mp4", clip, unlike=1)
    put(inbox / "c.mp4", b"this is no film")
    put(inbox / "d.mp4", clip, unlike=2).with_suffix(".toml").write_text("output = '/etc'")
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    assert desk.names == ["b.mp4"]
    why = {name: row.why for name, row in rows(scan(inbox)).items()}
    assert "was refused" in why["a.mp4"] and "not a video" in why["c.mp4"]
    assert "'output' cannot be set here" in why["d.mp4"]


def test_links_outputs_hidden_and_ignored_files_are_left_alone(
    inbox: Path, clip: bytes, tmp_path: Path
) -> None:
    desk = Desk()
    outside = put(tmp_path / "elsewhere" / "secret.mp4", clip)
    (inbox / "link.mp4").symlink_to(outside)
    (inbox / "tree").symlink_to(outside.parent)
    for name in ("edited/x/video.mp4", ".partial-1.mp4", "raw/a.mp4", "b.draft.mp4", "notes.txt"):
        put(inbox / name, clip)
    taken = put(inbox / "day one" / "talk.MP4", clip, unlike=1)
    before = looked_at(inbox)
    for moment in (0.0, 20.0):
        scan(inbox, ignore=["raw/", "*.draft.*"]).look(desk, moment)
    assert desk.names == ["day one/talk.MP4"]
    order = next(iter(desk.runs.values()))
    assert order.parameters["output"] == str(taken.parent / "edited")
    assert looked_at(inbox) == before


def test_settings_beside_a_recording_stand_over_the_folders(inbox: Path, clip: bytes) -> None:
    desk = Desk()
    recording = put(inbox / "a" / "talk.mp4", clip)
    recording.with_suffix(".toml").write_text('pace = "tight"\ntranscript = "talk.srt"\n')
    recording.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    for moment in (0.0, 20.0):
        scan(
            inbox, settings={"pace": "gentle", "quality": "low"}, output=inbox.parent / "out"
        ).look(desk, moment)
    order = next(iter(desk.runs.values()))
    assert order.parameters == {
        "videos": [str(recording)],
        "output": str(inbox.parent / "out" / "a"),
        "pace": "tight",
        "quality": "low",
        "transcript": str(recording.with_suffix(".srt")),
    }


@pytest.mark.parametrize(
    "text", ['transcript = "/etc/hostname"', 'music = "../../x.mp3"', "max_cost = 99", "pace = ["]
)
def test_settings_beside_a_recording_reach_nothing_outside(
    inbox: Path, clip: bytes, text: str
) -> None:
    desk = Desk()
    put(inbox / "talk.mp4", clip).with_suffix(".toml").write_text(text)
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    assert not desk.runs
    assert rows(scan(inbox))["talk.mp4"].state == "refused"


def test_a_run_that_nobody_knows_any_more_is_ordered_again_unless_it_was_done(
    inbox: Path, clip: bytes
) -> None:
    desk = Desk()
    put(inbox / "a.mp4", clip)
    put(inbox / "b.mp4", clip, unlike=1)
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    desk.states = {key: "done" for key, order in desk.runs.items() if order.name == "a.mp4"}
    scan(inbox).look(desk, 40.0)
    fresh = Desk()  # the server's database was lost
    scan(inbox).look(fresh, 60.0)
    assert fresh.names == ["b.mp4"]


def test_the_list_of_folders_is_read_with_paths_from_where_it_lies(tmp_path: Path) -> None:
    file = tmp_path / "watch-folders.toml"
    file.write_text(
        '[[folder]]\npath = "in"\noutput = "out"\n[folder.settings]\ntranscript = "t.srt"\n'
        '[[folder]]\npath = "/srv/clips"\nsettings = {pace = "tight"}\n'
    )
    first, second = load_folders(file, KNOWN)
    assert (first.path, first.output) == (tmp_path.resolve() / "in", tmp_path / "out")
    assert first.settings["transcript"] == str(tmp_path / "t.srt")
    assert second.output_of(Path("/srv/clips/a/b.mp4")) == Path("/srv/clips/a/edited")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[folder]]\npath = 'a'\nsettings = {speed = 2}", "'speed' cannot be set here"),
        ("[[folder]]\npath = 'a'\nstill = 2", "still"),
        ("[[folder]]\npath = 'a'\n[[folder]]\npath = 'a'", "twice"),
        ("folders = 1", "[[folder]]"),
        ("= 1", "cannot be read"),
    ],
)
def test_a_faulty_list_of_folders_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "watch-folders.toml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_folders(file, KNOWN)
    assert told in caught.value.message and str(file) in caught.value.message


def test_the_example_can_be_used_as_it_is() -> None:
    example = Path(__file__).resolve().parents[3] / "deployments" / "watch-folders.toml"
    (folder,) = load_folders(example, KNOWN)
    assert folder.label == "talks"


@pytest.mark.parametrize(
    "name",
    [
        "Screen Recording 2024-05-01 at 10.00.00\u202fAM.mp4",
        "会議\u3000録画.mp4",
        "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL} at home.mp4",
        f"{'x' * 251}.mp4",  # 255 bytes: settings beside it would have a name too long to be there
    ],
    ids=["screen", "japanese", "emoji", "long"],
)
def test_a_name_that_the_system_gives_is_taken(inbox: Path, clip: bytes, name: str) -> None:
    desk = Desk()
    recording = put(inbox / name, clip)
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    assert [order.parameters["videos"] for order in desk.runs.values()] == [[str(recording)]]
    assert rows(scan(inbox))[name].state == "queued"


@pytest.mark.parametrize("name", [b"a\xff.mp4", b"a\nb.mp4", b"a\xc2\x85.mp4"])
def test_a_name_that_cannot_be_written_holds_up_nobody(
    inbox: Path, clip: bytes, name: bytes
) -> None:
    desk = Desk()
    put(inbox / os.fsdecode(name), clip)
    put(inbox / "good.mp4", clip, unlike=1)
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    assert desk.names == ["good.mp4"]
    assert "Rename" in scan(inbox).rows()[0].why


def test_what_the_system_refuses_holds_up_nobody_and_is_tried_again(
    inbox: Path, clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    put(inbox / "closed" / "a.mp4", clip)
    put(inbox / "good.mp4", clip, unlike=1)
    real = Path.stat

    def stat(path: Path, **how: bool) -> os.stat_result:
        if path.parent.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **how)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", stat)
        for moment in (0.0, 10.0, 20.0, 29.0):
            scan(inbox).look(desk, moment)
        assert desk.names == ["good.mp4"]
        row = rows(scan(inbox))["closed/a.mp4"]
        assert (row.state, row.why) == (
            "refused", f"{inbox}/closed/a.mp4 cannot be read: Permission denied."
        )  # fmt: skip
        memory = json.loads((inbox.parent / "memory.json").read_text())
        assert memory["closed/a.mp4"]["refusals"] == 1, "it is not blamed at every look"
    for moment in (30.0, 50.0):  # somebody opened the folder
        scan(inbox).look(desk, moment)
    assert desk.names == ["closed/a.mp4", "good.mp4"]
    with monkeypatch.context() as patch:  # what is ordered stays ordered
        patch.setattr(Path, "stat", stat)
        scan(inbox).look(desk, 60.0)
    assert rows(scan(inbox))["closed/a.mp4"].why == ""


@pytest.mark.parametrize(
    "text",
    ['music = "~nobody-of-that-name/a.mp3"', 'music = "a\\u0000b"', "pace = " + "[" * 5000],
    ids=["home", "zero", "deep"],
)
def test_settings_that_no_system_can_follow_hold_up_nobody(
    inbox: Path, clip: bytes, text: str
) -> None:
    desk = Desk()
    put(inbox / "a.mp4", clip).with_suffix(".toml").write_text(text)
    put(inbox / "b.mp4", clip, unlike=1)
    for moment in (0.0, 20.0):
        scan(inbox).look(desk, moment)
    assert desk.names == ["b.mp4"]
    assert rows(scan(inbox))["a.mp4"].state == "refused"
