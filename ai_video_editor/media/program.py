"""Which ffmpeg there is: found once, asked for its version, refused where it is too old."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache

from ai_video_editor.errors import UnavailableError

ENVIRONMENT_VARIABLE = "AI_VIDEO_EDITOR_FFMPEG"

OLDEST = (5, 1)
"""First version with `-fps_mode`, which replaced `-vsync` (ffmpeg's Changelog)."""


@cache
def located(wanted: str | None) -> tuple[str, tuple[int, int]]:
    """Path and version of ffmpeg.

    Args:
        wanted: the program that must be taken; None looks for one.

    Raises:
        UnavailableError: there is none, or it is older than 5.1.
    """
    if wanted:
        found = shutil.which(wanted)
        version = _version_of(found) if found else None
        if found is None or version is None:
            raise UnavailableError(
                f"{ENVIRONMENT_VARIABLE} names {wanted}, which is no ffmpeg that runs here; "
                "set it to an ffmpeg program or unset it."
            )
        if version < OLDEST:
            raise UnavailableError(_too_old(found, version))
        return found, version
    too_old = ""
    for candidate in _candidates():
        version = _version_of(candidate)
        if version is not None and version >= OLDEST:
            return candidate, version
        if version is not None:
            too_old = _too_old(candidate, version)
    raise UnavailableError(
        too_old
        or "There is no ffmpeg: install it with `pip install imageio-ffmpeg`, or set "
        f"{ENVIRONMENT_VARIABLE} to one of version {OLDEST[0]}.{OLDEST[1]} or newer."
    )


def _too_old(program: str, version: tuple[int, int]) -> str:
    return (
        f"{program} is ffmpeg {version[0]}.{version[1]}, which is too old: version "
        f"{OLDEST[0]}.{OLDEST[1]} or newer is needed; `pip install imageio-ffmpeg` brings one."
    )


def _candidates() -> list[str]:
    found: list[str] = []
    try:
        import imageio_ffmpeg

        found.append(str(imageio_ffmpeg.get_ffmpeg_exe()))
    except (ImportError, RuntimeError, OSError):
        pass  # the package or its program is not there; the system's may be
    system = shutil.which("ffmpeg")
    if system:
        found.append(system)
    return found


def _version_of(program: str) -> tuple[int, int] | None:
    try:
        answer = subprocess.run(
            [program, "-hide_banner", "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=True,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"ffmpeg version n?(\d+)\.(\d+)", answer)
    if match:
        return int(match.group(1)), int(match.group(2))
    # A build from the development branch is named by its date, as in "N-118000-g…".
    return (99, 0) if "ffmpeg version" in answer else None


def ffmpeg_path() -> str:
    """The ffmpeg program: from `AI_VIDEO_EDITOR_FFMPEG`, else imageio-ffmpeg's, else the system's.

    Raises:
        UnavailableError: there is none, or it is older than 5.1; the message says what to do.
    """
    return located(os.environ.get(ENVIRONMENT_VARIABLE) or None)[0]


def ffmpeg_version() -> tuple[int, int]:
    """Major and minor version of `ffmpeg_path`'s program; (99, 0) for an unnumbered new build.

    Raises:
        UnavailableError: there is none, or it is older than 5.1.
    """
    return located(os.environ.get(ENVIRONMENT_VARIABLE) or None)[1]
