"""What a killed run leaves half-made goes with the next run, unless somebody works there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ai_video_editor.files import PARTIAL, whole_file
from ai_video_editor.operations.housekeeping import remove_half_made
from ai_video_editor.operations.locks import in_use
from ai_video_editor.store import Store

KILLED_AT_WORK = """
import os, signal, sys
from pathlib import Path
from ai_video_editor.operations.locks import working_on
from ai_video_editor.files import whole_file
from ai_video_editor.store import Store
store = Store(Path(sys.argv[1]))
with working_on(store, "talk-1"), store.scratch_folder() as scratch:
    (scratch / "frames.raw").write_bytes(bytes(1000))
    with whole_file(store.root / "media" / "ab" / "film.mp4"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def half_made(store: Store) -> list[Path]:
    return [*store.scratch.iterdir(), *store.home.rglob(f"{PARTIAL}*")]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    subprocess.run([sys.executable, "-c", KILLED_AT_WORK, str(tmp_path)], check=False)
    with whole_file(store.root / "media" / "ab" / "whole.mp4") as partial:
        partial.write_bytes(b"film")
    assert len(half_made(store)) == 2
    remove_half_made(store)
    assert half_made(store) == []
    assert (store.root / "media" / "ab" / "whole.mp4").read_bytes() == b"film"


def test_nothing_is_removed_under_the_feet_of_another_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with in_use(store), store.scratch_folder() as scratch:
        remove_half_made(store)
        assert scratch.is_dir()
    remove_half_made(store)
    assert half_made(store) == []


def test_a_work_folder_that_is_new_needs_no_tidying(tmp_path: Path) -> None:
    remove_half_made(Store(tmp_path / "new"))
