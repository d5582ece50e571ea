"""Files that are whole or not there."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_video_editor.files import PARTIAL, whole_file


@pytest.fixture
def usual_rights() -> Iterator[int]:
    """What a user of one of the common systems has."""
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_files_written_side_by_side_have_the_users_rights(
    tmp_path: Path, usual_rights: int
) -> None:
    def write(name: int) -> None:
        for number in range(200):
            with whole_file(tmp_path / f"{name}-{number}.json") as partial:
                partial.write_text("{}")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = list(tmp_path.iterdir())
    assert len(made) == 1200
    assert {stat.S_IMODE(one.stat().st_mode) for one in made} == {0o666 & ~usual_rights}
    assert os.umask(usual_rights) == usual_rights, "the process's own rights were changed"


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.write_text("before")
    with pytest.raises(ValueError, match="no"), whole_file(target) as partial:
        assert partial.name.startswith(PARTIAL) and partial.suffix == ".json"
        partial.write_text("half")
        raise ValueError("no")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]
