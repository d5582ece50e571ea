"""How far sound is from picture in a film of flashes and beeps, read from the film's file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.media.program import ffmpeg_path
from benchmarks.render.evaluator import offsets, rising

_RATE = 48_000
_LOUD = 0.05
"""Of full scale; the beeps are louder, silence is not."""

_NEAR = 0.2
"""Seconds within which a beep belongs to a flash."""


def measured(film: Path, rate: int = 30) -> list[float]:
    """Milliseconds by which each beep comes after its flash, in film order."""
    small = ["-map", "0:v:0", "-vf", "scale=4:4", "-fps_mode", "passthrough", "-pix_fmt", "gray"]
    light = np.frombuffer(_raw(film, *small, "-f", "rawvideo"), np.uint8)
    bright = light.reshape(-1, 16).mean(axis=1) > 128
    heard = ["-map", "0:a:0", "-ac", "1", "-ar", str(_RATE), "-f", "s16le"]
    loud: NDArray[np.bool_] = (
        np.abs(np.frombuffer(_raw(film, *heard), np.int16).astype(np.int32)) > _LOUD * 32768
    )
    seen = [place / rate for place in rising(bright, 2)]
    beeps = [place / _RATE for place in rising(loud, _RATE // 20)]
    return offsets(seen, beeps, _NEAR)


def _raw(film: Path, *arguments: str) -> bytes:
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-i", str(film), *arguments, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout
