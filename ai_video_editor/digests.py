"""Names made of what something holds: SHA-256 of values and of files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ai_video_editor.progress import Report, silent

_CHUNK = 1 << 20


def digest(data: Any) -> str:
    """SHA-256 of a JSON value in its canonical form, as hex."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def hash_file(path: Path, report: Report = silent) -> str:
    """SHA-256 of a file's bytes, as hex; reads in pieces of 1 MiB.

    Raises:
        OSError: the file cannot be read.
    """
    total = max(1, path.stat().st_size)
    sha = hashlib.sha256()
    done = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha.update(chunk)
            done += len(chunk)
            if done % (64 * _CHUNK) == 0:
                report(done / total, f"reading {path.name}")
    return sha.hexdigest()
