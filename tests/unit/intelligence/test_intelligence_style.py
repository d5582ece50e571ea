"""What the rule-based director does beside cutting: weight, transitions, cover, protection."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ai_video_editor.context.audio import AudioAnalysis, Retake
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.content import ContentTheme
from ai_video_editor.context.inputs import ContentType, VideoTrack
from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity, EditingDecision
from ai_video_editor.context.video import QualitySample, Shot, VideoAnalysis
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.plan_operations import diff, lock, restyle
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


def three_topics(kind: ContentType, *, weight: float = 0.1) -> tuple[Material, list[SourceTime]]:
    """A lesson with its topics found, and where the second and third begin."""
    audio, duration = talk(LESSON)
    audio = audio.model_copy(
        update={
            "sentences": tuple(s.model_copy(update={"emphasis": weight}) for s in audio.sentences)
        }
    )
    material, _ = understood(audio, duration)
    borders = [s.start for s in audio.sentences if s.text.startswith(("Index", "Fees"))]
    starts = [source_time(0), *borders]
    themes = tuple(
        ContentTheme(start=start, end=end, title=f"Topic {n}", confidence=0.9)
        for n, (start, end) in enumerate(zip(starts, [*borders, SourceTime(duration)], strict=True))
    )
    seen = tuple(file.model_copy(update={"video": TRACK}) for file in material.files)
    changed = {"themes": themes, "content_type": kind, "files": seen}
    return Material(**{**vars(material), **changed}), borders


TRACK = VideoTrack(
    stream_index=0, codec="h264", width=1280, height=720, coded_width=1280, coded_height=720,
    frame_rate="25/1", start=Fraction(0), duration=Fraction(60), frames=1500,
    pixel_format="yuv420p",
)  # fmt: skip


def transitions(plan: AIDirectorPlan) -> list[EditingDecision]:
    return [d for d in plan.decisions if d.decision_type == "transition"]


@pytest.mark.parametrize(
    ("kind", "style"),
    [
        (ContentType.EDUCATIONAL, "dissolve"),
        (ContentType.FINANCIAL, "dip"),
        (ContentType.GENERAL, "dip"),
    ],
)
def test_a_transition_stands_only_where_a_topic_begins(kind: ContentType, style: str) -> None:
    material, borders = three_topics(kind)
    found = transitions(planned(material))
    assert found and len(found) <= 2
    for transition in found:
        assert min(abs(transition.start - border) for border in borders) < Fraction(1)
        assert "Topic" in transition.rationale
        assert transition.parameters["style"] == style
        assert {"dissolve": "dissolves", "dip": "black"}[style] in transition.rationale


def test_a_music_film_is_cut_plainly() -> None:
    material, _ = three_topics(ContentType.MUSIC)
    assert not transitions(planned(material))


def test_nothing_is_laid_over_what_is_said_with_weight() -> None:
    material, _ = three_topics(ContentType.EDUCATIONAL, weight=0.9)
    assert not transitions(planned(material))


def test_without_a_picture_nothing_dissolves() -> None:
    material, _ = three_topics(ContentType.EDUCATIONAL)
    unseen = tuple(file.model_copy(update={"video": None}) for file in material.files)
    found = transitions(planned(Material(**{**vars(material), "files": unseen})))
    assert {d.parameters["style"] for d in found} == {"dip"}


def test_a_blend_never_reaches_into_another_shot() -> None:
    material, _ = three_topics(ContentType.EDUCATIONAL)
    plain = transitions(planned(material))
    assert {d.parameters["style"] for d in plain} == {"dissolve"}
    video, change = material.video, SourceTime(plain[0].start - Fraction(1, 10))
    assert video is not None
    shots = (
        video.shots[0].model_copy(update={"end": change}),
        video.shots[0].model_copy(update={"start": change}),
    )
    changed = video.model_copy(update={"shots": shots})
    found = transitions(planned(Material(**{**vars(material), "video": changed})))
    assert found[0].parameters["style"] == "dip"


def straps(plan: AIDirectorPlan) -> list[BRollOpportunity]:
    return [b for b in plan.broll if b.data.kind == "lower_third"]


def test_a_lesson_names_its_topics_in_lower_thirds() -> None:
    material, borders = three_topics(ContentType.EDUCATIONAL)
    plan = planned(material)
    found = straps(plan)
    # In a short film one of the two is enough.
    assert [b.data.labels for b in found] == [("Topic 2",)]
    assert found[0].placement == "overlay" and "Topic 2" in found[0].description
    times = plan.time_map()
    begins, chapter = times.to_film(0, found[0].start), times.next_film(0, borders[1])
    assert begins is not None and chapter is not None and 0 < begins - chapter < 2
    assert times.range_to_film(0, found[0].range)[0].duration >= Fraction(5, 2)


def test_a_lower_third_keeps_off_slides_and_other_films() -> None:
    material, _ = three_topics(ContentType.EDUCATIONAL)
    video = material.video
    assert video is not None
    slides = video.model_copy(
        update={"shots": (video.shots[0].model_copy(update={"kind": "slide"}),)}
    )
    assert not straps(planned(Material(**{**vars(material), "video": slides})))
    assert not straps(planned(three_topics(ContentType.GENERAL)[0]))


def test_another_style_can_be_chosen_for_a_transition() -> None:
    material, _ = three_topics(ContentType.EDUCATIONAL)
    plan = planned(material)
    name = transitions(plan)[0].decision_id
    wiped = restyle(plan, name, "wipe")
    assert transitions(wiped)[0].parameters["style"] == "wipe"
    assert transitions(wiped)[0].decided_by == "user"
    assert diff(plan, wiped).restyled == (name,)
    assert wiped.kept == plan.kept
    with pytest.raises(InputError, match="cut, dip, dissolve, wipe"):
        restyle(plan, name, "star")
    with pytest.raises(InputError, match="no transition"):
        restyle(plan, "cut-001", "wipe")
    with pytest.raises(InputError, match="locked"):
        restyle(lock(plan, name), name, "wipe")


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
