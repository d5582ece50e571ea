"""Captions asked for stand in the film's picture, for as long as they are said and no longer."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.settings import CompositionSettings
from tests.film_studio import Studio, ffmpeg, grey_frames
from tests.talks import talk


def studio(folder: Path) -> Studio:
    folder.mkdir()
    return Studio(folder)


def test_a_film_with_burned_captions_is_whole_and_shows_them(tmp_path: Path) -> None:
    clip = tmp_path / "black.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "color=0x101010:size=320x180:rate=25:duration=4",
        "-f", "lavfi", "-i", "sine=220:duration=4", "-pix_fmt", "yuv420p", "-c:a", "aac", clip,
    )  # fmt: skip
    audio, _ = talk("Money grows slowly.", start=1.0)
    plain = studio(tmp_path / "plain").render([clip], [(0, 0.0, 4.0)], audio=audio)
    burned = studio(tmp_path / "burned").render(
        [clip], [(0, 0.0, 4.0)], audio=audio, settings=CompositionSettings(burn_captions="bold")
    )
    (caption,) = burned.composed.captions
    first, last = round(float(caption.start) * 25), round(float(caption.end) * 25)
    lit = [
        n for n, frame in enumerate(grey_frames(burned.film, 320, 180)) if (frame > 120).sum() > 40
    ]
    assert len(grey_frames(burned.film, 320, 180)) == len(grey_frames(plain.film, 320, 180)) == 100
    assert lit and first <= lit[0] <= first + 1 and last - 2 <= lit[-1] <= last
    assert any("captions are drawn" in note for note in burned.composed.notes)
    assert not any((frame > 120).sum() > 40 for frame in grey_frames(plain.film, 320, 180))
