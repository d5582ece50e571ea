from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content import Keyword, TrendingKeywords
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.outputs import MetadataPackage, Thumbnail, ThumbnailPackage
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, PlanChapter
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.chapters import chapter_lines, film_chapters
from ai_video_editor.metadata.generator import MetadataGenerator, prepare
from ai_video_editor.metadata.pairs import ab_pairs
from ai_video_editor.metadata.tags import make_hashtags
from ai_video_editor.timebase import source_time
from tests.talks import MONEY_TALK, talk, understood

TRENDING = TrendingKeywords(
    source="search",
    keywords=(
        Keyword(
            phrase="compound interest calculator",
            volume=0.9,
            difficulty=0.2,
            trend=0.8,
            evidence="in 4 of 5 results",
        ),
    ),
)


def made(quality: float = 0.85, name: str = "My Talk") -> tuple[AIDirectorPlan, MetadataPackage]:
    audio, duration = talk(MONEY_TALK, quality=quality)
    material, found = understood(audio, duration, name=name)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    package = MetadataGenerator().generate(
        plan,
        prepare(found.concepts, found.themes, found.summary, audio),
        TRENDING if quality > 0.6 else None,
        found.concepts,
        content_type=found.content_type,
        summary=found.summary,
        audio=audio,
        metadata=material.metadata,
    )
    return plan, package


def test_every_title_is_one_that_an_editor_would_sign() -> None:
    _, package = made()
    assert len(package.titles) >= 5
    assert len({t.lower() for t in package.titles}) == len(package.titles)
    for title in package.titles:
        assert limits.title_faults(title) == [] and len(title) <= limits.TITLE_SHOWN
        assert title == wording.title_case(title)
        assert title[-1] not in ",;:-" and not title.endswith((" the", " a", " of", " and"))


def test_each_strategy_has_title_description_and_hook_of_one_concept() -> None:
    plan, package = made()
    assert [v.strategy for v in package.variations] == list(STRATEGIES)
    concepts = {c.strategy: c for c in plan.thumbnail_concepts}
    for variation in package.variations:
        concept = concepts[variation.strategy]
        assert variation.title == concept.title_idea and variation.hook_text == concept.hook_text
        assert any(k in variation.description.lower() for k in concept.keywords)
        assert concept.keywords[0] in package.tags


def test_hook_title_description_overlay_and_tags_of_a_pair_come_of_one_concept() -> None:
    plan, package = made()
    hooks = {h.text: h for h in plan.hooks}
    overlays = " ".join([*(b.description for b in plan.broll), *(c.title for c in plan.chapters)])
    for concept, variation in zip(plan.thumbnail_concepts, package.variations, strict=True):
        topic = concept.keywords[0]
        told = f"{variation.title} {variation.description}".lower()
        assert variation.keywords == concept.keywords and topic in told
        assert topic in package.tags and topic in plan.metadata_strategy.primary_keywords
        assert topic in overlays.lower(), "the trending keyword stands in the film as well"
        assert f"#{wording.title_case(topic).replace(' ', '')}" in package.hashtags
        if variation.hook:
            assert hooks[variation.hook].kind == variation.marker
            assert any(m.kind == variation.marker for m in package.key_moments)
        # Thumbnail and title are two halves of one promise, not the same half twice.
        assert wording.overlap(concept.hook_text, variation.title) < 0.5
    assert {v.title for v in package.variations} == set(package.titles[:3])


def test_five_titles_are_of_five_kinds_and_three_descriptions_of_three() -> None:
    _, package = made()
    assert len(set(package.title_strategies)) == len(package.titles) == 5
    openings = [text.split("\n")[0] for text in package.descriptions]
    assert len(set(openings)) == 3
    assert len({v.pinned_comment for v in package.variations}) == 3


def test_key_moments_are_where_they_were_said() -> None:
    plan, package = made()
    time_map = plan.time_map()
    moment = next(m for m in package.key_moments if m.kind == "concern")
    hook = next(h for h in plan.hooks if h.text == moment.title)
    assert moment.start == time_map.next_film(hook.input, hook.start)
    assert [m.start for m in package.key_moments] == sorted(m.start for m in package.key_moments)


def test_spelled_numbers_are_printed_as_figures() -> None:
    _, package = made()
    assert any("$180,000" in m.title for m in package.key_moments)


def test_a_film_of_a_camera_s_name_says_what_would_help() -> None:
    _, package = made(quality=0.3, name="IMG_0042")
    assert "IMG" not in " ".join([*package.titles, *package.descriptions])
    assert any("rename the file" in note for note in package.notes)


def test_the_first_line_of_a_description_fits_into_a_search_result() -> None:
    _, package = made()
    for text in package.descriptions:
        first = text.split("\n")[0]
        assert 20 <= len(first) <= limits.DESCRIPTION_SHOWN and first[-1] in ".?!"


