"""Tiny recordings made on the fly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg


def talk(target: Path, *, seconds: float = 4.0, size: str = "320x180") -> Path:
    """A clip with a moving picture, a tone that stops for 1.5 s, and sound to its end."""
    gap = "if(between(t,1.2,2.7),0,1)"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y",
            "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=300:sample_rate=48000:duration={seconds}",
            "-af", f"volume='{gap}':eval=frame",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            str(target),
        ],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return target
