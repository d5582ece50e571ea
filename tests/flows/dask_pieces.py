"""Pieces that Dask's worker processes can import, and that leave a trace of who made them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.processes import end, spawn
from ai_video_editor.progress import Report
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import Store
from tasks.pieces import PieceTask

SECONDS = 1.5


def _note(store: Store, payload: dict[str, Any], what: str, child: int) -> None:
    folder = store.home / "traces"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / what).open("a", encoding="utf-8") as stream:
        stream.write(f"{payload['language']} {os.getpid()} {child}\n")


def made(home: Path, what: str) -> list[tuple[str, int, int]]:
    """Pieces that were begun or done: name, process, its child."""
    try:
        lines = (home / "traces" / what).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [(name, int(pid), int(child)) for name, pid, child in map(str.split, lines)]


def _slowly(
    payload: dict[str, Any], store: Store, _settings: Settings, _report: Report
) -> UserPreferences:
    child = spawn(["sleep", "300"])
    _note(store, payload, "begun", child.pid)
    time.sleep(SECONDS)
    end(child)
    _note(store, payload, "done", child.pid)
    return UserPreferences(language=str(payload["language"]))


SLOW = PieceTask(stage("audio_processing"), "slow", UserPreferences, _slowly)
