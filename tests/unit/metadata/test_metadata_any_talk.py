"""Whatever is said, shown and called, the texts beside the film keep every limit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_video_editor.context.content import Keyword, TrendingKeywords
from ai_video_editor.context.outputs import MetadataPackage
from ai_video_editor.context.plan import (
    STRATEGIES,
    AIDirectorPlan,
    MetadataCopy,
    PlanChapter,
    PromiseCopy,
)
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.language.headlines import headline, question_of
from ai_video_editor.language.names import film_name
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.generator import MetadataGenerator, prepare
from ai_video_editor.timebase import source_time
from tests.talks import talk, understood

PLAIN = """
interest fund fee market bread flour water dough plant light sugar compound index starter amazing
never mistake what why how is are makes gives eats takes the a of and in for every your you we it
this that because 500 7 30 dollars percent years month months
"""
ODD = """
<b>x</b> #tag 🎬🎬🎬 ﷽ naïve Zürich 複利 a\u200bb "quoted" C++ & 100% $5 and/or
Donaudampfschifffahrtsgesellschaftskapitän
"""

ANY = st.text(max_size=30).map(lambda t: "".join(t.split()) or "so")
KNOWN = st.sampled_from(PLAIN.split())
WORD = st.one_of(KNOWN, KNOWN, KNOWN, st.sampled_from(ODD.split()), ANY)
SENTENCE = st.tuples(
    st.lists(WORD, min_size=1, max_size=9), st.sampled_from([".", "?", "!", ""]),
    st.sampled_from(["", "[0.5]", "[1.5]", "[12]"]),
).map(lambda s: " ".join(s[0]) + s[1] + (f" {s[2]}" if s[2] else ""))  # fmt: skip


@st.composite
def packages(draw: st.DrawFn) -> tuple[AIDirectorPlan, MetadataPackage]:
    """The metadata of some talk, sure or not, with a model's texts or without."""
    text = " ".join(draw(st.lists(SENTENCE, min_size=1, max_size=7)))
    sure = draw(st.booleans())
    name = draw(st.one_of(st.text(max_size=120), st.sampled_from(["IMG_0042", "How to bake"])))
    audio, duration = talk(text, quality=0.9 if sure else 0.2, confidence=0.95 if sure else 0.3)
    material, found = understood(audio, duration, name=name.strip() or "film")
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    copy = MetadataCopy()
    if draw(st.booleans()):
        wild = st.text(max_size=300)
        copy = MetadataCopy(
            titles=tuple(draw(st.lists(wild, max_size=3))),
            promises=tuple(
                PromiseCopy(strategy=s, description=draw(wild), pinned_comment=draw(wild),
                            tags=tuple(draw(st.lists(wild, max_size=3))))
                for s in STRATEGIES
            ),
        )  # fmt: skip
    chapters = tuple(
        PlanChapter(start=source_time(s), title=draw(st.text(max_size=140)))
        for s in draw(st.lists(st.integers(0, 200), max_size=8))
    )
    plan = plan.model_copy(update={"metadata_copy": copy, "chapters": chapters or plan.chapters})
    phrases = draw(st.lists(st.text(min_size=1, max_size=80), max_size=6))
    research = TrendingKeywords(
        source="search",
        keywords=tuple(
            Keyword(phrase=p, volume=0.5, difficulty=0.5, trend=0.5, evidence="") for p in phrases
        ),
        suggestions=tuple(phrases),
    )
    package = MetadataGenerator().generate(
        plan, prepare(found.concepts, found.themes, found.summary, audio), research,
        found.concepts, content_type=found.content_type, summary=found.summary, audio=audio,
        metadata=material.metadata, emotions=found.emotions,
    )  # fmt: skip
    return plan, package


@settings(
    max_examples=200, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(packages())
def test_in_two_hundred_talks_not_one_limit_is_broken(
    made: tuple[AIDirectorPlan, MetadataPackage],
) -> None:
    plan, package = made
    faults = limits.package_faults(package, plan.time_map().duration)
    assert {name: found for name, found in faults.items() if found} == {}
    assert 3 <= len(package.titles) <= 5 and len(package.descriptions) == 3
    assert len({t.lower() for t in package.titles}) == len(package.titles)
    assert len(package.title_strategies) == len(package.titles)
    assert package.tags and package.pinned_comment
    if package.method == "templates":
        assert all(len(title) <= limits.TITLE_SHOWN for title in package.titles)
        for text in package.descriptions:
            assert len(text.split("\n")[0]) <= limits.DESCRIPTION_SHOWN


@given(st.text(max_size=80))
def test_any_file_name_becomes_a_name_or_none(name: str) -> None:
    found = film_name(name)
    assert found == found.strip() and film_name(found).lower() in (found.lower(), "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("head 512 8s", "Head"),
        ("how_to_make_sourdough_final_v2", "How to Make Sourdough"),
        ("talk (1)", "Talk"),
        ("jfk 11s", "JFK"),
        ("Top 10 Tips", "Top 10 Tips"),
        ("IMG_0042", ""),
        ("GX010123", ""),
        ("Screen Recording 2026-05-12 at 10.33.11", ""),
        ("VID_20260512_123456", ""),
        ("\u200b<>\x07", ""),
    ],
)
def test_what_machines_added_to_a_name_is_left_out(name: str, shown: str) -> None:
    assert film_name(name) == shown


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("So, the biggest mistake is waiting.", "The Biggest Mistake Is Waiting"),
        ("We asked ourselves, are our interviews any good?", "Are Our Interviews Any Good?"),
        ("What does this mean for us?", None),
        ("I love this part.", None),
        ("Rubisco is also slow and makes mistakes.", None),
        ("That is a scary number.", None),
        ("Don't forget to subscribe to this channel.", None),
    ],
)
def test_a_title_is_a_sentence_that_a_stranger_understands(said: str, title: str | None) -> None:
    assert headline(said, limits.TITLE_SHOWN) == title


def test_what_introduces_a_question_is_left_out() -> None:
    assert question_of("The question is, does it scale?") == "Does it scale?"
    assert question_of("Does it scale?") == "Does it scale?"
