"""Checks of what a run is given beside its recordings: folders, limits, keys."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from ai_video_editor.operations.meters import GB, MachineMeter, Meter, existing
from ai_video_editor.settings import Settings

FindingState = Literal["ok", "warning", "failed"]

_LEAST_GB = 1.0
"""Memory with which the smallest film was made, with the tests' tiny Whisper (measured: 1.2)."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what it is.
        state: ok, a warning, or failed: the run cannot be made.
        detail: in the user's words, with the figures.
        flags: options of `process` that would help.
    """

    name: str
    state: FindingState
    detail: str
    flags: tuple[str, ...] = ()


class PathValidator:
    """Tells whether a folder can be written, or a file read."""

    def validate_path(self, path: Path, name: str = "folder") -> Finding:
        """Look at a folder that a run writes into; it need not be there yet.

        Args:
            path: the folder.
            name: what it is, for people.
        """
        if path.exists() and not path.is_dir():
            return Finding(name, "failed", f"{path} is a file: name a folder.")
        folder = existing(path)
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            return Finding(name, "failed", f"{path} may not be written: choose another folder.")
        return Finding(name, "ok", f"{path} may be written")


class ResourceLimitValidator:
    """Tells whether the limits of a run fit the machine.

    Args:
        meter: reads the machine; this machine where None.
    """

    def __init__(self, meter: Meter | None = None) -> None:
        """Read nothing yet."""
        self._meter = meter or MachineMeter()

    def validate_limits(self, settings: Settings) -> Finding:
        """Look at `max_memory_gb` beside the memory that there is."""
        allowed = settings.processing_preferences.max_memory_gb
        total = self._meter.usage().total_memory / GB
        if allowed < _LEAST_GB:
            return Finding(
                "memory limit", "warning",
                f"{allowed:g} GB may be used; the smallest film takes about {_LEAST_GB:g} GB, so "
                "the limit cannot be held",
            )  # fmt: skip
        if allowed > total and "max_memory_gb" in settings.processing_preferences.model_fields_set:
            return Finding(
                "memory limit", "warning",
                f"{allowed:g} GB may be used and this machine has {total:.1f} GB",
                (f"--max-memory {max(1, int(total))}",),
            )  # fmt: skip
        return Finding("memory limit", "ok", f"{min(allowed, total):.1f} GB may be used")


class APIKeyValidator:
    """Tells whether a key can be one, without asking anybody and without showing it."""

    def validate_api_key(self, key: SecretStr | str | None, service: str = "gemini") -> Finding:
        """Look at a key's form.

        Args:
            key: the key, None where there is none.
            service: whose.
        """
        name = f"{service} key"
        plain = key.get_secret_value() if isinstance(key, SecretStr) else key
        if not plain:
            return Finding(name, "warning", "no key: plans are made by rules (set GEMINI_API_KEY)")
        if not re.fullmatch(r"[!-~]+", plain):
            return Finding(
                name, "failed", "the key holds characters that no key has; copy it again"
            )
        if len(plain) < _SHORTEST_KEY or plain.lower().startswith(("your", "<", "xxx", "change")):
            return Finding(name, "failed", "the key is a placeholder; set GEMINI_API_KEY")
        return Finding(name, "ok", "the key has the form of one")


_SHORTEST_KEY = 20
"""Characters: Google's are 39 or more, and nobody issues shorter ones than 20."""
