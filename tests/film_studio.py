"""A composer with clips whose frames can be read, shared by tests of the film and its checks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.composition.composer import Method, Render, VideoComposer
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile, VideoMetadata
from ai_video_editor.context.outputs import BRollPackage, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.digests import hash_file
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import exact, source_time

BITS = 10
"""Frames are numbered by ten vertical bars, white for one: readable after any encoding."""


def ffmpeg(*arguments: str | Path) -> None:
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def counter(
    target: Path,
    *,
    seconds: float = 3,
    rate: str = "25",
    size: str = "320x64",
    extra: Sequence[str] = (),
    filters: str = "",
) -> Path:
    """A clip whose frames show their number, with a tone."""
    bars = f"geq=lum='if(mod(floor(N/pow(2,floor(X*{BITS}/W))),2),235,16)':cb=128:cr=128"
    ffmpeg(
        "-f", "lavfi", "-i", f"color=black:size={size}:rate={rate}:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=440:sample_rate=48000:duration={seconds}",
        "-vf", f"{bars}{',' + filters if filters else ''}",
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-pix_fmt", "yuv420p",
        "-c:a", "aac", *extra, target,
    )  # fmt: skip
    return target


HD_TAGS = (
    "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
    "-color_range", "tv",
)  # fmt: skip
"""Colours of HD; without them a small picture is taken for BT.601 and converted."""


def camera(
    target: Path,
    *,
    seconds: float = 12,
    rate: str = "25",
    size: str = "320x64",
    extra: Sequence[str] = ("-g", "50"),
) -> Path:
    """A counter coded as cameras do: H.264 High, B-frames, two-second GOPs, colours of HD."""
    coding = ["-preset", "veryfast", "-sc_threshold", "0", *HD_TAGS, *extra]
    return counter(target, seconds=seconds, rate=rate, size=size, extra=coding)


def grey_frames(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    """All frames of a film as luma, shape (frames, height, width)."""
    command = [
        ffmpeg_path(), "-v", "error", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough",
        "-vf", f"scale={width}:{height}", "-f", "rawvideo", "-pix_fmt", "gray", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width)


def numbers(path: Path, *, top: float = 0.5) -> list[int]:
    """The numbers that a film's frames show."""
    frames = grey_frames(path, BITS * 16, 32)
    bars = frames[:, int(32 * top), 8::16] > 125
    return [int(n) for n in (bars * (1 << np.arange(BITS))).sum(axis=1)]


def sound(path: Path) -> NDArray[np.float32]:
    """Samples of a film as a player hears them: 48 kHz, shape (samples, 2)."""
    command = [
        ffmpeg_path(), "-v", "error", "-i", str(path), "-map", "0:a:0",
        "-f", "f32le", "-ac", "2", "-ar", "48000", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


KeptRange = tuple[int, float, float] | tuple[int, float, float, float]


@dataclass(frozen=True)
class Rendered:
    film: Path
    plan: AIDirectorPlan
    composed: ComposedVideo
    files: list[tuple[VideoFile, Path]]
    metadata: VideoMetadata


class Studio:
    """A composer with a store of its own."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "store"
        self._store.mkdir()
        self._scratch = folder / "scratch"

    def keep(self, path: Path) -> MediaRef:
        sha256, size = hash_file(path), path.stat().st_size
        shutil.move(path, self._store / f"{sha256}{path.suffix}")
        return MediaRef(sha256=sha256, suffix=path.suffix, size=size)

    def path_of(self, ref: MediaRef) -> Path:
        return self._store / f"{ref.sha256}{ref.suffix}"

    def render(
        self,
        paths: Sequence[Path],
        kept: Sequence[KeptRange],
        *,
        rate: str = "",
        size: tuple[int, int] = (0, 0),
        decisions: Sequence[EditingDecision] = (),
        audio: AudioAnalysis | None = None,
        broll: BRollPackage | None = None,
        method: Method = "film",
        audio_track: str = "0",
        render: Render | None = None,
        quality: str = "low",
        settings: CompositionSettings | None = None,
        piece_seconds: int = 200,
        seen: VideoAnalysis | None = None,
    ) -> Rendered:
        files = [(probe(path, hash_file(path)), path) for path in paths]
        video = next((file.video for file, _ in files if file.video), None)
        film_rate = rate or (video.frame_rate if video else "25/1")
        width, height = size
        if not width:
            width, height = (video.width, video.height) if video else (320, 180)
        metadata = VideoMetadata(
            duration=sum((file.duration for file, _ in files), Fraction(0)),
            file_size=sum(file.size for file, _ in files),
            format=files[0][0].container,
            width=width // 2 * 2,
            height=height // 2 * 2,
            frame_rate=film_rate,
            has_audio=any(file.audio for file, _ in files),
            has_video=video is not None,
            name="Talk",
        )
        plan = AIDirectorPlan(
            director="rules",
            film_frame_rate=film_rate,
            inputs=tuple(
                PlanInput(
                    path=str(path),
                    sha256=file.sha256,
                    duration=file.duration,
                    frame_rate=file.video.frame_rate if file.video else film_rate,
                )
                for file, path in files
            ),
            kept=tuple(
                Kept(
                    input=k[0],
                    start=source_time(exact(k[1])),
                    end=source_time(exact(k[2])),
                    speed=k[3] if len(k) == 4 else 1.0,
                )
                for k in kept
            ),
            decisions=tuple(decisions),
        )
        composer = VideoComposer(
            settings or CompositionSettings(),
            quality=quality,
            audio_track=audio_track,
            parallel=True,
            piece_seconds=piece_seconds,
        )
        composed = composer.compose_video(
            plan,
            files,
            metadata,
            audio,
            broll or BRollPackage(),
            path_of=self.path_of,
            keep=self.keep,
            scratch=self._scratch,
            timeout=120,
            method=method,
            render=render,
            video=seen,
        )
        assert not list(self._scratch.iterdir()), "nothing is left behind"
        return Rendered(self.path_of(composed.film), plan, composed, files, metadata)
