"""What a window rests on is compared with the same part of the recording."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.composition.film_shape import window_of
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.verification.verifier import verify
from tests.film_studio import HD_TAGS, Rendered, Studio, ffmpeg


def upright(folder: Path) -> Rendered:
    """The black middle of a picture in which only the edges are lit, and move."""
    clip = folder / "edges.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=3",
        "-f", "lavfi", "-i", "sine=300:sample_rate=48000:duration=3",
        "-vf", "drawbox=x=60:w=200:c=black:t=fill",
        "-c:v", "libx264", "-pix_fmt", "yuv420p", *HD_TAGS, "-c:a", "aac", clip,
    )  # fmt: skip
    return Studio(folder).render(
        [clip], [(0, 0.0, 3.0)], settings=CompositionSettings(aspect="9:16")
    )


def test_black_that_only_the_window_shows_is_no_fault_of_the_film(tmp_path: Path) -> None:
    rendered = upright(tmp_path)
    files = [file for file, _ in rendered.files]
    window = window_of(rendered.composed, rendered.plan.time_map(), files, None, rendered.metadata)
    verification = verify(
        rendered.film, rendered.plan, rendered.composed, files=rendered.files, window=window
    )
    assert verification.passed, [c for c in verification.checks if c.state == "failed"]
    whole = verify(rendered.film, rendered.plan, rendered.composed, files=rendered.files)
    assert {c.name for c in whole.checks if c.state == "failed"} == {"black", "frozen"}
