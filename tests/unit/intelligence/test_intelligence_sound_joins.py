from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.plan import Kept
from ai_video_editor.context.video import Shot, VideoAnalysis
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.sound_joins import sound_joins
from ai_video_editor.timebase import source_time
from tests.talks import understood

Span = tuple[int, float, float]


def material(*words: Span, shots: tuple[tuple[str, float, float], ...] = ()) -> Material:
    audio = AudioAnalysis(
        engine="imported",
        language="en",
        quality=0.9,
        words=tuple(
            Word(input=n, start=source_time(a), end=source_time(b), text="word", confidence=0.9)
            for n, a, b in words
        ),
    )
    seen = VideoAnalysis(
        shots=tuple(
            Shot(start=source_time(a), end=source_time(b), kind=kind) for kind, a, b in shots
        )
    )
    one = understood(audio, Fraction(10), video=seen)[0]
    return replace(one, files=one.files * 2, paths=one.paths * 2)


def kept(*spans: Span) -> list[Kept]:
    return [Kept(input=n, start=source_time(a), end=source_time(b)) for n, a, b in spans]


def test_sound_leads_where_another_recording_begins_in_silence() -> None:
    found = sound_joins(
        material((0, 1.0, 3.0), (0, 6.0, 7.0), (1, 4.0, 5.0)), kept((0, 0.5, 3.6), (1, 3.8, 6.0))
    )
    assert [d.parameters for d in found] == [{"style": "j_cut", "offset": 0.25}]
    assert (found[0].input, found[0].start) == (1, source_time(3.8))
    assert found[0].decision_type == "transition"


def test_sound_lags_where_the_next_word_is_far_and_the_last_one_near() -> None:
    found = sound_joins(
        material((0, 1.0, 3.55), (0, 6.0, 7.0), (1, 4.0, 5.0)), kept((0, 0.5, 3.6), (1, 3.7, 6.0))
    )
    assert [d.parameters for d in found] == [{"style": "l_cut", "offset": 0.18}]


def test_a_slide_at_a_cut_is_another_picture_and_a_jump_cut_is_not() -> None:
    pieces = kept((0, 0.5, 3.6), (0, 5.0, 8.0))
    words = ((0, 1.0, 3.0), (0, 5.5, 7.0))
    slide = material(*words, shots=(("talking_head", 0, 4.0), ("slide", 4.0, 10)))
    assert "slide" in sound_joins(slide, pieces)[0].rationale
    face = material(*words, shots=(("talking_head", 0, 4.0), ("talking_head", 4.0, 10)))
    assert sound_joins(face, pieces) == []


@pytest.mark.parametrize(
    "words",
    [
        ((0, 1.0, 3.6), (0, 3.6, 4.0), (1, 3.7, 5.0)),  # words on both sides of both cuts
        ((0, 1.0, 3.5), (0, 3.7, 4.0), (1, 3.2, 3.5), (1, 3.8, 5.0)),  # too little silence
    ],
)
def test_without_silence_sound_and_picture_change_together(words: tuple[Span, ...]) -> None:
    assert sound_joins(material(*words), kept((0, 0.5, 3.6), (1, 3.7, 6.0))) == []


def test_the_beginning_of_a_recording_has_nothing_to_lead_with() -> None:
    found = sound_joins(material((0, 1.0, 3.0)), kept((0, 0.5, 10.0), (1, 0.0, 6.0)))
    assert found == []
