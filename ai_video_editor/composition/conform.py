"""How each input's picture becomes the film's: size, shape, light and colour."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.inputs import VideoTrack

_HD = 720
"""Height from which unmarked video is taken for BT.709, below it for BT.601 (common practice of
players; BT.709 was written for high definition)."""

_KNOWN_MATRICES = {
    "bt709": "bt709",
    "smpte170m": "bt601",
    "bt470bg": "bt601",
    "fcc": "fcc",
    "smpte240m": "smpte240m",
    "bt2020nc": "bt2020",
    "bt2020_ncl": "bt2020",
    "bt2020c": "bt2020",
}
"""Names of a stream's matrix, and what the scale filter calls it."""


TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
"""Says what the picture is, so that no filter converts between streams that are the same."""


_CONVERTING = "bicubic+accurate_rnd+full_chroma_int"
"""Flags of a scale that also changes the matrix: without them grey comes out one level darker and
one greener (measured)."""


@dataclass(frozen=True)
class Canvas:
    """The film's picture size in square pixels, both even."""

    width: int
    height: int


def fitted(width: int, height: int, canvas: Canvas) -> tuple[int, int]:
    """The largest even size of the same shape on the canvas; up to two pixels off fill it."""
    scale = min(Fraction(canvas.width, width), Fraction(canvas.height, height))
    return (
        _even(width * scale, canvas.width),
        _even(height * scale, canvas.height),
    )


def _even(value: Fraction, limit: int) -> int:
    if limit - value < 2:
        return limit
    return max(2, 2 * round(value / 2))


def source_filters(track: VideoTrack) -> list[str]:
    """What must see every frame of the source, before any is left out."""
    # Only frames that are marked as interlaced are touched.
    return ["bwdif=mode=send_frame:deint=interlaced"] if track.interlaced else []


def frame_filters(track: VideoTrack, canvas: Canvas) -> list[str]:
    """What turns one selected frame into one of the film: yuv420p, BT.709, limited range."""
    width, height = fitted(track.width, track.height, canvas)
    chain: list[str] = []
    if track.hdr:
        chain.append(f"scale={width}:{height}:flags=bicubic")
        chain.extend(_tone_map(track))
    elif not as_it_is(track, Canvas(width, height)):
        flags = "bicubic" if _matrix(track) == "bt709" else _CONVERTING
        chain.append(
            f"scale={width}:{height}:flags={flags}"
            f":in_color_matrix={_matrix(track)}:in_range={_range(track)}"
            ":out_color_matrix=bt709:out_range=tv"
        )
    chain.append("format=yuv420p")
    if (width, height) != (canvas.width, canvas.height):
        # Offsets are even, or the colour planes would move by half a sample.
        left = (canvas.width - width) // 4 * 2
        top = (canvas.height - height) // 4 * 2
        chain.append(f"pad={canvas.width}:{canvas.height}:{left}:{top}:black")
    chain += ["setsar=1", TAGS]
    return chain


def as_it_is(track: VideoTrack, canvas: Canvas) -> bool:
    """Whether a frame needs no change of size, format or colour to be one of the canvas."""
    coded = (track.coded_width, track.coded_height)
    turned = coded if track.rotation % 180 == 0 else coded[::-1]
    return (
        turned == (canvas.width, canvas.height)
        and track.pixel_format == "yuv420p"
        and _matrix(track) == "bt709"
        and _range(track) == "tv"
    )


def _matrix(track: VideoTrack) -> str:
    known = _KNOWN_MATRICES.get(track.color_space.lower())
    if known:
        return known
    return "bt709" if min(track.width, track.height) >= _HD else "bt601"


def _range(track: VideoTrack) -> str:
    full = track.color_range.lower() in ("pc", "jpeg", "full") or track.pixel_format.startswith(
        "yuvj"
    )
    return "pc" if full else "tv"


_REFERENCE_WHITE = 203
"""cd/m² of a white page in HDR (ITU-R BT.2408); it becomes light 1 of the tone curve."""

_PEAK = Fraction(1000, _REFERENCE_WHITE)
"""Light that becomes SDR's white: what HLG shows at most (BT.2100), and most PQ is graded for."""

_KNEE = 0.5
"""Light up to which the curve leaves everything as it is: most of a face lies under it. Measured
on a chart: a white page comes out at 89 % of the signal and skin within 8 %; `hable` put the page
at 61 %, and whole films into dusk."""


def _tone_map(track: VideoTrack) -> list[str]:
    hlg = "b67" in track.color_transfer.lower() or "hlg" in track.color_transfer.lower()
    transfer = "arib-std-b67" if hlg else "smpte2084"
    limits = "full" if _range(track) == "pc" else "limited"
    return [
        f"zscale=tin={transfer}:pin=bt2020:min=bt2020nc:rin={limits}"
        f":t=linear:npl={_REFERENCE_WHITE}",
        "format=gbrpf32le",
        "zscale=p=bt709",
        # By the largest of the three colours, so that hues stay; grey stays grey.
        f"tonemap=tonemap=mobius:param={_KNEE}:peak={float(_PEAK):.4f}:desat=0",
        "zscale=t=bt709:m=bt709:p=bt709:r=limited",
    ]
