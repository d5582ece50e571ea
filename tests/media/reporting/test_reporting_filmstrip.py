"""The contact sheet of a film."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ai_video_editor.errors import InputError
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.reporting.filmstrip import contact_sheet


def film(target: Path, *sources: str) -> Path:
    """A film of one-second coloured parts."""
    inputs = [part for color in sources for part in ("-f", "lavfi", "-i", color)]
    joined = "".join(f"[{n}]" for n in range(len(sources))) + f"concat=n={len(sources)}"
    subprocess.run(
        [
            *(ffmpeg_path(), "-nostdin", "-loglevel", "error", *inputs),
            *("-filter_complex", joined, "-pix_fmt", "yuv420p", str(target)),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return target


def color(name: str, size: str = "160x90") -> str:
    return f"color={name}:size={size}:rate=10:duration=1"


def test_pictures_stand_in_the_order_of_the_film(tmp_path: Path) -> None:
    path = film(tmp_path / "-film.mp4", color("red"), color("lime"), color("blue"))
    told: list[float | None] = []
    sheet = contact_sheet(
        path, 3, 2, tmp_path / "sheet.png", lambda share, doing="": told.append(share)
    )
    pixels = np.asarray(Image.open(sheet).convert("RGB"))
    assert pixels.shape == (2 * (270 + 12) + 12, 2 * (480 + 12) + 12, 3)
    seen = [pixels[12 + 200, 12 + 300], pixels[12 + 200, 504 + 300], pixels[294 + 200, 12 + 300]]
    assert [int(np.argmax(pixel)) for pixel in seen] == [0, 1, 2]
    assert told == [0.0, 1 / 3, 2 / 3]


def test_an_upright_film_makes_an_upright_picture(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", color("red", "90x160"))
    with Image.open(contact_sheet(path, 2, 4, tmp_path / "sheet.jpg")) as sheet:
        assert sheet.size == (2 * (270 + 12) + 12, 480 + 24)


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("#EXTM3U\nfile:///etc/passwd\n")
    with pytest.raises(InputError):
        contact_sheet(path, 2, 2, tmp_path / "sheet.jpg")
    assert not (tmp_path / "sheet.jpg").exists()


def test_a_sheet_has_at_least_one_picture(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 pictures"):
        contact_sheet(tmp_path / "film.mp4", 0, 2, tmp_path / "sheet.jpg")
