"""Brings a Whisper model from the hub into our cache; a download that breaks off goes on later.

The hub's own client begins a broken file anew in the next run (huggingface_hub 2.4, pull request
4228), which for a model of gigabytes on a poor line means never. So it is asked only what there is
and where it lies; the bytes are fetched here, with ranges, into a part that stays.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ai_video_editor.errors import DiskSpaceError, UnavailableError
from ai_video_editor.progress import Report

_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
"""What of a hub repository faster-whisper needs (its 1.2.1 `utils.py`)."""

_BLOCK = 1 << 18
_TELL_EVERY = 0.5
"""Seconds between two reports."""

_PATIENCE = 10.0
_SILENCE = 20.0
"""Seconds to wait for the hub's answer, and for the next bytes of a file."""

_TRIES = 3
"""How often in a row a file may break off without a byte of progress."""

_DIGEST = 64
"""Letters of a SHA-256: the entity tag of a large file is one, that of a small one is git's."""


@dataclass
class _Progress:
    """How much of a model has come."""

    doing: str
    total: int
    report: Report
    done: int = 0
    told: float = 0.0

    def add(self, count: int) -> None:
        self.done += count
        if time.monotonic() - self.told >= _TELL_EVERY:
            self.tell()

    def tell(self) -> None:
        self.told = time.monotonic()
        text = f"{self.doing}, {self.done / 1e6:.0f} of {self.total / 1e6:.0f} MB"
        self.report(min(1.0, self.done / self.total) if self.total else None, text)


def download(named: str, folder: Path, report: Report) -> Path:
    """Fetch a hub repository's model into a folder.

    Every file appears whole or not at all; what has come of a broken one lies in `parts`.

    Args:
        named: owner/name on the hub.
        folder: where the model is to lie.
        report: told the share that has come.

    Returns:
        The folder.

    Raises:
        UnavailableError: the hub does not have it, or the connection broke for good.
        DiskSpaceError: the disk is full.
    """
    from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url

    doing = f"downloading Whisper {named}"
    report(0.0, doing)
    try:
        info = HfApi().model_info(named, files_metadata=True, timeout=_PATIENCE)
        wanted = [
            file
            for file in info.siblings or ()
            if any(fnmatch(file.rfilename, pattern) for pattern in _FILES)
        ]
        progress = _Progress(doing, sum(file.size or 0 for file in wanted), report)
        # the small files first: a name that holds no model costs nothing
        for file in sorted(wanted, key=lambda file: file.size or 0):
            target = folder / file.rfilename
            url = hf_hub_url(named, file.rfilename, revision=info.sha)
            found = get_hf_file_metadata(url, timeout=_PATIENCE)
            if target.is_file() and target.stat().st_size == (found.size or file.size):
                progress.add(target.stat().st_size)
                continue
            _fetch(found, target, progress)
        progress.tell()
    except DiskSpaceError:
        raise
    except Exception as error:  # the hub's client has errors of three libraries
        if isinstance(error, OSError) and error.errno == 28:
            raise DiskSpaceError(f"The disk is full: free room for {named} in {folder}.") from error
        raise UnavailableError(
            f"The Whisper model {named} could not be downloaded: {_first_line(error)}. What has "
            "come stays; the next run goes on from there."
        ) from error
    return folder


def _fetch(found: Any, target: Path, progress: _Progress) -> None:
    """One file, from where its part ends."""
    parts = target.parent / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    part = parts / f"{target.name}-{hashlib.sha256(found.etag.encode()).hexdigest()[:16]}"
    progress.add(part.stat().st_size if part.is_file() else 0)
    idle = 0
    while not found.size or not part.is_file() or part.stat().st_size < found.size:
        before = part.stat().st_size if part.is_file() else 0
        try:
            _append(found, part, progress)
            if not found.size:
                break
        except HTTPError:
            raise
        except OSError as error:
            if error.errno == 28:
                raise
            idle = 0 if part.is_file() and part.stat().st_size > before else idle + 1
            if idle >= _TRIES:
                raise
            time.sleep(idle)
    _check(part, found)
    os.replace(part, target)
    if not any(parts.iterdir()):
        parts.rmdir()


def _append(found: Any, part: Path, progress: _Progress) -> None:
    here = part.stat().st_size if part.is_file() else 0
    request = Request(found.location, headers=_headers(found.location))
    if here:
        request.add_header("Range", f"bytes={here}-")
    with urlopen(request, timeout=_SILENCE) as answer:
        if here and answer.status != 206:
            progress.done -= here  # the server sends all of it again
            here = 0
        with part.open("ab" if here else "wb") as file:
            while data := answer.read(_BLOCK):
                file.write(data)
                progress.add(len(data))
                here += len(data)
    if found.size and here < found.size:
        raise ConnectionError(f"the connection broke after {here} of {found.size} bytes")


def _headers(location: str) -> dict[str, str]:
    """The hub's own headers, token and all, for the hub alone: large files lie with others."""
    from huggingface_hub.constants import ENDPOINT
    from huggingface_hub.utils._headers import build_hf_headers

    place = urlsplit(location)
    if place.scheme not in ("http", "https"):
        raise ValueError(f"the hub names a place that is not on the web: {location}")
    headers: dict[str, str] = build_hf_headers()
    if place.netloc != urlsplit(ENDPOINT).netloc:
        headers.pop("authorization", None)
    return headers


def _check(part: Path, found: Any) -> None:
    """Refuse a file that is not what the hub announced; its part is no use either."""
    whole = not found.size or part.stat().st_size == found.size
    if whole and len(found.etag) == _DIGEST:
        with part.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == found.etag
    if not whole:
        part.unlink()
        raise ConnectionError(f"{part.name.rpartition('-')[0]} came damaged")


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")
