"""What a run shows in Prefect's UI beside its graph: its progress and its summary."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from prefect.artifacts import (
    Artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)
from prefect.settings import get_current_settings

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.errors import EditorError
from ai_video_editor.progress import ProgressEvent, listen
from ai_video_editor.reporting.approval import thumbnail_table
from ai_video_editor.reporting.filmstrip import contact_sheet
from ai_video_editor.reporting.pictures import data_uri
from ai_video_editor.reporting.summary import RunSummary
from ai_video_editor.store import Store

RESULT_TYPE = "run-summary"
"""Type of the artifact in which a deployed run leaves its summary."""

PICTURE_BYTES, STRIP_BYTES = 40_000, 200_000
"""Sizes of pictures in artifacts: they lie in the server's database."""

STRIP_PICTURES, STRIP_COLUMNS = 12, 4

UPDATE_SECONDS = 2.0
"""Least time between two updates: the server is asked no more often than a person looks."""


@contextmanager
def shown_progress(stages: int) -> Iterator[threading.Event]:
    """Keep a progress artifact up to date while the block runs.

    A run that fails or is cancelled stays at what it had done.

    Args:
        stages: number of tasks whose ends make 100 %.

    Yields:
        To be set when all ended well.
    """
    well = threading.Event()
    shares: dict[str, float] = {}
    changed = threading.Event()
    over = threading.Event()

    def hear(event: ProgressEvent) -> None:
        if event.kind == "notice":
            return
        share = 1.0 if event.kind == "finished" else event.fraction or 0.0
        shares[event.stage] = max(shares.get(event.stage, 0.0), share)
        changed.set()

    artifact = create_progress_artifact(
        0.0, key="progress", description="Share of the whole run that is done."
    )
    stop = listen(hear)
    keeper = threading.Thread(
        target=_keep_up_to_date,
        args=(UUID(str(artifact)), shares, stages, changed, over),
        name="progress-artifact",
        daemon=True,
    )
    keeper.start()
    try:
        yield well
    finally:
        stop()
        over.set()
        changed.set()
        keeper.join(timeout=10)
        with suppress(Exception):  # the display must not fail the run
            done = 100.0 if well.is_set() else _percent(shares, stages)
            update_progress_artifact(UUID(str(artifact)), progress=done)


def show_summary(markdown: str, project_id: str) -> None:
    """Put the summary page beside the run."""
    create_markdown_artifact(
        markdown=markdown, key="summary", description=f"What came out of {project_id}."
    )


def show_pictures(context: ContentContext, store: Store) -> None:
    """Put the thumbnails and a strip of the film beside the run, where somebody can look."""
    if not get_current_settings().logging.to_api.enabled:  # a server that ends with the run
        return
    table = thumbnail_table(context, store.media_path, width=640, most_bytes=PICTURE_BYTES)
    if table:
        create_markdown_artifact(
            "\n".join(table), key="thumbnails", description="The thumbnails, by their file names."
        )
    film = context.composed_video
    if film is None:
        return
    with store.scratch_folder() as scratch, suppress(EditorError):  # a display only
        strip = contact_sheet(
            store.media_path(film.film), STRIP_PICTURES, STRIP_COLUMNS, scratch / "strip.jpg"
        )
        uri = data_uri(strip, width=1280, most_bytes=STRIP_BYTES)
        if uri is not None:
            create_markdown_artifact(
                f"![Frames of the film]({uri})",
                key="film-strip",
                description="Frames of the film from its beginning to its end.",
            )


def hand_over(summary: RunSummary) -> None:
    """Leave the summary with the server, for whoever follows the run from another process."""
    Artifact(
        type=RESULT_TYPE,
        data=summary.model_dump(mode="json"),
        description="The run's summary as JSON.",
    ).create()


def _keep_up_to_date(
    artifact: UUID,
    shares: dict[str, float],
    stages: int,
    changed: threading.Event,
    over: threading.Event,
) -> None:
    while not over.is_set():
        changed.wait()
        changed.clear()
        with suppress(Exception):  # the display must not fail the run
            update_progress_artifact(artifact, progress=_percent(shares, stages))
        over.wait(UPDATE_SECONDS)


def _percent(shares: dict[str, float], stages: int) -> float:
    """What is done of a run that is not over."""
    return min(99.0, round(100.0 * sum(list(shares.values())) / max(1, stages), 1))
