"""The health check behind `status`: quick, starts nothing, downloads nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ai_video_editor.errors import EditorError
from ai_video_editor.media.ffmpeg import ffmpeg_path, ffmpeg_version
from ai_video_editor.settings import Settings

LEAST_FREE = 1_000_000_000
"""Bytes of free disk below which no film can be made."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Health:
    """Whether this machine can edit now, with every finding."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing necessary is missing."""
        return all(finding.ok for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "ok": self.ok,
            "findings": [{"name": f.name, "ok": f.ok, "detail": f.detail} for f in self.findings],
        }

    def lines(self) -> list[str]:
        """For people."""
        return [f"{'✓' if f.ok else '✗'} {f.name}: {f.detail}" for f in self.findings]


def health(settings: Settings) -> Health:
    """Look at what a run needs, without importing or starting any of it."""
    return Health((_ffmpeg(), *_libraries(), _home(settings.paths.home)))


def _ffmpeg() -> Finding:
    try:
        major, minor = ffmpeg_version()
    except EditorError as error:
        return Finding("ffmpeg", False, error.message)
    return Finding("ffmpeg", True, f"{major}.{minor} at {ffmpeg_path()}")


def _libraries() -> list[Finding]:
    needed = ("prefect", "av", "cv2", "faster_whisper", "pocketsphinx", "movis", "PySide6")
    missing = [name for name in needed if find_spec(name) is None]
    detail = f"missing: {', '.join(missing)}; install again" if missing else "all there"
    return [Finding("libraries", not missing, detail)]


def _home(home: Path) -> Finding:
    folder = home
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("work folder", False, f"{home} may not be written: set AI_VIDEO_EDITOR_HOME")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        return Finding(
            "work folder", False, f"{home} has {free / 1e6:.0f} MB free; 1000 MB are needed"
        )
    return Finding("work folder", True, f"{home}, {free / 1e9:.0f} GB free")
