"""The analyser on films with known truth."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.video import VideoAnalysis, VisualHighlight
from ai_video_editor.errors import UnavailableError
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import VideoSettings
from ai_video_editor.video.analyzer import VideoAnalyzer

Seen = tuple[VideoAnalysis, tuple[VisualHighlight, ...]]


def keeper(folder: Path) -> Callable[[Path], MediaRef]:
    folder.mkdir(exist_ok=True)

    def keep(path: Path) -> MediaRef:
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        shutil.move(path, folder / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=len(data))

    return keep


def look(paths: list[Path], tmp_path: Path, *, sparse: bool = False) -> Seen:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    files = [(probe(path, "0" * 64), path) for path in paths]
    return VideoAnalyzer(VideoSettings()).analyze_video(
        files, keep=keeper(tmp_path / "store"), scratch=scratch, sparse=sparse
    )


def ffmpeg(*arguments: str) -> None:
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def two_shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "two.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=1.2",
        "-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=25",
        "-filter_complex", "[1]trim=duration=1.2,format=yuv420p[b];[0]format=yuv420p[a];"
        "[a][b]concat=n=2:v=1", str(path),
    )  # fmt: skip
    return path


def test_shots_touch_and_the_cut_lies_on_its_frame(two_shots: Path, tmp_path: Path) -> None:
    analysis, highlights = look([two_shots], tmp_path)
    assert [float(shot.start) for shot in analysis.shots] == [0.0, pytest.approx(1.2, abs=0.001)]
    assert analysis.shots[0].end == analysis.shots[1].start
    assert 20 < analysis.frames_decoded <= 60, "frames that nobody needs may be left out"
    assert highlights and all((h.width, h.height) == (320, 180) for h in highlights)


def test_highlight_frames_are_in_the_store_at_full_size(two_shots: Path, tmp_path: Path) -> None:
    import cv2

    _, highlights = look([two_shots], tmp_path)
    frame = highlights[0].frame
    image = cv2.imread(str(tmp_path / "store" / f"{frame.sha256}{frame.suffix}"))
    assert image is not None
    assert image.shape == (180, 320, 3)


def test_a_file_without_picture_contributes_nothing(two_shots: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", str(sound))
    analysis, _ = look([sound, two_shots], tmp_path)
    assert {shot.input for shot in analysis.shots} == {1}
    assert any("no picture" in note for note in analysis.notes)


def test_the_sparse_look_is_marked_as_such(two_shots: Path, tmp_path: Path) -> None:
    analysis, highlights = look([two_shots], tmp_path, sparse=True)
    assert analysis.method == "sparse"
    assert len(analysis.faces) <= 2
    assert highlights


def test_the_sparse_look_decodes_key_frames_only(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=3",
        "-c:v", "libx264", "-g", "25", "-sc_threshold", "0", "-pix_fmt", "yuv420p", str(path),
    )  # fmt: skip
    analysis, _ = look([path], tmp_path, sparse=True)
    assert analysis.frames_decoded == 3
    assert analysis.shots[-1].end == 3


def test_a_moving_camera_is_told_from_a_moving_subject(tmp_path: Path) -> None:
    picture, path, still = (tmp_path / name for name in ("wide.png", "pan.mp4", "still.mp4"))
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=size=640x360", "-frames:v", "1", str(picture))
    ffmpeg(
        "-loop", "1", "-t", "2", "-r", "25", "-i", str(picture),
        "-vf", "crop=320:180:20+12*t:60", "-pix_fmt", "yuv420p", str(path),
    )  # fmt: skip
    ffmpeg(
        "-loop", "1", "-t", "2", "-r", "25", "-i", str(picture),
        "-vf", "crop=320:180:20:60", "-pix_fmt", "yuv420p", str(still),
    )  # fmt: skip
    assert {sample.kind for sample in look([path], tmp_path)[0].motion} == {"camera"}
    assert {sample.kind for sample in look([still], tmp_path)[0].motion} == {"still"}


def test_black_film_is_black_and_has_no_highlights(tmp_path: Path) -> None:
    path = tmp_path / "black.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=black:size=160x90:rate=25:duration=2", str(path))
    analysis, highlights = look([path], tmp_path)
    assert [shot.kind for shot in analysis.shots] == ["black"]
    assert all(sample.black and sample.frozen for sample in analysis.quality)
    assert highlights == ()


def test_a_face_model_that_is_missing_is_named(two_shots: Path, tmp_path: Path) -> None:
    analyzer = VideoAnalyzer(VideoSettings(face_model=tmp_path / "none.onnx"))
    with pytest.raises(UnavailableError, match=r"none\.onnx"):
        analyzer.analyze_video(
            [(probe(two_shots, "0" * 64), two_shots)], keep=keeper(tmp_path), scratch=tmp_path
        )


@pytest.mark.shared_media
@pytest.mark.parametrize(
    "name", ["promo_cuts_faces_35s", "street_cuts_10s", "vfr_10s", "rotated_10s", "stage_faces_10s"]
)
def test_hard_cuts_are_found_on_the_frame(shared_media: Path, tmp_path: Path, name: str) -> None:
    analysis, _ = look([shared_media / f"{name}.mp4"], tmp_path)
    truth = json.loads((shared_media / "truth" / f"{name}.json").read_text())
    cuts = [cut["time"] for cut in truth["cuts"]]
    # The truth counts from the container's zero; we count from its first presented sample.
    found = [float(shot.start) for shot in analysis.shots[1:]]
    hits = sum(any(abs(cut - time) < 0.03 for time in found) for cut in cuts)
    assert 2 * hits / (len(cuts) + len(found)) >= 0.9


@pytest.mark.shared_media
@pytest.mark.parametrize(
    "name", ["head_512_8s", "head_vfr_6s", "speech_outdoor_20s", "broll_cliff_4s"]
)
def test_one_take_is_one_shot(shared_media: Path, tmp_path: Path, name: str) -> None:
    analysis, highlights = look([shared_media / f"{name}.mp4"], tmp_path)
    assert len(analysis.shots) == 1
    head = name != "broll_cliff_4s"
    assert analysis.shots[0].kind == ("talking_head" if head else "broll")
    seen = sum(bool(sample.faces) for sample in analysis.faces) / len(analysis.faces)
    assert seen > 0.8 if head else seen == 0
    assert len(highlights) >= 3
