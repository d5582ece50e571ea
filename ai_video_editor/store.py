"""The work folder: sections of the context and media files, both named by what they hold.

    HOME/store/sections/ab/abcd….json    a section's JSON, named by its hash
    HOME/store/media/ab/abcd….wav        a file, named by the SHA-256 of its bytes
    HOME/store/inputs/SHA256.json        where an input with that content was last seen, with the
                                         size and the time that it had then

Everything is written beside its place, flushed to disk and renamed, so a file under its name is
whole. What is read is hashed again: a damaged section or file counts as missing. Inputs are large
and belong to the user: they are hashed again only where their size or time is another.

Where machines share a store (`shared_store.py`), what is kept goes there as well, and what is
missing here is fetched from there and hashed before it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from ai_video_editor.context.base import MediaRef, Model
from ai_video_editor.context.content_context import ContentContext, section_adapter
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import (
    ContextIntegrityError,
    ContextStateError,
    StorageError,
)
from ai_video_editor.files import translated, whole_file
from ai_video_editor.settings import Settings
from ai_video_editor.shared_store import SharedStore, sealed, shared_store, unsealed
from ai_video_editor.stamps import Stamp, stamp_of

SECTION_HASH_LENGTH = 32
"""Hex digits of a section's name: 128 bits of SHA-256, so that a whole `ContextRef` stays small."""


class ContextRef(Model):
    """What stages hand each other: under a kilobyte, however long the film."""

    project_id: str
    sections: dict[str, str] = Field(default_factory=dict)
    """Section name to the hash of its JSON."""
    degraded: tuple[str, ...] = ()
    """Stages whose result is a fallback's."""
    inputs: tuple[str, ...] = ()
    """First 12 hex digits of each input's SHA-256, in order."""

    def merged(self, other: ContextRef) -> ContextRef:
        """The union of two branches.

        Raises:
            ContextStateError: both filled one section, or they belong to different projects.
        """
        if (self.project_id, self.inputs) != (other.project_id, other.inputs):
            raise ContextStateError("Results of two different projects cannot be merged.")
        for name in self.sections.keys() & other.sections.keys():
            if self.sections[name] != other.sections[name]:
                raise ContextStateError(f"Two branches filled the section {name}.")
        return ContextRef(
            project_id=self.project_id,
            inputs=self.inputs,
            sections={**self.sections, **other.sections},
            degraded=tuple(sorted({*self.degraded, *other.degraded})),
        )


