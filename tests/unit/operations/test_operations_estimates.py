"""What a run will take: before anything was measured, and after one run on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.composition.samples import FRAME_BYTES, SAMPLE_RATE
from ai_video_editor.context.record import ProcessingMetrics, ResourceEstimate, StageRecord
from ai_video_editor.errors import DiskSpaceError
from ai_video_editor.operations.disk_needs import (
    SOUND_BYTES,
    DiskNeed,
    least_for_film,
    require_room,
)
from ai_video_editor.operations.estimates import (
    OVERHEAD,
    estimate,
    least_disk,
    observations_of,
    stage_memory,
)
from ai_video_editor.operations.outlook import outlook
from ai_video_editor.operations.speeds import (
    Observation,
    Speeds,
    learn,
    read_speeds,
    speeds_path,
)
from ai_video_editor.operations.workload import workload_of
from ai_video_editor.settings import Settings
from ai_video_editor.stages import WorkflowStage
from tests.fake_machine import FakeMachine, recording


def settings(home: Path | None = None, **groups: object) -> Settings:
    paths = {} if home is None else {"paths": {"home": home, "output": home / "films"}}
    return Settings.model_validate({**paths, **groups})


def guess(seconds: int = 60, cores: int = 2, **groups: object) -> ResourceEstimate:
    return estimate(workload_of([recording(seconds)], settings(None, **groups)), Speeds(), cores)


def test_longer_larger_and_better_takes_more() -> None:
    short, long = guess(60), guess(600)
    assert long.minutes > 5 * short.minutes and long.disk_gb > 5 * short.disk_gb
    assert long.memory_gb == short.memory_gb, "memory does not grow with the length"
    ultra = guess(60, processing_preferences={"quality_level": "ultra"})
    assert ultra.minutes > short.minutes and ultra.disk_gb >= short.disk_gb
    large = guess(60, audio={"whisper_model": "large-v3"})
    assert large.memory_gb > short.memory_gb + 2 and large.minutes > short.minutes
    assert guess(60, cores=8).minutes < short.minutes / 2


def test_what_is_left_out_takes_nothing() -> None:
    whole, plan = guess(), guess(run={"stop_after": "intelligence_layer"})
    assert plan.minutes < whole.minutes and plan.disk_gb < whole.disk_gb
    assert "video_composition" not in plan.stage_seconds
    assert "thumbnail_generation" not in guess(run={"skip_thumbnails": True}).stage_seconds


def test_a_busy_processor_is_part_of_the_time() -> None:
    work = workload_of([recording()], settings())
    calm, busy = (estimate(work, Speeds(), 2, load).minutes for load in (0.2, 3.0))
    assert busy == pytest.approx(3 * calm, rel=0.02)


def took(factor: float, load: float = 0.5) -> ProcessingMetrics:
    """A run of a minute that took `factor` times what is usual."""
    usual = guess(60)
    return ProcessingMetrics(
        stages=tuple(
            StageRecord(
                stage=name, state="done", seconds=factor * seconds, load_per_core=load,
                memory_growth_mb=300, peak_memory_mb=900,
            )
            for name, seconds in usual.stage_seconds.items()
        ),
        seconds=factor * usual.minutes * 60,
        peak_memory_mb=1500,
    )  # fmt: skip


def test_after_one_run_the_next_is_expected_as_this_machine_goes() -> None:
    work = workload_of([recording(60)], settings())
    speeds = Speeds().with_run(observations_of(took(3.0), work, 2))
    assert speeds.runs == 1
    for seconds in (30, 60, 600):
        known = estimate(workload_of([recording(seconds)], settings()), speeds, 2)
        assert known.minutes == pytest.approx(3 * guess(seconds).minutes, rel=0.05)
    assert estimate(work, speeds, 2).memory_gb == pytest.approx(1.5, abs=0.01)
    assert stage_memory(WorkflowStage.VIDEO_PROCESSING, work, speeds) == pytest.approx(0.3)


def test_a_run_among_many_programs_teaches_what_it_would_have_taken_alone() -> None:
    work = workload_of([recording(60)], settings())
    speeds = Speeds().with_run(observations_of(took(3.0, load=3.0), work, 2))
    assert estimate(work, speeds, 2, 0.3).minutes == pytest.approx(guess(60).minutes, rel=0.05)


def test_processor_time_tells_more_than_the_clock() -> None:
    work = workload_of([recording(60)], settings())

    def learnt(seconds: float) -> float:
        record = StageRecord(
            stage="finalization", state="done", seconds=seconds, cpu_seconds=30, load_per_core=5
        )
        (seen,) = observations_of(ProcessingMetrics(stages=(record,)), work, 2)
        return seen.measured

    assert learnt(40) == learnt(200) == pytest.approx(30 / 1.53)
    assert learnt(15) == 15, "a stage takes no longer than it took"


def test_a_stage_too_short_for_the_clock_teaches_nothing() -> None:
    work = workload_of([recording(2)], settings())
    record = StageRecord(stage="broll_generation", state="done", seconds=0.02, cpu_seconds=0.0)
    assert observations_of(ProcessingMetrics(stages=(record,)), work, 2) == ()


def test_reused_stages_teach_nothing() -> None:
    work = workload_of([recording(60)], settings())
    metrics = took(2.0)
    half = tuple(
        r.model_copy(update={"reused": True}) if number % 2 else
        r.model_copy(update={"partly_reused": True}) if r.stage == "audio_processing" else r
        for number, r in enumerate(metrics.stages)
    )  # fmt: skip
    learnt = observations_of(metrics.model_copy(update={"stages": half}), work, 2)
    names = {o.stage for o in learnt}
    assert names.isdisjoint({r.stage for r in half if r.reused or r.partly_reused})
    assert OVERHEAD not in names, "part of a run tells nothing of a whole one"
    assert Speeds().with_run([]) == Speeds()


def test_an_unknown_variant_follows_its_stage_and_an_unknown_stage_the_machine() -> None:
    def seen(stage: str, variant: str, measured: float) -> Observation:
        return Observation(
            quantity="seconds", stage=stage, variant=variant, measured=measured, usual=10
        )

    speeds = Speeds().with_run([seen("a", "x", 20), seen("b", "", 40)])
    assert speeds.factor("seconds", "a", "x") == 2
    assert speeds.factor("seconds", "a", "other") == 2
    assert speeds.factor("seconds", "c") == 3
    assert speeds.factor("memory", "a", "x") == 1
    for _ in range(30):
        speeds = speeds.with_run([seen("a", "x", 50)])
    assert speeds.factor("seconds", "a", "x") == 5, "old runs are forgotten"
    assert len(speeds.observations) < 12


def test_speeds_are_kept_in_the_work_folder_and_damage_is_not_trusted(tmp_path: Path) -> None:
    one = Observation(quantity="seconds", stage="a", measured=4, usual=2)
    learn(tmp_path, [one])
    learn(tmp_path, [one])
    assert read_speeds(tmp_path).runs == 2
    assert read_speeds(tmp_path).factor("seconds", "a") == 2
    speeds_path(tmp_path).write_text('{"schema_version": 9}', encoding="utf-8")
    assert read_speeds(tmp_path) == Speeds()
    learn(tmp_path, [one])
    assert read_speeds(tmp_path).runs == 1


def test_a_disk_that_is_too_small_is_refused_with_both_numbers(tmp_path: Path) -> None:
    machine = FakeMachine(disk={tmp_path.name: 0.003})
    ahead = outlook([recording(60)], settings(tmp_path), machine)
    with pytest.raises(DiskSpaceError) as refused:
        ahead.require_disk(machine)
    needed = ahead.least.work + ahead.least.output
    assert f"({needed} bytes) are needed and 3 MB (3000000 bytes) were free" in str(refused.value)
    assert "too full to begin" in str(refused.value)
    outlook([recording(60)], settings(tmp_path), FakeMachine()).require_disk(FakeMachine())


def test_two_disks_are_looked_at_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, films = tmp_path / "work", tmp_path / "films"
    work.mkdir()
    films.mkdir()
    need = DiskNeed(work=2_000_000_000, output=500_000_000)
    assert need.by_disk(work, films) == {work: 2_500_000_000}
    monkeypatch.setattr(DiskNeed, "by_disk", lambda need, a, b: {a: need.work, b: need.output})
    require_room(need, work, films, FakeMachine(disk={"work": 2.1, "films": 0.6}))
    with pytest.raises(DiskSpaceError, match="films is too full"):
        require_room(need, work, films, FakeMachine(disk={"work": 2.1, "films": 0.4}))


def test_a_plan_asks_for_what_it_keeps_when_it_is_rendered() -> None:
    whole = least_disk([recording()], settings())
    planned = least_disk([recording()], settings(director={"plan": "plan.json"}))
    assert planned.work < whole.work and planned.output == 0


def test_both_places_that_ask_for_room_count_alike() -> None:
    assert SOUND_BYTES == SAMPLE_RATE * FRAME_BYTES
    on_the_way, film = least_for_film(10, 1e9, 1e12)
    assert film == 4_000_000 and on_the_way == 2 * film + 2 * 10 * SOUND_BYTES
    assert least_for_film(10, 1e9, 4_000)[1] == 1_000, "a tiny recording has a tiny film"


def test_the_line_says_what_it_rests_on(tmp_path: Path) -> None:
    machine = FakeMachine()
    line = outlook([recording()], settings(tmp_path), machine).in_words(machine)
    assert "GB of memory" in line and "100.0 GB free" in line and "a first guess" in line
    learn(tmp_path, [Observation(quantity="seconds", stage="a", measured=4, usual=2)])
    machine.load = 3.2
    line = outlook([recording()], settings(tmp_path), machine).in_words(machine)
    assert "by 1 earlier run here; the processor is busy with other programs (3.2 a core)" in line
