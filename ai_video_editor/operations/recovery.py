"""What stays of a run that failed: its context on disk, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.errors import EditorError
from ai_video_editor.files import whole_file
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.operations.run_record import saved_context
from ai_video_editor.stages import WorkflowStage
from ai_video_editor.store import Store


@contextmanager
def preserve_context_on_error(store: Store, context: ContentContext) -> Iterator[None]:
    """A block whose errors find the context safe on disk; ours name the project.

    Args:
        store: the work folder.
        context: the context up to here.

    Raises:
        Exception: whatever the block raises, with the context saved before.
    """
    try:
        yield
    except Exception as error:
        with whole_file(saved_context(store, context.project_id)) as partial:
            partial.write_text(context.to_json(), encoding="utf-8")
        if isinstance(error, EditorError) and error.project_id is None:
            error.project_id = context.project_id
        raise


@dataclass(frozen=True)
class PartialProcessing:
    """A project whose run did not come to its end.

    Attributes:
        project_id: whose.
        context: all that finished stages have made and that is whole; None where nothing is.
        finished: stages whose results are there and unaltered.
        remaining: stages that are still to do, in the order of the table.
    """

    project_id: str
    context: ContentContext | None
    finished: tuple[WorkflowStage, ...]
    remaining: tuple[WorkflowStage, ...]


def recover_partial_processing(store: Store, project_id: str) -> PartialProcessing:
    """What a project's last run has left, for going on from there.

    Args:
        store: the work folder.
        project_id: whose.

    Raises:
        InputError: there is no such project.
    """
    manager = CheckpointManager(store)
    checkpoints = manager.list_available_checkpoints(project_id)
    finished = tuple(checkpoint.stage for checkpoint in checkpoints if checkpoint.whole)
    return PartialProcessing(
        project_id,
        manager.latest_context(project_id),
        finished,
        tuple(stage for stage in WorkflowStage if stage not in finished),
    )
