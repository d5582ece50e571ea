"""Models from the hub: a server on loopback speaks as the hub does and has our own tiny model.

Each download runs in a process of its own, because the hub's address is read when its library is
loaded.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "example/tiny-whisper"

RUN = """
import json, sys, time
from pathlib import Path
from ai_video_editor.audio.transcription.whisper import WhisperTranscriber, unavailable
from ai_video_editor.errors import EditorError
from ai_video_editor.settings import AudioSettings
from ai_video_editor.timebase import TimeRange, source_time

models, wav = Path(sys.argv[1]), Path(sys.argv[2])
settings = AudioSettings(whisper_model="example/tiny-whisper")
told = {"events": [], "error": "", "words": []}
begun = time.monotonic()
told["unavailable"] = unavailable(settings, models, False)
try:
    span = TimeRange(source_time(0.5), source_time(3.6))
    transcriber = WhisperTranscriber(settings, models, offline=False)
    found = transcriber.transcribe(wav, [span], lambda share, doing="": told["events"].append(
        [share, doing]))
    told["words"] = [word.text for word in found.words]
except EditorError as error:
    told["error"] = error.message
told["seconds"] = time.monotonic() - begun
print(json.dumps(told))
"""


@dataclass
class Hub:
    """What the server has and what it was asked for.

    Attributes:
        files: of the repository.
        breaks_at: bytes of the model after which the connection breaks; 0 never.
        requests: method, path and range of each.
    """

    files: dict[str, bytes]
    breaks_at: int = 0
    slow: bool = False
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    address: str = ""

    def ranges(self) -> list[str]:
        """Ranges that were asked for of the model's own file."""
        return [r for method, path, r in self.requests if method == "GET" and "/cdn/" in path]


@pytest.fixture
def hub(whisper_fixture: Path) -> Iterator[Hub]:
    """The hub with one model in it."""
    found = Hub({path.name: path.read_bytes() for path in whisper_fixture.iterdir()})

    class Handler(_Handler):
        hub = found

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers as huggingface.co does: repository info, and files by way of `resolve`."""

    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        self.hub.requests.append((self.command, path, self.headers.get("Range", "")))
        name = path.rsplit("/", 1)[-1]
        if path == f"/api/models/{REPOSITORY}/tree/{COMMIT}":
            self._send(200, json.dumps(self._tree()).encode(), {"Content-Type": "application/json"})
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            self._send(200, json.dumps(self._info()).encode(), {"Content-Type": "application/json"})
        elif path == f"/{REPOSITORY}/resolve/{COMMIT}/{name}" and name in self.hub.files:
            self._resolve(name)
        elif path.startswith("/cdn/"):
            self._part(self.hub.files["model.bin"])
        else:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _info(self) -> dict[str, Any]:
        siblings = [
            {"rfilename": name, "size": len(data), "blobId": hashlib.sha1(data).hexdigest()}
            for name, data in self.hub.files.items()
        ]
        return {"id": REPOSITORY, "modelId": REPOSITORY, "sha": COMMIT, "siblings": siblings}

    def _tree(self) -> list[dict[str, Any]]:
        files: list[dict[str, Any]] = [
            {"type": "file", "path": n, "size": len(d), "oid": hashlib.sha1(d).hexdigest()}
            for n, d in self.hub.files.items()
        ]
        for file in files:
            if file["path"] == "model.bin":  # large files lie elsewhere
                digest = hashlib.sha256(self.hub.files["model.bin"]).hexdigest()
                file["lfs"] = {"oid": digest, "size": file["size"], "pointerSize": 134}
        return files

    def _resolve(self, name: str) -> None:
        data = self.hub.files[name]
        if name == "model.bin":
            etag = hashlib.sha256(data).hexdigest()
            headers = {
                # another host, as the hub's own: its client does not follow such a redirect itself
                "Location": f"{self.hub.address}/cdn/{etag}".replace("127.0.0.1", "localhost"),
                "X-Repo-Commit": COMMIT,
                "X-Linked-Etag": f'"{etag}"',
                "X-Linked-Size": str(len(data)),
            }
            self._send(302, b"", headers)
            return
        etag = hashlib.sha1(data).hexdigest()
        self._send(200, data, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})

    def _part(self, data: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(asked.group(1)) if asked else 0
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{hashlib.sha256(data).hexdigest()}"'}
        if asked:
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
        self._send(206 if asked else 200, data[first:], headers, self.hub.breaks_at - first)

    def _send(self, status: int, body: bytes, headers: dict[str, str], breaks_at: int = -1) -> None:
        broken = self.hub.breaks_at and "Accept-Ranges" in headers
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if broken:
            self.wfile.write(body[: max(0, breaks_at)])
            self.wfile.flush()
            self.close_connection = True
            return
        for start in range(0, len(body), 1 << 20):
            self.wfile.write(body[start : start + (1 << 20)])
            if self.hub.slow:
                time.sleep(0.3)


def run(address: str, models: Path, wav: Path) -> dict[str, Any]:
    """Recognise with a model named by its hub name; what was told on the way."""
    surroundings = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
    surroundings |= {"HF_ENDPOINT": address, "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(models), str(wav)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=surroundings,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.fixture
def wav(speech_samples: Path) -> Path:
    return speech_samples / "sample1.wav"


def test_a_model_that_is_named_is_fetched_with_its_progress_and_used(
    hub: Hub, wav: Path, tmp_path: Path
) -> None:
    hub.slow = True
    told = run(hub.address, tmp_path / "models", wav)
    assert told["unavailable"] is None
    assert not told["error"]
    assert len(told["words"]) > 3
    shares = [share for share, doing in told["events"] if "downloading" in doing]
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert any(0.0 < share < 1.0 for share in shares)
    assert shares == sorted(shares)
    assert any(re.search(r"\d of \d+ MB", doing) for _, doing in told["events"])
    # and only once
    hub.requests.clear()
    assert run(hub.address, tmp_path / "models", wav)["words"] == told["words"]
    assert not hub.requests


def test_a_download_that_broke_off_goes_on_where_it_stopped(
    hub: Hub, wav: Path, tmp_path: Path
) -> None:
    hub.breaks_at = 2_000_000
    broken = run(hub.address, tmp_path / "models", wav)
    assert "could not be downloaded" in broken["error"]
    assert "the next run goes on from there" in broken["error"]
    assert not broken["words"]
    assert broken["seconds"] < 30
    hub.breaks_at = 0
    hub.requests.clear()
    told = run(hub.address, tmp_path / "models", wav)
    assert told["words"]
    assert hub.ranges() == ["bytes=2000000-"]


def test_a_hub_that_does_not_answer_is_ruled_out_at_once(wav: Path, tmp_path: Path) -> None:
    told = run("http://127.0.0.1:9", tmp_path / "models", wav)
    assert "the model hub does not answer" in told["unavailable"]
    assert "the model hub does not answer" in told["error"]
    assert not told["words"]
    assert told["seconds"] < 10


def test_a_model_that_the_hub_does_not_have_is_named(hub: Hub, wav: Path, tmp_path: Path) -> None:
    hub.files.clear()
    told = run(hub.address, tmp_path / "models", wav)
    assert "example/tiny-whisper" in told["error"]
    assert len(hub.requests) < 20  # no storm of retries
