"""Checkpoints: a face on the persisted results of a project's stages."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import StageRecord
from ai_video_editor.errors import ContextIntegrityError, InputError
from ai_video_editor.operations.run_record import (
    RunRecord,
    all_records,
    read_record,
    write_record,
)
from ai_video_editor.stages import TABLE, WorkflowStage, ancestors, parse_stage
from ai_video_editor.store import ContextRef, Store


@dataclass(frozen=True)
class Checkpoint:
    """One finished stage of a project.

    Attributes:
        checkpoint_id: `PROJECT_ID_stage`, as `--resume-from-checkpoint` takes it.
        stage: the stage.
        state: done or degraded.
        whole: whether its sections and files are there and unaltered.
    """

    checkpoint_id: str
    project_id: str
    stage: WorkflowStage
    state: str
    whole: bool


class CheckpointManager:
    """Lists and loads what stages have persisted.

    Args:
        store: the work folder.
    """

    def __init__(self, store: Store) -> None:
        """Look into a work folder."""
        self._store = store

    def list_available_checkpoints(self, project_id: str) -> list[Checkpoint]:
        """Finished stages of a project, in the order of the stage table.

        Raises:
            InputError: there is no such project; the message names those there are.
        """
        record = read_record(self._store, project_id)
        if record is None:
            known = ", ".join(r.ref.project_id for r in all_records(self._store)[:5])
            raise InputError(
                f"There is no project {project_id!r} in {self._store.home}."
                + (f" The latest are: {known}." if known else "")
            )
        states = {entry.stage: entry.state for entry in record.stages}
        found = []
        for name in WorkflowStage:
            if states.get(name) not in ("done", "degraded"):
                continue
            sections = _sections_of(name, record.ref)
            found.append(
                Checkpoint(
                    checkpoint_id=f"{project_id}_{name}",
                    project_id=project_id,
                    stage=name,
                    state=str(states[name]),
                    whole=self._store.is_whole(sections),
                )
            )
        return found

    def save_checkpoint(self, context: ContentContext, stage: WorkflowStage | str) -> str:
        """Keep what a context holds as the checkpoint of a stage.

        Stages of a run do this by themselves, each with its persisted result; this is for those
        who make or change a context by hand.

        Args:
            context: what to keep; its sections go into the store.
            stage: the last stage that it is the outcome of; those before it are kept as done too.

        Returns:
            The checkpoint's id, `PROJECT_ID_stage`.

        Raises:
            InputError: no such stage, or not a project id.
        """
        name = parse_stage(stage)
        done = ancestors(name)
        filled = {s: getattr(context, s) for row in TABLE if row.name in done for s in row.fills}
        sections = {
            s: self._store.put_section(s, value)
            for s, value in filled.items()
            if value != ContentContext.model_fields[s].get_default(call_default_factory=True)
        }
        inputs = tuple(file.sha256 for file in context.video_files)
        record = RunRecord(
            ref=ContextRef(project_id=context.project_id, sections=sections, inputs=inputs),
            names=tuple(file.name for file in context.video_files),
            stages=tuple(StageRecord(stage=s, state="done") for s in WorkflowStage if s in done),
            updated=time.time(),
        )
        write_record(self._store, record)
        return f"{context.project_id}_{name}"

    def latest_context(self, project_id: str) -> ContentContext | None:
        """The context of a project's last run; None where there is none that is whole."""
        record = read_record(self._store, project_id) if project_id else None
        if record is None:
            return None
        try:
            return self._store.context(record.ref)
        except ContextIntegrityError:
            return None

    def load_checkpoint(self, checkpoint_id: str) -> ContentContext:
        """The context as it was after a stage.

        Raises:
            InputError: there is no such checkpoint.
            ContextIntegrityError: it is damaged.
        """
        project_id, stage = parse_checkpoint_id(checkpoint_id)
        record = read_record(self._store, project_id)
        if record is None:
            raise InputError(f"There is no checkpoint {checkpoint_id!r}.")
        sections: dict[str, str] = {}
        for row in TABLE:
            sections.update(_sections_of(row.name, record.ref))
            if row.name is stage:
                break
        return self._store.context(record.ref.model_copy(update={"sections": sections}))


def parse_checkpoint_id(checkpoint_id: str) -> tuple[str, WorkflowStage]:
    """Project and stage of `PROJECT_ID_stage` or `PROJECT_ID_before_stage`.

    Raises:
        InputError: not of that form.
    """
    for name in sorted(
        [*WorkflowStage, "audio_analysis", "video_analysis", "keyword_research"],
        key=len,
        reverse=True,
    ):
        for ending in (f"_before_{name}", f"_{name}"):
            if checkpoint_id.endswith(ending):
                return checkpoint_id.removesuffix(ending), parse_stage(name)
    raise InputError(
        f"{checkpoint_id!r} is not a checkpoint: it must be PROJECT_ID_STAGE, "
        "as `checkpoints --list PROJECT_ID` shows."
    )


def _sections_of(name: WorkflowStage, ref: ContextRef) -> dict[str, str]:
    fills = [section for row in TABLE if row.name is name for section in row.fills]
    return {section: ref.sections[section] for section in fills if section in ref.sections}
