"""What the rule-based director does beside cutting: weight, transitions, cover, protection."""

from __future__ import annotations

from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis, Retake
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.content import ContentTheme
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.context.video import QualitySample, Shot, VideoAnalysis
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.timebase import SourceTime, source_time
from tests.talks import MONEY_TALK, talk, understood

LESSON = """
Compound interest is interest on interest. It is slow at first and fast at the end. You put money
in and you wait for it. [1.4] Index funds are another matter. They hold every company there is.
You buy one share and own a slice of all of them. [1.2] Fees are what remains to be said. They are
small numbers with a large effect. Look at them before you buy anything at all. [1.0]
"""


def planned(material: Material) -> AIDirectorPlan:
    return create_editing_plan(material, pace="normal", max_removed_share=0.6)


def of_type(plan: AIDirectorPlan, kind: str) -> list[tuple[float, float]]:
    return [(float(d.start), float(d.end)) for d in plan.decisions if d.decision_type == kind]


def stressed(audio: AudioAnalysis, number: int) -> AudioAnalysis:
    sentences = tuple(
        s.model_copy(update={"emphasis": 0.9 if n == number else 0.1})
        for n, s in enumerate(audio.sentences)
    )
    return audio.model_copy(update={"sentences": sentences})


def test_the_framing_moves_in_on_the_sentence_said_with_weight() -> None:
    audio, duration = talk(LESSON)
    material, _ = understood(stressed(audio, 1), duration)
    plan = planned(material)
    sentence = audio.sentences[1]
    moves = [d for d in plan.decisions if float(d.parameters.get("ease_in", 0)) > 0]
    assert len(moves) == 1
    assert abs(moves[0].start - sentence.start) < Fraction(1, 25)
    assert moves[0].end >= sentence.end
    assert "weight" in moves[0].rationale


def test_nothing_moves_over_slides() -> None:
    audio, duration = talk(LESSON)
    material, _ = understood(stressed(audio, 1), duration, shot="slide")
    assert not of_type(planned(material), "zoom")


def test_a_transition_stands_only_where_a_topic_begins() -> None:
    audio, duration = talk(LESSON)
    material, _ = understood(audio, duration)
    borders = [s.start for s in audio.sentences if s.text.startswith(("Index", "Fees"))]
    starts = [source_time(0), *borders]
    themes = tuple(
        ContentTheme(start=start, end=end, title=f"Topic {n}", confidence=0.9)
        for n, (start, end) in enumerate(zip(starts, [*borders, SourceTime(duration)], strict=True))
    )
    material = Material(**{**vars(material), "themes": themes})
    plan = planned(material)
    transitions = [d for d in plan.decisions if d.decision_type == "transition"]
    assert transitions and len(transitions) <= 2
    for transition in transitions:
        assert min(abs(transition.start - border) for border in borders) < Fraction(1)
        assert "Topic" in transition.rationale


def test_a_black_picture_under_speech_is_covered_with_the_words() -> None:
    audio, duration = talk(MONEY_TALK)
    whole = Shot(start=source_time(0), end=SourceTime(duration), kind="talking_head")
    sentence = next(s for s in audio.sentences if s.text.startswith("The biggest mistake"))
    black = QualitySample(
        start=sentence.start,
        end=sentence.end,
        sharpness=0,
        brightness=1,
        contrast=0,
        black=True,
        score=0,
    )
    video = VideoAnalysis(shots=(whole,), quality=(black,))
    plan = planned(understood(audio, duration, video=video)[0])
    (card,) = [o for o in plan.broll if o.data.kind == "title"]
    assert (card.start, card.end) == (sentence.start, sentence.end)
    assert card.data.labels == ("The biggest mistake is waiting",) or card.data.labels == (
        sentence.text,
    )


def test_a_bad_picture_that_nothing_covers_is_told() -> None:
    audio, duration = talk(MONEY_TALK, quality=0.3, confidence=0.3)  # too weak for print
    speech = tuple(SourceSpan(start=w.start, end=w.end) for w in audio.words)
    audio = audio.model_copy(update={"speech": speech})
    whole = Shot(start=source_time(0), end=SourceTime(duration), kind="talking_head")
    black = QualitySample(
        start=source_time(10),
        end=source_time(14),
        sharpness=0,
        brightness=1,
        contrast=0,
        black=True,
        score=0,
    )
    video = VideoAnalysis(shots=(whole,), quality=(black,))
    plan = planned(understood(audio, duration, video=video)[0])
    assert not plan.broll
    assert any("unusable from 0:10 to 0:14" in warning for warning in plan.warnings)


def test_a_repeated_number_is_never_taken_for_a_stutter() -> None:
    audio, duration = talk("We began in twenty twenty with nine hundred dollars. It was little.")
    at = next(n for n, w in enumerate(audio.words) if w.text == "twenty")
    first, second = audio.words[at], audio.words[at + 1]
    stutter = Retake(
        start=first.start,
        end=first.end,
        text="twenty",
        kind="repeat",
        confidence=0.9,
        kept_start=second.start,
        kept_end=second.end,
        kept_text="twenty",
        first_word=at,
        last_word=at + 1,
    )
    material, _ = understood(audio.model_copy(update={"retakes": (stutter,)}), duration)
    plan = planned(material)
    assert plan.time_map().to_film(0, first.start) is not None
    assert any("would have taken out" in warning for warning in plan.warnings)


def test_captions_stress_the_numbers_of_a_financial_talk() -> None:
    material, found = understood(*talk(MONEY_TALK))
    assert found.content_type is ContentType.FINANCIAL
    plan = planned(material)
    stressed_words = [d for d in plan.decisions if d.decision_type == "caption_emphasis"]
    assert stressed_words
    assert all(d.parameters["text"] for d in stressed_words)
    weak, duration = talk(MONEY_TALK, quality=0.3, confidence=0.3)
    assert not of_type(planned(understood(weak, duration)[0]), "caption_emphasis")
