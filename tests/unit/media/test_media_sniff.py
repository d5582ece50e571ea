"""The first bytes decide what a file is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.errors import FileCorruptionError, InputError
from ai_video_editor.media.sniff import container_of

ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)

ACCEPTED = {
    "mov": [
        b"\x00\x00\x00\x20ftypisom" + bytes(20),
        b"\x00\x00\x00\x14ftypqt  " + bytes(8),
        b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat",
        b"\x00\x00\x01\x00moov" + bytes(8),
    ],
    "matroska": [b"\x1a\x45\xdf\xa3" + bytes(20)],
    "avi": [b"RIFF\x00\x00\x00\x00AVI LIST"],
    "wav": [b"RIFF\x00\x00\x00\x00WAVEfmt ", b"RF64\xff\xff\xff\xffWAVEds64"],
    "flv": [b"FLV\x01\x05\x00\x00\x00\x09"],
    "ogg": [b"OggS\x00\x02" + bytes(20)],
    "flac": [b"fLaC\x00\x00\x00\x22", ID3 + b"fLaC\x00\x00\x00\x22"],
    "mp3": [b"\xff\xfb\x90\x00" + bytes(400), ID3 + b"\xff\xfb\x90\x00" + bytes(400)],
    "mpegts": [
        (b"\x47" + bytes(187)) * 10,
        (b"\x00\x00\x00\x00\x47" + bytes(187)) * 10,
    ],
}


@pytest.mark.parametrize(
    ("container", "head"), [(name, head) for name, heads in ACCEPTED.items() for head in heads]
)
def test_an_accepted_container_is_told_whatever_its_name(
    tmp_path: Path, container: str, head: bytes
) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(head)
    assert container_of(path) == container


REFUSED = {
    b"\x89PNG\r\n\x1a\n": "a PNG picture, not a video",
    b"\xff\xd8\xff\xe0": "a JPEG picture",
    b"GIF89a": "a GIF picture",
    b"RIFF\x00\x00\x00\x00WEBPVP8 ": "a WebP picture",
    b"\x00\x00\x00\x18ftypheic" + bytes(8): "a HEIF or AVIF picture",
    b"\x00\x00\x00\x18ftypavif" + bytes(8): "a HEIF or AVIF picture",
    b"#EXTM3U\n#EXT-X-VERSION:3\n": "an HLS playlist, not a video; download",
    b"\xef\xbb\xbf#EXTM3U\n": "an HLS playlist",
    b"ffconcat version 1.0\nfile a.mp4\n": "a concat script",
    b"# a comment\nfile 'a.mp4'\n": "a concat script",
    b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>": "a DASH manifest",
    b"<?xml version='1.0'?>\n<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>": "a DASH manifest",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "a Windows Media .* convert it with `ffmpeg -i film.mp4 ",
    b"\x00\x00\x01\xba\x44": "an MPEG program stream, which is not accepted; convert it",
    b"\xff\xf1\x50\x80": "a bare AAC stream, which is not accepted; convert it",
    b"PK\x03\x04": "a ZIP archive",
    b"%PDF-1.7": "a PDF document",
    b"Dear diary,\n": "a text file, not a video; give a recording as MP4",
    "Übung macht den Meister\n".encode(): "a text file",
    b"\x01\x02\x03\x00\xfe\xdc": "of no kind that is known here",
}


@pytest.mark.parametrize("head", REFUSED)
def test_anything_else_is_refused_with_what_it_is_and_what_to_do(
    tmp_path: Path, head: bytes
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(head)
    with pytest.raises(InputError, match=REFUSED[head]) as caught:
        container_of(path)
    assert str(path) in str(caught.value)


def test_an_empty_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.touch()
    with pytest.raises(FileCorruptionError, match=r"empty \(0 bytes\); copy or export"):
        container_of(path)


def test_a_hostile_name_cannot_break_the_message(tmp_path: Path) -> None:
    path = tmp_path / "$(reboot)\x1b[2J\n.mp4"
    path.write_bytes(b"\x00\x00\x01\xba")
    with pytest.raises(InputError) as caught:
        container_of(path)
    message = str(caught.value)
    assert "\x1b" not in message
    assert "\n" not in message
    assert "'$(reboot)" in message, "the name in the command is quoted for the shell"
