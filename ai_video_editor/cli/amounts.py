"""Ages that people write, and sizes that they read."""

from __future__ import annotations

import re

from ai_video_editor.errors import InputError

_AGE = re.compile(r"^(\d{1,9}(?:\.\d{1,6})?)\s*([smhdw]?)$")
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


def age(text: str) -> float:
    """Seconds of an age such as 90, 45m, 12h, 7d or 2w.

    Raises:
        InputError: not of that form.
    """
    found = _AGE.match(text.strip().lower())
    if found is None:
        raise InputError(f"{text!r} is not an age: write 90 (seconds), 45m, 12h, 7d or 2w.")
    return float(found[1]) * _SECONDS[found[2]]


def size(count: float) -> str:
    """Bytes as people read them: 812 bytes, 3.4 MB."""
    if count < 1000:
        return f"{count:.0f} bytes"
    unit = next((power for power in (1, 2) if count < 1000 ** (power + 1)), 3)
    return f"{count / 1000**unit:.1f} {('kB', 'MB', 'GB')[unit - 1]}"
