"""A watched folder that the system refuses holds up no other."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import cast

import pytest

from ai_video_editor.operations.folder_scan import FolderScan
from ai_video_editor.operations.watched_folder import WatchedFolder
from flows import watch_folder
from tasks.orders import DeploymentOrders


class Scan:
    """A folder's scan that is asked once."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.folder = WatchedFolder(path=Path("/in") / name)
        self.error = error
        self.looked = 0

    def look(self, _orders: object, _now: float) -> None:
        self.looked += 1
        if self.error is not None:
            raise self.error


def test_a_folder_that_cannot_be_looked_at_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch_folder, "get_run_logger", lambda: logging.getLogger(__name__))
    closed = Scan("closed", PermissionError(13, "Permission denied"))
    open_ = Scan("open")
    orders = cast(DeploymentOrders, None)  # neither scan gives an order
    missing = watch_folder._look(cast("list[FolderScan]", [closed, open_]), orders)
    assert missing == ["The watched folder /in/closed cannot be looked at: Permission denied."]
    assert (closed.looked, open_.looked) == (1, 1)
