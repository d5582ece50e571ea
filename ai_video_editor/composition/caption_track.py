"""Captions as a track of the film itself, which a viewer can switch on.

The samples are 3GPP timed text (`tx3g`, ETSI TS 126 245), which QuickTime, iOS, VLC and browsers'
players read in MP4. They are written by hand: a converter would read tags into foreign text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from ai_video_editor.context.outputs import Caption
from ai_video_editor.errors import MediaError
from ai_video_editor.language.codes import three_letters
from ai_video_editor.media.ffmpeg import PROTOCOLS, file_url

_CLOCK = 1000
"""Ticks a second: the milliseconds of an SRT file."""

EMPTY = 2
"""Bytes of a sample without text: its length alone."""

_MOST_BYTES = 65_535
"""A sample gives its length in two bytes."""

_STYLE = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
    b"Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
    b"BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
    b"BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
"""What the sample description is made from: white, at the bottom, in the player's own size."""


@dataclass(frozen=True)
class CaptionTrack:
    """A small MP4 file with the captions alone, to be laid beside picture and sound.

    Attributes:
        path: the file.
        language: ISO 639-2.
    """

    path: Path
    language: str

    @property
    def opening(self) -> list[str]:
        """Arguments with which ffmpeg opens it."""
        return ["-protocol_whitelist", PROTOCOLS, "-f", "mov", "-i", file_url(self.path)]

    @property
    def tags(self) -> dict[str, str]:
        """What the track is called in the film."""
        return {"language": self.language, "handler_name": "Captions"}


def caption_track(
    captions: Sequence[Caption], language: str, film: Fraction, target: Path
) -> CaptionTrack | None:
    """Write the captions as a track; None where there are none.

    Args:
        captions: in film order.
        language: tag such as "en"; an unknown one is tagged "und".
        film: length of the film, seconds.
        target: file to write.

    Raises:
        MediaError: it cannot be written.
    """
    if not captions:
        return None
    # PyAV takes 0.1 s to load, which a run that reuses its film should not pay for.
    import av
    import av.error

    track = CaptionTrack(target, three_letters(language))
    try:
        # Here an edit list says when the first caption comes; the film does without.
        with av.open(file_url(target), "w", format="mp4") as out:
            stream: Any = out.add_stream("mov_text")
            stream.time_base = stream.codec_context.time_base = Fraction(1, _CLOCK)
            stream.codec_context.subtitle_header = _STYLE
            stream.metadata.update(track.tags)
            for start, end, text in _samples(captions, film):
                packet: Any = av.Packet(len(text).to_bytes(2, "big") + text)
                packet.stream = stream
                packet.time_base = Fraction(1, _CLOCK)
                packet.pts = packet.dts = start
                packet.duration = end - start
                out.mux(packet)
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(f"The captions' track cannot be written: {error}.") from error
    return track


def _samples(captions: Sequence[Caption], film: Fraction) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and text of every sample; the muxer fills what lies between them."""
    position, last = 0, round(film * _CLOCK)
    for caption in captions:
        start, end = max(position, round(caption.start * _CLOCK)), round(caption.end * _CLOCK)
        end = min(end, last)
        if end <= start:
            continue
        text = "\n".join(caption.lines).encode("utf-8", "replace")
        yield start, end, text[:_MOST_BYTES]
        position = end


def switch_off_captions(film: Path) -> None:
    """Leave the captions' track off until a viewer wants it.

    ffmpeg marks the first track of every kind as enabled, whatever it is told; players then show
    captions that nobody asked for. One bit of the finished file is changed in its place.

    Raises:
        MediaError: the file cannot be changed.
    """
    try:
        with film.open("r+b") as stream:
            for start, end in _boxes(stream, 0, film.stat().st_size, b"moov"):
                for track in _boxes(stream, start, end, b"trak"):
                    if _handler(stream, *track) in (b"sbtl", b"text", b"subt"):
                        _disable(stream, *track)
    except OSError as error:
        raise MediaError(f"The captions of {film.name} cannot be switched off: {error}.") from error


def _boxes(stream: IO[bytes], start: int, end: int, kind: bytes) -> Iterator[tuple[int, int]]:
    """Body of every box of a kind within a range of the file, as offsets (ISO/IEC 14496-12)."""
    while start + 8 <= end:
        stream.seek(start)
        header = stream.read(16)
        size, body = int.from_bytes(header[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(header[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if size < 8:
            return
        if header[4:8] == kind:
            yield body, start + size
        start += size


def _handler(stream: IO[bytes], start: int, end: int) -> bytes:
    for media in _boxes(stream, start, end, b"mdia"):
        for body, _ in _boxes(stream, *media, b"hdlr"):
            stream.seek(body + 8)
            return stream.read(4)
    return b""


def _disable(stream: IO[bytes], start: int, end: int) -> None:
    for body, _ in _boxes(stream, start, end, b"tkhd"):
        stream.seek(body + 3)  # after the version, the last of three bytes of flags
        flags = stream.read(1)[0]
        stream.seek(body + 3)
        stream.write(bytes([flags & ~1]))
