"""Loads a Whisper model once in a process and brings it from the hub where it is not here yet.

Pieces of a recording may be recognised by several tasks of one process: they share the loaded
model, one at a time, because faster-whisper's pipeline keeps state between calls.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_video_editor.audio.transcription.whisper_model import HUB_NAMES, local_folder, unavailable
from ai_video_editor.errors import UnavailableError
from ai_video_editor.progress import Report
from ai_video_editor.settings import AudioSettings

_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
"""What of a hub repository faster-whisper needs (its 1.2.1 `utils.py`)."""

_LOOK_EVERY = 0.5
"""Seconds between looks at how much has arrived."""


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
    """Download the model into our cache, telling how much has come; a broken download goes on."""
    import huggingface_hub

    named = HUB_NAMES.get(settings.whisper_model, settings.whisper_model)
    blobs = models / f"models--{named.replace('/', '--')}" / "blobs"
    doing = f"downloading Whisper {settings.whisper_model}"
    outcome: list[Path | Exception] = []

    def download() -> None:
        try:
            outcome.append(
                Path(
                    huggingface_hub.snapshot_download(
                        named, cache_dir=models, allow_patterns=list(_FILES), max_workers=2
                    )
                )
            )
        except Exception as error:  # raised again below, in the caller's thread
            outcome.append(error)

    report(0.0, doing)
    total = _size(named)
    worker = threading.Thread(target=download, name="whisper-download", daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(_LOOK_EVERY)
        here = sum(f.stat().st_size for f in blobs.glob("*")) if blobs.is_dir() else 0
        told = f"{doing}, {here / 1e6:.0f}" + (f" of {total / 1e6:.0f} MB" if total else " MB")
        report(min(1.0, here / total) if total else None, told)
    result = outcome[0]
    if isinstance(result, Exception):
        raise UnavailableError(
            f"The Whisper model {settings.whisper_model} could not be downloaded: {result}. What "
            "has come stays; the next run goes on from there."
        ) from result
    return result


def _size(named: str) -> int:
    """Bytes that will come; 0 where the hub does not say."""
    from fnmatch import fnmatch

    import huggingface_hub

    try:
        files = huggingface_hub.HfApi().model_info(named, files_metadata=True, timeout=10).siblings
    except Exception:  # only the progress bar is the poorer for it
        return 0
    return sum(
        file.size or 0 for file in files or () if any(fnmatch(file.rfilename, p) for p in _FILES)
    )
