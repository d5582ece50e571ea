"""Plugins are called one at a time, and nothing they do gets past the manager but what fits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.context.outputs import MetadataPackage
from ai_video_editor.errors import InputError, RunInterruptedError
from ai_video_editor.plugins.base import BaseProcessor, Sections, StageCall
from ai_video_editor.plugins.manager import Called, Origin, PluginManager, hook_name
from tasks.deadline import within

PACKAGE = MetadataPackage(titles=("A title",), descriptions=("Words.",), tags=("tag",))


def call_of(
    stage: str = "metadata_generation", changes: tuple[str, ...] = ("metadata_variations",)
) -> StageCall:
    held: dict[str, Any] = {"metadata_variations": PACKAGE, "user_preferences": UserPreferences()}

    def unused(_: Any) -> Any:
        raise AssertionError("no file is asked for")

    path: Callable[[MediaRef], Path] = unused
    keep: Callable[[Path], MediaRef] = unused
    sections = Sections(frozenset(held), held.__getitem__)
    return StageCall(stage, "talk-1", sections, frozenset(changes), path, keep)


def ran(hook: Callable[[StageCall], Any], **options: Any) -> Called:
    plugins = PluginManager(Origin("mine"))
    plugins.register_hook("after_metadata_generation", hook)
    (called,) = plugins.execute_hooks("after_metadata_generation", call_of(), **options)
    return called


def retitled(call: StageCall) -> dict[str, Any]:
    package: MetadataPackage = call.sections["metadata_variations"]
    return {"metadata_variations": package.model_copy(update={"titles": ("Another",)})}


async def retitled_later(call: StageCall) -> dict[str, Any]:
    await asyncio.sleep(0)
    return retitled(call)


@pytest.mark.parametrize("hook", [retitled, retitled_later])
def test_a_hook_plain_or_async_gives_a_section_anew(hook: Callable[[StageCall], Any]) -> None:
    called = ran(hook)
    assert called.fault is None
    assert called.plugin == f"mine.{hook.__name__}"
    assert called.changed["metadata_variations"].titles == ("Another",)


def test_a_hook_that_gives_nothing_changes_nothing() -> None:
    called = ran(lambda call: None)
    assert called.fault is None and not called.changed


def raising(_: StageCall) -> None:
    raise RuntimeError("my cat\nsat on it")


def leaving(_: StageCall) -> None:
    raise SystemExit(3)


def endless(call: StageCall) -> None:
    endless(call)


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        (raising, "RuntimeError: my cat"),
        (leaving, "it tried to end the program (SystemExit)"),
        (endless, "RecursionError"),
        (lambda call: 7, "it gave a int where sections by name were expected"),
        (lambda call: {"audio_analysis": None}, "it gave 'audio_analysis'; it may change: meta"),
        (lambda call: {7: None}, "it gave 7; it may change: metadata_variations"),
        (lambda call: {"metadata_variations": "rubbish"}, "does not fit: metadata_variations"),
        (lambda call: {"metadata_variations": object()}, "is no JSON"),
        (
            lambda call: {"metadata_variations": PACKAGE.model_copy(update={"titles": 5})},
            "does not fit: metadata_variations.titles",
        ),
    ],
)
def test_what_a_broken_hook_did_is_a_fault_with_its_reason(
    hook: Callable[[StageCall], Any], reason: str
) -> None:
    called = ran(hook)
    assert called.fault is not None and reason in called.fault and "\n" not in called.fault
    assert not called.changed


def test_a_plugin_that_hangs_is_left_behind() -> None:
    free = threading.Event()

    def hanging(_: StageCall) -> None:
        free.wait(60)

    called = ran(hanging, limit=partial(within, 0.2))
    free.set()
    assert called.fault is not None and "took longer" in called.fault


def test_a_stopped_run_is_no_fault_of_a_plugin() -> None:
    def stopped(_: StageCall) -> None:
        raise RunInterruptedError("The run was stopped.")

    with pytest.raises(RunInterruptedError):
        ran(stopped)


class Writer(BaseProcessor):
    stage = "metadata_generation"
    role = "replace"

    def __init__(self, given: dict[str, Any] | None, *, wanted: bool = True) -> None:
        self.given = given
        self.wanted = wanted

    def validate_input(self, call: StageCall) -> bool:
        return self.wanted

    async def process(self, call: StageCall) -> dict[str, Any] | None:
        return self.given

    def get_processing_metrics(self) -> dict[str, float]:
        return {"memory_mb": 12.5, "api_calls": 2}


def wrote(writer: Writer) -> Called:
    plugins = PluginManager()
    plugins.register_plugin(writer)
    (called,) = plugins.execute_processors("replace", call_of())
    return called


def test_a_processor_replaces_a_stage_and_says_what_it_took() -> None:
    called = wrote(Writer({"metadata_variations": PACKAGE.model_dump(mode="json")}))
    assert called.changed == {"metadata_variations": PACKAGE}
    assert called.figures == {"memory_mb": 12.5, "api_calls": 2.0}


def test_a_processor_that_leaves_a_section_out_replaces_nothing() -> None:
    assert wrote(Writer({})).fault == "it did not give metadata_variations"


def test_a_processor_may_decline_a_film() -> None:
    called = wrote(Writer(None, wanted=False))
    assert called.declined and called.fault is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("after_painting", "no stage 'painting'"),
        ("during_research", "before or after"),
        ("after_research-left", "no stage 'research-left'"),
    ],
)
def test_a_hook_of_no_stage_is_refused(name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        PluginManager().register_hook(name, retitled)


def test_the_design_documents_names_of_stages_are_known() -> None:
    assert hook_name("before", "audio_analysis") == "before_audio_processing"
    part = "thumbnail_generation-preparation"
    assert hook_name("after", part) == f"after_{part}"


def test_a_plugin_that_is_no_processor_is_refused() -> None:
    with pytest.raises(InputError, match="not a BaseProcessor"):
        PluginManager().register_plugin("me")  # type: ignore[arg-type]  # what a plugin may do


def test_what_enters_a_key_is_of_the_stages_own_plugins() -> None:
    plugins = PluginManager(Origin("mine", "1.2", "abc"))
    plugins.register_hook("before_research", retitled)
    plugins.register_plugin(Writer(None))
    assert plugins.fingerprints("research") == [["mine.retitled", "before_research", "1.2", "abc"]]
    assert plugins.fingerprints("metadata_generation") == [
        ["mine.Writer", "replace_metadata_generation", "1.2", "abc"]
    ]
    assert plugins.fingerprints("finalization") == []
