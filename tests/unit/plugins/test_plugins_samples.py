"""The plugins that come as examples do what they say."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.context.outputs import MetadataPackage, MetadataVariation
from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity, ChartData
from ai_video_editor.plugins.base import Sections, StageCall
from ai_video_editor.plugins.discovery import Found, find_plugins
from ai_video_editor.plugins.manager import Called
from ai_video_editor.timebase import SourceTime

SAMPLES = Path(__file__).parents[3] / "samples" / "plugins"


@pytest.fixture
def found(tmp_path: Path) -> Found:
    folder = tmp_path / "plugins"
    shutil.copytree(SAMPLES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o022)
    return find_plugins(folder)


def call_of(stage: str, section: str, value: Any) -> StageCall:
    def unused(_: Any) -> Any:
        raise AssertionError("no file is asked for")

    sections = Sections(frozenset({section}), {section: value}.__getitem__)
    return StageCall(stage, "talk-1", sections, frozenset({section}), unused, unused)


def signed(found: Found, description: str) -> Called:
    variation = MetadataVariation(
        strategy="curiosity", title="A title", description=description, hook_text="Why now"
    )
    package = MetadataPackage(
        titles=("A title",), descriptions=(description,), tags=(), variations=(variation,)
    )
    call = call_of("metadata_generation", "metadata_variations", package)
    (called,) = found.plugins.execute_hooks("after_metadata_generation", call)
    return called


def test_all_of_them_load(found: Found) -> None:
    assert found.faults == ()


def test_a_description_ends_with_the_channels_lines_above_the_hashtags(found: Found) -> None:
    called = signed(found, "What you learn.\n\n#money #savings")
    assert called.fault is None
    package: MetadataPackage = called.changed["metadata_variations"]
    text = package.descriptions[0]
    assert text.startswith("What you learn.\n\nNew lessons every Thursday.")
    assert text.endswith("https://example.com/microphone\n\n#money #savings")
    assert package.variations[0].description == text


def test_a_description_that_has_no_room_stays_as_it_is(found: Found) -> None:
    called = signed(found, "x" * 4990)
    assert called.fault is not None and "over 5000 bytes" in called.fault


def graphic(number: int, start: float, end: float, confidence: float) -> BRollOpportunity:
    return BRollOpportunity(
        opportunity_id=f"broll-{number}",
        start=SourceTime(Fraction(start)),
        end=SourceTime(Fraction(end)),
        content_type="graphic",
        description="A number",
        data=ChartData(kind="big_number"),
        priority=0.5,
        confidence=confidence,
    )


def calmed(found: Found, *graphics: BRollOpportunity) -> Called:
    plan = AIDirectorPlan(
        director="rules", film_frame_rate="25/1", inputs=(), kept=(), broll=graphics
    )
    call = call_of("intelligence_layer", "ai_director_plan", plan)
    (called,) = found.plugins.execute_processors("follow", call)
    return called


def test_graphics_that_are_short_or_unsure_leave_the_plan(found: Found) -> None:
    called = calmed(found, graphic(1, 0, 4, 0.9), graphic(2, 10, 11, 0.9), graphic(3, 20, 25, 0.2))
    plan: AIDirectorPlan = called.changed["ai_director_plan"]
    assert [item.opportunity_id for item in plan.broll] == ["broll-1"]
    assert plan.warnings == ("The plugin calm_graphics left out 2 graphics.",)


def test_a_plan_that_is_calm_already_stays(found: Found) -> None:
    assert calmed(found).declined
    called = calmed(found, graphic(1, 0, 4, 0.9))
    assert called.fault is None and not called.changed
