"""The recordings that are rendered: a real picture in HD, and flashes with beeps."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ai_video_editor.media.program import ffmpeg_path

HD_TAGS = (
    "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
    "-color_range", "tv",
)  # fmt: skip


def in_hd(source: Path, target: Path, seconds: float, gop: float) -> Path:
    """A film repeated to a length and enlarged to 1920 x 1080 at 30 frames a second.

    Args:
        source: a film with sound.
        target: file to write.
        seconds: length.
        gop: seconds from key frame to key frame.
    """
    return ffmpeg(
        target, "-stream_loop", "-1", "-i", str(source), "-t", f"{seconds:g}",
        "-vf", "scale=1920:1080:flags=lanczos:out_color_matrix=bt709,setsar=1,fps=30",
        "-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-maxrate", "10M",
        "-bufsize", "16M", "-pix_fmt", "yuv420p", "-g", str(round(30 * gop)), "-keyint_min",
        str(round(30 * gop)), "-sc_threshold", "0", *HD_TAGS, "-c:a", "aac", "-ar", "48000",
    )  # fmt: skip


def flashes(target: Path, seconds: int, every: int = 1) -> Path:
    """White frames with a beep on them, one every so many seconds, small."""
    return ffmpeg(
        target,
        "-f", "lavfi", "-i", f"color=black:size=160x96:rate=30:duration={seconds}",
        "-f", "lavfi", "-i", f"aevalsrc='if(lt(mod(t,{every}),0.03),0.5*sin(2*PI*1000*t),0)'"
        f":s=48000:d={seconds}",
        "-vf", f"drawbox=color=white:t=fill:enable='eq(mod(n,{30 * every}),0)'",
        "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "30", *HD_TAGS,
        "-c:a", "aac",
    )  # fmt: skip


def ffmpeg(target: Path, *arguments: str) -> Path:
    """Run ffmpeg; its output is `target`."""
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target
