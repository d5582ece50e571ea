"""The ContentContext: lossless, versioned, merged and never half-read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import AIDirectorPlan, Kept
from ai_video_editor.context.record import ProcessingMetrics
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.errors import ContextIntegrityError, ContextStateError
from ai_video_editor.timebase import source_time

SPEC_FIELDS = [
    "project_id",
    "video_files",
    "content_type",
    "user_preferences",
    "audio_analysis",
    "video_analysis",
    "visual_highlights",
    "emotional_markers",
    "key_concepts",
    "content_themes",
    "trending_keywords",
    "ai_director_plan",
    "editing_decisions",
    "broll_plans",
    "metadata_strategy",
    "thumbnail_package",
    "metadata_variations",
    "generated_broll",
    "composed_video",
    "processing_metrics",
    "error_history",
    "checkpoints",
    "failed_modules",
    "video_metadata",
    "cached_keywords",
    "thumbnail_generation_strategy",
    "current_processing_stage",
    "completed_stages",
    "processing_preferences",
]


def heard(*texts: str) -> AudioAnalysis:
    words = tuple(
        Word(text=text, start=source_time(i), end=source_time(i + 0.123457), confidence=0.9)
        for i, text in enumerate(texts)
    )
    return AudioAnalysis(engine="scripted", language="en", quality=0.9, words=words)


def test_every_field_of_the_design_is_there() -> None:
    assert set(SPEC_FIELDS) <= set(ContentContext.model_fields)


@given(st.lists(st.text(max_size=8), max_size=6))
def test_a_context_comes_back_from_json_unchanged(texts: list[str]) -> None:
    context = ContentContext(project_id="talk-1", audio_analysis=heard(*texts))
    assert ContentContext.from_json(context.to_json()) == context


def test_times_are_written_as_numbers_with_at_most_six_decimals() -> None:
    span = SourceSpan(start=source_time(1 / 3), end=source_time(2))
    assert json.loads(span.model_dump_json()) == {"start": 0.333333, "end": 2.0, "input": 0}


def test_branches_that_ran_side_by_side_are_merged() -> None:
    base = ContentContext(project_id="talk-1")
    left = base.model_copy(update={"audio_analysis": heard("hello")})
    right = base.model_copy(update={"video_analysis": VideoAnalysis()})
    merged = left.merged(right)
    assert merged.audio_analysis == left.audio_analysis
    assert merged.video_analysis == right.video_analysis
    assert base.audio_analysis is None


def test_two_branches_that_filled_the_same_section_are_a_fault() -> None:
    left = ContentContext(project_id="talk-1", audio_analysis=heard("hello"))
    right = ContentContext(project_id="talk-1", audio_analysis=heard("goodbye"))
    with pytest.raises(ContextStateError, match="audio_analysis"):
        left.merged(right)


def test_a_context_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        ContentContext(project_id="talk-1").project_id = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not readable JSON"),
        ("[]", "not a JSON object"),
        ('{"project_id": "a"}', "schema version None"),
        ('{"schema_version": 99, "project_id": "a"}', "schema version 99"),
        ('{"schema_version": 1}', "project_id"),
        ('{"schema_version": 1, "project_id": "a", "words": []}', "words"),
    ],
)
def test_what_is_not_a_context_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(ContextIntegrityError, match=says):
        ContentContext.from_json(text)


def test_a_context_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_video_editor.context.content_context.MAX_CONTEXT_BYTES", 1000)
    with pytest.raises(ContextIntegrityError, match="over the limit"):
        ContentContext(project_id="talk-1", audio_analysis=heard(*"abcdefghij")).to_json()


def test_metrics_are_added_to_without_changing_what_was_there() -> None:
    before = ProcessingMetrics()
    after = before.add_fallback_used("audio_processing", "sphinx", "whisper", "no model")
    assert before.fallbacks_used == ()
    assert after.fallbacks_used[0].used == "sphinx"
    assert after.add_recovery_action("resumed").recovery_actions == ("resumed",)
    assert after.add_degradation_applied("720p").degradations_applied == ("720p",)


def test_the_film_is_exactly_what_the_plan_keeps() -> None:
    plan = AIDirectorPlan(
        director="rules",
        film_frame_rate="30000/1001",
        inputs=(),
        kept=(
            Kept(input=0, start=source_time(0), end=source_time(1.001)),
            Kept(input=0, start=source_time(2.002), end=source_time(3.003)),
        ),
    )
    assert plan.time_map().frames == 60
