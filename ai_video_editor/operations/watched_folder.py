"""What is watched: folders, their settings, and the settings that lie beside a recording."""

from __future__ import annotations

import errno
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ai_video_editor.digests import digest, hash_file
from ai_video_editor.errors import InputError
from ai_video_editor.media.names import shown

FILE_NAME = "watch-folders.toml"
"""Where it is looked for: in the configuration folder."""

FILES = ("transcript", "music", "brand", "plan", "face_model")
"""Parameters of `edit-video` that name a file."""

_NOT_A_FOLDERS = frozenset({"videos", "output", "work_dir"})
"""Parameters that the watcher itself gives."""

_NOT_A_SIDECARS = _NOT_A_FOLDERS | {
    "max_cost", "api_timeout", "api_retries", "whisper_model", "face_model",
}  # fmt: skip
"""Whoever may drop a file does not thereby decide what is paid or which model is loaded."""

BESIDE = "edited"
"""Folder beside a recording that takes its project where no output folder is given."""

_VIDEO_ENDINGS = (
    ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".flv",
)  # fmt: skip


class WatchedFolder(BaseModel):
    """One folder whose recordings are edited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    name: str = Field(default="", description="What it is known by, should its path change.")
    output: Path | None = Field(
        default=None, description="Root of a mirrored tree; beside each recording when not given."
    )
    still_seconds: float = Field(
        default=20.0, ge=0, le=3600, description="How long a file must not have changed."
    )
    ignore: tuple[str, ...] = Field(
        default=(), description="Patterns of names or paths below the folder, as in a shell."
    )
    endings: tuple[str, ...] = Field(
        default=_VIDEO_ENDINGS, description="Endings of the files that are recordings."
    )
    attempts: int = Field(default=2, ge=1, le=10, description="How often a recording is tried.")
    queued: int = Field(
        default=25,
        ge=1,
        le=10_000,
        description="How many of its recordings wait for a worker at once; others stand in line.",
    )
    settings: Mapping[str, Any] = Field(
        default_factory=dict, description="Parameters of `edit-video` for this folder."
    )

    @property
    def label(self) -> str:
        """Its name, or its path."""
        return self.name or str(self.path)

    def output_of(self, recording: Path) -> Path:
        """The folder that takes a recording's project."""
        if self.output is None:
            return recording.parent / BESIDE
        return self.output / recording.parent.relative_to(self.path)


def load_folders(file: Path, known: Iterable[str]) -> tuple[WatchedFolder, ...]:
    """The folders that a file lists; relative paths count from where it lies.

    Args:
        file: TOML with one `[[folder]]` for each.
        known: names of the parameters of `edit-video`.

    Raises:
        InputError: it cannot be read, or something in it does not fit.
    """
    data = _toml(file)
    listed = data.pop("folder", [])
    if data or not isinstance(listed, list):
        raise InputError(f"{file} may hold [[folder]] tables only.")
    base = file.absolute().parent
    folders: list[WatchedFolder] = []
    for number, table in enumerate(listed, start=1):
        try:
            folder = WatchedFolder.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "it"
            raise InputError(f"{file}, folder {number}: {where}: {first['msg']}.") from error
        settings = _checked(
            folder.settings, frozenset(known) - _NOT_A_FOLDERS, f"{file}, folder {number}"
        )
        paths = {name: str(_below(base, settings[name])) for name in FILES if name in settings}
        folders.append(
            folder.model_copy(
                update={
                    "path": _below(base, folder.path).resolve(),
                    "output": None if folder.output is None else _below(base, folder.output),
                    "settings": {**settings, **paths},
                }
            )
        )
    labels = [folder.label for folder in folders]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise InputError(f"{file} names {twice} twice.")
    return tuple(folders)


def sidecar_of(recording: Path) -> Path:
    """Where the settings of one recording would lie: `talk.toml` beside `talk.mp4`."""
    return recording.with_suffix(".toml")


def settings_of(folder: WatchedFolder, recording: Path, known: Iterable[str]) -> dict[str, Any]:
    """The folder's settings with those beside the recording over them.

    Whoever can drop a file wrote the latter: a file that they name must lie in the watched
    folder, and they decide nothing about money, models or where things are written.

    Raises:
        InputError: the settings beside it do not fit.
        OSError: the system does not say whether there are any.
    """
    sidecar = sidecar_of(recording)
    if not _is_there(sidecar):
        return dict(folder.settings)
    own = _checked(_toml(sidecar), frozenset(known) - _NOT_A_SIDECARS, shown(sidecar))
    for name in FILES:
        if name in own:
            path = _file_in(folder.path, recording.parent, own[name])
            if path is None:
                raise InputError(
                    f"{shown(sidecar)}: {name} must name a file in the watched folder."
                )
            own[name] = str(path)
    return {**folder.settings, **own}


def _is_there(sidecar: Path) -> bool:
    try:
        return not sidecar.is_symlink() and sidecar.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:  # ".toml" is longer than ".mp4": it cannot be there
            return False
        raise


def _file_in(folder: Path, base: Path, name: str) -> Path | None:
    """The file of this name, None where the folder holds none that can be reached."""
    try:
        path = _below(base, name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a zero byte; links in a ring; no such user's home
        return None


def order_key(folder: WatchedFolder, sha256: str, settings: Mapping[str, Any]) -> str:
    """What makes two orders the same: folder, content and settings, wherever the files lie.

    Raises:
        OSError: a file that the settings name cannot be read.
    """
    files = {name: hash_file(Path(settings[name])) for name in FILES if name in settings}
    return digest([folder.label, sha256, {**settings, **files}])[:32]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{shown(path)} cannot be read: {error}.") from error


def _checked(settings: Mapping[str, Any], allowed: frozenset[str], where: str) -> dict[str, Any]:
    for name, value in settings.items():
        if name not in allowed:
            raise InputError(f"{where}: {name!r} cannot be set here.")
        if name in FILES and not isinstance(value, str):
            raise InputError(f"{where}: {name} must be the name of a file.")
    return dict(settings)


def _below(base: Path, path: str | Path) -> Path:
    return base / Path(path).expanduser()
