"""Every thumbnail opens, has a size that YouTube takes, and is small enough."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.context.outputs import Check
from ai_video_editor.verification.subject import Subject, check, skipped

SIZES = ((1280, 720), (1920, 1080))
MOST_BYTES = 2_000_000
"""YouTube's 2 MB, read as the smaller of the two megabytes."""


def checks(subject: Subject) -> list[Check]:
    """One line for each thumbnail."""
    if not subject.thumbnails:
        return [skipped("thumbnails", "there are no thumbnails")]
    return [_checked(name, path) for name, path in subject.thumbnails]


def _checked(name: str, path: Path) -> Check:
    from PIL import Image

    expected = f"JPEG, {' or '.join(f'{w}x{h}' for w, h in SIZES)}, at most {MOST_BYTES} bytes"
    line = f"thumbnail {name}"
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            image.load()
            size, kind = image.size, image.format
        weight = path.stat().st_size
    except (OSError, ValueError) as error:
        return check(line, expected, "unreadable", False, reason=f"It cannot be opened: {error}")
    fits = kind == "JPEG" and size in SIZES and weight <= MOST_BYTES
    return check(
        line, expected, f"{kind}, {size[0]}x{size[1]}, {weight} bytes", fits,
        reason="YouTube would refuse it.",
    )  # fmt: skip
