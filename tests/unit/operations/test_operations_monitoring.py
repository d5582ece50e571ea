"""Stages measured through a meter whose figures are set, and what is told of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import ProcessingMetrics, StageRecord
from ai_video_editor.operations.analytics import AnalyticsCollector
from ai_video_editor.operations.meters import GB, MachineMeter
from ai_video_editor.operations.monitoring import (
    WHOLE_RUN,
    PerformanceMonitor,
    monitor_resources,
)
from ai_video_editor.operations.thresholds import Alert, Thresholds
from tests.fake_machine import FakeMachine


def monitor(machine: FakeMachine, told: list[Alert] | None = None) -> PerformanceMonitor:
    """Looks only when it is told to."""
    return PerformanceMonitor(
        machine, interval=3600, limit_gb=8, clock=machine.clock,
        tell=told.append if told is not None else None,
    )  # fmt: skip


def test_a_stage_is_measured_from_its_beginning_to_its_end() -> None:
    machine = FakeMachine(held=1.0)
    watch = monitor(machine)
    with watch.monitor_stage("video_processing") as metric:
        machine.now, machine.cpu, machine.held = 4.0, 6.0, 3.0
        watch.look()
        machine.now, machine.cpu, machine.held = 10.0, 15.0, 2.0
    assert metric.seconds == 10 and metric.cpu_seconds == 15 and metric.cpu_percent == 150
    assert metric.peak_memory == 3 * GB and metric.growth == 2 * GB
    assert metric.load_per_core == 0.5
    assert watch.metric_of("video_processing") is metric
    assert metric.as_module().memory_mb == 3000


def test_stages_side_by_side_share_the_processor_and_the_run_has_it_whole() -> None:
    machine = FakeMachine()
    watch = monitor(machine)
    with watch.monitor_stage(WHOLE_RUN) as run, watch.monitor_stage("a") as first:
        machine.cpu = 10.0
        with watch.monitor_stage("b") as second:
            machine.cpu = 16.0
        machine.cpu = 20.0
    assert (first.cpu_seconds, second.cpu_seconds, run.cpu_seconds) == (17.0, 3.0, 20.0)


def test_a_real_machine_is_read_with_its_children() -> None:
    usage = MachineMeter().usage()
    assert 0 < usage.process_memory < usage.total_memory
    assert 0 < usage.available_memory <= usage.total_memory and usage.cpu_seconds > 0
    assert MachineMeter().cores() >= 1
    assert MachineMeter().free_disk(Path("/no/such/folder")) > 0
    with PerformanceMonitor(interval=0.1).monitor_stage("x") as metric:
        ballast = bytearray(80_000_000)
        ballast[::4096] = b"x" * len(ballast[::4096])
    assert metric.growth > 60_000_000, "what was taken and given back between is seen at the end"


def test_each_threshold_is_told_once() -> None:
    machine = FakeMachine(held=2.0)
    told: list[Alert] = []
    watch = monitor(machine, told)
    with watch.monitor_stage("rendering"):
        watch.look()
        assert told == []
        machine.free, machine.load, machine.heat = 1.0, 6.0, 97.0
        watch.look()
        watch.look()
        assert {alert.kind for alert in told} == {"memory", "load", "heat"}
        machine.held = 7.5
        watch.look()
        machine.held = 11.0
        watch.look()
        machine.now = 400.0
        watch.look()
        machine.now = 1900.0
    kinds = [(alert.kind, alert.level) for alert in told]
    assert kinds[3:] == [
        ("near limit", "warning"),
        ("limit", "alert"),
        ("memory of rendering", "warning"),
        ("time of rendering", "warning"),
        ("time of rendering", "alert"),
    ]
    assert "94% of this machine's memory" in told[0].message


def test_failed_calls_are_told_above_ten_per_cent() -> None:
    watch = monitor(FakeMachine())
    watch.check_calls(20, 2)
    watch.check_calls(2, 2)
    assert not watch.alerts
    watch.check_calls(20, 3)
    assert "3 of 20 calls" in watch.alerts[0].message


def test_a_function_warns_when_it_takes_too_much() -> None:
    machine = FakeMachine(held=1.0)
    warned: list[Alert] = []
    watch = monitor(machine)

    @monitor_resources(warned.append, monitor=watch)
    def hungry(gigabytes: float) -> str:
        machine.held += gigabytes
        return "done"

    @monitor_resources(warned.append, monitor=watch)
    async def slow(seconds: float) -> str:
        machine.now += seconds
        return "done"

    assert hungry(2.0) == "done" and asyncio.run(slow(200)) == "done"
    assert warned == []
    assert hungry(9.0) == "done" and asyncio.run(slow(301)) == "done"
    assert [alert.kind for alert in warned] == ["memory of hungry", "time of slow"]
    assert Thresholds().growth_gb == 8 and Thresholds().long_seconds == 300


def test_runs_and_what_people_made_of_them_are_summed_up(tmp_path: Path) -> None:
    collector = AnalyticsCollector(tmp_path)
    assert collector.report().lines() == [
        "Nothing is known yet: no run has ended in this work folder."
    ]
    for seconds, reused in ((30.0, False), (50.0, False), (6.0, True)):
        stages = tuple(
            StageRecord(stage=name, state="done", seconds=0 if reused else 5.0, reused=reused)
            for name in ("audio_processing", "video_processing")
        )
        metrics = ProcessingMetrics(
            stages=stages, seconds=seconds, peak_memory_mb=900, api_calls=4, failed_api_calls=1
        )
        context = ContentContext(project_id="talk-1", processing_metrics=metrics)
        collector.keep(collector.collect_processing_analytics(context))
    collector.keep_signal("reverted", ["cut", "cut", "zoom"])
    collector.keep_signal("reverted", ["cut"])
    with collector.path.open("a", encoding="utf-8") as file:
        file.write('{"kind": "run", "half a li')
    report = collector.report()
    assert report.runs == 3 and report.seconds == 30
    assert report.cache_hit_rate == pytest.approx(1 / 3, abs=1e-3)
    assert report.stage_seconds == {"audio_processing": 5.0, "video_processing": 5.0}
    assert report.signals == {"reverted": {"cut": 3, "zoom": 1}}
    lines = report.lines()
    assert "decisions reverted: 3 cut, 1 zoom" in lines
    assert "calls to services: 12, 3 failed, $0.0000" in lines


def test_the_file_of_runs_does_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_video_editor.operations.analytics._MOST_BYTES", 500)
    collector = AnalyticsCollector(tmp_path)
    for _ in range(40):
        collector.keep_signal("locked", ["cut"])
    files = list(collector.path.parent.iterdir())
    assert len(files) == 2 and all(file.stat().st_size < 700 for file in files)
    assert collector.report().signals["locked"]["cut"] >= 5
