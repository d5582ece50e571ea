"""When a pass may seek instead of decoding all that comes before it."""

from __future__ import annotations

from ai_video_editor.context.inputs import VideoFile

_INDEXED = frozenset({"mov", "matroska"})
"""Containers with an index, whose time stamps after a seek are true. MP3, raw AAC or a transport
stream guess them from the bit rate or from the nearest packet."""

_WORTH = 20
"""Seconds below which decoding costs less than a seek may go wrong."""

_MARGIN = 2
"""Seconds aimed before the wanted time, so that nothing needed is left out."""


def can_seek(file: VideoFile) -> bool:
    """Whether a moment inside is found without reading all that comes before it."""
    return file.container in _INDEXED


def seek_to(file: VideoFile, seconds: int) -> int:
    """Whole seconds to seek to for something wanted at `seconds`; 0 for the beginning."""
    if seconds < _WORTH or not can_seek(file):
        return 0
    return seconds - _MARGIN
