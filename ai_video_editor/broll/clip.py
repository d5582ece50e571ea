"""A graphic's frames made a clip: exactly as many film frames as its place in the film has."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.context.inputs import VideoMetadata
from ai_video_editor.errors import MediaError
from ai_video_editor.media.container import opened
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, run
from ai_video_editor.progress import Report

TIMEOUT = 600.0
"""Seconds for one clip; a minute of still picture takes less than ten."""

FADE_OUT = Fraction(1, 4)
"""Seconds in which an overlay leaves."""

_CRF = "14"
"""Of the intermediate: flat colours at this quality survive being encoded once more."""


def write_pictures(target: Path, pictures: Iterable[NDArray[np.uint8]]) -> int:
    """PNG pictures one after the other in one file; gives how many.

    Args:
        target: file to write.
        pictures: shape (height, width, 4), RGBA, or (height, width, 3), RGB.

    Raises:
        MediaError: a picture could not be written.
    """
    import cv2

    count = 0
    with target.open("wb") as out:
        for picture in pictures:
            code = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
            done, data = cv2.imencode(
                ".png", cv2.cvtColor(picture, code), [cv2.IMWRITE_PNG_COMPRESSION, 1]
            )
            if not done:
                raise MediaError("A picture of a graphic could not be written.")
            out.write(data.tobytes())
            count += 1
    return count


def encode(
    pictures: Path,
    target: Path,
    metadata: VideoMetadata,
    frames: int,
    *,
    transparent: bool,
    step: int,
    report: Report,
    doing: str,
) -> None:
    """Encode pictures and hold the last one until the clip is full.

    Args:
        pictures: PNG pictures in one file.
        target: clip to write: H.264 in MP4, or QuickTime Animation with alpha in MOV.
        metadata: size and frame rate of the film.
        frames: film frames the clip has.
        transparent: keep alpha, and fade out at the end.
        step: film frames each picture stands for, 1 or 2.
        report: how to say how far it is.
        doing: what to say.

    Raises:
        MediaError: ffmpeg failed, or the clip has another number of frames.
    """
    rate = metadata.rate
    size = f"{metadata.width}:{metadata.height}"
    filters = [f"scale={size}:flags=lanczos:out_color_matrix=bt709:out_range=tv"]
    if step > 1:
        filters.append(f"fps={rate}")
    filters.append("tpad=stop_mode=clone:stop=-1")
    filters.append(f"trim=end_frame={frames}")
    if transparent:
        leaving = min(frames // 3, rate.nearest_frame(FADE_OUT))
        if leaving:
            filters.append(f"fade=t=out:s={frames - leaving}:n={leaving}:alpha=1")
        filters[0] = f"scale={size}:flags=lanczos"
        codec = ["-c:v", "qtrle", "-pix_fmt", "argb"]
    else:
        filters.append("format=yuv420p")
        codec = [
            *("-c:v", "libx264", "-profile:v", "high", "-preset", "veryfast", "-crf", _CRF),
            *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
            *("-color_range", "tv"),
        ]
    run(
        [
            *("-protocol_whitelist", PROTOCOLS, "-f", "png_pipe"),
            *("-framerate", str(rate.fraction / step), "-i", file_url(pictures)),
            *("-vf", ",".join(filters), "-an", *codec),
            *("-r", str(rate), "-frames:v", str(frames), file_url(target)),
        ],
        timeout=TIMEOUT,
        report=report,
        duration=rate.time_of(frames),
        doing=doing,
        what=doing,
    )
    made = frame_count(target)
    if made != frames:
        raise MediaError(f"{doing}: the clip has {made} frames instead of {frames}.")


def frame_count(clip: Path) -> int:
    """Frames that a clip's container lists."""
    with opened(clip, "mov") as source:
        return sum(stream.frames for stream in source.streams.video)
