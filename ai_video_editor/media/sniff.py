"""What container a file really is, told from its first bytes; names and endings say nothing."""

from __future__ import annotations

import re
from pathlib import Path

from ai_video_editor.errors import FileCorruptionError, FilePermissionError, InputError
from ai_video_editor.media.names import quoted, shown

ACCEPTED = "MP4/MOV/M4V, MKV/WebM, AVI, MPEG-TS, FLV, WAV, MP3, FLAC, M4A and OGG"

_HEAD = 64 * 1024
_TS_PACKET = 188
_M2TS_PACKET = 192

_FTYP_STILL = {b"avif", b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis"}
_MOV_ATOMS = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof"}

_STILL = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)
_UNACCEPTED = (
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media (ASF) file"),
    (b"\x00\x00\x01\xba", "an MPEG program stream"),
    (b"\x00\x00\x01\xb3", "a bare MPEG video stream"),
    (b".RMF", "a RealMedia file"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "an MXF file"),
    (b"FORM", "an AIFF file"),
    (b"caff", "a Core Audio file"),
    (b"#!AMR", "an AMR file"),
    (b"MThd", "a MIDI file"),
    (b"YUV4MPEG2", "a raw Y4M file"),
    (b"DKIF", "an IVF file"),
    (b"\x00\x00\x00\x01\x67", "a bare H.264 stream"),
    (b"\x00\x00\x00\x01\x40", "a bare HEVC stream"),
    (b"wvpk", "a WavPack file"),
)
_OTHER = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def container_of(path: Path) -> str:
    """The name of the one ffmpeg demuxer that may open a file, from its first 64 KiB.

    Returns:
        mov, matroska, avi, mpegts, flv, wav, mp3, flac or ogg.

    Raises:
        InputError: it is not there, a folder, or nothing that is accepted; one sentence with
            the file, what it is and what to do.
        FilePermissionError: it may not be read.
        FileCorruptionError: it is empty.
    """
    head = _first_bytes(path)
    if not head:
        raise FileCorruptionError(
            f"{shown(path)} is empty (0 bytes); copy or export the recording again."
        )
    found = _accepted(head)
    if found is not None:
        return found
    raise _refusal(path, head)


def _first_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{shown(path)} is a folder; name the video file in it.")
        if path.exists() and not path.is_file():
            raise InputError(
                f"{shown(path)} is no ordinary file; save the recording to a file first."
            )
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError as error:
        raise InputError(f"{shown(path)} is not there; check the name and the folder.") from error
    except PermissionError as error:
        raise FilePermissionError(
            f"{shown(path)} may not be read; change its permissions, for example with "
            f"`chmod +r {quoted(path)}`."
        ) from error
    except OSError as error:
        raise InputError(
            f"{shown(path)} cannot be read: {error.strerror}; check the disk."
        ) from error


def _accepted(head: bytes) -> str | None:
    if _is_mov(head):
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX"):
        return "avi"
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"FLV\x01"):
        return "flv"
    if head.startswith(b"OggS"):
        return "ogg"
    return _bare_sound(head) or ("mpegts" if _is_mpegts(head) else None)


def _is_mov(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] not in _FTYP_STILL
    return len(head) >= 8 and head[4:8] in _MOV_ATOMS


def _bare_sound(head: bytes) -> str | None:
    body = _after_id3(head)
    if body.startswith(b"fLaC"):
        return "flac"
    if len(body) >= 2 and body[0] == 0xFF and body[1] & 0xE0 == 0xE0:
        layer = (body[1] >> 1) & 3
        if layer == 0:
            return None  # ADTS is refused below, with the command that wraps it
        return "mp3" if _mpeg_sound_header(body) else None
    if body is not head:
        return "mp3"  # ID3 stands before MP3 unless something else is seen behind it
    return None


def _mpeg_sound_header(body: bytes) -> bool:
    if len(body) < 4:
        return False
    version, bits, rate = (body[1] >> 3) & 3, body[2] >> 4, (body[2] >> 2) & 3
    return version != 1 and bits != 15 and rate != 3


def _after_id3(head: bytes) -> bytes:
    """What follows an ID3v2 tag; the tag's size is four bytes of seven bits (id3.org, 2.4)."""
    if not head.startswith(b"ID3") or len(head) < 10:
        return head
    size = 0
    for byte in head[6:10]:
        size = (size << 7) | (byte & 0x7F)
    return head[10 + size :]


def _is_mpegts(head: bytes) -> bool:
    for packet, first in ((_TS_PACKET, 0), (_M2TS_PACKET, 4)):
        marks = head[first::packet][:8]
        if len(marks) >= 2 and set(marks) == {0x47}:
            return True
    return False


def _refusal(path: Path, head: bytes) -> InputError:
    name = shown(path)
    script = _script(head)
    if script is not None:
        return InputError(f"{name} is {script}.")
    still = _still(head)
    if still is not None:
        return InputError(f"{name} is {still}, not a video; give a recording with sound or motion.")
    convert = f"`ffmpeg -i {quoted(path)} converted.mkv`"
    known = _known(head, _UNACCEPTED)
    if known is None and len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        known = "a bare AAC stream"
    if known is not None:
        return InputError(f"{name} is {known}, which is not accepted; convert it with {convert}.")
    other = _known(head, _OTHER) or ("a text file" if _looks_like_text(head) else None)
    if other is not None:
        return InputError(f"{name} is {other}, not a video; give a recording as {ACCEPTED}.")
    return InputError(
        f"{name} is of no kind that is known here; give a recording as {ACCEPTED}, or convert it "
        f"with {convert}."
    )


def _known(head: bytes, kinds: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((name for magic, name in kinds if head.startswith(magic)), None)


def _script(head: bytes) -> str | None:
    """Texts that some players open as if they were films, and that name other files."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"#EXTM3U"):
        return (
            "an HLS playlist, not a video; download the stream it names to one MP4 file and "
            "give that"
        )
    if text.startswith(b"ffconcat") or re.match(rb"(?:#[^\n]*\n\s*)*file\s+\S+\s*(\n|$)", text):
        return "a concat script, not a video; give the files that it names, in order"
    if text.startswith(b"<MPD") or b"urn:mpeg:dash:schema" in text[:2000]:
        return (
            "a DASH manifest, not a video; download the stream it names to one MP4 file and "
            "give that"
        )
    return None


def _still(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "a HEIF or AVIF picture"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP picture"
    return _known(head, _STILL)


def _looks_like_text(head: bytes) -> bool:
    sample = head[:4096]
    if b"\x00" in sample:
        return sample[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 4
    return True
