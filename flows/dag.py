"""What a flow file needs to read like the picture of its DAG."""

from __future__ import annotations

from collections.abc import Iterator

from ai_video_editor.stages import WorkflowStage
from tasks.stage import Run, StageRun, StageTask


class Dag:
    """Submits the stages that a run wants, each after those it takes data from.

    Without `parallel_processing` a stage is submitted when the one before it is done.

    Args:
        run: what all stages share.
        wanted: stages to run; others are left out.
    """

    def __init__(self, run: Run, wanted: frozenset[WorkflowStage]) -> None:
        """Begin with no stage."""
        self._run = run
        self._wanted = wanted
        self._parallel = run.settings.processing_preferences.parallel_processing
        self._runs: list[StageRun] = []

    @property
    def left_out(self) -> frozenset[WorkflowStage]:
        """Stages that are not wanted."""
        return frozenset(WorkflowStage) - self._wanted

    def add(self, task: StageTask, *after: StageRun | None) -> StageRun | None:
        """Submit a stage; None where it is not wanted."""
        asked = task.stage.only_with
        if task.stage.name not in self._wanted or (asked and not self._run.settings.value(asked)):
            return None
        if not self._parallel and self._runs:
            self._runs[-1].final.wait()
        submitted = task.submit(self._run, *(run for run in after if run is not None))
        self._runs.append(submitted)
        return submitted

    def __iter__(self) -> Iterator[StageRun]:
        """The stages that were submitted, in order."""
        return iter(self._runs)
