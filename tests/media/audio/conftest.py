"""Ways to analyse sound that the tests of this room share."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import AudioSettings

Hear = Callable[..., AudioAnalysis]


@pytest.fixture
def shelf(tmp_path: Path) -> Callable[[Path], MediaRef]:
    """A store: keeps files by their content."""
    store = tmp_path / "shelf"
    store.mkdir()

    def keep(path: Path) -> MediaRef:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        size = path.stat().st_size
        shutil.move(path, store / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=size)

    return keep


@pytest.fixture
def find(tmp_path: Path) -> Callable[[MediaRef], Path]:
    """Where the store of `shelf` keeps a file."""
    return lambda ref: tmp_path / "shelf" / f"{ref.sha256}{ref.suffix}"


@pytest.fixture
def hear_file(tmp_path: Path, shelf: Callable[[Path], MediaRef]) -> Hear:
    """Analyse one file with a transcriber and settings."""
    scratch = tmp_path / "work"
    scratch.mkdir()

    def run(
        path: Path, transcriber: Transcriber | None = None, settings: AudioSettings | None = None
    ) -> AudioAnalysis:
        file = probe(path, hashlib.sha256(path.read_bytes()).hexdigest())
        return AudioAnalyzer(settings or AudioSettings()).analyze_audio(
            [(file, path)], transcriber, keep=shelf, scratch=scratch
        )

    return run
