"""The words of `--vocabulary`: given in the command, or in a file."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.errors import InputError

MOST_TERMS = 200
"""Whisper's prompt holds 224 tokens: more terms than this push the first ones out."""


def terms(given: str) -> list[str]:
    """Names and terms from a text file (one a line, `#` begins a remark) or separated by commas.

    Raises:
        InputError: the file cannot be read, holds no term, or too many.
    """
    path = Path(given)
    if path.suffix.lower() == ".txt" or _is_file(path):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"The vocabulary {given} cannot be read: {error}; give a text file in UTF-8 with "
                "one term a line, or the terms separated by commas."
            ) from error
        found = [line.partition("#")[0].strip() for line in lines]
    else:
        found = [part.strip() for part in given.split(",")]
    wanted = list(dict.fromkeys(term for term in found if term))
    if not wanted:
        raise InputError(f"The vocabulary {given!r} holds no term.")
    if len(wanted) > MOST_TERMS:
        raise InputError(
            f"The vocabulary holds {len(wanted)} terms; keep the {MOST_TERMS} that are misheard."
        )
    return wanted


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long for a name: these are words
        return False
