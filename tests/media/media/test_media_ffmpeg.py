"""ffmpeg is found, watched, and ended with everything it started."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest

from ai_video_editor.errors import (
    DiskSpaceError,
    MediaError,
    ProcessingTimeoutError,
    UnavailableError,
)
from ai_video_editor.media import ffmpeg, program
from ai_video_editor.media.audio import read_blocks, read_range

ENDLESS = ("-re", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=30")


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program of the test's own that stands for ffmpeg."""
    stand_in = tmp_path / "ffmpeg"
    stand_in.write_text("#!/bin/sh\necho ffmpeg version 9.0\n", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv(program.ENVIRONMENT_VARIABLE, str(stand_in))
    return stand_in


def test_an_ffmpeg_is_found_and_its_version_read() -> None:
    assert Path(ffmpeg.ffmpeg_path()).is_file()
    assert ffmpeg.ffmpeg_version() >= program.OLDEST


def test_the_environment_names_another(chosen: Path) -> None:
    assert ffmpeg.ffmpeg_path() == str(chosen)
    assert ffmpeg.ffmpeg_version() == (9, 0)


def test_a_missing_ffmpeg_is_told_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(program.ENVIRONMENT_VARIABLE, "/nowhere/ffmpeg")
    with pytest.raises(UnavailableError, match=r"/nowhere/ffmpeg, which is no ffmpeg.*unset it"):
        ffmpeg.run(["-version"], timeout=5)


def test_no_ffmpeg_anywhere_is_told_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(program.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    program.located.cache_clear()
    try:
        with pytest.raises(UnavailableError, match="no ffmpeg: install it with `pip install"):
            ffmpeg.ffmpeg_path()
    finally:
        program.located.cache_clear()


def test_an_old_ffmpeg_is_refused(chosen: Path) -> None:
    chosen.write_text("#!/bin/sh\necho ffmpeg version 4.4.2-0ubuntu\n", encoding="utf-8")
    renamed = chosen.rename(chosen.with_name("old"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(program.ENVIRONMENT_VARIABLE, str(renamed))
        with pytest.raises(UnavailableError, match=r"ffmpeg 4\.4, which is too old: version 5\.1"):
            ffmpeg.ffmpeg_path()


def test_progress_is_reported_up_to_the_whole(tmp_path: Path) -> None:
    told: list[tuple[float | None, str]] = []
    arguments = [*ENDLESS, "-t", "2.5", str(tmp_path / "out.mp4")]

    def report(fraction: float | None, doing: str = "") -> None:
        told.append((fraction, doing))

    result = ffmpeg.run(
        arguments, timeout=60, report=report, duration=Fraction(5, 2), doing="encoding"
    )
    shares = [share for share, _ in told if share is not None]
    assert len(shares) >= 2
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert {doing for _, doing in told} == {"encoding"}
    assert result.seconds > 0


def test_a_time_out_ends_it_and_says_so() -> None:
    with pytest.raises(
        ProcessingTimeoutError, match=r"^talk\.mp4: ffmpeg was stopped after 0\.5 s"
    ):
        ffmpeg.run([*ENDLESS, "-f", "null", "-"], timeout=0.5, what="talk.mp4")


def test_a_time_out_ends_its_children_too(chosen: Path, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    ffmpeg.ffmpeg_path()
    chosen.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {mark}\nwait\n", encoding="utf-8")
    with pytest.raises(ProcessingTimeoutError):
        ffmpeg.run([], timeout=1.0)
    grandchild = int(mark.read_text())
    if psutil.pid_exists(grandchild):  # dead, but nobody above has taken note yet
        assert psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE


def test_an_exception_in_whoever_listens_ends_it() -> None:
    def broken(fraction: float | None, doing: str = "") -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ffmpeg.run([*ENDLESS, "-f", "null", "-"], timeout=60, report=broken)


def test_a_failure_says_what_ffmpeg_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(100))
    with pytest.raises(MediaError, match=r"bad\.mp4: ffmpeg failed: .*Invalid data") as caught:
        ffmpeg.run(["-i", f"file:{bad}", "-f", "null", "-"], timeout=30, what="bad.mp4")
    assert "\n" not in str(caught.value)
    assert "[" not in str(caught.value), "ffmpeg's prefixes say nothing to a user"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_called_that() -> None:
    with pytest.raises(DiskSpaceError, match="the disk is full; free some space"):
        ffmpeg.run(
            ["-f", "lavfi", "-i", "sine=duration=20", "-f", "s16le", "file:/dev/full"], timeout=60
        )


def test_a_stream_gives_raw_sound() -> None:
    arguments = ["-f", "lavfi", "-i", "sine=duration=1:sample_rate=8000", "-f", "s16le", "pipe:1"]
    with ffmpeg.stream(arguments, timeout=30) as pipe:
        samples = np.frombuffer(pipe.read(), dtype="<i2")
    assert len(samples) == 8000


def test_a_stream_may_be_left_early() -> None:
    with ffmpeg.stream([*ENDLESS, "-f", "rawvideo", "pipe:1"], timeout=60) as pipe:
        assert len(pipe.read(100)) == 100


def test_a_stream_cut_short_by_a_time_out_is_no_success() -> None:
    with (
        pytest.raises(ProcessingTimeoutError),
        ffmpeg.stream([*ENDLESS, "-f", "rawvideo", "pipe:1"], timeout=1) as pipe,
    ):
        pipe.read()


def test_a_reader_that_stumbles_over_a_failure_hears_its_reason() -> None:
    with (
        pytest.raises(MediaError, match="No such file"),
        ffmpeg.stream(["-i", "file:/nowhere.mp4", "-f", "s16le", "pipe:1"], timeout=30) as pipe,
    ):
        while pipe.read(4096):
            pass
        time.sleep(0.2)
        raise ValueError("a frame is missing")


def test_a_measurement_returns_all_that_the_filters_wrote() -> None:
    text = ffmpeg.measure(
        ["-f", "lavfi", "-i", "sine=duration=3:sample_rate=48000", "-af", "ebur128"], timeout=60
    )
    assert "Integrated loudness" in text
    assert text.count("TARGET") >= 25


def test_several_run_side_by_side() -> None:
    lengths: list[int] = []

    def work() -> None:
        arguments = ["-f", "lavfi", "-i", "sine=duration=1", "-f", "s16le", "pipe:1"]
        with ffmpeg.stream(arguments, timeout=60) as pipe:
            lengths.append(len(pipe.read()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == [88200] * 4


def test_a_system_ffmpeg_serves_where_there_is_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = ffmpeg.ffmpeg_path()
    (tmp_path / "ffmpeg").symlink_to(real)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    program.located.cache_clear()
    try:
        assert ffmpeg.ffmpeg_path() == shutil.which("ffmpeg") == str(tmp_path / "ffmpeg")
    finally:
        program.located.cache_clear()


def test_a_wav_is_read_in_blocks_and_in_ranges(tmp_path: Path) -> None:
    wav = tmp_path / "tone.wav"
    ffmpeg.run(["-f", "lavfi", "-i", "sine=duration=1:sample_rate=16000", str(wav)], timeout=30)
    blocks = list(read_blocks(wav, 0.3))
    assert [len(block) for block in blocks] == [4800, 4800, 4800, 1600]
    whole = np.concatenate(blocks)
    assert whole.dtype == np.float32
    part = read_range(wav, Fraction(1, 4), Fraction(1, 2))
    assert np.array_equal(part, whole[4000:8000])
    assert len(read_range(wav, Fraction(2), Fraction(3))) == 0
    (tmp_path / "no.wav").write_bytes(b"no wav")
    with pytest.raises(MediaError, match=r"no\.wav is no WAV file"):
        read_range(tmp_path / "no.wav", Fraction(0), Fraction(1))
