"""The file plays: it decodes whole, streams from its head, and has the format that was promised."""

from __future__ import annotations

import re

from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check


def checks(subject: Subject) -> list[Check]:
    """Decoding, order of the file, formats and size."""
    measured = subject.measured
    packets = len(measured.video.times) if measured.video else 0
    whole = not measured.faults and measured.decoded_frames == packets
    names = measured.boxes
    first = next((name for name in names if name in ("moov", "mdat")), "none")
    size = _size(measured.description)
    promised = f"{subject.composed.width}x{subject.composed.height}"
    return [
        check(
            "playable", packets, measured.decoded_frames, whole, unit="frames decoded",
            reason=measured.faults[0] if measured.faults else "Some frames cannot be decoded.",
        ),
        check(
            "moov_first", "moov", first, first == "moov",
            reason="A player must load the whole file before it can begin.",
        ),
        _format(measured.description, subject.composed.encoder),
        check(
            "picture_size", promised, size, size == promised, unit="pixels",
            reason="The film does not have the size that was promised.",
        ),
    ]  # fmt: skip


_PICTURES = {
    "264": ("H.264 High", ("h264 (High)",)),
    "265": ("HEVC Main", ("hevc (Main)", "hvc1")),
    "hevc": ("HEVC Main", ("hevc (Main)", "hvc1")),
    "av1": ("AV1 Main", ("av1", "(Main)", "av01")),
}
"""Part of an encoder's name to what its pictures are, and how ffmpeg describes them."""


def _format(description: str, encoder: str) -> Check:
    picture, words = next(
        (made for part, made in _PICTURES.items() if part in encoder), _PICTURES["264"]
    )
    wanted = (*words, "yuv420p", "bt709", "aac (LC)", "48000 Hz", "stereo")
    missing = [part for part in wanted if part not in description]
    return check(
        "format", f"{picture}, yuv420p, BT.709, AAC-LC 48 kHz stereo",
        "as expected" if not missing else f"without {', '.join(missing)}", not missing,
        reason="The file is not what video platforms ask for.",
    )  # fmt: skip


def _size(description: str) -> str:
    found = re.search(r"Video:.*?\b(\d{2,5}x\d{1,5})\b", description)
    return found.group(1) if found else "none"
