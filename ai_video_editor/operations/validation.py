"""Checking inputs before any work: are they there, may they be read, are they recordings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import EditorError, FilePermissionError, InputError
from ai_video_editor.media.frames import FramePass
from ai_video_editor.media.names import shown
from ai_video_editor.media.probe import probe
from ai_video_editor.media.sniff import container_of
from ai_video_editor.progress import Report, silent

_NOT_HASHED = "0" * 64
"""Stands for the digest where a file is looked at but not taken into a project."""

_INTEGRITY_HEIGHT = 16
"""Pixels: to see whether frames decode, the smallest picture is enough."""


@dataclass(frozen=True)
class ValidationResult:
    """What was found out about one input.

    Attributes:
        path: the file.
        ok: whether it can be processed.
        errors: why not, each one sentence with the file, the fact and the fix.
        warnings: what a user should know although it can be processed.
        file: what it holds; None where it cannot be read.
    """

    path: Path
    ok: bool
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    file: VideoFile | None = None


class FileValidator:
    """Tells whether files can be processed, and if not, why.

    Args:
        check_integrity: decode the whole picture as well, which takes as long as watching it at
            many times its speed.
        report: told the share done.
    """

    def __init__(self, *, check_integrity: bool = False, report: Report = silent) -> None:
        """Choose how closely to look."""
        self._integrity = check_integrity
        self._report = report

    def validate_video_file(self, path: Path) -> ValidationResult:
        """Look at one file; what is wrong with it is in the result, not raised."""
        try:
            file = probe(path, _NOT_HASHED, self._report)
            damage = self._damage(file, path) if self._integrity else ()
        except EditorError as error:
            return ValidationResult(path, ok=False, errors=(str(error),))
        return ValidationResult(path, ok=True, warnings=(*file.notes, *damage), file=file)

    def _damage(self, file: VideoFile, path: Path) -> tuple[str, ...]:
        if file.video is None:
            return ()
        looked = FramePass(file, path, height=_INTEGRITY_HEIGHT, rate=1.0, report=self._report)
        for _ in looked.frames():
            pass
        if not looked.damaged:
            return ()
        seen = looked.decoded + looked.damaged
        return (f"{looked.damaged} of {seen} frames are damaged and will be skipped.",)


def check_inputs(paths: Sequence[Path]) -> list[Path]:
    """Absolute paths of inputs that are there, readable and of an accepted kind.

    Quick: it reads the first bytes only, so that a mistyped name is told before anything else.

    Raises:
        InputError: one of them cannot be used, or none was given.
        FilePermissionError: one of them may not be read.
        FileCorruptionError: one of them is empty.
    """
    if not paths:
        raise InputError("No input was given; name at least one recording.")
    checked = []
    for path in paths:
        try:
            checked.append(_checked(path))
        except EditorError as error:
            error.file = shown(path)
            raise
    return checked


def _checked(path: Path) -> Path:
    container_of(path)
    absolute = Path(os.path.abspath(path))
    if not os.access(absolute, os.R_OK):
        raise FilePermissionError(
            f"{shown(path)} may not be read; change its permissions with `chmod +r`."
        )
    return absolute


def check_output(folder: Path) -> None:
    """Refuse a folder for films that cannot be made or written to, before any work is done.

    Raises:
        InputError: it, or a folder above it, is a file.
        FilePermissionError: nothing may be written there.
    """
    there = Path(os.path.abspath(folder))
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise InputError(f"{shown(there)} is a file; name a folder for the films with --output.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise FilePermissionError(
            f"Nothing may be written to {shown(there)}; change its permissions, or name another "
            "folder for the films with --output."
        )
