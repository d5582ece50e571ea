from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from ai_video_editor.media.probe import probe
from ai_video_editor.media.timecode import start_timecode
from tests.film_studio import ffmpeg


def clip(target: Path, rate: str, *options: str) -> Path:
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=160x90:rate={rate}:duration=0.5",
           "-c:v", "libx264", "-pix_fmt", "yuv420p", *options, target)  # fmt: skip
    return target


def test_the_time_code_track_of_a_recording_is_read(tmp_path: Path) -> None:
    path = clip(tmp_path / "df.mov", "30000/1001", "-timecode", "00:59:59;28")
    code = start_timecode(probe(path, "0" * 64), path)
    assert code is not None and code.drop
    assert code.seconds == Fraction(107890 * 1001, 30000)
    path = clip(tmp_path / "tc.mov", "25", "-timecode", "01:00:00:00")
    code = start_timecode(probe(path, "0" * 64), path)
    assert code is not None and not code.drop and code.seconds == 3600


def test_most_recordings_have_none(tmp_path: Path) -> None:
    path = clip(tmp_path / "plain.mp4", "25")
    assert start_timecode(probe(path, "0" * 64), path) is None
    path = clip(tmp_path / "odd.mkv", "25", "-metadata", "timecode=whenever")
    assert start_timecode(probe(path, "0" * 64), path) is None
