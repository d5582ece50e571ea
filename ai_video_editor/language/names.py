"""A film's name as people say it: the file's name without what machines and versions added."""

from __future__ import annotations

import re
from unicodedata import category

from ai_video_editor.language import wording

_CAMERA = re.compile(
    r"^(?:(?:img|dsc|dscn|dscf|mvi|mov|vid|pxl|dji|gopr|gp|gh|gx|gl|wa|clip|video|movie|film|rec|"
    r"recording|untitled|screen ?recording|screencast|whatsapp video|zoom|obs|audio|capture)\b)?"
    r"[\s\d.:t-]*(?:at|am|pm|mp4)?[\s\d.:-]*$|^(?:gh|gx|gopr|p|c|img|dsc)\d{3,}$",
    re.I,
)
"""Names that cameras, phones and recorders give: IMG 0042, GX010123, 2026-05-12 10.03.22."""

_ADDED = re.compile(
    r"(?:^|\s)(?:\d+(?:\.\d+)?(?:s|sec|secs|fps|p|k|kbps|hz|khz|mb|gb|bit)|v\d+|\d{3,4}x\d{3,4}|"
    r"(?:take|version|rev|cut)\s?\d+|\(\d+\)|final|draft|edit|edited|export|exported|copy|raw|"
    r"render|rendered|master|version|480|512|720|1080|1440|2160|hd|uhd|hevc|h264|h265|prores)$",
    re.I,
)
"""What is written behind a name and says nothing about the film."""

_CONSONANTS = re.compile(r"^[bcdfghjklmnpqrstvwxz]{2,4}$")
"""Initials: no English word of up to four letters is without a vowel or a y."""


def film_name(name: str) -> str:
    """The name without versions, lengths and picture sizes at its end, in title case.

    "" where only a camera gave it one, or nothing of it can be seen.

    >>> film_name("head 512 8s"), film_name("how to make sourdough_final_v2"), film_name("IMG_0042")
    ('Head', 'How to Make Sourdough', '')
    """
    spaced = re.sub(r"[_\s]+", " ", name)
    seen = (c for c in spaced if c not in "<>" and not category(c).startswith("C"))
    plain = " ".join("".join(seen).split())
    if _CAMERA.match(plain):
        return ""
    while (found := _ADDED.search(plain)) and plain[: found.start()].strip(" -.,"):
        plain = plain[: found.start()].strip(" -.,")
    words = [w.upper() if _CONSONANTS.match(w) else w for w in plain.split()]
    return wording.title_case(" ".join(words))
