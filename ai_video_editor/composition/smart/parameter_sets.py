"""H.264 parameter sets: out of a container's header, into the stream where a run begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import av
import av.error
from av.bitstream import BitStreamFilterContext
from av.video.stream import VideoStream

from ai_video_editor.errors import MediaError

HIGH = 100
"""`profile_idc` of the profile that the film is promised in (ITU-T H.264, Annex A)."""

_IDR, _SPS, _PPS, _DELIMITER = 5, 7, 8, 9
"""NAL unit types of ITU-T H.264, table 7-1."""

_LENGTH = 4
"""Bytes before each NAL unit; all writers of today use four."""

_TAGS = (
    "h264_metadata=colour_primaries=1:transfer_characteristics=1:matrix_coefficients=1"
    ":video_full_range_flag=0"
)
"""BT.709, limited range, as the film's own encoder writes it."""


@dataclass(frozen=True)
class ParameterSets:
    """What a decoder must know before the first picture.

    Attributes:
        profile: `profile_idc`.
        level: `level_idc`, ten times the level.
        header: the container's record (ISO/IEC 14496-15, `avcC`).
        units: sequence and picture parameter sets, without length or start code.
    """

    profile: int
    level: int
    header: bytes
    units: tuple[bytes, ...]

    @property
    def prefix(self) -> bytes:
        """The sets as they stand before a picture, each with its length."""
        return b"".join(len(unit).to_bytes(_LENGTH, "big") + unit for unit in self.units)

    def header_for(self, level: int) -> bytes:
        """The container's record, with the highest level of all that the film holds."""
        return self.header[:3] + bytes([max(level, self.level)]) + self.header[4:]


def parameter_sets(header: bytes | None) -> ParameterSets | None:
    """The sets in a container's record; None where it is none, or one of an unusual kind."""
    if not header or len(header) < 7 or header[0] != 1 or header[4] & 3 != _LENGTH - 1:
        return None
    units: list[bytes] = []
    position = 5
    for mask in (0x1F, 0xFF):
        if position >= len(header):
            return None
        count = header[position] & mask
        position += 1
        for _ in range(count):
            length = int.from_bytes(header[position : position + 2], "big")
            unit = header[position + 2 : position + 2 + length]
            if not length or len(unit) < length:
                return None
            units.append(unit)
            position += 2 + length
    kinds = {unit[0] & 31 for unit in units}
    if not {_SPS, _PPS} <= kinds:
        return None
    return ParameterSets(header[1], header[3], header, tuple(units))


def units_of(data: bytes) -> Iterator[bytes]:
    """NAL units of a packet with lengths; a damaged end is left out."""
    position = 0
    while position + _LENGTH <= len(data):
        length = int.from_bytes(data[position : position + _LENGTH], "big")
        unit = data[position + _LENGTH : position + _LENGTH + length]
        if not length or len(unit) < length:
            return
        yield unit
        position += _LENGTH + length


def is_entry(data: bytes) -> bool:
    """Whether a packet is an IDR picture: nothing after it refers to anything before it."""
    first = next((unit[0] & 31 for unit in units_of(data) if 1 <= unit[0] & 31 <= 5), 0)
    return first == _IDR


def changed_sets(data: bytes, known: Sequence[bytes]) -> bool:
    """Whether a packet brings parameter sets other than those of the header."""
    return any(unit[0] & 31 in (_SPS, _PPS) and unit not in known for unit in units_of(data))


def led_by(sets: ParameterSets, data: bytes) -> bytes:
    """A packet with the given parameter sets at its head instead of those it may bring."""
    kept = [unit for unit in units_of(data) if unit[0] & 31 not in (_SPS, _PPS, _DELIMITER)]
    return sets.prefix + b"".join(len(unit).to_bytes(_LENGTH, "big") + unit for unit in kept)


def tagged(sets: ParameterSets, stream: VideoStream, entry: bytes) -> ParameterSets:
    """The sets with the film's colours written into them, so that no decoder guesses.

    Args:
        sets: of the stream.
        stream: whose sets they are.
        entry: data of one IDR picture of it; the rewriting needs a whole packet.

    Raises:
        MediaError: they cannot be rewritten.
    """
    packet = av.Packet(led_by(sets, entry))
    packet.time_base = stream.time_base or Fraction(1)
    packet.pts = packet.dts = 0
    try:
        rewriter = BitStreamFilterContext(_TAGS, stream)
        rewritten = [*rewriter.filter(packet), *rewriter.filter(None)]
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(f"The stream's parameter sets cannot be rewritten: {error}.") from error
    units = [unit for out in rewritten for unit in _with_start_codes(bytes(out))]
    found = [unit for unit in units if unit[0] & 31 in (_SPS, _PPS)]
    if {unit[0] & 31 for unit in found} != {_SPS, _PPS}:
        raise MediaError("The stream's parameter sets were lost in rewriting.")
    sequence = tuple(unit for unit in found if unit[0] & 31 == _SPS)
    return replace(sets, units=tuple(found), header=_record(sets.header, sequence, found))


def _with_start_codes(data: bytes) -> Iterator[bytes]:
    """NAL units of a packet with start codes (Annex B), as the rewriting gives it."""
    for part in data.split(b"\x00\x00\x01")[1:]:
        unit = part.rstrip(b"\x00")
        if unit:
            yield unit


def _record(header: bytes, sequence: Sequence[bytes], units: Sequence[bytes]) -> bytes:
    pictures = [unit for unit in units if unit[0] & 31 == _PPS]
    written = header[:5] + bytes([0xE0 | len(sequence)])
    written += b"".join(len(unit).to_bytes(2, "big") + unit for unit in sequence)
    written += bytes([len(pictures)])
    written += b"".join(len(unit).to_bytes(2, "big") + unit for unit in pictures)
    # What follows the sets (chroma format and bit depth) stays as it was.
    return written + header[_record_end(header) :]


def _record_end(header: bytes) -> int:
    position = 5
    for mask in (0x1F, 0xFF):
        count = header[position] & mask
        position += 1
        for _ in range(count):
            position += 2 + int.from_bytes(header[position : position + 2], "big")
    return position
