"""What a flow file needs to read like the picture of its DAG."""

from __future__ import annotations

from collections.abc import Iterator

from prefect.runtime import deployment

from ai_video_editor.settings import Settings
from ai_video_editor.stages import WorkflowStage, ancestors, parse_stage
from tasks.stage import Run, StageRun, StageTask


class Dag:
    """Submits the stages that a run wants, each after those it takes data from.

    Without `parallel_processing` a stage is submitted when the one before it is done.

    Args:
        run: what all stages share; its settings say which are wanted.
    """

    def __init__(self, run: Run) -> None:
        """Begin with no stage."""
        self._run = run
        self._wanted = wanted_stages(run.settings, asks=bool(deployment.id))
        self._parallel = run.settings.processing_preferences.parallel_processing
        self._runs: list[StageRun] = []

    @property
    def left_out(self) -> frozenset[WorkflowStage]:
        """Stages that are not wanted."""
        return frozenset(WorkflowStage) - self._wanted

    def add(self, task: StageTask, *after: StageRun | None) -> StageRun | None:
        """Submit a stage; None where it is not wanted."""
        if task.stage.name not in self._wanted or not self._asked_for(task):
            return None
        if not self._parallel and self._runs:
            self._runs[-1].final.wait()
        submitted = task.submit(self._run, *(run for run in after if run is not None))
        self._runs.append(submitted)
        return submitted

    def _asked_for(self, task: StageTask) -> bool:
        """Whether a part that only some runs have is wanted in this one."""
        asked, settings = task.stage.only_with, self._run.settings
        if not asked:
            return True
        without = settings.processing_preferences.skip_optional_stages
        return bool(settings.value(asked)) and not without

    def __iter__(self) -> Iterator[StageRun]:
        """The stages that were submitted, in order."""
        return iter(self._runs)


def wanted_stages(settings: Settings, *, asks: bool = False) -> frozenset[WorkflowStage]:
    """The stages that a run's settings ask for.

    Args:
        settings: of the run.
        asks: whether a review puts titles and thumbnails to choose before somebody.
    """
    stop = settings.run.stop_after
    if settings.run.review:
        stop = str(WorkflowStage.INTELLIGENCE_LAYER)
    wanted = ancestors(parse_stage(stop)) if stop else frozenset(WorkflowStage)
    if settings.run.review and asks:
        for shown in (WorkflowStage.THUMBNAIL_GENERATION, WorkflowStage.METADATA_GENERATION):
            wanted |= ancestors(shown)
    without = settings.processing_preferences.skip_optional_stages
    skipped = {
        WorkflowStage.BROLL_GENERATION: settings.run.skip_broll or without,
        WorkflowStage.THUMBNAIL_GENERATION: settings.run.skip_thumbnails or without,
    }
    return frozenset(name for name in wanted if not skipped.get(name, False))
