"""What a person sees who is asked whether a plan is rendered."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.metadata.generator import title_first
from ai_video_editor.reporting.approval import offer, spoken
from tests.reporting_example import Shelf, example


def test_the_offer_names_decisions_titles_and_thumbnails(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    context = example(shelf, say=lambda text: text.replace("fortune", "<b>|fortune"))
    plan = context.ai_director_plan
    assert plan is not None and context.metadata_variations is not None
    told = offer(context, plan, shelf.path_of, answer_within=7 * 86400)
    assert all(d.decision_id in told for d in plan.decisions[:5])
    assert "Unanswered for 7 days" in told
    assert told.count("data:image/jpeg;base64,") == len(
        context.thumbnail_package.thumbnails if context.thumbnail_package else ()
    )
    assert "<b>" not in told
    assert len(told) < 200_000


@pytest.mark.parametrize(
    ("seconds", "words"), [(86400, "1 day"), (7200, "2 hours"), (90, "90 seconds")]
)
def test_a_length_of_time_is_told_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert spoken(seconds) == words


def test_the_chosen_title_stands_first_with_its_description(tmp_path: Path) -> None:
    package = example(Shelf(tmp_path)).metadata_variations
    assert package is not None
    wanted = package.variations[-1]
    chosen = title_first(package, wanted.title)
    assert chosen.titles[0] == wanted.title and set(chosen.titles) == set(package.titles)
    assert chosen.descriptions[0] == wanted.description
    assert title_first(package, None) == package
