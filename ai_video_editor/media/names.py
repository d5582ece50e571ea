"""File names as people see them: data that a message quotes, whatever bytes it holds."""

from __future__ import annotations

import os
import shlex
import unicodedata
from pathlib import Path

_JOINERS = "\u200c\u200d"
"""Unseen, but Persian, Hindi and families of emoji are written with them."""


def shown(path: Path) -> str:
    """A path that can be printed: bytes that are no UTF-8 and control signs are replaced.

    So is what turns a line round or breaks it; spaces of all scripts stay.
    """
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(sign if _is_shown(sign) else "\N{REPLACEMENT CHARACTER}" for sign in text)


def can_be_written(path: Path) -> bool:
    """Whether a path is UTF-8 without control signs, so that every list and file can hold it."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in str(path))


def quoted(path: Path) -> str:
    """The file's name as an argument of a shell command that a user may copy."""
    name = shown(Path(path.name))
    return shlex.quote(f"./{name}" if name.startswith("-") else name)


def _is_shown(sign: str) -> bool:
    return sign.isprintable() or sign in _JOINERS or unicodedata.category(sign) == "Zs"
