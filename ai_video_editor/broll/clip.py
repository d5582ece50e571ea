"""A graphic's frames made a clip: exactly as many film frames as its place in the film has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Hold:
    """A picture that stands longer than one step.

    Attributes:
        picture: which one, from 0.
        steps: how many steps it stands beyond its own.
    """

    picture: int
    steps: int


def write_pictures(target: Path, pictures: Iterable[NDArray[np.uint8]]) -> tuple[Hold, ...]:
    """Pictures one after the other in one file, each once; gives where one is held.

    Opaque ones become BMP, which costs a fortieth of the time of PNG; those with alpha, mostly
    empty, become PNG.

    Args:
        target: file to write.
        pictures: shape (height, width, 4), RGBA, or (height, width, 3), RGB; the same array again
            where nothing changed.

    Raises:
        MediaError: a picture could not be written.
    """
    import cv2

    last: NDArray[np.uint8] | None = None
    count = 0
    holds: list[Hold] = []
    with target.open("wb") as out:
        for picture in pictures:
            if picture is last:
                if holds and holds[-1].picture == count - 1:
                    holds[-1] = Hold(count - 1, holds[-1].steps + 1)
                else:
                    holds.append(Hold(count - 1, 1))
                continue
            last = picture
            alpha = picture.shape[2] == 4
            code = cv2.COLOR_RGBA2BGRA if alpha else cv2.COLOR_RGB2BGR
            done, data = cv2.imencode(
                ".png" if alpha else ".bmp",
                cv2.cvtColor(picture, code),
                [cv2.IMWRITE_PNG_COMPRESSION, 1] if alpha else [],
            )
            if not done:
                raise MediaError("A picture of a graphic could not be written.")
            out.write(data.tobytes())
            count += 1
    return tuple(holds)


def encode(
    pictures: Path,
    target: Path,
    metadata: VideoMetadata,
    frames: int,
    *,
    transparent: bool,
    step: int,
    holds: Sequence[Hold] = (),
    report: Report,
    doing: str,
) -> None:
    """Encode pictures and hold the last one until the clip is full.

    Args:
        pictures: what `write_pictures` wrote.
        target: clip to write: H.264 in MP4, or QuickTime Animation with alpha in MOV.
        metadata: size and frame rate of the film.
        frames: film frames the clip has.
        transparent: keep alpha, and fade out at the end.
        step: film frames each picture stands for, 1 or 2.
        holds: pictures that stand longer.
        report: how to say how far it is.
        doing: what to say.

    Raises:
        MediaError: ffmpeg failed, or the clip has another number of frames.
    """
    rate = metadata.rate
    size = f"{metadata.width}:{metadata.height}"
    colors = "" if transparent else ":out_color_matrix=bt709:out_range=tv"
    filters = [f"scale={size}:flags=lanczos{colors}"]
    if holds:
        # Pictures come one step apart: all that follow a hold are moved back by its length.
        waits = "".join(f"+gt(N,{hold.picture})*{hold.steps}" for hold in holds)
        filters.insert(0, f"setpts='N{waits}'")
    if step > 1 or holds:
        filters.append(f"fps={rate}")
    filters.append("tpad=stop_mode=clone:stop=-1")
    filters.append(f"trim=end_frame={frames}")
    if transparent:
        leaving = min(frames // 3, rate.nearest_frame(FADE_OUT))
        if leaving:
            filters.append(f"fade=t=out:s={frames - leaving}:n={leaving}:alpha=1")
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
            *("-protocol_whitelist", PROTOCOLS, "-f", "png_pipe" if transparent else "bmp_pipe"),
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
