"""What a run leaves in the logs, and the advice that fits it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import DiskSpaceError, FileSystemError
from ai_video_editor.operations.advice import RecoverySuggestionEngine
from ai_video_editor.operations.command_line import of_parameters, options_of
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.problems import problem_of
from ai_video_editor.operations.run_log import RunLog
from ai_video_editor.operations.situation import facts_of, situation_of
from ai_video_editor.progress import listen
from ai_video_editor.redaction import Redactor
from ai_video_editor.reporting.summary import RunSummary
from ai_video_editor.settings import Settings
from tasks.outcome import StageOutcome, raised

_TWOFOLD = frozenset(["parallel"])
"""Options with an opposite."""


class History:
    """The run's own log, and its lines in the log of errors.

    A log that cannot be written does not end a run; the flow's log says so, once a reason.

    Args:
        settings: of the run.
        flow: the function whose parameters the command's options are.
    """

    def __init__(self, settings: Settings, flow: Callable[..., object]) -> None:
        """Begin, in the flow; nothing is written before the project is known."""
        key = settings.api.gemini_api_key
        redactor = Redactor([key.get_secret_value()] if key is not None else ())
        self._settings = settings
        self._flow = flow
        self._log = RunLog(settings.paths.home, redactor)
        self._tracker = ErrorTracker(settings.paths.home, redactor)
        self._project = ""
        self._flows_log = get_run_logger()  # a stage ends outside of any run that has one
        self._told: set[str] = set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear the stages of this process while the block runs."""
        stop = listen(lambda event: self._quietly(self._log.hear, event))
        try:
            yield
        finally:
            stop()

    def begin(self, project_id: str, label: str) -> None:
        """Open the log of a project.

        Args:
            project_id: whose.
            label: the names of its files.
        """
        self._project = project_id
        options = " ".join(f"{name}={value}" for name, value in self._options().items())
        self._quietly(self._log.tell, f"run of {label} started {options}")
        self._quietly(self._log.known_as, project_id)

    def advice(self, error: BaseException, project_id: str, stage: str = "") -> tuple[str, ...]:
        """What would help, as one line each.

        Args:
            error: what ended the run.
            project_id: empty where it came to none.
            stage: where it happened, unless the error knows.
        """
        parameters = dict(flow_run.parameters or {})
        videos = parameters.pop("videos", ())
        options = options_of(self._flow, _TWOFOLD)
        command = of_parameters(videos, parameters, options)
        situation = situation_of(self._settings, command=command, project_id=project_id)
        found = RecoverySuggestionEngine().suggest_recovery_actions(
            problem_of(error, stage=stage), situation
        )
        return tuple(str(suggestion) for suggestion in found)

    def end(
        self,
        summary: RunSummary,
        stages: Sequence[StageOutcome],
        failure: BaseException | None,
        files: tuple[VideoFile, ...],
    ) -> None:
        """Write how the run ended and every error of it.

        Args:
            summary: of the run.
            stages: as they ended.
            failure: what ended the run.
            files: the recordings.
        """
        options, videos = self._options(), facts_of(files)
        about: dict[str, Any] = {
            "project_id": self._project, "run": self._log.run, "options": options,
        }  # fmt: skip
        if not self._project and not self._settings.paths.home.exists():
            return
        for outcome in stages:
            for processor, error in raised(outcome):
                if outcome.error is not None and (error is not outcome.error or error is failure):
                    continue  # what ended the run is logged below
                self._quietly(
                    self._tracker.log_error, error, stage=str(outcome.run.stage.name),
                    processor=processor, videos=videos, resolution=_tried(outcome),
                    worked=outcome.error is None or failure is None, **about,
                )  # fmt: skip
        if failure is not None and summary.status != "interrupted":
            stage = summary.error.stage if summary.error is not None else ""
            self._quietly(self._tracker.log_error, failure, stage=stage, videos=videos, **about)
        self._quietly(self._tracker.log_end, summary.status, seconds=summary.seconds, **about)
        self._quietly(self._log.setbacks, summary.degradations, summary.errors)
        if failure is not None and summary.error is not None:
            said = f"the run ended with {summary.error.type}: {summary.error.message}"
            self._quietly(self._log.tell, said)
        self._quietly(self._log.tell, f"run {summary.status} after {summary.seconds:.1f} s")
        if not self._project:
            self._quietly(self._log.known_as, "")

    def _options(self) -> dict[str, Any]:
        """What this run was given, as JSON values."""
        return {
            name: value if isinstance(value, bool | int | float) else str(value)
            for name, value in (flow_run.parameters or {}).items()
            if value is not None and name != "videos"
        }

    def _quietly(self, write: Callable[..., object], *what: Any, **about: Any) -> None:
        try:
            write(*what, **about)
        except (FileSystemError, DiskSpaceError) as error:
            if str(error) not in self._told:
                self._told.add(str(error))
                self._flows_log.warning("The log cannot be written: %s", error)


def _tried(outcome: StageOutcome) -> str:
    """What the run itself did about a failure, in words."""
    if outcome.result is None:
        return "a lower level of quality"
    used = outcome.result["processor"]
    return "the run went on without it" if used == "none" else f"fallback {used}"
