from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.intelligence.director.pictures import LONGEST_SIDE, small_pictures
from ai_video_editor.timebase import source_time


def highlight(kind: str, score: float) -> VisualHighlight:
    frame = MediaRef(sha256=f"{int(score * 100):064x}", suffix=".png", size=1)
    return VisualHighlight(
        time=source_time(0), score=score, kind=kind, reason="", frame=frame, width=640, height=360
    )


def test_the_best_of_each_kind_come_first_and_small(tmp_path: Path) -> None:
    found = [highlight("scene", 0.9), highlight("scene", 0.8), highlight("slide", 0.3)]
    for n, h in enumerate(found):
        Image.new("RGB", (640, 360), (80 * n, 0, 0)).save(tmp_path / f"{h.frame.sha256}.png")
    jpegs = small_pictures(found, 2, lambda ref: tmp_path / f"{ref.sha256}.png")
    reds = []
    for data in jpegs:
        picture = Image.open(BytesIO(data))
        assert picture.format == "JPEG" and max(picture.size) == LONGEST_SIDE
        reds.append(picture.convert("RGB").resize((1, 1)).tobytes()[0])
    assert reds[0] < 10 and reds[1] > 150, "the best scene, then the slide"
    assert small_pictures(found, 0, lambda ref: tmp_path) == []
