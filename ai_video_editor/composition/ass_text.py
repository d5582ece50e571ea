"""The words of the Advanced SubStation format: escapes, colours, times, shapes.

Foreign text never becomes a command: what the format reads as one is escaped or broken apart.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from math import floor

from ai_video_editor.look.palette import Color
from ai_video_editor.timebase import FrameRate

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def plain(text: str) -> str:
    """Foreign text on one line without control characters and without changes of direction."""
    kept = (
        " " if c.isspace() else c
        for c in unicodedata.normalize("NFC", text)
        if c.isspace() or unicodedata.category(c) not in _UNSEEN or c in "\u200c\u200d"
    )
    return " ".join("".join(kept).split())


def escaped(text: str) -> str:
    """Text of which nothing is read as a tag or a break."""
    # libass knows no escape of the backslash; a word joiner after it, which is not drawn, keeps
    # what follows from being read with it.
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def rounded(
    start: tuple[float, float], end: tuple[float, float], radius: float, color: Color, share: float
) -> str:
    """A rounded rectangle from its top left to its bottom right corner."""
    left, top, right, bottom = (round(v * 8) for v in (*start, *end))
    r = min(round(radius * 8), (right - left) // 2, (bottom - top) // 2)
    k = round(r * 0.45)  # a Bézier that is a quarter circle to 0.1 %
    path = (
        f"m {left + r} {top} l {right - r} {top} "
        f"b {right - k} {top} {right} {top + k} {right} {top + r} "
        f"l {right} {bottom - r} b {right} {bottom - k} {right - k} {bottom} {right - r} {bottom} "
        f"l {left + r} {bottom} b {left + k} {bottom} {left} {bottom - k} {left} {bottom - r} "
        f"l {left} {top + r} b {left} {top + k} {left + k} {top} {left + r} {top}"
    )
    alpha = f"&H{round(255 * (1 - share)):02X}&"
    look = f"\\bord0\\shad0\\c{color_code(color, None)}\\1a{alpha}"
    return f"{{\\an7\\pos(0,0){look}\\p4}}{path}{{\\p0}}"


def color_code(color: Color, share: float | None = 1.0) -> str:
    """A colour as ASS writes it, with its opacity for a style's field, without for a tag."""
    digits = f"{color.blue:02X}{color.green:02X}{color.red:02X}"
    return f"&H{digits}&" if share is None else f"&H{round(255 * (1 - share)):02X}{digits}"


def event(layer: int, start: int, end: int, rate: FrameRate, text: str) -> str:
    """A line of the document: what stands over film frames `start` to `end` (half-open)."""
    begins, ends = clock(start, rate), clock(end, rate)
    return f"Dialogue: {layer},{begins},{ends},Caption,,0,0,0,,{text}"


def clock(frame: int, rate: FrameRate) -> str:
    """The time from which a film frame is shown, in hundredths of a second."""
    # Hundredths are coarser than frames: half a frame before it, rounding hides or shows nothing.
    seconds = max(Fraction(0), rate.time_of(frame) - rate.frame_duration / 2)
    hundredths = floor(seconds * 100 + Fraction(1, 2))
    minutes, hundredths = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}"


def option_value(value: str) -> str:
    """A value of a filter's option: escaped for the option, then for the graph."""
    for special in ("\\':", "\\'[],; \t\n\r"):
        value = "".join("\\" + c if c in special else c for c in value)
    return value
