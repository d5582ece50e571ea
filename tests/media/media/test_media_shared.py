"""The development media are read as their manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import InputError
from ai_video_editor.media.audio import extract
from ai_video_editor.media.frames import FramePass
from ai_video_editor.media.probe import probe

# name -> length, size as shown, rate, variable, sound channels
MANIFEST: dict[str, tuple[float, tuple[int, int] | None, str, bool, int]] = {
    "speech_outdoor_20s.mp4": (20.27, (1280, 720), "30/1", False, 2),
    "promo_cuts_faces_35s.mp4": (35.1, (320, 180), "30000/1001", False, 2),
    "head_vfr_6s.mp4": (6.13, (700, 700), "30/1", True, 2),
    "bilingual_tts_10s.mp4": (10.26, (1920, 1080), "24000/1001", False, 2),
    "vfr_10s.mp4": (9.97, (1280, 544), "24000/1001", True, 0),
    "rotated_10s.mp4": (10.01, (544, 1280), "24000/1001", False, 2),
    "odd_no_duration.webm": (4.9, (1280, 720), "15000/1001", False, 2),
    "odd_delayed_start.mp4": (0.96, (480, 320), "25/1", False, 0),
    "odd_10bit_hevc.mp4": (1.0, (200, 200), "30/1", False, 0),
    "odd_attached_png.mp4": (2.02, (640, 360), "30/1", False, 2),
    "odd_subtitle_track.mp4": (2.0, (300, 200), "20/1", False, 2),
    "broll_island_35s.mp4": (34.91, (600, 338), "24000/1001", False, 0),
    "odd_attached_pic.mp3": (1.02, None, "", False, 2),
    "phone_two_voices_30s.wav": (30.0, None, "", False, 1),
    "jfk_11s.flac": (11.0, None, "", False, 2),
}


def probed(path: Path) -> VideoFile:
    return probe(path, "0" * 64)


@pytest.mark.shared_media
@pytest.mark.parametrize("name", MANIFEST)
def test_a_real_file_is_read_as_the_manifest_says(shared_media: Path, name: str) -> None:
    length, size, rate, variable, channels = MANIFEST[name]
    file = probed(shared_media / name)
    assert float(file.duration) == pytest.approx(length, abs=0.05)
    assert (file.audio[0].channels if file.audio else 0) == channels
    if size is None:
        assert file.video is None
        return
    assert file.video is not None
    assert (file.video.width, file.video.height) == size
    assert (file.video.frame_rate, file.video.variable_frame_rate) == (rate, variable)


@pytest.mark.shared_media
def test_the_frames_of_a_real_variable_rate_file_are_all_there(shared_media: Path) -> None:
    path = shared_media / "vfr_10s.mp4"
    file = probed(path)
    assert file.video is not None
    times = [frame.time for frame in FramePass(file, path, height=32).frames()]
    assert len(times) == file.video.frames == 160
    assert times == sorted(times)


@pytest.mark.shared_media
def test_sound_that_fails_near_its_end_is_as_long_as_the_film(
    shared_media: Path, tmp_path: Path
) -> None:
    path = shared_media / "odd_failing_audio.mp4"
    file = probed(path)
    assert float(extract(file, path, tmp_path / "sound.wav")) == pytest.approx(11.23, abs=0.01)


@pytest.mark.shared_media
def test_a_picture_of_one_pixel_is_refused_though_its_name_starts_with_a_dash(
    shared_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-dash-.mp4").write_bytes((shared_media / "odd_1x1_-dash-.mp4").read_bytes())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"-dash-\.mp4 has a picture of 1x1 pixels; at least"):
        probed(Path("-dash-.mp4"))
