"""What a run will take is known before its first stage is submitted; what cannot end is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ai_video_editor.audio.transcription.expected import expected_recogniser
from ai_video_editor.errors import InputError
from ai_video_editor.operations.meters import MachineMeter
from ai_video_editor.operations.outlook import Outlook, outlook, probed
from ai_video_editor.operations.run_record import read_record
from ai_video_editor.store import Store
from tasks.stage import Run


def prepared(run: Run, videos: Sequence[Path]) -> tuple[Run, Outlook | None]:
    """The run with preferences that fit this machine, and what it will take.

    Where an input cannot be probed nothing is known: `initialization` says what is wrong with it.

    Raises:
        DiskSpaceError: the disk of the work folder or of the output folder is too small.
    """
    try:
        files = [probed(video) for video in videos]
    except InputError:
        return run, None
    meter = MachineMeter()
    ahead = outlook(files, run.settings, meter, expected_recogniser(run.settings))
    record = read_record(Store(run.settings.paths.home), run.base.project_id)
    # a film that is there already takes nothing; rendering asks again where it is made anew
    if record is None or not record.has_film:
        ahead.require_disk(meter)
    return replace(run, settings=ahead.settings), ahead
