"""A Prefect server of our own, for as long as one command runs: nobody has to start anything.

It listens on loopback only, keeps its database in the work folder, sends nothing anywhere, and
dies with us. Where `PREFECT_API_URL` or Prefect's active profile names a server, that one is used
and none is started.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ai_video_editor.errors import ResourceConstraintError
from ai_video_editor.processes import end, spawn
from ai_video_editor.workflow.server_address import configured_server

START_TIMEOUT = 120.0
"""Seconds; a cold start with all migrations was measured at 18 s on a loaded two-core machine."""

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
}

_SERVER_ONLY = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
}


def configure_prefect(home: Path, *, verbose: bool) -> bool:
    """Set the environment that Prefect reads when it is imported.

    Args:
        home: the work folder.
        verbose: whether Prefect's own log is shown.

    Returns:
        Whether a server of our own is needed.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if not verbose:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    address = configured_server()
    if address is not None:  # somebody looks at that server: the log goes there
        os.environ["PREFECT_API_URL"] = address
        return False
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO" if verbose else "CRITICAL")
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home / "prefect")
    os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
    return True


class EmbeddedServer:
    """A Prefect API server on a free loopback port.

    Args:
        home: the work folder; the database lies in `home/prefect`.
    """

    def __init__(self, home: Path) -> None:
        """Start the server; it comes up while the caller does other things."""
        self._home = home
        self._started = time.monotonic()
        self._launch()

    def _launch(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process = spawn(
            _command(self.port), env=_environment(self._home, os.environ), outlasts_stop=True
        )

    @property
    def api_url(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.port}/api"

    def wait(self) -> str:
        """Wait until it answers and give the address of its API.

        Raises:
            ResourceConstraintError: it did not start.
        """
        relaunches = 2
        while time.monotonic() - self._started < START_TIMEOUT:
            if self._process.poll() is not None:
                if not relaunches:
                    break
                relaunches -= 1
                self._launch()  # the port was taken in between, or two starts met
            with suppress(urllib.error.URLError, OSError):
                request = urllib.request.Request(f"{self.api_url}/health")
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(request, timeout=2) as answer:
                    if answer.status == 200:
                        return self.api_url
            time.sleep(0.05)
        self.stop()
        raise ResourceConstraintError(
            f"Prefect's embedded server did not start within {START_TIMEOUT:.0f} s.",
            advice=(
                f"Delete {self._home / 'prefect'} (run history only) and run the command again.",
                "Or start a server with `prefect server start` and set PREFECT_API_URL.",
            ),
        )

    def stop(self) -> None:
        """End the server."""
        end(self._process)


def _command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "critical", "--lifespan", "on",
    ]  # fmt: skip


def _environment(home: Path, own: Mapping[str, str]) -> dict[str, str]:
    environment = {
        name: value
        for name, value in own.items()
        # the key is no business of the server's
        if name not in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "PYTHONDONTWRITEBYTECODE")
    }
    return {**environment, **_QUIET, **_SERVER_ONLY, "PREFECT_HOME": str(home / "prefect")}
