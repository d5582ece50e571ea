"""Wrong usage has one look and one object; the commands about errors do what they say."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ai_video_editor.cli.failures import run_command
from ai_video_editor.cli.main import app
from ai_video_editor.clients.report_sender import send_report
from ai_video_editor.errors import APIIntegrationError
from ai_video_editor.operations.error_log import ErrorTracker

KEY = "AIzaSyLoopback-0123456789-secret"


class Program:
    """The command, run inside of the test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys, self._patch = capsys, patch

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self._patch.setattr(sys, "argv", ["ai-video-editor", *words])
        self._patch.setattr(sys, "orig_argv", ["python", "ai-video-editor", *words])
        code = run_command(app, "ai-video-editor")
        told = self._capsys.readouterr()
        return code, told.out, told.err


@pytest.fixture
def program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    for name in [n for n in os.environ if n.startswith(("AI_VIDEO_EDITOR_", "GEMINI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AI_VIDEO_EDITOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Program(capsys, monkeypatch)


@pytest.mark.parametrize(
    "words",
    [
        ("process", "a.mp4", "--json", "--ofline"),
        ("process", "a.mp4", "--json", "--quality", "best"),
        ("process", "a.mp4", "--json", "--stop-after", "editing"),
        ("process", "--json"),
        ("process", "a.mp4", "--json", "--segment", "60", "--parallel"),
    ],
)
def test_wrong_usage_with_json_is_one_invalid_object(
    program: Program, words: tuple[str, ...]
) -> None:
    code, out, err = program(*words)
    assert code == 2
    summary = json.loads(out)
    assert summary["status"] == "invalid"
    assert summary["error"]["message"]
    assert summary["stages"]["research"]["state"] == "not_run"
    assert err.startswith("✗ ")


def test_other_commands_have_an_object_too(program: Program) -> None:
    code, out, _ = program("checkpoints", "--list", "nothing", "--json")
    assert code == 2
    assert json.loads(out)["status"] == "invalid"
    code, out, _ = program("errors", "--json", "--unknown")
    assert (code, json.loads(out)["status"]) == (2, "invalid")


def test_a_fault_of_the_program_is_no_traceback(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()

    def broken(*_: object) -> None:
        raise ZeroDivisionError(f"with {KEY}")

    monkeypatch.setattr("ai_video_editor.cli.main.health", broken)
    code, _, err = program("status")
    assert code == 1
    assert err.startswith("✗ ZeroDivisionError")
    assert "Traceback" not in err and KEY not in err
    assert "generate-error-report" in err
    kept = ErrorTracker(tmp_path / "home").path.read_text()
    assert "ZeroDivisionError" in kept and KEY not in kept
    code, _, err = program("errors")
    assert code == 0


def test_errors_are_counted_and_cleared(program: Program, tmp_path: Path) -> None:
    ErrorTracker(tmp_path / "home").log_error(MemoryError("x"), stage="video_composition")
    code, out, _ = program("errors")
    assert code == 0
    assert "memory" in out and "video_composition" in out
    report = json.loads(program("errors", "--json")[1])
    assert report["by_stage"][0]["name"] == "video_composition"
    assert report["latest"][0]["error"]["kind"] == "memory"
    assert "1 entries removed" in program("errors", "--clear")[1]
    assert "No errors" in program("errors")[1]


class Desk:
    """A server on loopback that takes reports."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.answer = 200
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                desk.got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(desk.answer)
                if desk.answer == 302:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()
                self.wfile.write(b"ticket\n12")

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    thread = threading.Thread(target=desk.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield desk
    desk.server.shutdown()
    desk.server.server_close()
    thread.join()


def test_a_report_is_sent_only_where_and_when_it_was_wanted(
    program: Program, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert program("generate-error-report", "--include-system-info", "--output", "r.zip")[0] == 0
    code, _, err = program("submit-error-report", "r.zip", "--yes")
    assert (code, desk.got) == (2, [])
    assert "no address is configured" in err
    monkeypatch.setenv("AI_VIDEO_EDITOR_REPORT_URL", desk.url)
    code, _, err = program("submit-error-report", "r.zip")
    assert (code, desk.got) == (2, [])
    assert "system.json" in err and "--yes" in err
    code, _, err = program("submit-error-report", "r.zip", "--yes", "--offline")
    assert (code, desk.got) == (2, [])
    code, out, err = program("submit-error-report", "r.zip", "--yes", "--json")
    assert code == 0, err
    assert json.loads(out) == {"sent": True, "to": desk.url, "answer": "ticket 12"}
    assert desk.got == [(tmp_path / "r.zip").read_bytes()]


@pytest.mark.parametrize("answer", [500, 302, 403])
def test_a_report_that_is_not_taken_is_an_error_and_goes_nowhere_else(
    desk: Desk, tmp_path: Path, answer: int
) -> None:
    desk.answer = answer
    path = tmp_path / "r.zip"
    path.write_bytes(b"PK")
    with pytest.raises(APIIntegrationError, match=str(answer)):
        send_report(desk.url, path, timeout=5)


def test_nobody_there_is_said_without_the_address(tmp_path: Path) -> None:
    path = tmp_path / "r.zip"
    path.write_bytes(b"PK")
    with pytest.raises(APIIntegrationError) as caught:
        send_report(f"http://127.0.0.1:9/in?key={KEY}", path, timeout=5)
    assert KEY not in str(caught.value)
