"""Prompts as versioned text files that a person can read and change."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

from ai_video_editor.errors import InputError

NAMES = ("rules", "edit", "copy", "part", "whole", "repair")
"""rules and edit and copy make one request; part and whole stand beside them for long films."""


class PromptTemplates:
    """The files of a package's `prompts/`, by name and version.

    Args:
        package: whose prompts.
        names: those in use, for the fingerprint.
    """

    def __init__(
        self,
        package: str = "ai_video_editor.intelligence.director",
        names: tuple[str, ...] = NAMES,
    ) -> None:
        """Keep them; nothing is read yet."""
        self._package = package
        self._names = names

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all prompts in use, as hex: another prompt is another plan."""
        return hashlib.sha256(
            "\0".join(self.text(name) for name in self._names).encode()
        ).hexdigest()

    def text(self, name: str, version: int | None = None) -> str:
        """A prompt; the newest version where none is asked for.

        Raises:
            InputError: there is no such prompt.
        """
        wanted = self.newest(name) if version is None else version
        path = files(self._package).joinpath(f"prompts/{name}.v{wanted}.txt")
        if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
            raise InputError(f"There is no prompt {name!r} in version {wanted}.")
        return path.read_text("utf-8")

    def newest(self, name: str) -> int:
        """Highest version of a prompt.

        Raises:
            InputError: there is no such prompt.
        """
        folder = files(self._package).joinpath("prompts")
        versions = [
            int(found[1])
            for entry in folder.iterdir()
            if (found := re.fullmatch(rf"{re.escape(name)}\.v(\d+)\.txt", entry.name))
        ]
        if not versions:
            raise InputError(f"There is no prompt {name!r}.")
        return max(versions)
