"""A store that machines share: what one has made, another takes instead of making it again.

    URL/sections/ab/abcd….json       as in the work folder, named by content
    URL/media/ab/abcd….wav
    URL/inputs/SHA256.json           which file of media/ holds a recording
    URL/records/STAGE/NAME-KEY.json  what a stage or a piece gave, with the record's own hash

Whatever is fetched is hashed before it is used; what does not fit its name is refused, and is
replaced when it is made again. Which result belongs to which key is as sure as the store is: give
write access to those machines only that may decide it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ai_video_editor.errors import InputError, StorageError


class SharedStore(Protocol):
    """Files by name, somewhere that other machines see."""

    def fetch(self, name: str, target: Path) -> bool:
        """Bring a file to `target`; say whether it was there.

        Raises:
            StorageError: the store cannot be used.
        """

    def keep(self, name: str, source: Path, *, replace: bool = False) -> None:
        """Put a file under a name; one of the same size that is there already is left.

        Raises:
            StorageError: the store cannot be used.
        """

    def refuse(self, name: str) -> None:
        """Remember that a file is not what its name says, so that the next `keep` replaces it."""


class FsspecStore:
    """A shared store at any URL that fsspec knows, such as `s3://` and `file://`.

    Args:
        url: folder; access keys and endpoint come from the environment
            (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`), never from here.

    Raises:
        InputError: what the URL needs is not installed.
    """

    def __init__(self, url: str) -> None:
        """Find the file system; nothing is asked of it yet."""
        import fsspec

        self.url = url.rstrip("/")
        try:
            options = {"auto_mkdir": True} if url.startswith(("file:", "local:")) else {}
            self._files, self._root = fsspec.core.url_to_fs(self.url, **options)
        except (ImportError, ValueError) as error:
            raise InputError(
                f"The shared store {self.url} cannot be used here: {error}. "
                "S3 needs pip install 'ai-video-editor[cluster]'."
            ) from error
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    def fetch(self, name: str, target: Path) -> bool:
        """Bring a file to `target`; say whether it was there."""
        with self._explained():
            try:
                self._files.get_file(self._place(name), str(target))
            except FileNotFoundError:
                return False
        return True

    def keep(self, name: str, source: Path, *, replace: bool = False) -> None:
        """Put a file under a name; one of the same size that is there already is left."""
        place = self._place(name)
        with self._explained():
            with self._lock:
                replace = replace or name in self._refused
            if not replace and self._size(place) == source.stat().st_size:
                return
            self._files.put_file(str(source), place)
            with self._lock:
                self._refused.discard(name)

    def refuse(self, name: str) -> None:
        """Remember that a file is not what its name says."""
        with self._lock:
            self._refused.add(name)

    def _place(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _size(self, place: str) -> int | None:
        try:
            self._files.invalidate_cache()  # other machines write too
            size: int = self._files.info(place)["size"]
        except FileNotFoundError:
            return None
        return size

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each file system has errors of its own
            first = (str(error).splitlines() or [""])[0] or type(error).__name__
            raise StorageError(
                f"The shared store {self.url} cannot be used: {first}. Check its address, the "
                "access keys in the environment, and whether it answers."
            ) from error


@cache
def shared_store(url: str | None) -> SharedStore | None:
    """The shared store at a URL; the same object for the same URL.

    Raises:
        InputError: what the URL needs is not installed.
    """
    return None if url is None else FsspecStore(url)


def sealed(result: Any) -> bytes:
    """A record as it lies in a shared store, with its own hash."""
    return json.dumps({"result": result, "sha256": _seal(result)}, ensure_ascii=False).encode()


def unsealed(data: bytes) -> Any:
    """What `sealed` was given, or None where the record is damaged."""
    try:
        record = json.loads(data)
        return record["result"] if record["sha256"] == _seal(record["result"]) else None
    except (ValueError, KeyError, TypeError):
        return None


def _seal(result: Any) -> str:
    text = json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
