"""What surrounds the film gives way: the disk fills, ffmpeg is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ai_video_editor.composition.disk_room import disk_room, room_needed
from ai_video_editor.errors import DiskSpaceError, MediaError
from ai_video_editor.media.ffmpeg import run
from tests.film_studio import Studio, counter

MB = 1_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    if os.getuid() != 0:
        pytest.skip("a disk of its own can only be mounted as root")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
        check=False, capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("tmpfs cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_film_that_cannot_fit_is_refused_before_any_work(small_disk: Path) -> None:
    with pytest.raises(DiskSpaceError) as caught, disk_room(small_disk, 20 * MB):
        pytest.fail("the work was begun")
    message = str(caught.value)
    assert "about 20 MB (20000000 bytes) are needed and 6 MB" in message
    assert "run the same command again." in message


def test_a_disk_that_fills_on_the_way_leaves_nothing_and_the_next_try_works(
    small_disk: Path, tmp_path: Path
) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=20)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2 * MB))
    (tmp_path / "other").mkdir()
    plan = Studio(tmp_path / "other").render([clip], [(0, 0.0, 0.2)])
    words = r"needed and 4 MB .* run the same command again"
    with pytest.raises(DiskSpaceError, match=words), disk_room(small_disk, 0):
        Studio(small_disk).render([clip], [(0, 0.0, 19.0)])
    left = [path for path in small_disk.rglob("*") if path.is_file()]
    assert left == [ballast], "nothing half-written stays"
    ballast.unlink()
    (small_disk / "store").rmdir()
    with disk_room(small_disk, room_needed(plan.plan, plan.metadata)):
        rendered = Studio(small_disk).render([clip], [(0, 0.0, 3.0)])
    assert rendered.composed.frames == 75


def test_an_ffmpeg_that_is_killed_in_the_middle_is_named(tmp_path: Path) -> None:
    def kill() -> None:
        for _ in range(200):
            for child in psutil.Process().children(recursive=True):
                if "-re" in child.cmdline() and "ffmpeg" in child.name():
                    time.sleep(0.3)
                    child.send_signal(signal.SIGKILL)
                    return
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(MediaError, match=r"talk\.mp4: ffmpeg was killed .* run the same command"):
        run(
            ["-re", "-f", "lavfi", "-i", "testsrc2=duration=60", "-f", "null", "-"],
            timeout=60, what="talk.mp4",
        )  # fmt: skip
    killer.join()
