"""Where a Whisper model lies, whether it can be had, and what names it in a key.

Everything here is cheap and imports neither faster-whisper nor CTranslate2. faster-whisper itself
takes a path that is no folder for a name on the model hub and spends half a minute on retries
before it says something else, so folders and caches are looked at first.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ai_video_editor.settings import AudioSettings

HUB_NAMES = {
    **{
        size: f"Systran/faster-whisper-{size}"
        for size in (
            *("tiny.en", "tiny", "base.en", "base", "small.en", "small", "medium.en", "medium"),
            *("large-v1", "large-v2", "large-v3"),
        )
    },
    "large": "Systran/faster-whisper-large-v3",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
"""Model sizes and the hub's names for them (faster-whisper 1.2.1, `utils.py`)."""

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_PATIENCE = 2.0
"""Seconds to wait for the hub's answer before a download is ruled out; twice that with its name."""


def unavailable(settings: AudioSettings, models: Path, offline: bool) -> str | None:
    """Why Whisper cannot run here, or None where it can.

    Args:
        settings: names the model.
        models: our own model cache.
        offline: no network is allowed.
    """
    name = settings.whisper_model
    folder = _given_folder(name)
    if folder is not None:
        if not folder.is_dir():
            return f"there is no folder {folder} with a Whisper model"
        lacking = lacking_in(folder)
        return f"the Whisper model folder {folder} lacks {', '.join(lacking)}" if lacking else None
    if name not in HUB_NAMES and not _HUB_NAME.fullmatch(name):
        return (
            f"{name!r} is no Whisper model: give a folder, a hub name (owner/name) or one of "
            f"{', '.join(HUB_NAMES)}"
        )
    if local_folder(settings, models) is not None:
        return None
    if offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        return f"the Whisper model {name!r} is not in {models} and no network is allowed"
    if not _hub_answers():
        return f"the Whisper model {name!r} is not in {models} and the model hub does not answer"
    return None


def local_folder(settings: AudioSettings, models: Path) -> Path | None:
    """Folder of the model on this machine, complete, or None where it must be downloaded."""
    name = settings.whisper_model
    given = _given_folder(name)
    if given is not None:
        return given if given.is_dir() and not lacking_in(given) else None
    hub = HUB_NAMES.get(name, name)
    cache = models / f"models--{hub.replace('/', '--')}" / "snapshots"
    snapshots = sorted(cache.iterdir(), key=_age) if cache.is_dir() else []
    for folder in [models / name, *snapshots]:
        if folder.is_dir() and not lacking_in(folder):
            return folder
    return None


def identity(settings: AudioSettings, models: Path) -> str:
    """What names the model in a key: a hash of a given folder's content, else the model's name."""
    folder = _given_folder(settings.whisper_model)
    if folder is None or lacking_in(folder):
        return settings.whisper_model
    digest = hashlib.sha256()
    for name in ("config.json", "model.bin"):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{digest.hexdigest()}"


def _given_folder(name: str) -> Path | None:
    path = Path(name).expanduser()
    if path.is_dir() and name not in HUB_NAMES:
        return path
    looks_like_one = path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1
    return path if looks_like_one or "\\" in name else None


def lacking_in(folder: Path) -> list[str]:
    """Names of the files that a folder with a model must have and this one has not."""
    lacking = [
        name
        for name in ("model.bin", "config.json", "tokenizer.json")
        if not (folder / name).is_file() or not (folder / name).stat().st_size
    ]
    if not any((folder / f"vocabulary.{ending}").is_file() for ending in ("json", "txt")):
        lacking.append("vocabulary.json")
    return lacking


def _age(folder: Path) -> float:
    return -folder.stat().st_mtime


def _hub_answers() -> bool:
    """Whether the model hub, or the proxy that leads to it, takes a connection.

    Asked in a thread: a name server that does not answer holds a look-up for half a minute.
    """
    from huggingface_hub.constants import ENDPOINT

    hub = urlsplit(ENDPOINT)
    proxy = None if proxy_bypass(hub.hostname or "") else getproxies().get(hub.scheme)
    place = urlsplit(proxy) if proxy else hub
    port = place.port or (80 if place.scheme == "http" else 443)
    answered = threading.Event()

    def knock() -> None:
        with (
            suppress(OSError),
            socket.create_connection((place.hostname or "", port), timeout=_PATIENCE),
        ):
            answered.set()

    worker = threading.Thread(target=knock, name="model-hub", daemon=True)
    worker.start()
    worker.join(2 * _PATIENCE)
    return answered.is_set()
