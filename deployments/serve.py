"""Everything on one machine: a Prefect server, its deployments and a worker, until Ctrl-C.

    make serve        (AI_VIDEO_EDITOR_SERVE_PORT=4300 make serve)

The server listens on loopback only and keeps its database in the work folder. What this starts
ends with it; a run that was cut short is marked so, and its Retry button continues it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ai_video_editor.errors import EditorError, InputError, ResourceConstraintError
from ai_video_editor.operations.watched_folder import FILE_NAME
from ai_video_editor.processes import end, spawn
from ai_video_editor.settings import PREFIX
from ai_video_editor.settings_sources import configuration_folder, load_settings

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
START_SECONDS = 180.0
"""Longest wait for the server; a cold start was measured at 28 s on a loaded two-core machine."""

STOP_SECONDS = 8.0
"""Grace for what is being ended."""

_SECRETS = frozenset({"GEMINI_API_KEY", "GOOGLE_API_KEY"})


def serve(home: Path, port: int) -> None:
    """Bring everything up, say what to open, and stay until interrupted.

    Args:
        home: the work folder.
        port: of the server, on loopback.

    Raises:
        InputError: the port is taken.
        ResourceConstraintError: something did not start, or ended by itself.
    """
    _refuse_taken(port)
    folder = home / "serve"
    folder.mkdir(parents=True, exist_ok=True)
    environment = _environment(folder, home, port)
    os.environ.update(environment)  # Prefect reads it when it is imported
    with ExitStack() as running:
        _say("preparing the database …")
        _finish(("prefect", "server", "database", "upgrade", "-y"), environment, folder)
        _say("starting the server …")
        server = running.enter_context(_started(("server", "start"), environment, folder))
        _until_healthy(port, server, folder)
        _say("registering the deployments …")
        _finish(("deployments.registration",), environment, folder)
        _mark_cut_short()
        worker = running.enter_context(
            _started(("worker", "start", "--pool", "local", "--name", "serve"), environment, folder)
        )
        running.callback(_mark_cut_short)
        running.callback(end, worker, grace=STOP_SECONDS)
        running.callback(_deaf)
        _invite(port, folder)
        _stay({"server": server, "worker": worker}, folder)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InputError(
                f"Port {port} is taken by another program: choose another one with "
                f"`{PREFIX}SERVE_PORT={port + 100} make serve`."
            ) from error


def _environment(folder: Path, home: Path, port: int) -> dict[str, str]:
    return {
        "AI_VIDEO_EDITOR_HOME": str(home.absolute()),
        "PREFECT_HOME": str(folder.absolute()),
        "PREFECT_PROFILES_PATH": str(folder.absolute() / "profiles.toml"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
        # a render takes the whole machine, and SQLite's writers wait for each other meanwhile
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        # One run is at work and the others wait for it: they are not late. Marking them so, all at
        # once, was seen to keep SQLite busy for minutes.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "3600",
        # without it any web page that is open in a browser here could start runs
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port},http://localhost:{port}",
        # scans come every minute: what is over for 90 days goes
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
    }


def _command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", *words]


def _finish(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    log = folder / "set-up.log"
    with log.open("ab") as stream:
        child = spawn(
            _command(words), env={**os.environ, **environment}, cwd=str(ROOT),
            stdout=stream, stderr=subprocess.STDOUT, outlasts_stop=True,
        )  # fmt: skip
        try:
            code = child.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            end(child)
    if code != 0:
        raise _broken(" ".join(words), log)


@contextmanager
def _started(
    words: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A service for as long as the block runs, in a process group that Ctrl-C does not reach."""
    own = {**os.environ, **environment}
    if words[0] == "server":  # the key is no business of the server's
        own = {name: value for name, value in own.items() if name not in _SECRETS}
    with (folder / f"{words[0]}.log").open("wb") as stream:
        child = spawn(
            _command(("prefect", *words)), env=own, cwd=str(ROOT),
            stdout=stream, stderr=subprocess.STDOUT, outlasts_stop=True,
        )  # fmt: skip
        try:
            yield child
        finally:
            end(child, grace=STOP_SECONDS)


def _until_healthy(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None and time.monotonic() < deadline:
        with (
            suppress(urllib.error.URLError, OSError),
            opener.open(f"http://{HOST}:{port}/api/health", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise _broken("The Prefect server", folder / "server.log")


def _mark_cut_short() -> None:
    """Mark runs whose process is gone, so that their Retry button continues them."""
    from ai_video_editor.workflow.cut_short import mark_cut_short

    mark_cut_short()


def _invite(port: int, folder: Path) -> None:
    _say("")
    _say(f"ready: open http://{HOST}:{port} in a browser.")
    _say(
        "  Deployments → edit-video → Run → Custom run: name a recording by its full path, Submit."
    )
    _say(f"  From a terminal: PREFECT_API_URL=http://{HOST}:{port}/api \\")
    _say("      .venv/bin/ai-video-editor process talk.mp4 --deploy")
    where = configuration_folder() / FILE_NAME
    if where.is_file():
        _say(f"  The folders in {where} are watched.")
    else:
        _say(f"  To watch folders, list them in {where} and start again;")
        _say("      an example is in deployments/watch-folders.toml.")
    _say(f"  Logs and database: {folder}")
    _say("Ctrl-C ends everything.")


def _stay(services: Mapping[str, subprocess.Popen[bytes]], folder: Path) -> None:
    while True:
        for name, process in services.items():
            if process.poll() is not None:
                raise _broken(f"The {name}", folder / f"{name}.log")
        time.sleep(0.5)


def _deaf() -> None:
    """From here on everything ends: another Ctrl-C would only leave something behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    _say("stopping …")


def _broken(what: str, log: Path) -> ResourceConstraintError:
    last: list[str] = []
    with suppress(OSError):
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    return ResourceConstraintError(f"{what} ended; its log is {log}.", advice=last)


def _say(line: str) -> None:
    print(line, flush=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Serve until Ctrl-C; the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        port = os.environ.get(f"{PREFIX}SERVE_PORT", "4200")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise InputError(f"{PREFIX}SERVE_PORT must be a port number (given: {port!r}).")
        serve(load_settings().settings.paths.home, int(port))
    except KeyboardInterrupt:
        _say("stopped.")
    except EditorError as error:
        print(error.message, *error.advice, sep="\n  ", file=sys.stderr, flush=True)
        return 2 if isinstance(error, InputError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
