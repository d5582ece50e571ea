"""A stage as Prefect runs it: persisted, keyed by content, with its fallback behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prefect import flow

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.context.record import Degradation
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import APIRateLimitError, MediaError, StageFailedError
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage, WorkflowStage
from ai_video_editor.store import ContextRef, Store
from tasks.outcome import Outcome, finished_stages, summed_up
from tasks.stage import Processor, Run, StageTask, Unavailable

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

Work = Callable[[SectionView, Settings], None]
LISTENING = Stage(
    WorkflowStage.AUDIO_PROCESSING, after=(), reads=(), fills=("audio_analysis",),
    processors=("first", "second"), settings=("preferences.pace",),
)  # fmt: skip
ASKING = Stage(
    WorkflowStage.RESEARCH, after=(WorkflowStage.AUDIO_PROCESSING,), reads=("audio_analysis",),
    fills=("user_preferences",), processors=("only",),
)  # fmt: skip


class Calls:
    """Counts what was really run."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def hear(self, name: str, error: Exception | None = None, times: int = 99) -> Work:
        def work(view: SectionView, _settings: Settings) -> None:
            self.names.append(name)
            if error is not None and self.names.count(name) <= times:
                raise error
            view.fill("audio_analysis", AudioAnalysis(engine=name, language="en", quality=0.9))

        return work

    def ask(self, view: SectionView, _settings: Settings) -> None:
        self.names.append("ask")
        view.read("audio_analysis")
        view.fill("user_preferences", UserPreferences())


@pytest.fixture
def calls() -> Calls:
    return Calls()


def settings(tmp_path: Path, **groups: Any) -> Settings:
    return Settings.model_validate({"paths": {"home": tmp_path / "home"}, **groups})


def edit(tree: Settings, hearing: StageTask, asking: StageTask | None = None) -> Outcome:
    @flow(name="trial")
    def trial() -> Outcome:
        run = Run(ContextRef(project_id="talk-1"), tree, "talk.mp4")
        runs = [hearing.submit(run)]
        if asking is not None:
            runs.append(asking.submit(run, runs[0]))
        return summed_up(run, list(finished_stages(runs)), frozenset())

    return trial()


def two(first: Work, second: Work, stage: Stage = LISTENING) -> StageTask:
    return StageTask(stage, (Processor("first", first), Processor("second", second)))


