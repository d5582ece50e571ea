"""Opening a container with PyAV, with the same restraint that ffmpeg is held to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.container
import av.error
import av.stream
import av.video.stream

from ai_video_editor.errors import FileCorruptionError, FilePermissionError, InputError
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url, require_container
from ai_video_editor.media.names import quoted, shown

_PICTURES = (
    av.stream.Disposition.attached_pic
    | av.stream.Disposition.timed_thumbnails
    | av.stream.Disposition.still_image
)


@contextmanager
def opened(path: Path, container: str) -> Iterator[av.container.InputContainer]:
    """An open container; only the named format, only local files.

    Args:
        path: the file.
        container: name of the demuxer, from `sniff.container_of`.

    Raises:
        FilePermissionError: it may not be read.
        FileCorruptionError: it is damaged so far that it cannot be opened.
        InputError: it is not there, or the container is none that may be opened.
    """
    require_container(container, path.name)
    try:
        source = av.open(
            file_url(path),
            format=container,
            container_options={"protocol_whitelist": PROTOCOLS},
            metadata_errors="replace",
        )
    except av.error.FileNotFoundError as error:
        raise InputError(f"{shown(path)} is not there; check the name and the folder.") from error
    except av.error.PermissionError as error:
        raise FilePermissionError(
            f"{shown(path)} may not be read; change its permissions with `chmod +r {quoted(path)}`."
        ) from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise FileCorruptionError(
            f"{shown(path)} is damaged or was not copied to its end, so that its contents cannot "
            "be listed; copy it again or export it anew."
        ) from error
    with source:
        yield source


def video_stream(
    source: av.container.InputContainer, index: int
) -> av.video.stream.VideoStream | None:
    """The picture stream with an index of the container; None where there is none."""
    return next((stream for stream in source.streams.video if stream.index == index), None)


def is_picture(stream: av.stream.Stream) -> bool:
    """Whether a video stream is cover art or a thumbnail, not film."""
    return bool(stream.disposition & _PICTURES)
