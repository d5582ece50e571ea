"""The inputs as the stages need them: what is known of each, and where it lies."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.section_view import SectionView


def input_files(view: SectionView) -> list[tuple[VideoFile, Path]]:
    """Every input with the path it was last seen at.

    Raises:
        StorageError: an input is no longer there, or was changed.
    """
    files: tuple[VideoFile, ...] = view.read("video_files")
    return [(file, view.store.input_path(file.sha256)) for file in files]