def test_a_second_run_reuses_what_the_first_persisted(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first"), calls.hear("second"))
    asking = StageTask(ASKING, (Processor("only", calls.ask),))
    once = edit(settings(tmp_path), hearing, asking)
    twice = edit(settings(tmp_path), hearing, asking)
    assert calls.names == ["first", "ask"]
    assert once.ref == twice.ref
    assert [r.reused for r in twice.stages if r.state == "done"] == [True, True]


def test_another_setting_of_the_stage_runs_it_again(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first"), calls.hear("second"))
    edit(settings(tmp_path), hearing)
    edit(settings(tmp_path, preferences={"pace": "tight"}), hearing)
    assert calls.names == ["first", "first"]
    edit(settings(tmp_path, composition={"loudness": -16}), hearing)
    assert calls.names == ["first", "first"]


def test_fresh_reuses_nothing(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first"), calls.hear("second"))
    edit(settings(tmp_path), hearing)
    edit(settings(tmp_path, run={"fresh": True}), hearing)
    assert calls.names == ["first", "first"]


def test_a_fallback_takes_over_and_says_why(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first", MediaError("The sound is broken.")), calls.hear("second"))
    outcome = edit(settings(tmp_path), hearing)
    assert calls.names == ["first", "second"]
    assert outcome.degradations == (
        Degradation(
            stage="audio_processing", used="second", instead_of="first",
            reason="first: The sound is broken.",
        ),
    )  # fmt: skip
    assert outcome.failure is None
    assert outcome.errors[0].message == "The sound is broken."


def test_the_next_run_tries_the_failed_one_again_and_reuses_the_fallback(
    tmp_path: Path, calls: Calls
) -> None:
    hearing = two(calls.hear("first", MediaError("No.")), calls.hear("second"))
    edit(settings(tmp_path), hearing)
    edit(settings(tmp_path), hearing)
    assert calls.names == ["first", "second", "first"]


def test_a_recording_that_is_replaced_meanwhile_leaves_no_result(
    tmp_path: Path, calls: Calls
) -> None:
    tree = settings(tmp_path, run={"max_retries": 0})
    clip = tmp_path / "talk.mp4"
    clip.write_bytes(b"film")
    sha256 = hash_file(clip)
    store = Store(tree.paths.home)
    store.remember_input(sha256, clip)
    hear = calls.hear("first")

    def replacing(view: SectionView, given: Settings) -> None:
        view.store.input_path(sha256)
        clip.write_bytes(b"another film")
        hear(view, given)

    alone = replace(LISTENING, processors=("first",))
    outcome = edit(tree, StageTask(alone, (Processor("first", replacing),)))
    assert "talk.mp4 was changed since the run began" in outcome.errors[0].message
    assert not list(store.checkpoints.rglob("first-*.json"))
    edit(tree, StageTask(alone, (Processor("first", hear),)))
    assert calls.names == ["first", "first"], "there is nothing to reuse"


def test_what_is_known_to_be_missing_is_left_out_not_failed(tmp_path: Path, calls: Calls) -> None:
    hearing = StageTask(
        LISTENING,
        (
            Processor("first", calls.hear("first"), lambda s: Unavailable("no model", wanted=True)),
            Processor("second", calls.hear("second")),
        ),
    )
    outcome = edit(settings(tmp_path), hearing)
    assert calls.names == ["second"]
    assert outcome.errors == ()
    assert outcome.degradations[0].reason == "no model"


def test_what_no_processor_could_better_is_no_degradation(tmp_path: Path, calls: Calls) -> None:
    def deaf(view: SectionView, tree: Settings) -> None:
        calls.hear("second")(view, tree)
        view.nothing_lost = True

    hearing = StageTask(
        LISTENING,
        (
            Processor("first", calls.hear("first"), lambda s: Unavailable("no model", wanted=True)),
            Processor("second", deaf),
        ),
    )
    outcome = edit(settings(tmp_path), hearing)
    assert outcome.degradations == ()
    assert next(r for r in outcome.stages if r.processor == "second").state == "done"


def test_what_was_done_in_part_without_is_named_and_tried_again(
    tmp_path: Path, calls: Calls
) -> None:
    def partly(view: SectionView, tree: Settings) -> None:
        calls.hear("first")(view, tree)
        view.fell_back = ("drawing", "The quota is used up.")
        view.again = len(calls.names) < 2

    hearing = two(partly, calls.hear("second"))
    first = edit(settings(tmp_path), hearing)
    (told,) = first.degradations
    assert (told.used, told.instead_of, told.reason) == (
        "drawing", "first", "The quota is used up.",
    )  # fmt: skip
    assert next(r for r in first.stages if r.processor == "first").state == "degraded"
    edit(settings(tmp_path), hearing)
    assert calls.names == ["first", "first"], "a later run may do better"
    last = edit(settings(tmp_path), hearing)
    assert calls.names == ["first", "first"], "and is then kept"
    assert last.degradations[0].reason == "The quota is used up."


def test_when_all_processors_fail_all_reasons_are_told(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first", MediaError("One.")), calls.hear("second", OSError("Two")))
    asking = StageTask(ASKING, (Processor("only", calls.ask),))
    outcome = edit(settings(tmp_path), hearing, asking)
    assert isinstance(outcome.failure, StageFailedError)
    assert outcome.failure.reasons == (("first", "One."), ("second", "OSError: Two"))
    states = {r.stage: r.state for r in outcome.stages}
    assert states["audio_processing"] == "failed"
    assert states["research"] == "not_run"


def test_the_run_goes_on_without_an_optional_stage(tmp_path: Path, calls: Calls) -> None:
    optional = Stage(
        WorkflowStage.AUDIO_PROCESSING, after=(), reads=(), fills=("audio_analysis",),
        processors=("first", "second"), optional=True,
    )  # fmt: skip
    hearing = two(
        calls.hear("first", MediaError("One.")), calls.hear("second", MediaError("Two.")), optional
    )
    asking = StageTask(ASKING, (Processor("only", calls.ask),))
    outcome = edit(settings(tmp_path), hearing, asking)
    assert outcome.failed_modules == ("audio_processing",)
    assert outcome.failure is None
    assert calls.names == ["first", "second", "ask"]


def test_only_what_a_moment_may_mend_is_tried_again(
    tmp_path: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.stage.RETRY_DELAYS", [0.01, 0.01, 0.01])
    hearing = two(calls.hear("first", APIRateLimitError("Slow down."), 2), calls.hear("second"))
    outcome = edit(settings(tmp_path), hearing)
    assert calls.names == ["first", "first", "first"]
    assert outcome.degradations == ()


@pytest.mark.parametrize("damage", ["delete", "truncate", "section", "pickle"])
def test_a_damaged_checkpoint_makes_just_that_stage_run_again(
    tmp_path: Path, calls: Calls, damage: str
) -> None:
    hearing = two(calls.hear("first"), calls.hear("second"))
    asking = StageTask(ASKING, (Processor("only", calls.ask),))
    before = edit(settings(tmp_path), hearing, asking)
    store = Store(tmp_path / "home")
    record = next((store.checkpoints / "audio_processing").glob("first-*.json"))
    if damage == "delete":
        record.unlink()
    elif damage == "truncate":
        record.write_text(record.read_text()[:40])
    elif damage == "section":
        key = before.ref.sections["audio_analysis"]
        (store.root / "sections" / key[:2] / f"{key}.json").write_text("{}")
    else:
        data = json.loads(record.read_text())
        data["metadata"]["serializer"] = {"type": "pickle"}
        record.write_text(json.dumps(data))
    after = edit(settings(tmp_path), hearing, asking)
    assert calls.names == ["first", "ask", "first"]
    assert after.ref == before.ref


def test_no_secret_is_in_a_persisted_result(tmp_path: Path, calls: Calls) -> None:
    hearing = two(calls.hear("first"), calls.hear("second"))
    edit(settings(tmp_path, api={"gemini_api_key": "sekrit-key"}), hearing)
    for path in (tmp_path / "home").rglob("*"):
        assert path.is_dir() or b"sekrit-key" not in path.read_bytes()
