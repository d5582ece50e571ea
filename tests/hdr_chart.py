"""A chart in HDR whose light is known: greys from black to 1000 cd/m² and skin, as PQ or HLG."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.media.ffmpeg import ffmpeg_path

Light = NDArray[np.float64]

PATCH = 40
"""Width and height of a patch, pixels."""

GREYS = (0.0, 1.0, 5.0, 18.0, 36.0, 70.0, 120.0, 203.0, 500.0, 1000.0)
"""cd/m²; 203 is the white of a page (ITU-R BT.2408), all above are highlights."""

SKINS = ((236, 188, 180), (209, 163, 134), (161, 102, 94), (80, 51, 53))
"""sRGB of fair to dark skin, lit so that white would have 203 cd/m²."""

WHITE = 203.0

_TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""BT.709 to BT.2020 light (ITU-R BT.2087)."""


def _srgb_light(code: Light) -> Light:
    light: Light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    return light


def _pq(light: Light) -> Light:
    """Signal of cd/m² (SMPTE ST 2084)."""
    y = (light / 10000) ** 0.1593017578125
    signal: Light = ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375
    return signal


def _hlg(light: Light) -> Light:
    """Signal of cd/m² on a display of 1000 (ITU-R BT.2100), shape (…, 3)."""
    luma = (light / 1000) @ np.array([0.2627, 0.6780, 0.0593])
    scene = light / 1000 * np.maximum(luma, 1e-9)[..., None] ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    signal: Light = np.where(
        scene <= 1 / 12,
        np.sqrt(3 * scene),
        a * np.log(np.maximum(12 * scene - b, 1e-9)) + c,
    )
    return signal


def chart(target: Path, transfer: Literal["smpte2084", "arib-std-b67"], *, frames: int = 5) -> Path:
    """A clip with the greys above and the skins below, each `PATCH` wide, 25 frames a second."""
    rows = np.zeros((2, len(GREYS), 3))
    rows[0] = np.array(GREYS)[:, None]
    skins = _srgb_light(np.array(SKINS) / 255) @ _TO_2020.T * WHITE
    rows[1, : len(SKINS)] = np.maximum(skins, 0)
    signal = _pq(rows) if transfer == "smpte2084" else _hlg(rows)
    picture = np.kron(np.clip(signal, 0, 1), np.ones((PATCH, PATCH, 1)))
    raw = np.round(picture * 65535).astype("<u2").tobytes() * frames
    size = f"{PATCH * len(GREYS)}x{2 * PATCH}"
    command = [
        ffmpeg_path(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb48le", "-s", size,
        "-r", "25", "-i", "-", "-vf",
        f"zscale=tin={transfer}:pin=2020:min=gbr:rin=full:t={transfer}:p=2020:m=2020_ncl:r=limited,"
        "format=yuv420p10le",
        "-c:v", "libx265", "-x265-params",
        f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited",
        "-crf", "4", "-color_primaries", "bt2020", "-color_trc", transfer,
        "-colorspace", "bt2020nc", "-color_range", "tv", "-tag:v", "hvc1", str(target),
    ]  # fmt: skip
    subprocess.run(command, input=raw, check=True, capture_output=True, timeout=120)
    return target


def patches(film: Path) -> tuple[Light, Light]:
    """8-bit RGB of the greys and the skins in a film of the chart's size, shape (patches, 3)."""
    width, height = PATCH * len(GREYS), 2 * PATCH
    command = [
        ffmpeg_path(), "-v", "error", "-i", str(film), "-frames:v", "1", "-f", "rawvideo",
        "-vf", "scale=in_color_matrix=bt709:in_range=tv:out_range=pc:flags=accurate_rnd",
        "-pix_fmt", "rgb24", "-",
    ]  # fmt: skip
    raw = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    picture = np.frombuffer(raw, np.uint8).reshape(height, width, 3).astype(float)
    middle = PATCH // 2
    found = [
        np.array([
            picture[y - 8 : y + 8, x * PATCH + middle - 8 : x * PATCH + middle + 8].mean((0, 1))
            for x in range(count)
        ])
        for y, count in ((middle, len(GREYS)), (PATCH + middle, len(SKINS)))
    ]  # fmt: skip
    return found[0], found[1]
