"""Odd inputs all the way: each that can be used becomes a film that passes its verification."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Studio
from tests.robustness.broken_inputs import RECIPES, Workshop

UNUSABLE = {
    "zero.mp4", "text.mp4", "png.mp4", "jpeg.mp4", "gif.mp4", "noise.mp4", "playlist.mp4",
    "script.mp4", "one_frame.mp4", "too_small.mp4", "too_large.mp4", "only_subtitles.mkv",
    "truncated.mp4", "ruined.mkv",
}  # fmt: skip
"""Refused when they are read (`test_inputs`)."""

LONG = {"hours.mp4"}
"""Four hours: only a part of it is kept."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("films"))


@pytest.mark.parametrize("name", sorted(set(RECIPES) - UNUSABLE))
def test_an_odd_input_becomes_a_verified_film(shop: Workshop, tmp_path: Path, name: str) -> None:
    path = shop(name)
    file = probe(path, "0" * 64)
    metadata = film_format([file])
    frame = metadata.rate.frame_duration
    last = Fraction(2) if name in LONG else file.duration // frame * frame
    middle = last / 2 // frame * frame
    # A cut in the middle where there is room for one, else all of it.
    kept = [(0, 0.0, float(middle - 2 * frame)), (0, float(middle + 2 * frame), float(last))]
    if middle <= 6 * frame:
        kept = [(0, 0.0, float(last))]
    size = (metadata.width, metadata.height) if file.video else (320, 180)
    rendered = Studio(tmp_path).render([path], kept, rate=str(metadata.rate), size=size)
    verification = verify(rendered.film, rendered.plan, rendered.composed, files=rendered.files)
    lines = [(c.name, c.measured, c.reason) for c in verification.checks if c.state == "failed"]
    assert lines == []
