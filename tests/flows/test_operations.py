"""docs/operations.md: each command that it names is run, as it stands, on a server of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.ground import prefect_server
from tests.flows.clips import talk
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "operations.md"

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server"), pytest.mark.timeout(900)]


def commands() -> list[str]:
    """What stands in the document to be typed: plain blocks, and programs named in a line."""
    found, block, prose = [], None, []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            block = line[3:] if block is None else None
        elif block is None:
            prose.append(line)
        elif block == "":
            found.append(line.split(" #")[0].strip())
    named = re.findall(
        r"`((?:[A-Z_]+=\S+ )?(?:make|prefect|ai-video-editor) [^`]+)`", " ".join(prose)
    )
    return list(dict.fromkeys([*found, *named]))


def elsewhere(command: str) -> bool:
    """What sets this very environment up, or runs until Ctrl-C: other tests run these."""
    others = ("make setup", "make serve", "prefect server start", "git pull --ff-only")
    return command.endswith(others)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("operations")
    with prefect_server(folder / "home" / "serve") as server:
        yield {
            **server,
            "AI_VIDEO_EDITOR_HOME": str(folder / "home"),
            "AI_VIDEO_EDITOR_CONFIG_PATH": str(folder),
            "AI_VIDEO_EDITOR_OFFLINE": "true",
            "AI_VIDEO_EDITOR_OUTPUT": str(folder / "output"),
            "AI_VIDEO_EDITOR_RENDER_QUALITY": "low",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "200",
        }


def shell(command: str, environment: dict[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run(
        ["bash", "-c", command], env=environment, cwd=folder, capture_output=True, text=True,
        timeout=420, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_each_command_of_the_page_works(environment: dict[str, str], tmp_path: Path) -> None:
    clip = talk(tmp_path / "talk.mp4", seconds=3.0, size="160x120")
    left = [command for command in commands() if not elsewhere(command)]
    assert len(left) > 20

    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{environment['PREFECT_API_URL']}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def typed(command: str) -> str:
        put = command.replace("/data/talk.mp4", str(clip)).replace(" ID", f" {waiting}")
        return put.replace("process talk.mp4", f"process {shlex.quote(str(clip))}").replace(
            "-czf history", f"-czf {tmp_path}/history"
        )

    first = [command for command in left if command.startswith("prefect work-")]
    assert len(first) == 2
    waiting = ""
    for command in [*first, "prefect deploy --all --no-prompt"]:
        shell(command, environment)
    worker = "prefect worker start --pool local"
    left.remove(worker)
    with (tmp_path / "worker.log").open("wb") as log:
        running = subprocess.Popen(
            shlex.split(worker), env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log,
        )  # fmt: skip
    try:
        for command in left:
            if command in first:
                continue
            if command == "prefect flow-run cancel ID":
                edit = ask("/deployments/name/edit-video/edit-video")["id"]
                later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00Z"}}
                made = {"parameters": {"videos": [str(clip)]}, "state": later}
                waiting = ask(f"/deployments/{edit}/create_flow_run", made)["id"]
            place = tmp_path if command.startswith("ai-video-editor") else ROOT
            shell(typed(command), environment, place)
        until(
            lambda: ask(f"/flow_runs/{waiting}")["state_type"] == "COMPLETED",
            120,
            "the run that was cancelled and tried again ends",
        )
        assert (tmp_path / "history.tar.gz").stat().st_size > 0
    finally:
        running.kill()
        running.wait()


def test_what_sets_up_and_serves_are_targets_that_do_so(tmp_path: Path) -> None:
    assert {"make setup", "make serve", "git pull --ff-only"} <= set(commands())
    dry = {**os.environ, "MAKEFLAGS": ""}
    assert "deployments.serve" in shell("make --dry-run serve", dry)
    assert "system_packages.sh run" in shell("make --dry-run setup", dry)
    shell(
        "git init --quiet a && cd a && git -c user.name=a -c user.email=a@b commit --quiet "
        "--allow-empty -m a && git clone --quiet . ../b && cd ../b && git pull --ff-only",
        dry,
        tmp_path,
    )
