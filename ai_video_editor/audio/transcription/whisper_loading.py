"""Loads a Whisper model once in a process and brings it from the hub where it is not here yet.

Pieces of a recording may be recognised by several tasks of one process: they share the loaded
model, one at a time, because faster-whisper's pipeline keeps state between calls.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_video_editor.audio.transcription.whisper_download import download
from ai_video_editor.audio.transcription.whisper_model import (
    HUB_NAMES,
    lacking_in,
    local_folder,
    unavailable,
)
from ai_video_editor.errors import UnavailableError
from ai_video_editor.progress import Report
from ai_video_editor.settings import AudioSettings


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to decode.

    Attributes:
        pipeline: faster-whisper's batched pipeline.
        device: cpu or cuda.
        notes: why it is not where it was wanted.
        lock: to be held while decoding.
    """

    pipeline: Any
    device: str
    notes: tuple[str, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)


_current: dict[tuple[str, ...], LoadedModel] = {}
_loading = threading.Lock()


def release() -> None:
    """Forget the loaded model, so that its memory is free."""
    with _loading:
        _current.clear()


def load(
    settings: AudioSettings,
    models: Path,
    offline: bool,
    report: Report,
    *,
    device: str | None = None,
) -> LoadedModel:
    """The model that the settings name; the one of the last call where it is the same.

    Args:
        settings: model, device and number format.
        models: our own model cache.
        offline: no network is allowed.
        report: told how much of a download has arrived.
        device: cpu or cuda; None takes the settings'.

    Raises:
        UnavailableError: it is not there and cannot be had, or cannot be loaded.
    """
    reason = unavailable(settings, models, offline)
    if reason:
        raise UnavailableError(f"Whisper cannot run: {reason}.")
    with _loading:
        folder = local_folder(settings, models) or _fetch(settings, models, report)
        lacking = lacking_in(folder)
        if lacking:
            raise UnavailableError(
                f"{settings.whisper_model} on the model hub lacks {', '.join(lacking)}, so it is "
                "no Whisper model in CTranslate2's format; name one that is, or a size such as "
                "small."
            )
        binary = (folder / "model.bin").stat()
        key = (
            str(folder),
            f"{binary.st_size}-{binary.st_mtime_ns}",
            device or settings.whisper_device,
            settings.whisper_compute_type,
        )
        if key not in _current:
            _current.clear()
            _current[key] = _load(folder, settings, device)
        return _current[key]


def _load(folder: Path, settings: AudioSettings, device: str | None) -> LoadedModel:
    try:
        import ctranslate2
        from faster_whisper import BatchedInferencePipeline, WhisperModel
    except ImportError as error:
        raise UnavailableError(f"Whisper cannot run: {error}.") from error
    wanted = device or settings.whisper_device
    if wanted == "auto":
        wanted = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    notes: list[str] = []
    for place in dict.fromkeys((wanted, "cpu")):
        try:
            model = WhisperModel(
                str(folder),
                device=place,
                compute_type=_number_format(settings, place),
                local_files_only=True,
            )
            return LoadedModel(BatchedInferencePipeline(model), place, tuple(notes))
        except (RuntimeError, ValueError, OSError) as error:
            if place == "cpu":
                raise UnavailableError(
                    f"The Whisper model {settings.whisper_model} cannot be loaded: {error}"
                ) from error
            notes.append(f"Whisper runs on the CPU: {error}")
    raise UnavailableError("Whisper found no device.")


def _number_format(settings: AudioSettings, device: str) -> str:
    if settings.whisper_compute_type != "auto":
        return settings.whisper_compute_type
    return "float16" if device == "cuda" else "int8"


def _fetch(settings: AudioSettings, models: Path, report: Report) -> Path:
    """The model out of the hub, in the folder where `local_folder` looks for it."""
    named = HUB_NAMES.get(settings.whisper_model, settings.whisper_model)
    return download(named, models / settings.whisper_model, report)
