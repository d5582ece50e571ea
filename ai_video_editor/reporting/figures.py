"""Numbers and foreign text as a person reads them."""

from __future__ import annotations

import re
from fractions import Fraction

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and marks that turn the direction of text: they can steer a terminal or make
a name read as another one, and mean nothing on a page."""

Number = Fraction | float | int


def plain(text: str) -> str:
    """Foreign text without control characters; tabs and line ends stay."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Foreign text without control characters on one line."""
    return " ".join(plain(text).split())


def clock(seconds: Number) -> str:
    """A moment as "M:SS", from an hour on "H:MM:SS"; parts of a second are dropped."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def length(seconds: Number) -> str:
    """A length in words: "0.4 s", "48 s", "3 min 20 s", "1 h 5 min".

    From a minute on, parts of a second are dropped as `clock` and players drop them.
    """
    value = max(0.0, float(seconds))
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 60:
        return f"{min(59, round(value))} s"
    whole = int(value)
    if whole < 3600:
        minutes, second = divmod(whole, 60)
        return f"{minutes} min {second} s" if second else f"{minutes} min"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def size(count: int) -> str:
    """Bytes as "812 kB" or "12.3 MB" (decimal, as shops and disks count)."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.0f} {unit}" if value >= 99.5 else f"{value:.1f} {unit}"
    raise AssertionError("the last unit takes everything")


def percent(share: Number) -> str:
    """A share as "37 %"."""
    return f"{round(float(share) * 100)} %"


def measured(value: str | float | int | None) -> str:
    """A measured or expected value: at most three decimals, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.3f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return one_line(str(value))


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 filler", "12 fillers"."""
    return f"{count:,} {one if count == 1 else many}"
