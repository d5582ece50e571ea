"""A machine whose figures a test sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ai_video_editor.context.inputs import AudioTrack, VideoFile, VideoTrack
from ai_video_editor.operations.meters import GB, ResourceUsage


@dataclass
class FakeMachine:
    """Reads what it was told; figures in GB, seconds and degrees."""

    held: float = 0.5
    free: float = 12.0
    total: float = 16.0
    cpu: float = 0.0
    load: float | None = 0.5
    heat: float | None = None
    disk: dict[str, float] = field(default_factory=dict)
    now: float = 0.0

    def usage(self) -> ResourceUsage:
        return ResourceUsage(
            process_memory=int(self.held * GB),
            cpu_seconds=self.cpu,
            available_memory=int(self.free * GB),
            total_memory=int(self.total * GB),
            load_per_core=self.load,
            temperature=self.heat,
            hottest_allowed=None,
        )

    def free_disk(self, folder: Path) -> int:
        return int(self.disk.get(folder.name, 100.0) * GB)

    def cores(self) -> int:
        return 2

    def clock(self) -> float:
        return self.now


def recording(
    seconds: int = 60, *, width: int = 1920, height: int = 1080, rate: str = "25/1",
    size: int | None = None, sound: bool = True,
) -> VideoFile:  # fmt: skip
    """What probing a recording would give."""
    length = Fraction(seconds)
    return VideoFile(
        sha256="0" * 64, name="talk.mp4", size=size if size is not None else seconds * 500_000,
        container="mov", duration=length, start_offset=Fraction(0),
        video=VideoTrack(
            stream_index=0, codec="h264", width=width, height=height, coded_width=width,
            coded_height=height, frame_rate=rate, start=Fraction(0), duration=length, frames=0,
            pixel_format="yuv420p",
        ),
        audio=(
            AudioTrack(
                stream_index=1, codec="aac", sample_rate=48000, channels=2, layout="stereo",
                start=Fraction(0), duration=length,
            ),
        ) if sound else (),
    )  # fmt: skip
