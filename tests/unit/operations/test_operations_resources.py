"""Who may start when memory is short, and what is done less of."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import ProcessingPreferences
from ai_video_editor.errors import RunInterruptedError
from ai_video_editor.operations.limits import (
    APIKeyValidator,
    PathValidator,
    ResourceLimitValidator,
)
from ai_video_editor.operations.outlook import outlook
from ai_video_editor.operations.quality import QualityManager
from ai_video_editor.operations.resources import ResourceManager
from ai_video_editor.progress import allow_running, request_stop
from ai_video_editor.settings import Settings
from tests.fake_machine import FakeMachine, recording


class Waiting(Exception):
    """Raised in place of waiting."""


def refuse(_seconds: float) -> None:
    raise Waiting


def test_a_second_heavy_stage_waits_while_both_would_pass_the_limit() -> None:
    manager = ResourceManager(4.0, FakeMachine(held=1.0), pause=refuse)
    with manager.allocate_resources("hearing", 2.5):
        with manager.allocate_resources("writing", 0.02):
            pass
        with pytest.raises(Waiting), manager.allocate_resources("seeing", 1.0):
            pytest.fail("1.0 + 2.5 + 1.0 is more than 4")
        with manager.allocate_resources("a small one", 0.4):
            pass
    with manager.allocate_resources("seeing", 1.0):
        pass


def test_the_first_is_let_in_whatever_it_needs() -> None:
    machine = FakeMachine(held=3.0, free=0.2)
    manager = ResourceManager(0.1, machine, pause=refuse)
    with manager.allocate_resources("rendering", 2.0) as allocation:
        assert allocation.memory_gb == 2.0


def test_memory_that_the_machine_lacks_counts_as_well() -> None:
    machine = FakeMachine(held=1.0, free=0.5)
    manager = ResourceManager(16.0, machine, pause=refuse)
    with (
        manager.allocate_resources("hearing", 0.2),
        pytest.raises(Waiting),
        manager.allocate_resources("seeing", 1.0),
    ):
        pytest.fail("there is not so much")


def test_pieces_get_in_one_by_one_though_two_stages_wait_for_theirs() -> None:
    manager = ResourceManager(0.1, FakeMachine(held=1.0, free=0.1), pause=refuse)
    with (
        manager.allocate_resources("hearing", 1.0),
        manager.lent("hearing"),
        manager.allocate_resources("rendering", 1.0),
        manager.lent("rendering"),
    ):
        with (
            manager.allocate_resources("rendering piece", 1.0),
            pytest.raises(Waiting),
            manager.allocate_resources("hearing piece", 1.0),
        ):
            pytest.fail("one works already")
        with manager.allocate_resources("hearing piece", 1.0):
            pass


def test_who_waits_gets_in_when_the_other_is_done() -> None:
    inside, order = threading.Event(), []
    manager = ResourceManager(1.0, FakeMachine(held=0.5), pause=lambda _s: inside.set())

    def second() -> None:
        with manager.allocate_resources("second", 1.0) as allocation:
            order.append("second")
            assert allocation.waited > 0

    with manager.allocate_resources("first", 1.0):
        thread = threading.Thread(target=second)
        thread.start()
        assert inside.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_who_waits_can_be_stopped() -> None:
    manager = ResourceManager(1.0, FakeMachine(held=0.5), pause=lambda _s: request_stop())
    try:
        with (
            manager.allocate_resources("first", 1.0),
            pytest.raises(RunInterruptedError),
            manager.allocate_resources("second", 1.0),
        ):
            pytest.fail("it was stopped")
    finally:
        allow_running()


@pytest.mark.parametrize(
    ("free", "batch", "thumbnails", "quality", "parallel"),
    [
        (3.0, 1, "1280x720", "medium", False),
        (6.0, 2, "1920x1080", "medium", False),
        (9.0, 4, "1920x1080", "high", True),
    ],
)
def test_quality_follows_the_memory_that_is_free(
    free: float, batch: int, thumbnails: str, quality: str, parallel: bool
) -> None:
    context = ContentContext(project_id="talk-1")
    adapted = QualityManager(FakeMachine(free=free)).adjust_for_constraints(context)
    preferences = adapted.processing_preferences
    assert preferences.batch_size == batch
    assert preferences.thumbnail_resolution == thumbnails
    assert preferences.quality_level == quality
    assert preferences.parallel_processing is parallel
    assert preferences.enable_aggressive_caching is (free < 4)
    applied = adapted.processing_metrics.degradations_applied
    assert all(f"{free:.1f} GB of memory are free" in reason for reason in applied)
    assert bool(applied) is (free < 8)


def test_quality_is_only_ever_lowered() -> None:
    low = ProcessingPreferences(quality_level="low", batch_size=1, max_memory_gb=3)
    adapted = QualityManager(FakeMachine(free=6)).adapt(low)
    assert adapted.preferences.quality_level == "low" and adapted.preferences.batch_size == 1
    assert any("3 GB of memory may be used" in reason for reason in adapted.reasons)


def test_a_limit_lowers_what_is_done_at_once_and_leaves_the_film_alone(tmp_path: Path) -> None:
    def within(limit: float) -> Settings:
        asked = Settings.model_validate(
            {
                "paths": {"home": tmp_path},
                "audio": {"whisper_model": "medium"},
                "processing_preferences": {"max_memory_gb": limit},
            }
        )
        ahead = outlook([recording()], asked, FakeMachine(free=0.5))
        assert bool(ahead.changes) is (ahead.settings != asked)
        return ahead.settings

    wide, narrow, tiny = (within(x).processing_preferences for x in (16, 4.5, 0.4))
    assert wide.parallel_processing and wide.batch_size == 4
    assert not narrow.parallel_processing and narrow.thumbnail_resolution == "1920x1080"
    assert tiny.batch_size == 1 and tiny.thumbnail_resolution == "1280x720"
    assert {p.quality_level for p in (wide, narrow, tiny)} == {"high"}


def test_free_memory_changes_nothing_unless_that_was_asked_for(tmp_path: Path) -> None:
    for asked in (False, True):
        settings = Settings.model_validate(
            {"paths": {"home": tmp_path}, "monitoring": {"auto_adjust_quality": asked}}
        )
        ahead = outlook([recording()], settings, FakeMachine(free=2.0, total=64))
        assert (ahead.settings.processing_preferences.quality_level == "medium") is asked
        assert bool(ahead.degradations) is asked


def test_limits_folders_and_keys_are_looked_at(tmp_path: Path) -> None:
    def limit(gigabytes: float) -> str:
        settings = Settings.model_validate({"processing_preferences": {"max_memory_gb": gigabytes}})
        return ResourceLimitValidator(FakeMachine()).validate_limits(settings).state

    assert [limit(gb) for gb in (0.2, 8, 40)] == ["warning", "ok", "warning"]
    assert ResourceLimitValidator(FakeMachine()).validate_limits(Settings()).state == "ok"

    (tmp_path / "file").write_text("x", encoding="utf-8")
    paths = PathValidator()
    assert paths.validate_path(tmp_path / "new" / "folder").state == "ok"
    assert paths.validate_path(tmp_path / "file").state == "failed"
    assert paths.validate_path(tmp_path / "file" / "below").state == "failed"

    keys = APIKeyValidator()
    assert keys.validate_api_key("AIzaSy" + "x" * 33).state == "ok"
    assert keys.validate_api_key(None).state == "warning"
    for wrong in ("your-api-key-goes-here", "AIza Sy" + "x" * 33, "short"):
        finding = keys.validate_api_key(wrong)
        assert finding.state == "failed" and wrong not in finding.detail
