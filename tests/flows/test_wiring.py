"""The picture of the DAG: what a stage reads comes from the stages that it waits for."""

from __future__ import annotations

from typing import cast

from ai_video_editor.stages import TABLE, Stage
from flows.dag import Dag
from flows.edit_video import wire
from tasks.stage import StageTask


class Drawn:
    """Notes which stage waits for which, and submits none."""

    def __init__(self) -> None:
        self.rows: list[tuple[Stage, tuple[Stage, ...]]] = []

    def add(self, task: StageTask, *after: Stage) -> Stage:
        self.rows.append((task.stage, after))
        return task.stage


def drawn() -> list[tuple[Stage, tuple[Stage, ...]]]:
    dag = Drawn()
    wire(cast(Dag, dag))
    return dag.rows


def test_every_stage_is_submitted_once() -> None:
    assert sorted(stage.key for stage, _ in drawn()) == sorted(stage.key for stage in TABLE)


def test_a_stage_is_given_every_section_that_it_reads() -> None:
    lacking = {
        (stage.key, name)
        for stage, after in drawn()
        for name in set(stage.reads).difference(*(earlier.fills for earlier in after))
    }
    assert not lacking
