"""File names as people see them: data that a message quotes, whatever bytes it holds."""

from __future__ import annotations

import os
import shlex
from pathlib import Path


def shown(path: Path) -> str:
    """A path that can be printed: bytes that are no UTF-8 and control signs are replaced."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def quoted(path: Path) -> str:
    """The file's name as an argument of a shell command that a user may copy."""
    name = shown(Path(path.name))
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
