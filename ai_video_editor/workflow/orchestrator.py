"""Running the `edit-video` flow in this process, on a server of its own or on a given one."""

from __future__ import annotations

import asyncio
import importlib
import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_video_editor.errors import EditorError, RunInterruptedError
from ai_video_editor.processes import end_all
from ai_video_editor.progress import ProgressEvent, allow_running, listen, publish, request_stop
from ai_video_editor.reporting.summary import RunSummary, Status, summarise
from ai_video_editor.settings import Settings
from ai_video_editor.workflow.embedded_server import EmbeddedServer, configure_prefect
from ai_video_editor.workflow.server_address import configured_server
from ai_video_editor.workflow.server_answers import asking

_WARM = ("av", "cv2", "numpy", "scenedetect", "faster_whisper", "yake", "PIL.Image")
"""Libraries whose import takes over 0.1 s; loaded while the server comes up."""


@dataclass(frozen=True)
class WorkflowConfiguration:
    """What one run of the flow is given.

    Attributes:
        videos: the recordings, in film order.
        options: parameters of the flow `edit-video`, as it names them; None means "not given".
    """

    videos: Sequence[Path]
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, Any]:
        """The flow's parameters."""
        given = {name: value for name, value in self.options.items() if value is not None}
        return {"videos": [video.absolute() for video in self.videos], **given}


class WorkflowOrchestrator:
    """Runs the flow and reports its progress.

    Args:
        settings: of the run; the flow reads the same ones from its parameters.
    """

    def __init__(self, settings: Settings) -> None:
        """Remember the settings; nothing starts yet."""
        self._settings = settings

    async def process_video(self, configuration: WorkflowConfiguration) -> RunSummary:
        """Run the flow without blocking the caller's event loop."""
        return await asyncio.to_thread(self.run, configuration)

    def run(self, configuration: WorkflowConfiguration) -> RunSummary:
        """Run the flow to its end.

        Prefect's flow engine catches no signal of ours: interrupting the main thread stops the
        stages and their children, and the summary says so.

        Raises:
            ResourceConstraintError: the embedded server did not start.
            InputError: the server that the user named refuses the login.
            EditorError: it does not answer.
        """
        allow_running()
        home = self._settings.paths.home
        server: EmbeddedServer | None = None
        projects: list[str] = []
        hearing = listen(lambda event: projects.append(event.project_id))
        try:
            if configure_prefect(home, verbose=self._settings.run.verbose):
                publish(ProgressEvent("start", "progress", None, "starting Prefect"))
                server = EmbeddedServer(home)
                os.environ["PREFECT_API_URL"] = server.api_url
            from flows.edit_video import edit_video

            if server is not None:  # while it comes up there is time to load what stages need
                threading.Thread(target=_load, name="warm-up", daemon=True).start()
                _use_address(server.wait())
            publish(ProgressEvent("start", "finished", 1.0, state="done"))
            with asking(configured_server() or "") if server is None else _no_heartbeats():
                state = edit_video(**configuration.parameters, return_state=True)
            return _of_project(_summary(state), projects)
        except KeyboardInterrupt:
            request_stop()
            end_all()
            stopped = _ended_by(RunInterruptedError("The run was stopped."), "interrupted")
            return _of_project(stopped, projects)
        finally:
            hearing()
            if server is not None:
                server.stop()
                os.environ.pop("PREFECT_API_URL", None)


def _load() -> None:
    for name in _WARM:
        with suppress(ImportError):
            importlib.import_module(name)


def _no_heartbeats() -> AbstractContextManager[Any]:
    """Runs without heartbeats: nobody watches a server that ends with us.

    Prefect looks for a flow's end once a second while it sends them: up to a second for each flow.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def _use_address(api_url: str) -> None:
    """Tell Prefect the server's address where it is not the one that it was imported with."""
    if os.environ.get("PREFECT_API_URL") == api_url:
        return
    os.environ["PREFECT_API_URL"] = api_url
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()


def _summary(state: Any) -> RunSummary:
    data = getattr(state.data, "result", state.data)
    if isinstance(data, dict):
        return RunSummary.model_validate(data)
    if isinstance(data, EditorError):
        return _ended_by(data)
    if state.is_cancelled():
        return _ended_by(RunInterruptedError("The run was stopped."), "interrupted")
    message = state.message or "The flow ended without a result."
    return _ended_by(EditorError(message))


def _of_project(summary: RunSummary, heard: Sequence[str]) -> RunSummary:
    """A summary with the project that its stages spoke of, where it does not know."""
    project_id = summary.project_id or next(filter(None, heard), "")
    return summary.model_copy(update={"project_id": project_id})


def _ended_by(error: EditorError, status: Status | None = None) -> RunSummary:
    return summarise("", seconds=0.0, output_dir=None, error=error, status=status)
