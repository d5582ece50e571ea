"""A brand's logo: in a free corner, seen on any ground, never on the hook, a face or the badge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ai_video_editor.errors import MediaError
from ai_video_editor.look.area import Area
from ai_video_editor.thumbnails.layout import Canvas
from ai_video_editor.thumbnails.signature import TALL, signed

CANVAS = Canvas(640, 360)
TOP_RIGHT, TOP_LEFT = Area(400, 0, 640, 120), Area(0, 0, 240, 120)
BOTTOM_LEFT = Area(0, 240, 240, 360)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    image.paste((20, 60, 220, 255), (50, 50, 250, 250))
    image.save(tmp_path / "logo.png")
    return tmp_path / "logo.png"


def changed(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Area | None:
    rows, columns = np.nonzero(np.abs(before.astype(int) - after).max(axis=2) > 60)
    if not rows.size:
        return None
    return Area(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def ground(level: int) -> NDArray[np.uint8]:
    return np.full((360, 640, 3), level, np.uint8)


@pytest.mark.parametrize(
    ("taken", "corner"),
    [((), TOP_RIGHT), ((TOP_RIGHT, None), TOP_LEFT), ((TOP_RIGHT, TOP_LEFT), BOTTOM_LEFT)],
)
def test_the_logo_stands_in_the_first_free_corner(
    logo: Path, taken: tuple[Area | None, ...], corner: Area
) -> None:
    found = changed(ground(230), signed(ground(230), CANVAS, logo, taken))
    assert found is not None
    assert corner.left <= found.left and found.right <= corner.right
    assert corner.top <= found.top and found.bottom <= corner.bottom
    assert found.height <= TALL * 360 + 2


def test_without_a_free_corner_there_is_no_logo(logo: Path) -> None:
    made = signed(ground(230), CANVAS, logo, (TOP_RIGHT, TOP_LEFT, BOTTOM_LEFT))
    assert changed(ground(230), made) is None, "the last corner is the duration badge's"


def test_a_logo_of_the_grounds_colour_gets_a_plate(logo: Path) -> None:
    blue = ground(0)
    blue[:] = (20, 60, 220)
    assert changed(blue, signed(blue, CANVAS, logo, ())) is not None


def test_a_logo_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_text("no picture")
    with pytest.raises(MediaError, match="The logo"):
        signed(ground(0), CANVAS, tmp_path / "logo.png", ())