def test_a_financial_description_carries_its_disclaimer_and_the_chapters() -> None:
    _, package = made()
    for text in package.descriptions:
        assert "not financial advice" in text
        assert chapter_lines(package.chapters) in text
        assert limits.description_faults(text) == []
        assert text.count("#") <= 3


def test_trending_keywords_stand_in_the_tags() -> None:
    _, package = made()
    assert "compound interest calculator" in package.tags
    assert limits.tags_faults(package.tags) == []


def test_chapters_are_on_the_films_time() -> None:
    plan, package = made()
    assert limits.chapters_faults(package.chapters, plan.time_map().duration) == []
    assert package.chapters[0].start == 0 and len(package.chapters) >= 3


def test_a_film_too_short_for_three_chapters_has_none() -> None:
    audio, duration = talk("Index funds are good. They are cheap. Buy one today.")
    material, _ = understood(audio, duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    assert film_chapters(plan) == ()


def test_chapters_too_close_together_are_joined() -> None:
    audio, duration = talk(MONEY_TALK)
    material, _ = understood(audio, duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    crowded = plan.model_copy(
        update={
            "chapters": tuple(
                PlanChapter(start=source_time(3 * i), title=f"Topic {i}") for i in range(20)
            )
        }
    )
    chapters = film_chapters(crowded)
    assert limits.chapters_faults(chapters, plan.time_map().duration) == []
    assert len(chapters) >= 3


def test_uncertain_words_leave_the_files_name() -> None:
    _, package = made(quality=0.3, name="Garden Tour")
    text = " ".join([*package.titles, *package.descriptions, *package.tags]).lower()
    assert "compound" not in text and "interest" not in text
    assert all("Garden Tour" in t for t in package.titles)
    assert "financial advice" not in text


def test_a_pair_joins_thumbnail_and_title_of_one_strategy() -> None:
    plan, package = made()
    image = MediaRef(sha256="0" * 64, suffix=".jpg", size=1)
    thumbnails = ThumbnailPackage(
        thumbnails=tuple(
            Thumbnail(
                strategy=c.strategy,
                variant=variant,
                image=image,
                width=1280,
                height=720,
                hook_text=c.hook_text,
                background="plain",
                contrast=7.0,
            )
            for c in plan.thumbnail_concepts
            for variant in ("a", "b")
        )
    )
    pairs = ab_pairs(package, thumbnails, plan)
    assert [p.id for p in pairs] == ["pair-emotional", "pair-curiosity", "pair-authority"]
    assert pairs[1].thumbnail == "thumbnails/curiosity.jpg"
    assert [p.title for p in pairs] == [v.title for v in package.variations]
    assert ab_pairs(package, ThumbnailPackage(), plan) == ()


@pytest.mark.parametrize(
    ("title", "fault"),
    [("", "empty"), ("a" * 101, "101"), ("😀" * 51, "102"), ("a < b", "<")],
)
def test_a_title_youtube_would_refuse_is_named(title: str, fault: str) -> None:
    assert any(fault in f for f in limits.title_faults(title))


@given(st.text(max_size=400))
def test_any_text_becomes_a_title_that_is_accepted(text: str) -> None:
    title = limits.fit_title(text)
    assert not title or limits.title_faults(title) == []


@given(st.text(max_size=3000), st.integers(1, 4))
def test_any_text_becomes_a_description_that_is_accepted(text: str, times: int) -> None:
    fitted = limits.fit_description(text * times)
    assert len(fitted.encode()) <= limits.DESCRIPTION_BYTES
    assert "<" not in fitted and ">" not in fitted


@given(st.lists(st.text(max_size=80), max_size=60))
def test_any_texts_become_tags_that_are_accepted(texts: list[str]) -> None:
    tags = limits.fit_tags(texts)
    assert limits.tags_faults(tags) == []
    assert len(set(tags)) == len(tags)


@given(st.lists(st.text(max_size=40), max_size=8), st.sampled_from(list(ContentType)))
def test_hashtags_are_three_single_words_at_most(texts: list[str], kind: ContentType) -> None:
    found = make_hashtags(texts, kind)
    assert len(found) <= 3 and all(tag[1:].isalnum() for tag in found)


@given(st.lists(st.integers(0, 88), max_size=12))
def test_any_chapters_are_shown_or_none_are(starts: list[int]) -> None:
    plan, _ = PLAN
    chapters = tuple(PlanChapter(start=source_time(s), title=f"About {s}") for s in starts)
    found = film_chapters(plan.model_copy(update={"chapters": chapters}))
    assert limits.chapters_faults(found, Fraction(plan.time_map().duration)) == []


PLAN = made()
