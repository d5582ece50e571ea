"""The command with a fault in one node: `python -m tests.chaos.injection FAULT NODE:WHICH WORDS`.

Nothing in the product knows of it: the work of a stage's processors is replaced before the
command begins.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ai_video_editor.errors import (
    APIAuthenticationError,
    APIIntegrationError,
    APIRateLimitError,
    MediaError,
)
from ai_video_editor.processes import spawn
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import TABLE
from ai_video_editor.workflow.embedded_server import configure_prefect
from tests.chaos.ground import MODEL

Work = Callable[[SectionView, Settings], None]


def _raises(error: Callable[[], BaseException]) -> Work:
    def work(_view: SectionView, _settings: Settings) -> None:
        raise error()

    return work


def _hangs(_view: SectionView, _settings: Settings) -> None:
    while True:
        time.sleep(1)


def _hangs_in_a_pool(view: SectionView, settings: Settings) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_hangs, view, settings).result()


def _waits_for_a_child(_view: SectionView, _settings: Settings) -> None:
    spawn([sys.executable, "-c", "import time; time.sleep(3600)"]).wait()


def _fills_nonsense(view: SectionView, _settings: Settings) -> None:
    for name in view.stage.fills:
        view.fill(name, {"this is": ["no", "section"]})


def _fills_nothing(_view: SectionView, _settings: Settings) -> None:
    return


FAULTS: dict[str, Work] = {
    "error": _raises(lambda: RuntimeError("something broke")),
    "tool": _raises(lambda: MediaError("The tool gave up.")),
    "hang": _hangs,
    "hanging pool": _hangs_in_a_pool,
    "hanging child": _waits_for_a_child,
    "nonsense": _fills_nonsense,
    "nothing": _fills_nothing,
    "memory": _raises(MemoryError),
    "disk": _raises(lambda: OSError(errno.ENOSPC, "No space left on device")),
    "permission": _raises(lambda: PermissionError(errno.EACCES, "Permission denied")),
    "network": _raises(lambda: ConnectionError("Network is unreachable")),
    "service": _raises(lambda: APIIntegrationError("The service answered 500.")),
    "quota": _raises(lambda: APIRateLimitError("The service asks to slow down.")),
    "key": _raises(lambda: APIAuthenticationError("The key was refused.")),
}
"""Faults by name."""


def usable(node: str, home: Path) -> tuple[str, ...]:
    """A node's processors that the suite's runs can use, in order."""
    settings = load_settings({"home": home, "offline": True, "whisper_model": str(MODEL)}).settings
    names: tuple[str, ...] = next(iter(_tasks(node))).choose(settings)[0]
    return names


def inject(fault: str, where: str, home: Path) -> None:
    """Put a fault into a node's first usable processor, or into all of them.

    Args:
        fault: one of `FAULTS`.
        where: `NODE:first` or `NODE:all`.
        home: the work folder.
    """
    node, _, which = where.partition(":")
    struck = usable(node, home)[:1] if which == "first" else usable(node, home)
    for task in _tasks(node):
        broken = tuple(
            replace(processor, work=FAULTS[fault]) if processor.name in struck else processor
            for processor in task.processors
        )
        object.__setattr__(task, "processors", broken)
        task.__post_init__()


def _tasks(node: str) -> list[Any]:
    from tasks.stage import StageTask  # Prefect reads its settings when it is imported

    row = next(row for row in TABLE if row.key == node)
    module: Any = importlib.import_module(f"tasks.{row.name}")
    tasks = [value for value in vars(module).values() if isinstance(value, StageTask)]
    return [task for task in tasks if task.stage is row]


if __name__ == "__main__":
    home = Path(os.environ["AI_VIDEO_EDITOR_HOME"])
    configure_prefect(home, verbose=False)  # before the tasks' modules import Prefect
    inject(sys.argv[1], sys.argv[2], home)
    sys.argv[1:3] = []
    from ai_video_editor.cli.main import main

    main()
