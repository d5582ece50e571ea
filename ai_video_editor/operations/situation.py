"""What is known when something went wrong, so that advice fits this file and this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.base import Model
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.operations.command_line import CommandLine
from ai_video_editor.operations.machine import Machine, this_machine
from ai_video_editor.operations.run_record import PROJECT_ID, RunRecord, read_record
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store


class VideoFacts(Model):
    """A recording as the error log keeps it: nothing of what it shows or says."""

    duration: float
    """Seconds."""
    size: int
    """Bytes."""
    container: str
    codec: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Situation:
    """The surroundings of a failure.

    Attributes:
        machine: as it is now.
        home: the work folder.
        output: the folder in which project folders are made.
        command: what the user typed, or would type for the same run.
        project_id: empty where it came to none.
        finished: stages whose results are kept.
        stages: how many stages a run has.
        context_file: where the context lies.
        videos: the recordings.
        stage_timeout: longest time for one stage, seconds.
        timeout: longest time for the run, seconds; None where there is none.
        api_timeout: longest time for one call, seconds.
        checkpoint_interval: longest piece, seconds of media.
        offline: whether the run used no network.
        has_key: whether there is a Gemini key.
    """

    machine: Machine
    home: Path
    output: Path = Path("output")
    command: CommandLine | None = None
    project_id: str = ""
    finished: tuple[str, ...] = ()
    stages: int = 11
    context_file: Path | None = None
    videos: tuple[VideoFacts, ...] = ()
    stage_timeout: float = 6 * 3600.0
    timeout: float | None = None
    api_timeout: float = 120.0
    checkpoint_interval: int = 300
    offline: bool = False
    has_key: bool = False


def facts_of(files: tuple[VideoFile, ...]) -> tuple[VideoFacts, ...]:
    """What the error log keeps of recordings."""
    return tuple(
        VideoFacts(
            duration=round(float(file.duration), 3),
            size=file.size,
            container=file.container,
            codec=file.video.codec if file.video else (file.audio[0].codec if file.audio else ""),
            width=file.video.width if file.video else 0,
            height=file.video.height if file.video else 0,
        )
        for file in files
    )


def situation_of(
    settings: Settings,
    *,
    command: CommandLine | None = None,
    project_id: str = "",
) -> Situation:
    """The surroundings of a run as they are now, its kept stages among them.

    Args:
        settings: of the run.
        command: what the user typed.
        project_id: the project, where it came to one.
    """
    home = settings.paths.home
    store = Store(home)
    known = read_record(store, project_id) if PROJECT_ID.match(project_id) else None
    finished = _finished(known)
    context = store.root / "projects" / f"{project_id}.context.json"
    return Situation(
        machine=this_machine(home),
        home=home,
        output=settings.paths.output,
        command=command,
        project_id=project_id,
        finished=finished,
        context_file=context if project_id and context.is_file() else None,
        videos=_videos(store, known),
        stage_timeout=settings.run.stage_timeout,
        timeout=settings.run.timeout,
        api_timeout=settings.api.api_timeout,
        checkpoint_interval=settings.run.checkpoint_interval,
        offline=settings.api.offline,
        has_key=settings.api.gemini_api_key is not None,
    )


def _finished(record: RunRecord | None) -> tuple[str, ...]:
    stages = record.stages if record is not None else ()
    return tuple(entry.stage for entry in stages if entry.state in ("done", "degraded"))


def _videos(store: Store, record: RunRecord | None) -> tuple[VideoFacts, ...]:
    key = record.ref.sections.get("video_files") if record is not None else None
    return facts_of(tuple(store.get_section("video_files", key))) if key else ()
