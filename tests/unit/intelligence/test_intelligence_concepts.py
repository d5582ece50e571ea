"""Pictures of concepts and the drawn presenter: where they help, with words that were said."""

from __future__ import annotations

from dataclasses import replace

from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.intelligence.director.rules import create_editing_plan
from tests.talks import MONEY_TALK, talk, understood

SAVING = """
Hello and welcome to this lesson about your money. Let us look at it closely. [1]
So what is diversification? [0.6] Diversification means that you do not keep all your eggs in one
basket. [1.2] If one company falls, the others hold you up, and you sleep well. [1] And then there
is inflation. Inflation is a thief that nobody sees. [1] With inflation your money buys less every
single year. [1.4] That was the part which people remember least. They think about it much later.
I hear it from so many of you when we talk. [1]
"""


def planned(text: str, *, characters: bool = False, shot: str = "black") -> AIDirectorPlan:
    audio, duration = talk(text)
    material, _ = understood(audio, duration, shot=shot)
    return create_editing_plan(
        replace(material, characters=characters), pace="normal", max_removed_share=0.6
    )


def test_a_concept_with_a_picture_is_drawn_with_the_words_said_there() -> None:
    drawn = [one for one in planned(SAVING).broll if one.data.kind == "animation"]
    assert {one.data.drawing for one in drawn} & {"spread", "shrink"}
    for one in drawn:
        assert one.content_type == "animation"
        assert not one.data.values
        assert one.data.said is not None and one.start <= one.data.said < one.end
        caption = one.data.labels[0].rstrip("….").lower()
        assert caption in " ".join(SAVING.split()).lower()


def test_a_concept_is_explained_once_by_a_picture_or_by_a_card() -> None:
    words = [
        one.data.labels[-1 if one.data.kind == "animation" else 0].lower()
        for one in planned(SAVING).broll
        if one.data.kind in ("animation", "definition")
    ]
    assert len(words) == len(set(words))


def test_nobody_is_drawn_unless_characters_were_asked_for() -> None:
    assert all(not one.data.action for one in planned(MONEY_TALK).broll)


def test_over_slides_the_presenter_keeps_to_a_corner() -> None:
    plan = planned(MONEY_TALK, characters=True, shot="slide")
    alone = [one for one in plan.broll if one.data.kind == "presenter"]
    assert alone and all(one.placement == "overlay" for one in alone)


def test_nobody_is_drawn_where_a_face_is_seen() -> None:
    plan = planned(MONEY_TALK, characters=True, shot="talking_head")
    assert all(not one.data.action for one in plan.broll)


def test_the_presenter_points_at_charts_and_appears_beside_the_words() -> None:
    plan = planned(MONEY_TALK, characters=True)
    pointing = [one for one in plan.broll if one.data.action == "point"]
    assert [one.data.kind for one in pointing][:1] == ["growth"]
    presented = [one for one in plan.broll if one.data.action]
    assert all(one.content_type == "character" for one in presented)
    alone = [one for one in presented if one.data.kind == "presenter"]
    assert all(one.placement == "full_screen" and one.data.labels for one in alone)
    starts = sorted(float(one.start) for one in plan.broll if one.data.kind != "lower_third")
    for at, first in enumerate(starts):
        assert sum(first <= other < first + 60 for other in starts[at:]) <= 4
