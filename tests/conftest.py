"""What all tests share: folders of test data, and a home of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ai_video_editor.clients.loopback_gemini import LoopbackGemini, Step

Serve = Callable[..., LoopbackGemini]

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"

# A busy machine must not fail a test; CI tries the same examples every time.
settings.register_profile("quiet", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("quiet")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A Python socket block does not see ffmpeg or compiled code: dead proxies stop those.
for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ[name] = "http://127.0.0.1:9"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def whisper_fixture() -> Path:
    """Our own tiny Whisper model: a folder that faster-whisper loads."""
    return DATA / "whisper-fixture"


@pytest.fixture(scope="session")
def speech_samples() -> Path:
    """Folder with three recordings and the time of every word."""
    return DATA / "whisper-fixture-samples"


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """The development media; tests that need them are skipped where they are absent."""
    folder = Path(os.environ.get("AI_VIDEO_EDITOR_TEST_MEDIA", ROOT.parent / "shared" / "media"))
    if not folder.is_dir():
        pytest.skip("the development media are not here")
    return folder


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts the service for Gemini with a script, on loopback; the clients find it."""
    started: list[LoopbackGemini] = []

    def start(*script: Step, key: str | None = None) -> LoopbackGemini:
        server = LoopbackGemini(script, key).start()
        started.append(server)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        return server

    yield start
    for server in started:
        server.close()
