"""Going on with an earlier run: its recordings and options, from its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_video_editor.errors import InputError
from ai_video_editor.operations.checkpoints import parse_checkpoint_id
from ai_video_editor.operations.recovery import recover_partial_processing
from ai_video_editor.operations.run_record import read_record
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import ancestors
from ai_video_editor.store import Store

_OF_THE_MOMENT = frozenset(
    {"fresh", "stop_after", "review", "continue_from", "enable_recovery", "timeout"}
)
"""Options that say how one run was to go, not what is to be made."""


def resumed(
    checkpoint_id: str, videos: Sequence[Path], options: Mapping[str, Any]
) -> tuple[list[Path], dict[str, Any]]:
    """What the run that left a checkpoint was given, with what is given now over it.

    Args:
        checkpoint_id: `PROJECT_ID_STAGE`: that stage is finished; or `PROJECT_ID_before_STAGE`.
        videos: recordings given now; those of the project where there are none.
        options: given now; None means "not given".

    Raises:
        InputError: there is no such checkpoint; the message names those there are.
        StorageError: a recording of the project is no longer where it was, or was changed.
    """
    home = load_settings({"home": options.get("work_dir")}).settings.paths.home
    store = Store(home)
    project_id, stage = parse_checkpoint_id(checkpoint_id)
    whole = set(recover_partial_processing(store, project_id).finished)
    before = checkpoint_id.endswith(f"_before_{stage}") or f"_before_{stage}" in checkpoint_id
    missing = ancestors(stage) - whole - ({stage} if before else set())
    if missing:
        there = ", ".join(f"{project_id}_{name}" for name in sorted(whole)) or "none"
        raise InputError(
            f"The checkpoint {checkpoint_id} is not there or damaged "
            f"(missing: {', '.join(sorted(missing))}). There are: {there}."
        )
    record = read_record(store, project_id)
    assert record is not None  # the manager has just read it
    earlier = {k: v for k, v in record.options.items() if k not in _OF_THE_MOMENT}
    given = {k: v for k, v in options.items() if v is not None}
    paths = list(videos) or [store.input_path(sha256) for sha256 in record.ref.inputs]
    return paths, {**options, **earlier, **given}
