"""What a run will take, for the commands that say so before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ai_video_editor.audio.transcription.expected import expected_recogniser
from ai_video_editor.operations.meters import Meter
from ai_video_editor.operations.outlook import Outlook, outlook, probed
from ai_video_editor.operations.run_record import all_records
from ai_video_editor.settings import Settings
from ai_video_editor.store import Store


def needs_of(paths: Sequence[Path], settings: Settings, meter: Meter) -> Outlook:
    """What a run over these inputs will take on this machine.

    Raises:
        InputError: one of them cannot be used.
    """
    return outlook([probed(path) for path in paths], settings, meter, expected_recogniser(settings))


def rendered_before(paths: Sequence[Path], settings: Settings) -> bool:
    """Whether files of these names have a film in the work folder: little may be left to do then.

    Whether that film can be taken is known when the files have been read; rendering says itself
    where there is no room.
    """
    names = tuple(path.name for path in paths)
    records = all_records(Store(settings.paths.home))
    return any(record.names == names and record.has_film for record in records)
