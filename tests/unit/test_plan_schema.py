"""The published schema of `plan.json` is that of the plans we write and read."""

from __future__ import annotations

import json
from pathlib import Path

from ai_video_editor.context.plan import AIDirectorPlan

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "plan.schema.json"


def test_the_published_schema_is_current() -> None:
    fresh = AIDirectorPlan.model_json_schema(mode="validation")
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == fresh, (
        "write it anew: ai-video-editor plan schema > docs/plan.schema.json"
    )
