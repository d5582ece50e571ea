"""What `validate` says of a file, for scripts and for people."""

from __future__ import annotations

from typing import Any

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.operations.validation import ValidationResult


def facts(result: ValidationResult) -> dict[str, Any]:
    """A validation result as JSON values."""
    return {
        "path": str(result.path),
        "ok": result.ok,
        "errors": list(result.errors),
        "warnings": list(result.warnings),
        "file": None if result.file is None else result.file.model_dump(
            mode="json", exclude={"sha256"}
        ),
    }  # fmt: skip


def in_words(result: ValidationResult) -> list[str]:
    """A validation result as lines."""
    if result.file is None:
        return [f"✗ {error}" for error in result.errors]
    return [f"✓ {result.path.name}: {_described(result.file)}"] + [
        f"  ! {warning}" for warning in result.warnings
    ]


def _described(file: VideoFile) -> str:
    parts = [f"{float(file.duration):.2f} s"]
    if file.video is not None:
        video = file.video
        parts.append(
            f"{video.codec} {video.width}x{video.height} at {float(video.rate.fraction):.3f} fps"
        )
    parts += [f"{a.codec} {a.sample_rate} Hz {a.layout}" for a in file.audio] or ["no sound"]
    return ", ".join(parts)
