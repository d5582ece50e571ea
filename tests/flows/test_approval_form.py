"""The form that a deployed run asks with."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ai_video_editor.settings import Settings
from flows.approval import form_for
from tests.reporting_example import Shelf, example


def test_the_form_offers_what_can_be_chosen_and_nothing_else(tmp_path: Path) -> None:
    context = example(Shelf(tmp_path))
    plan = context.ai_director_plan
    assert plan is not None and context.metadata_variations is not None
    locked = plan.decisions[0].model_copy(update={"locked": True})
    plan = plan.model_copy(update={"decisions": (locked, *plan.decisions[1:])})
    form = form_for(context, plan, Settings())
    fields = form.model_json_schema()["properties"]
    assert set(fields) == {"approve", "pace", "drop", "title", "thumbnail"}
    assert all(field["description"] for field in fields.values())
    assert fields["title"]["enum"] == list(context.metadata_variations.titles)
    assert locked.decision_id not in fields["drop"]["items"]["enum"]
    plain = form.model_validate({"approve": True}).model_dump()
    assert (plain["pace"], plain["drop"]) == ("normal", [])
    for wrong in ({"drop": [locked.decision_id]}, {"title": "Buy now"}, {"speed": 2}):
        with pytest.raises(ValidationError):
            form.model_validate(wrong)
