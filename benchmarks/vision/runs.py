"""What is run: our analysis, PySceneDetect on the same file, decoding alone."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.video import VideoAnalysis, VisualHighlight
from ai_video_editor.media.probe import probe
from ai_video_editor.media.program import ffmpeg_path
from ai_video_editor.settings import VideoSettings
from ai_video_editor.video.analyzer import VideoAnalyzer


def analysed(path: Path) -> VideoAnalysis:
    """The whole analysis of one film."""
    return looked(path)[0]


def looked(path: Path) -> tuple[VideoAnalysis, tuple[VisualHighlight, ...]]:
    """Analysis and highlights of one film; their files go into a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="vision-") as folder:
        scratch = Path(folder)

        def keep(file: Path) -> MediaRef:
            data = file.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            return MediaRef(sha256=digest, suffix=file.suffix, size=len(data))

        files = [(probe(path, "0" * 64), path)]
        return VideoAnalyzer(VideoSettings()).analyze_video(files, keep=keep, scratch=scratch)


def decoded(path: Path) -> list[float]:
    """Decode every frame with PyAV's threads and do nothing; presentation times, seconds."""
    times = []
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in source.decode(stream):
            times.append(float(frame.time or 0.0))
    return times


def scene_starts(path: Path, detector: str, times: Sequence[float]) -> list[float]:
    """Where PySceneDetect's detector, as it comes, finds shots: times of its frame numbers."""
    import scenedetect

    kinds = {
        "AdaptiveDetector": scenedetect.AdaptiveDetector,
        "ContentDetector": scenedetect.ContentDetector,
    }
    scenes = scenedetect.detect(str(path), kinds[detector]())
    numbers = [int(start.frame_num) for start, _ in scenes[1:]]
    return [times[min(number, len(times) - 1)] for number in numbers]


@dataclass(frozen=True)
class Timed:
    """The quicker of several runs.

    Attributes:
        wall: seconds.
        processor: seconds, all cores together.
    """

    wall: float
    processor: float


def timed(work: Callable[[], object]) -> Timed:
    """Run once and look at both clocks."""
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - wall, time.process_time() - processor)


def side_by_side(path: Path, times: int) -> tuple[Timed, Timed]:
    """Decoding alone and the whole analysis in turns; the quickest of each."""
    alone, whole = [], []
    for _ in range(times):
        alone.append(timed(lambda: decoded(path)))
        whole.append(timed(lambda: analysed(path)))
    return best(alone), best(whole)


def best(runs: Sequence[Timed]) -> Timed:
    """The shortest time on each clock: everything above it is somebody else's doing."""
    return Timed(min(run.wall for run in runs), min(run.processor for run in runs))


def in_hd(source: Path, target: Path, seconds: float) -> Path:
    """The film repeated to a length and enlarged to 1920 x 1080, 8 Mbit/s as uploads have."""
    return _ffmpeg(
        target, "-stream_loop", "-1", "-i", str(source), "-t", f"{seconds:g}", "-an",
        "-vf", "scale=1920:1080:flags=lanczos,setsar=1", "-c:v", "libx264",
        "-preset", "veryfast", "-b:v", "8M", "-maxrate", "10M", "-bufsize", "16M",
        "-pix_fmt", "yuv420p",
    )  # fmt: skip


def small(source: Path, target: Path, seconds: float) -> Path:
    """The film repeated to a length at 320 x 180 and 10 frames a second: quick to run through."""
    return _ffmpeg(
        target, "-stream_loop", "-1", "-i", str(source), "-t", f"{seconds:g}", "-an",
        "-vf", "fps=10,scale=320:180,setsar=1", "-c:v", "libx264", "-preset", "veryfast",
        "-pix_fmt", "yuv420p",
    )  # fmt: skip


def repeated(source: Path, target: Path, seconds: float) -> Path:
    """The same film again and again, not encoded anew."""
    return _ffmpeg(
        target, "-stream_loop", "-1", "-i", str(source), "-t", f"{seconds:g}", "-c", "copy"
    )


def _ffmpeg(target: Path, *arguments: str) -> Path:
    command = [ffmpeg_path(), "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target
