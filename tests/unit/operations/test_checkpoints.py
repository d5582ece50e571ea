"""Checkpoints are listed by project, and told to be whole or damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.context.record import StageRecord
from ai_video_editor.errors import InputError
from ai_video_editor.operations.checkpoints import CheckpointManager, parse_checkpoint_id
from ai_video_editor.operations.run_record import RunRecord, read_record, write_record
from ai_video_editor.stages import WorkflowStage
from ai_video_editor.store import ContextRef, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    key = store.put_section("user_preferences", UserPreferences(pace="tight"))
    write_record(
        store,
        RunRecord(
            ref=ContextRef(project_id="talk-1", sections={"user_preferences": key}),
            names=("talk.mp4",),
            stages=(
                StageRecord(stage="initialization", state="done"),
                StageRecord(stage="audio_processing", state="failed"),
            ),
            updated=1.0,
        ),
    )
    return store


def test_finished_stages_are_listed_by_the_name_that_resumes_them(store: Store) -> None:
    found = CheckpointManager(store).list_available_checkpoints("talk-1")
    assert [(c.checkpoint_id, c.state, c.whole) for c in found] == [
        ("talk-1_initialization", "done", True)
    ]


def test_a_damaged_checkpoint_is_told(store: Store) -> None:
    next((store.root / "sections").rglob("*.json")).write_text("{}")
    found = CheckpointManager(store).list_available_checkpoints("talk-1")
    assert [c.whole for c in found] == [False]


def test_a_checkpoint_gives_the_context_up_to_there(store: Store) -> None:
    context = CheckpointManager(store).load_checkpoint("talk-1_initialization")
    assert context.user_preferences.pace == "tight"


def test_a_project_that_is_not_there_is_named_beside_those_that_are(store: Store) -> None:
    with pytest.raises(InputError, match=r"no project 'talk-2' .* talk-1"):
        CheckpointManager(store).list_available_checkpoints("talk-2")


@pytest.mark.parametrize("name", ["../talk-1", "talk-1/..", "", "a" * 99, "TALK"])
def test_an_id_cannot_leave_the_folder(store: Store, name: str) -> None:
    with pytest.raises(InputError, match="not a project id"):
        read_record(store, name)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("talk-1_audio_processing", WorkflowStage.AUDIO_PROCESSING),
        ("talk-1_audio_analysis", WorkflowStage.AUDIO_PROCESSING),
        ("talk-1_before_video_composition", WorkflowStage.VIDEO_COMPOSITION),
        ("talk-1_keyword_research", WorkflowStage.RESEARCH),
    ],
)
def test_a_checkpoint_is_known_by_all_its_names(text: str, stage: WorkflowStage) -> None:
    assert parse_checkpoint_id(text) == ("talk-1", stage)


def test_what_is_no_checkpoint_is_said(store: Store) -> None:
    with pytest.raises(InputError, match="PROJECT_ID_STAGE"):
        CheckpointManager(store).load_checkpoint("talk-1")
