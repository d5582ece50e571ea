"""Which face model is used: the one that was asked for, one that lies in our cache, or none."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.errors import InputError, UnavailableError

PATTERN = "face_detection_yunet*.onnx"
"""Names of OpenCV's YuNet files, as they are published; the last by name is the newest."""


def require_face_model(model: Path) -> None:
    """Make sure that a model that was asked for can be used.

    Raises:
        InputError: it is missing or no YuNet model.
    """
    from ai_video_editor.video.face_detectors import YuNetFaces

    try:
        YuNetFaces(model)
    except UnavailableError as error:
        raise InputError(error.message) from error


def cached_face_model(folder: Path) -> tuple[Path | None, str]:
    """A YuNet model in our cache of models.

    Args:
        folder: where models are kept.

    Returns:
        The model, None where there is none that can be used; and what to tell of one that cannot.
    """
    from ai_video_editor.video.face_detectors import YuNetFaces

    found = sorted(folder.glob(PATTERN))
    if not found:
        return None, ""
    try:
        YuNetFaces(found[-1])
    except UnavailableError:
        return None, f"{found[-1]} is no YuNet model: faces were found without it."
    return found[-1], ""
