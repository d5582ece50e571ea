from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ai_video_editor.content.analyzer import ContentAnalyzer
from ai_video_editor.content.concepts import is_name
from ai_video_editor.content.emotions import feelings
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import ContentType, UserPreferences
from ai_video_editor.context.video import Shot, VideoAnalysis
from ai_video_editor.timebase import source_time
from tests.talks import MONEY_TALK, film, from_word_times, talk, understood


def test_the_most_central_concept_is_what_the_talk_is_about() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood(audio, duration)
    assert found.concepts[0].phrase == "compound interest"
    assert found.content_type is ContentType.FINANCIAL
    assert "compound interest" in found.summary.content_type_reason


def test_every_mention_of_a_concept_lies_where_it_was_said() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood(audio, duration)
    fees = next(c for c in found.concepts if c.phrase == "fees")
    assert len(fees.mentions) == 4
    for mention in fees.mentions:
        word = next(w for w in audio.words if w.start == mention.start)
        assert word.text.lower().strip(".,?").startswith("fee")


def test_no_concept_is_a_fragment_with_a_verb_in_it() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood(audio, duration)
    phrases = [c.phrase for c in found.concepts]
    assert len({p.lower() for p in phrases}) == len(phrases)
    assert all(is_name(p) or p == "market" for p in phrases)


@pytest.mark.parametrize(
    "phrase",
    ["market beats timing", "the market", "percent sounds", "very", "people", "300 dollars"],
)
def test_what_is_no_name_of_a_thing_is_no_concept(phrase: str) -> None:
    assert not is_name(phrase)


def test_themes_have_titles_in_the_speakers_words() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood(audio, duration)
    titles = [t.title for t in found.themes]
    assert titles[0] == "What Is Compound Interest?"
    assert "Index Funds" in titles and "The Biggest Mistake: Waiting" in titles
    assert found.themes[0].start == 0
    assert all(a.end == b.start for a, b in zip(found.themes, found.themes[1:], strict=False))


def test_a_list_is_announced_by_its_title() -> None:
    text = "Hello there my friends. " + "Water is a wonderful drink for runners. " * 12 + "[1.5] "
    text += "There are three ways to save money. " + "Put coins into a small jar at home. " * 12
    audio, duration = talk(text)
    _, found = understood(audio, duration)
    assert "Three Ways to Save Money" in [t.title for t in found.themes]


def test_a_negation_turns_a_feeling_around() -> None:
    assert "concern" in feelings("I am worried")
    assert "concern" not in feelings("you are not worried")
    assert "confidence" in feelings("you are not worried")


def test_peaks_are_in_order_and_carry_their_evidence() -> None:
    audio, duration = talk(MONEY_TALK)
    _, found = understood(audio, duration)
    assert [p.start for p in found.emotions] == sorted(p.start for p in found.emotions)
    assert any(p.kind == "concern" and 'said "scary"' in p.evidence for p in found.emotions)
    assert all(p.evidence for p in found.emotions)


def test_uncertain_words_stay_out_of_summary_and_questions() -> None:
    audio, duration = talk(MONEY_TALK, quality=0.3)
    _, found = understood(audio, duration)
    assert found.summary.summary == "" and found.summary.questions == ()
    assert all(c.confidence < 0.6 for c in found.concepts)
    assert found.summary.notes == (), "the analysis of the sound tells it once"
    assert not any(n.certain for n in found.summary.numbers), "and no number is drawn"
    assert found.content_type is ContentType.GENERAL


def test_without_words_the_shots_make_neutral_themes() -> None:
    shots = tuple(
        Shot(start=source_time(20 * i), end=source_time(20 * i + 20), kind="broll")
        for i in range(6)
    )
    found = ContentAnalyzer().analyze(
        None, VideoAnalysis(shots=shots), (), film(Fraction(120)), UserPreferences()
    )
    assert found.summary.method == "structure"
    assert [t.title for t in found.themes][:3] == ["Part 1", "Part 2", "Part 3"]
    assert found.concepts == () and found.emotions == ()


def test_music_is_told_by_its_sound() -> None:
    audio = AudioAnalysis(engine="none", language="und", quality=0.0, kind="music")
    found = ContentAnalyzer().analyze(audio, None, (), film(Fraction(60)), UserPreferences())
    assert found.content_type is ContentType.MUSIC


def test_a_given_content_type_is_not_guessed() -> None:
    audio, duration = talk(MONEY_TALK)
    wish = UserPreferences(content_type=ContentType.EDUCATIONAL)
    found = ContentAnalyzer().analyze(audio, None, (), film(duration), wish, method="transcript")
    assert found.content_type is ContentType.EDUCATIONAL


@pytest.mark.shared_media
def test_a_transcript_without_capitals_still_gives_names(shared_media: Path) -> None:
    audio = from_word_times(shared_media / "truth" / "manifesto_88s.words.json")
    _, found = understood(audio, Fraction(8807, 100))
    phrases = [c.phrase for c in found.concepts]
    assert "communism" in phrases[:3] and "manifesto" in phrases
    assert len(found.themes) >= 3