class Store:
    """Sections and media by hash under one folder.

    Args:
        home: the work folder (`AI_VIDEO_EDITOR_HOME`); made when it is not there.
        shared: a store that other machines see as well.
    """

    def __init__(self, home: Path, shared: SharedStore | None = None) -> None:
        """Use a work folder; nothing is made before it is needed."""
        self.home = home
        self._shared = shared
        self.root = home / "store"
        self.checkpoints = home / "checkpoints"
        self.scratch = home / "scratch"
        self._given: dict[Path, Stamp] = {}  # inputs whose path was asked for, as they were then

    @classmethod
    def of(cls, settings: Settings) -> Store:
        """The store of a run.

        Raises:
            InputError: what the shared store's address needs is not installed.
        """
        return cls(settings.paths.home, shared_store(settings.paths.shared_store))

    # sections

    def put_section(self, name: str, value: Any) -> str:
        """Keep a section and name it by its hash.

        Raises:
            ContextStateError: no such section, or the value does not fit it.
        """
        adapter = section_adapter(name)
        try:
            data = adapter.dump_json(adapter.validate_python(value), indent=1)
        except ValidationError as error:
            raise ContextStateError(
                f"The section {name} does not fit its schema: {error}"
            ) from error
        key = hashlib.sha256(data).hexdigest()[:SECTION_HASH_LENGTH]
        path = self._section_path(key)
        if not self._section_is_whole(path, key):
            with whole_file(path) as partial:
                partial.write_bytes(data)
        self._share(path)
        return key

    def get_section(self, name: str, key: str) -> Any:
        """A section by its hash, validated.

        Raises:
            ContextIntegrityError: missing, altered, or not of this schema.
        """
        path = self._section_path(key)
        if not self._section_is_whole(path, key) and not self._fetched(
            path, lambda found: self._section_is_whole(found, key)
        ):
            raise ContextIntegrityError(f"The stored section {name} is missing or damaged.")
        try:
            return section_adapter(name).validate_json(path.read_bytes())
        except ValidationError as error:
            raise ContextIntegrityError(
                f"The stored section {name} was written by another version of this program."
            ) from error

    def _section_path(self, key: str) -> Path:
        return self.root / "sections" / key[:2] / f"{key}.json"

    @staticmethod
    def _section_is_whole(path: Path, key: str) -> bool:
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest().startswith(key)
        except OSError:
            return False

    # media

    def put_media(self, path: Path, *, move: bool = True) -> MediaRef:
        """Keep a file under the hash of its bytes.

        Args:
            path: the file; its suffix is kept.
            move: take the file instead of copying it.
        """
        with translated(path):
            ref = MediaRef(
                sha256=hash_file(path), suffix=path.suffix.lower(), size=path.stat().st_size
            )
            target = self._media_path(ref)
            if not _is(target, ref):
                with whole_file(target) as partial:
                    if move and path.stat().st_dev == partial.stat().st_dev:
                        os.replace(path, partial)
                    else:
                        shutil.copyfile(path, partial)
            if move:
                path.unlink(missing_ok=True)
        self._share(target)
        return ref

    def media_path(self, ref: MediaRef) -> Path:
        """Where a file of the store lies; fetched from the shared store when it is only there."""
        path = self._media_path(ref)
        if self._shared is not None and not path.exists():
            self._fetched(path, lambda found: _is(found, ref))
        return path

    def media_is_whole(self, ref: MediaRef) -> bool:
        """Whether a file of the store is there, or can be fetched, and is unaltered; reads it."""
        path = self._media_path(ref)
        return _is(path, ref) or self._fetched(path, lambda found: _is(found, ref))

    def _media_path(self, ref: MediaRef) -> Path:
        return self.root / "media" / ref.sha256[:2] / f"{ref.sha256}{ref.suffix}"

    # what machines share

    def _share(self, path: Path) -> None:
        if self._shared is not None:
            self._shared.keep(self._shared_name(path), path)

    def _fetched(self, path: Path, is_it: Callable[[Path], bool]) -> bool:
        """Whether a file was in the shared store and is what its name says."""
        if self._shared is None:
            return False
        name = self._shared_name(path)
        with self.scratch_folder() as scratch:
            found = scratch / path.name
            if not self._shared.fetch(name, found):
                return False
            if not is_it(found):
                self._shared.refuse(name)
                return False
            with whole_file(path) as partial:
                os.replace(found, partial)
        return True

    def _shared_name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def share_record(self, name: str, result: Any) -> None:
        """Tell other machines what a stage or a piece gave.

        Args:
            name: of the persisted result.
            result: JSON value.
        """
        if self._shared is None:
            return
        with self.scratch_folder() as scratch:
            path = scratch / "record.json"
            path.write_bytes(sealed(result))
            self._shared.keep(f"records/{name}", path, replace=True)

    def shared_record(self, name: str) -> Any:
        """What another machine told under this name, or None."""
        if self._shared is None:
            return None
        with self.scratch_folder() as scratch:
            path = scratch / "record.json"
            found = self._shared.fetch(f"records/{name}", path)
            return unsealed(path.read_bytes()) if found else None

    def share_input(self, sha256: str, path: Path) -> None:
        """Keep a recording where machines can fetch it that do not hold it themselves."""
        if self._shared is None:
            return
        suffix = path.suffix.lower()
        ref = MediaRef(sha256=sha256, suffix=suffix or ".media", size=path.stat().st_size)
        self._shared.keep(self._shared_name(self._media_path(ref)), path)
        with self.scratch_folder() as scratch:
            note = scratch / "input.json"
            note.write_bytes(sealed(ref.model_dump(mode="json")))
            self._shared.keep(f"inputs/{sha256}.json", note)

    def _fetched_input(self, sha256: str) -> Path | None:
        if self._shared is None:
            return None
        with self.scratch_folder() as scratch:
            note = scratch / "input.json"
            found = self._shared.fetch(f"inputs/{sha256}.json", note)
            known = unsealed(note.read_bytes()) if found else None
        if known is None:
            return None
        ref = MediaRef.model_validate(known)
        return self._media_path(ref) if ref.sha256 == sha256 and self.media_is_whole(ref) else None

    @contextmanager
    def scratch_folder(self) -> Iterator[Path]:
        """An empty folder on the store's disk, gone when the block ends."""
        with translated(self.scratch):
            self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    # inputs

    def remember_input(self, sha256: str, path: Path, stamp: Stamp | None = None) -> None:
        """Note where an input with this content lies.

        Args:
            sha256: of its bytes.
            path: where it lies.
            stamp: its size and time when it was hashed; those of now where it is not given.
        """
        size, mtime_ns = stamp or stamp_of(path)
        note = {"path": str(path.absolute()), "size": size, "mtime_ns": mtime_ns}
        target = self.root / "inputs" / f"{sha256}.json"
        with whole_file(target) as partial:
            partial.write_text(json.dumps(note), encoding="utf-8")

    def input_path(self, sha256: str) -> Path:
        """Where the input with this content was last seen, if it still has that content.

        Raises:
            StorageError: it is not known, no longer there, or was changed.
        """
        note = self.root / "inputs" / f"{sha256}.json"
        path, there = None, False
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(note.read_text(encoding="utf-8"))
            path = Path(known["path"])
            there = path.is_file()
            # notes of earlier versions know neither size nor time
            noted = Stamp(known.get("size", -1), known.get("mtime_ns", -1))
            if there and self._holds(path, sha256, noted):
                return path
        fetched = self._fetched_input(sha256)
        if fetched is not None:
            return fetched
        if path is not None and there:
            raise _changed(path)
        what = f"The recording {path}" if path else f"The input with the content {sha256[:12]}"
        gone = StorageError(
            f"{what} is no longer where it was: run the command again with its present path."
        )
        gone.file = str(path or "")
        raise gone

    def _holds(self, path: Path, sha256: str, noted: Stamp) -> bool:
        """Whether an input has the content that is asked for; remembers how it was when it had."""
        now = stamp_of(path)
        if now != noted:  # copied back or touched, it may be the same for all that
            if hash_file(path) != sha256 or stamp_of(path) != now:
                return False
            self.remember_input(sha256, path, now)
        self._given.setdefault(path, now)
        return True

    def check_inputs_unchanged(self) -> None:
        """Ask once more for every input whose path was given; nothing is read.

        One that is gone meanwhile is no matter: what was read of it is what was asked for.

        Raises:
            StorageError: one was changed since, so what was made of it may be of other content.
        """
        for path, stamp in tuple(self._given.items()):
            with suppress(FileNotFoundError):
                if stamp_of(path) != stamp:
                    raise _changed(path)

    # whole contexts

    def is_whole(self, sections: Mapping[str, str]) -> bool:
        """Whether sections and every file that they name are there and unaltered."""
        for name, key in sections.items():
            try:
                value = self.get_section(name, key)
            except (ContextIntegrityError, ContextStateError):
                return False
            if not all(self.media_is_whole(ref) for ref in media_refs(value)):
                return False
        return True

    def context(self, ref: ContextRef) -> ContentContext:
        """The whole context that a reference names.

        Raises:
            ContextIntegrityError: a section is missing or damaged.
        """
        sections = {name: self.get_section(name, key) for name, key in ref.sections.items()}
        return ContentContext(project_id=ref.project_id, **sections)


def _changed(path: Path) -> StorageError:
    error = StorageError(f"{path} was changed since the run began: run the command again.")
    error.file = str(path)
    return error


def _is(path: Path, ref: MediaRef) -> bool:
    """Whether a file is the one that is named."""
    try:
        return path.stat().st_size == ref.size and hash_file(path) == ref.sha256
    except OSError:
        return False


def media_refs(value: Any) -> Iterator[MediaRef]:
    """Every file that a section names, however deep."""
    if isinstance(value, MediaRef):
        yield value
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from media_refs(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from media_refs(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from media_refs(item)
