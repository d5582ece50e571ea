"""Small files that claim to be huge: refused before anybody makes room for what they claim."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path

import pytest

from ai_video_editor.errors import FileCorruptionError, InputError
from ai_video_editor.look.brand import load_brand
from ai_video_editor.media.probe import probe
from tests.robustness.broken_inputs import X264, ffmpeg, lavfi

PICTURE = lavfi("testsrc2=size=64x64:rate=10:duration=1")


def mp4(folder: Path, *options: str) -> bytearray:
    path = folder / "honest.mp4"
    ffmpeg(*PICTURE, *X264, *options, path)
    probe(path, "0" * 64)
    return bytearray(path.read_bytes())


def words_at(data: bytearray, kind: bytes, offset: int, *values: int) -> None:
    at = data.index(kind) + 4 + offset
    data[at : at + 4 * len(values)] = struct.pack(f">{len(values)}I", *values)


def bomb(folder: Path, data: bytearray, suffix: str = ".mp4") -> Path:
    path = folder / f"bomb{suffix}"
    path.write_bytes(data)
    return path


def test_a_table_of_many_million_samples_is_not_made(tmp_path: Path) -> None:
    data = mp4(tmp_path)
    words_at(data, b"stsz", 4, 1, 10_000_000)  # all of one byte, so that the table is empty
    words_at(data, b"stts", 8, 10_000_000, 1)
    words_at(data, b"stsc", 12, 10_000_000)
    with pytest.raises(FileCorruptionError, match=r"bomb\.mp4 claims 10000000 samples in \d+ b"):
        probe(bomb(tmp_path, data), "0" * 64)


def test_a_fragment_of_many_million_samples_is_not_listed(tmp_path: Path) -> None:
    data = mp4(tmp_path, "-movflags", "frag_keyframe+empty_moov")
    lying = struct.pack(">I4sII", 16, b"trun", 0, 10_000_000)
    at = data.index(b"trun") - 4
    data[at:at] = lying
    for parent in (b"traf", b"moof"):
        start = data.rindex(parent, 0, at) - 4
        (size,) = struct.unpack_from(">I", data, start)
        struct.pack_into(">I", data, start, size + len(lying))
    with pytest.raises(FileCorruptionError, match=r"bomb\.mp4 claims 10000000 samples"):
        probe(bomb(tmp_path, data), "0" * 64)


def test_a_packed_table_of_contents_is_not_unpacked(tmp_path: Path) -> None:
    data = mp4(tmp_path)
    at = data.index(b"mvhd")
    data[at : at + 4] = b"cmov"
    with pytest.raises(FileCorruptionError, match="compressed table of contents"):
        probe(bomb(tmp_path, data), "0" * 64)


def test_what_a_header_says_of_the_length_is_measured_not_believed(tmp_path: Path) -> None:
    data = mp4(tmp_path)
    for box in (b"mvhd", b"mdhd"):
        words_at(data, box, 16, 4_000_000_000)
    file = probe(bomb(tmp_path, data), "0" * 64)
    assert float(file.duration) == pytest.approx(1.0, abs=0.1)


def test_a_picture_of_a_milliard_pixels_is_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "honest.mkv"
    ffmpeg(*PICTURE, "-c:v", "png", "-pix_fmt", "rgb24", path)
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"IHDR", at + 1)) >= 0:
        struct.pack_into(">II", data, at + 4, 40_000, 40_000)
        struct.pack_into(">I", data, at + 17, zlib.crc32(data[at : at + 17]))
    with pytest.raises(InputError, match=r"bomb\.mkv"):
        probe(bomb(tmp_path, data, ".mkv"), "0" * 64)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    size = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(20_000, 20_000), (12_000, 10_000), (2**31 - 1, 1)])
def test_a_logo_of_many_million_pixels_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "logo.png").write_bytes(png(*size))
    kit = tmp_path / "brand.toml"
    kit.write_text('[logo]\nfile = "logo.png"\n', encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError, match=r"brand\.toml, line 2: .*logo\.png"):
            load_brand(kit)
