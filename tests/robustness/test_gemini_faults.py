"""Every fault of the model's service, met by the real command: the film is made all the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ai_video_editor.clients.loopback_gemini import Fault, LoopbackGemini, Step
from tests.end_to_end.command import MODEL, ROOT, SAMPLE, Done

KEY = "AIzaSyLoopback-0123456789-secret"
RETRIES = 1

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gemini-faults")]

REASONS = {
    Fault.RATE_LIMIT: "asks to slow down",
    Fault.RETRY_INFO: "asks to slow down",
    Fault.DAILY_QUOTA: "quota of the day",
    Fault.SERVER_ERROR: "not available at the moment (500 INTERNAL)",
    Fault.UNAVAILABLE: "not available at the moment (503 UNAVAILABLE)",
    Fault.HANG: "did not answer within",
    Fault.DRIP: "did not answer within",
    Fault.DROP: "connection to Gemini broke",
    Fault.HALF: "connection to Gemini broke",
    Fault.UNAUTHORISED: "refused the key (401 UNAUTHENTICATED)",
    Fault.FORBIDDEN: "refused the key (403 PERMISSION_DENIED)",
    Fault.BAD_KEY: "refused the key (400 INVALID_ARGUMENT)",
    Fault.ECHO_KEY: "refused the key (401 UNAUTHENTICATED)",
    Fault.BAD_REQUEST: "refused the request (400",
    Fault.NOT_FOUND: "knows no such model",
    Fault.NOT_JSON: "reply could not be read",
    Fault.BAD_JSON: "is not a plan, 2 times",
    Fault.WRONG_SHAPE: "is not a plan, 2 times",
    Fault.MAX_TOKENS: "MAX_TOKENS",
    Fault.BLOCKED_PROMPT: "blocked the material",
    Fault.BLOCKED_ANSWER: "blocked its own answer",
    Fault.EMPTY: "no candidate",
    Fault.PRICE: "--max-cost",
}


@dataclass(frozen=True)
class Desk:
    """Where the runs of this module happen: one work folder, so that only the plan is made anew."""

    home: Path
    output: Path
    prefect: str

    def run(self, gemini: LoopbackGemini, *words: str) -> Done:
        return command(
            *("process", str(SAMPLE), "--json", "--output", str(self.output)),
            *("--whisper-model", str(MODEL), "--api-retries", str(RETRIES), *words),
            environment={
                "AI_VIDEO_EDITOR_HOME": str(self.home),
                "GOOGLE_GEMINI_BASE_URL": gemini.url,
                "GEMINI_API_KEY": KEY,
                **({"PREFECT_API_URL": self.prefect} if self.prefect else {}),
            },
        )

    def tell_tales(self) -> list[Path]:
        """Files in which the key stands, packed or not."""
        files = (p for root in (self.home, self.output) for p in root.rglob("*") if p.is_file())
        return [path for path in files if holds_key(path.read_bytes())]


def holds_key(data: bytes) -> bool:
    with suppress(zlib.error):
        data += zlib.decompress(data)
    return KEY.encode() in data


def command(*words: str, environment: dict[str, str]) -> Done:
    ours = ("PREFECT_", "AI_VIDEO_EDITOR_", "GEMINI_", "GOOGLE_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", "ai_video_editor.cli.main", *words],
        env={**clean, **environment}, cwd=ROOT, text=True, capture_output=True, timeout=600,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    summary = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return Done(done.returncode, summary, done.stdout, done.stderr, 0)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    folder = tmp_path_factory.mktemp("gemini")
    with prefect_test_harness(server_startup_timeout=120):
        yield Desk(folder / "home", folder / "out", str(PREFECT_API_URL.value()))


def fallback(done: Done) -> dict[str, Any]:
    found = [d for d in done.summary["degradations"] if d["stage"] == "intelligence_layer"]
    assert len(found) == 1, done.summary["degradations"]
    return dict(found[0])


@pytest.mark.parametrize("fault", REASONS)
def test_a_fault_of_the_service_leaves_the_plan_to_the_rules(desk: Desk, fault: Fault) -> None:
    with LoopbackGemini((Step(fault, retry_after=0.2),)) as gemini:
        done = desk.run(gemini, "--stop-after", "intelligence_layer", "--api-timeout", "2")
        assert done.code == 0, done.told
        assert fallback(done)["used"] == "rules"
        assert fallback(done)["instead_of"] == "gemini"
        assert REASONS[fault] in fallback(done)["reason"]
        assert gemini.asked <= RETRIES + 1, "tries are made in one place only"
    assert done.summary["stages"]["intelligence_layer"]["state"] == "degraded"
    assert "Traceback" not in done.told
    assert KEY not in done.out + done.told
    assert desk.tell_tales() == []


def test_every_fault_is_met(desk: Desk) -> None:
    # faults of painted pictures are met where thumbnails are made
    pictures = {fault for fault in Fault if fault.value.endswith("_picture")}
    assert set(REASONS) == set(Fault) - {Fault.OK, Fault.INVENTED} - pictures


def test_an_invented_plan_is_left_out_entry_by_entry_and_said(desk: Desk) -> None:
    with LoopbackGemini((Step(Fault.INVENTED),)) as gemini:
        done = desk.run(gemini, "--stop-after", "intelligence_layer", "--api-timeout", "20")
        assert gemini.asked == 2, "it went back once with its faults"
    plan = json.loads((done.folder / "context.json").read_bytes())["ai_director_plan"]
    assert plan["director"] == "gemini"
    assert any("there is no sentence 999999" in w for w in plan["warnings"])
    said = json.dumps({k: v for k, v in plan.items() if k != "warnings"})
    for invented in ("Zanzibar", "Buffett", "Elon", "987,654"):
        assert invented not in said


def test_a_second_run_and_a_lost_checkpoint_cost_nothing(desk: Desk) -> None:
    with LoopbackGemini() as gemini:
        words = ("--stop-after", "intelligence_layer", "--api-timeout", "20")
        first = desk.run(gemini, *words)
        assert first.code == 0, first.told
        assert gemini.asked == 1
        assert any(note.startswith("Gemini: 2 requests") for note in first.summary["notes"])
        before = len(gemini.calls)
        again = desk.run(gemini, *words)
        assert "intelligence_layer" in again.reused
        shutil.rmtree(desk.home / "checkpoints" / "intelligence_layer")
        cached = desk.run(gemini, *words)
        assert "intelligence_layer" not in cached.reused
        assert cached.summary["stages"]["intelligence_layer"]["state"] == "done"
        assert len(gemini.calls) == before
        assert not any(note.startswith("Gemini:") for note in cached.summary["notes"])
    assert desk.tell_tales() == []


def test_a_whole_film_is_made_without_the_service_and_says_so(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.home, tmp_path / "home")
    alone = Desk(tmp_path / "home", tmp_path / "out", prefect="")
    with LoopbackGemini((Step(Fault.ECHO_KEY),)) as gemini:
        done = alone.run(gemini, "--skip-broll", "--skip-thumbnails", "--quality", "low")
    assert done.code == 0, done.told
    assert done.summary["status"] == "degraded"
    assert "refused the key" in fallback(done)["reason"]
    assert any(done.folder.glob("*.mp4"))
    assert KEY not in done.out + done.told
    assert alone.tell_tales() == []


@pytest.mark.parametrize(("key", "code"), [(KEY, 0), ("another-key", 1)])
def test_check_api_says_whether_a_key_is_good(key: str, code: int) -> None:
    with LoopbackGemini(key=KEY) as gemini:
        done = command(
            "check-api", "--service", "gemini",
            environment={"GOOGLE_GEMINI_BASE_URL": gemini.url, "GEMINI_API_KEY": key},
        )  # fmt: skip
    assert done.code == code, done.told
    assert ("✓ gemini" if code == 0 else "✗ gemini: Gemini refused the key") in done.out
    assert key not in done.out + done.told
