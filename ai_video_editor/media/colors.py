"""Colour tags as ffmpeg names them (ITU-T H.273 code points; libavutil/pixdesc.c)."""

from __future__ import annotations

_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFER = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_SPACE = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    14: "ictcp",
}
_RANGE = {1: "tv", 2: "pc"}

UNKNOWN = "unknown"

HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
"""PQ and HLG (ITU-R BT.2100)."""


def primaries(code: int) -> str:
    """Name of the colour primaries."""
    return _PRIMARIES.get(int(code), UNKNOWN)


def transfer(code: int) -> str:
    """Name of the transfer characteristics."""
    return _TRANSFER.get(int(code), UNKNOWN)


def space(code: int) -> str:
    """Name of the matrix between RGB and Y'CbCr."""
    return _SPACE.get(int(code), UNKNOWN)


def value_range(code: int, pixel_format: str) -> str:
    """Either tv (16 to 235) or pc (0 to 255); formats named yuvj are pc by definition."""
    return "pc" if pixel_format.startswith("yuvj") else _RANGE.get(int(code), UNKNOWN)
