"""docker-compose.yml: what it opens, and the same commands started without containers."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolUpdate
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from prefect.states import Running

from ai_video_editor.settings import leaves
from tests.flows.clips import talk
from tests.flows.compose_stack import (
    ROOT,
    Stack,
    compose,
    image_environment,
    missing_packages,
)
from tests.waiting import until

GIVEN = {
    "POSTGRES_PASSWORD": "database-secret", "S3_USER": "editor", "S3_PASSWORD": "storage-secret",
    "PREFECT_LOGIN": "editor:dashboard-secret",
}  # fmt: skip


def test_secrets_are_asked_for_and_none_is_in_the_file() -> None:
    with pytest.raises(KeyError):
        compose({})
    example = (ROOT / "deployments/compose.env.example").read_text(encoding="utf-8")
    assert all(f"{name}=" in example for name in GIVEN)


def test_only_the_dashboard_is_reachable_and_from_this_machine_only() -> None:
    services = compose(GIVEN)["services"]
    ports = {name: service.get("ports", []) for name, service in services.items()}
    assert ports.pop("server") == ["127.0.0.1:4200:4200"]
    assert not any(ports.values())
    assert not any("network_mode" in s or s.get("privileged") for s in services.values())
    server = services["server"]["environment"]
    assert server["PREFECT_SERVER_API_AUTH_STRING"] == "editor:dashboard-secret"
    assert server["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"


def test_the_database_is_migrated_once_before_anything_uses_it() -> None:
    services = compose(GIVEN)["services"]
    for name in ("server", "services"):
        assert services[name]["depends_on"]["migrate"]["condition"] == (
            "service_completed_successfully"
        )
        assert services[name]["environment"]["PREFECT_SERVER_DATABASE_MIGRATE_ON_START"] == "false"
        assert "PREFECT_SERVER_DOCKET_URL" not in services[name]["environment"]


def test_what_file_and_image_set_are_settings_that_exist() -> None:
    known = {f"AI_VIDEO_EDITOR_{leaf.upper()}" for fields in leaves().values() for leaf in fields}
    known.add("AI_VIDEO_EDITOR_CONFIG_PATH")
    worker = compose(GIVEN)["services"]["worker"]
    named = {*worker["environment"], *image_environment()}
    assert {name for name in named if name.startswith("AI_VIDEO_EDITOR_")} <= known
    kept = {volume.split(":")[1] for volume in worker["volumes"]}
    assert {"/app/input", "/app/output", "/app/config", "/app/watch"} < kept
    assert image_environment()["AI_VIDEO_EDITOR_HOME"] in kept


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    if missing := missing_packages():
        pytest.skip(f"system packages are missing: {', '.join(missing)}")
    stack = Stack(GIVEN)
    try:
        stack.start_all()
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(stack.folder, ignore_errors=True)


@contextmanager
def changing(stack: Stack) -> Iterator[SyncPrefectClient]:
    """Somebody who knows address and login."""
    known = stack.environment("worker")
    with (
        temporary_settings(
            {PREFECT_API_AUTH_STRING: known["PREFECT_API_AUTH_STRING"], PREFECT_API_URL: stack.api}
        ),
        get_client(sync_client=True) as client,
    ):
        yield client


def ask(stack: Stack, path: str, body: Any = None, *, login: str = "") -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"}
    if login:
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{stack.api}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None


def task_states(stack: Stack) -> set[tuple[str, str]]:
    """Names of stages with the states that their tasks ended in."""
    found = stack.prefect("task-run", "ls", "--limit", "200", "--output", "json")
    assert found.returncode == 0, found.stderr
    return {(r["name"].split(" · ")[0], r["state"]["name"]) for r in json.loads(found.stdout)}


@pytest.mark.server
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("server")
@pytest.mark.parametrize("words", [["process", "{clip}", "--deploy"], ["workers"]])
def test_a_refused_login_is_told_in_one_sentence(stack: Stack, words: list[str]) -> None:
    clip = talk(stack.folder / "app/input/login.mp4", seconds=1.0, size="160x120")
    stranger = stack.environment("worker") | {"PREFECT_API_AUTH_STRING": "editor:guess"}
    done = subprocess.run(
        [sys.executable, "-m", "ai_video_editor.cli.main", *(w.format(clip=clip) for w in words)],
        env=stranger, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "refuses the login: set PREFECT_API_AUTH_STRING" in done.stderr
    assert "401" not in done.stderr and "guess" not in done.stderr


def what_somebody_set_stays(stack: Stack) -> None:
    """A worker that starts again undoes nothing, and finds what died while it was away."""
    editing, watching = "edit-video/edit-video", "watch-folder/watch-folder"
    config = Path(stack.environment("worker")["AI_VIDEO_EDITOR_CONFIG_PATH"])
    with changing(stack) as client:
        deployment = client.read_deployment_by_name(editing)
        by_hand = {"videos": ["/app/input/daily.mp4"]}
        client.update_deployment(
            deployment.id, DeploymentUpdate(parameters=by_hand, concurrency_limit=3)
        )
        client.update_work_pool("local", WorkPoolUpdate(is_paused=True, concurrency_limit=5))
        assert not client.read_deployment_by_name(watching).schedules[0].active
        (config / "watch-folders.toml").write_text("[[folder]]\npath = '/app/watch'\n")

        dead = client.create_flow_run_from_deployment(
            client.read_deployment_by_name(watching).id, state=Running()
        )
        notes = Path(stack.environment("worker")["AI_VIDEO_EDITOR_HOME"]) / "locks" / "runs"
        (notes / str(dead.id)).touch()

        again = subprocess.run(
            [sys.executable, "-m", "deployments.registration"], env=stack.environment("worker"),
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert again.returncode == 0, again.stdout + again.stderr

        found = client.read_deployment_by_name(editing)
        assert found.parameters == by_hand
        assert found.global_concurrency_limit and found.global_concurrency_limit.limit == 3
        pool = client.read_work_pool("local")
        assert pool.is_paused and pool.concurrency_limit == 5
        assert client.read_deployment_by_name(watching).schedules[0].active
        state = client.read_flow_run(dead.id).state
        assert state is not None and state.is_crashed(), "a scan that died holds up no other"


@pytest.mark.server
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("server")
def test_a_clip_goes_through_everything_and_another_machine_takes_what_was_made(
    stack: Stack,
) -> None:
    login = GIVEN["PREFECT_LOGIN"]
    assert ask(stack, "/health")[0] == 200
    assert ask(stack, "/admin/version")[0] == 401
    assert ask(stack, "/admin/version", login="editor:guess")[0] == 401
    assert ask(stack, "/admin/version", login=login)[0] == 200
    assert ask(stack, "/flow_runs/filter", {}, login=login)[0] == 403, "no CSRF token was sent"

    def deployed() -> bool:
        assert stack.alive("worker"), stack.log("worker")
        return stack.prefect("deployment", "inspect", "edit-video/edit-video").returncode == 0

    until(deployed, 180, "the worker has deployed the flows")
    clip = talk(stack.folder / "app/input/talk.mp4", seconds=3.0, size="160x120")
    parameters = {
        "videos": [str(clip)], "offline": True, "skip_broll": True, "skip_thumbnails": True,
        "stop_after": "content_analysis", "transcriber": "sphinx",
    }  # fmt: skip
    run = ("deployment", "run", "edit-video/edit-video", "--watch", "--params")
    done = stack.prefect(*run, json.dumps(parameters))
    assert done.returncode == 0, done.stdout + done.stderr + stack.log("worker")[-3000:]
    assert next((stack.folder / "app/output").glob("*/context.json")).stat().st_size > 0

    elsewhere = stack.folder / "other-machine"
    done = stack.prefect(*run, json.dumps({**parameters, "work_dir": str(elsewhere)}))
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = {(name, "Cached") for name in ("initialization", "audio_processing")}
    until(lambda: wanted <= task_states(stack), 60, "the other work folder makes nothing anew")
    assert list((elsewhere / "store" / "sections").rglob("*.json"))
    what_somebody_set_stays(stack)
    assert "Unknown task" not in stack.log("server") + stack.log("services")
    for name in ("server", "services", "worker"):
        assert not any(secret in stack.log(name) for secret in ("-secret",)), name

    stack.stop()
    assert until(lambda: not stack.left(), 30, "nothing of it still runs")
