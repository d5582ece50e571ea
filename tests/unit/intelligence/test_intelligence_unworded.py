"""Hooks of films whose words may not be printed: honest, short, and not the same for all."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from ai_video_editor.context.base import Box, MediaRef, SourceSpan
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import STRATEGIES
from ai_video_editor.context.video import (
    Face,
    MotionSample,
    QualitySample,
    Shot,
    VideoAnalysis,
    VisualHighlight,
)
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.promises import promises
from ai_video_editor.intelligence.director.unworded import unworded
from ai_video_editor.language import wording
from ai_video_editor.timebase import source_time
from tests.talks import MONEY_TALK, talk, understood

NAMES = (
    "Harbour Walk",
    "DSC 0042",
    "Best Moments",
    "Watch This Closer Look",
    "Über den Fluss",
    "x",
)
FACE = Face(box=Box(x=0.3, y=0.2, width=0.25, height=0.4), confidence=0.9)


def seen(moving: str = "camera", shots: int = 1, brightness: float = 120.0) -> VideoAnalysis:
    return VideoAnalysis(
        shots=tuple(
            Shot(start=source_time(n), end=source_time(n + 1), kind="broll") for n in range(shots)
        ),
        motion=(MotionSample(start=source_time(0), end=source_time(9), amount=5, kind=moving),),
        quality=(
            QualitySample(
                start=source_time(0), end=source_time(9), sharpness=100, brightness=brightness,
                contrast=40, score=0.8,
            ),
        ),
    )  # fmt: skip


def highlight(kind: str, faces: tuple[Face, ...] = ()) -> VisualHighlight:
    return VisualHighlight(
        time=source_time(1), score=0.8, kind=kind, reason="x", width=640, height=360, faces=faces,
        frame=MediaRef(sha256="0" * 64, suffix=".png", size=1),
    )  # fmt: skip


def silent_film(
    name: str = "Harbour Walk", *, seconds: int = 25, video: VideoAnalysis | None = None
) -> Material:
    material, _ = understood(None, Fraction(seconds), name=name, video=video or seen())
    return replace(material, highlights=(highlight("scene"), highlight("action")))


def speaker(name: str, kind: str = "portrait") -> Material:
    audio, duration = talk(MONEY_TALK, quality=0.3)
    spoken = SourceSpan(start=source_time(0), end=source_time(9))
    audio = audio.model_copy(update={"speech": (spoken,)})
    material, _ = understood(audio, duration, name=name, video=seen("still"))
    return replace(material, highlights=(highlight(kind, (FACE,)), highlight(kind, (FACE,))))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["silent", "speaker", "music", "unseen"])
def test_every_film_gets_hooks_of_two_to_four_words_beside_its_titles(name: str, kind: str) -> None:
    material = speaker(name) if kind == "speaker" else silent_film(name)
    if kind == "music":
        material = replace(material, content_type=ContentType.MUSIC)
    if kind == "unseen":
        material = replace(material, highlights=(), video=None)
    found = unworded(material)
    assert list(found) == list(STRATEGIES)
    shown = [hook for _, hooks in found.values() for hook in hooks[:2]]
    assert len(set(shown)) == len(shown)
    for title, hooks in found.values():
        assert name == "x" or len(title) > len(name)
        for hook in hooks:
            assert 2 <= len(hook.split()) <= 4
            assert wording.overlap(hook, title) < 0.34 or len(hooks) == 1, (title, hook)


def test_films_of_one_kind_do_not_all_say_the_same() -> None:
    films = [silent_film(f"Walk {number}") for number in range(12)]
    said = {tuple(concept.hook_text for concept in promises(film, ())) for film in films}
    assert len(said) >= 6
    again = promises(silent_film("Walk 3"), ())
    assert [c.hook_text for c in again] == [c.hook_text for c in promises(films[3], ())]


def everything(material: Material) -> set[str]:
    return {hook for _, hooks in unworded(material).values() for hook in hooks}


def test_what_is_said_of_the_film_is_true() -> None:
    names = [f"Walk {number}" for number in range(9)]
    travelling = {hook for n in names for hook in everything(silent_film(n))}
    assert "Come Along" in travelling and "One Single Shot" in travelling
    resting = {hook for n in names
               for hook in everything(silent_film(n, video=seen("still", 7, 30.0)))}  # fmt: skip
    assert "Come Along" not in resting and "One Single Shot" not in resting
    assert "Shot by Shot" in resting and "Out of the Dark" in resting
    lengths = {hook for n in names for hook in everything(silent_film(n)) if "Under" in hook}
    assert lengths == {"Under 30 Seconds"}
    moved = {hook for n in names for hook in everything(speaker(n, "gesture"))}
    still = {hook for n in names for hook in everything(speaker(n))}
    assert "Caught Mid Sentence" in moved - still


def test_a_film_that_is_only_just_short_enough_promises_no_length() -> None:
    assert not [h for h in everything(silent_film(seconds=3599)) if "an Hour" in h]
